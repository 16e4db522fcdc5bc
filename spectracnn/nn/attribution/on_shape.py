"""Attribution and gradients over eigenvalues, painted on the shape that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind
from spectracnn.errors import AttributionError
from spectracnn.geometry.solve import as_spectrum
from spectracnn.geometry.surface_maps import SurfaceMaps, per_eigenvalue, surface_maps
from spectracnn.nn.attribution.attribute import attribute, background_inputs
from spectracnn.nn.attribution.eigenvalues import eigenvalue_gradient, own_part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.geometry.solve import Solution
    from spectracnn.nn.loaded_model import LoadedModel


def maps_of(
    model: LoadedModel,
    solution: Solution,
    method: Method,
    options: AttributionOptions | None = None,
    target: int | None = None,
    samples: Callable[[], Sequence[Spectrum]] = tuple,
    known: Spectrum | None = None,
    companions: Sequence[Spectrum] = (),
) -> tuple[SurfaceMaps, int]:
    """Return the maps of a class on a solved shape, and which class that is.

    Parameters
    ----------
    model : LoadedModel
        Any; of one that reads several structures, the others stay as they are.
    solution : Solution
        With eigenfunctions.
    method : Method
        Of the attribution that the mode energy shows; the sensitivity is always the gradient's.
    options : AttributionOptions, optional
        Of the method.
    target : int, optional
        Which class; the predicted one if not given.
    samples : callable
        Returns spectra to compare with, for the method that needs some.
    known : Spectrum, optional
        The shape's spectrum as it was given, which says whose and which structure it is. Among the
        companions the computed one takes its place.
    companions : sequence of Spectrum
        Of the same subject, for a model of several structures.

    Raises
    ------
    AttributionError
        If the solution has no eigenfunctions, or the method cannot be used.
    PreprocessingError
        If the model does not take the spectrum.
    """
    if solution.eigenfunctions is None:
        raise AttributionError(f"{solution.mesh.name}: was solved without eigenfunctions.")
    spectrum, members = _placed(solution, known, companions)
    values, positions = model.input_of(spectrum, members)
    found = attribute(
        model.scores,
        values,
        positions,
        method,
        target=target,
        options=options,
        backgrounds=lambda: background_inputs(model, samples()),
    )
    gradient = eigenvalue_gradient(model, spectrum, found.target, members)
    own = own_part(model, spectrum, members, np.asarray(found.values, np.float64))
    steps = model.description.card.preprocessing.apply(spectrum).positions
    share = per_eigenvalue(own, steps[: len(own)], len(spectrum))
    surface = solution.mesh.kind is Kind.SURFACE
    maps = surface_maps(
        solution.eigenvalues,
        solution.eigenfunctions,
        share,
        gradient.values,
        gradient.area if surface else gradient.volume,
    )
    return maps, found.target


def _placed(
    solution: Solution, known: Spectrum | None, companions: Sequence[Spectrum]
) -> tuple[Spectrum, tuple[Spectrum, ...]]:
    """Return the computed spectrum as the structure that it is, and all that go in with it."""
    if known is None:
        return as_spectrum(solution), tuple(companions)
    spectrum = as_spectrum(
        solution, name=known.name, subject=known.subject, structure=known.structure
    )
    return spectrum, tuple(spectrum if member is known else member for member in companions)
