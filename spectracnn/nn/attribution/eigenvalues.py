"""How a logit changes with the eigenvalues in the file, through the model's preprocessing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import are_zeros
from spectracnn.errors import AttributionError, PreprocessingError
from spectracnn.nn.preparing import subject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.loaded_model import LoadedModel

STEP = 1e-6
"""Relative step of the central differences; their error is about 1e-10, relatively."""


@dataclass(frozen=True, eq=False)
class EigenvalueGradient:
    """The derivatives of one logit.

    Parameters
    ----------
    target : int
        Which class.
    logits : ndarray, shape (classes,), float32
        At the spectrum.
    values : ndarray, shape (n,), float64
        By each of the file's eigenvalues, in their order; 0 for those that are not used. Zeros of
        the spectrum have 0: their own sensitivity to a change of the shape is 0.
    area, volume : float
        By the area and the volume, where preprocessing uses them; else 0.
    """

    target: int
    logits: NDArray[np.float32]
    values: NDArray[np.float64]
    area: float = 0.0
    volume: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen_array(self.values, np.float64))


def eigenvalue_gradient(
    model: LoadedModel,
    spectrum: Spectrum,
    target: int | None = None,
    companions: Sequence[Spectrum] = (),
) -> EigenvalueGradient:
    """Differentiate a class's logit by the eigenvalues as the file holds them.

    The network's own gradient is exact; preprocessing, which is cheap and runs in float64, is
    differentiated by central differences.

    Parameters
    ----------
    model : LoadedModel
        An open model.
    spectrum : Spectrum
        The one whose eigenvalues vary.
    target : int, optional
        Which class; the predicted one if not given.
    companions : sequence of Spectrum
        Others of the subject, for a model of several structures.

    Raises
    ------
    AttributionError
        If there is no such class, or the network has no gradient.
    PreprocessingError
        If the model does not take the spectrum.
    """
    values, _ = model.input_of(spectrum, companions)
    scores = model.scores
    kept = scores.channels.kept(())
    logits = scores.logits(values[None], kept)[0]
    if target is None:
        target = int(np.argmax(logits))
    if not 0 <= target < len(logits):
        raise AttributionError(
            f"The model has no class {target}; its classes are 0 to {len(logits) - 1}."
        )
    gradient = scores.gradients(values[None], target, kept)[0].astype(np.float64)
    along = own_part(model, spectrum, companions, gradient)
    steps = model.description.card.preprocessing

    def change(lower: Spectrum, upper: Spectrum) -> float:
        try:
            before, after = steps.apply(lower).values, steps.apply(upper).values
        except PreprocessingError:
            return 0.0
        return float(along @ (after - before))

    return EigenvalueGradient(
        target,
        logits,
        _by_eigenvalues(spectrum, change),
        _by_size(spectrum, "area", change),
        _by_size(spectrum, "volume", change),
    )


def own_part(
    model: LoadedModel,
    spectrum: Spectrum,
    companions: Sequence[Spectrum],
    gradient: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what belongs to the preprocessed values of this spectrum alone, shape (steps,).

    Parameters
    ----------
    model : LoadedModel
        Says how several structures are arranged.
    spectrum : Spectrum
        Which one.
    companions : sequence of Spectrum
        The others of the subject.
    gradient : ndarray
        Of the model's input: gradients, or attributions.
    """
    members = model.network.serving.pick(subject(spectrum, companions), spectrum.name)
    numbers = np.arange(1.0, model.network.serving.steps + 1)
    rows = [numbers if member is spectrum else np.zeros(len(numbers)) for member in members]
    # The same arrangement as the input's, holding which value stands where.
    places = model.network.serving.stack(rows, spectrum.name).ravel().astype(np.int64)
    own: NDArray[np.float64] = np.bincount(
        places, gradient.ravel(), minlength=len(numbers) + 1
    ).astype(np.float64)
    return own[1:]


def _by_eigenvalues(
    spectrum: Spectrum, change: Callable[[Spectrum, Spectrum], float]
) -> NDArray[np.float64]:
    # A value that passes its equal neighbour is sorted behind it: the difference is then the mean
    # of the two gradients, which is what a multiplet has whatever its basis.
    values = spectrum.eigenvalues
    found = np.zeros(values.size)
    usable = np.isfinite(values) & ~are_zeros(values)
    for place in np.flatnonzero(usable):
        step = STEP * abs(values[place])
        lower, upper = values.copy(), values.copy()
        lower[place] -= step
        upper[place] += step
        found[place] = change(
            replace(spectrum, eigenvalues=lower),
            replace(spectrum, eigenvalues=upper),
        ) / (2 * step)
    return found


def _by_size(spectrum: Spectrum, name: str, change: Callable[[Spectrum, Spectrum], float]) -> float:
    size = getattr(spectrum, name)
    if size is None or not np.isfinite(size) or size <= 0:
        return 0.0
    lower, upper = (replace(spectrum, **{name: size * (1 + sign * STEP)}) for sign in (-1, 1))
    return change(lower, upper) / (2 * STEP * size)
