"""From spectra to the model's input, by the steps of the model's card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import PreprocessingError, SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.serving import Serving


@dataclass(frozen=True, eq=False)
class Prepared:
    """Model inputs of those spectra that the preprocessing takes.

    Parameters
    ----------
    inputs : ndarray, shape (m, steps, channels), float32
        One a taken spectrum.
    taken : ndarray, shape (m,), int64
        Which spectra those are.
    positions : ndarray, shape (m, steps), int64
        Which of the file's eigenvalues each input sample came from.
    errors : tuple of SpectraCNNError or None
        One a spectrum: why it was refused.
    """

    inputs: NDArray[np.float32]
    taken: NDArray[np.int64]
    positions: NDArray[np.int64]
    errors: tuple[SpectraCNNError | None, ...]


def subject(spectrum: Spectrum, companions: Sequence[Spectrum]) -> Sequence[Spectrum]:
    """Return all spectra that go in together, in the file's order where it is known."""
    known = any(member is spectrum for member in companions)
    return companions if known else (spectrum, *companions)


def prepare_one(
    members: Sequence[Spectrum], description: ModelDescription, serving: Serving
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Preprocess one spectrum.

    Parameters
    ----------
    members : sequence of Spectrum
        The spectrum; for a model of several structures followed by others of the same subject.
    description : ModelDescription
        With the card.
    serving : Serving
        What the network reads.

    Returns
    -------
    values : ndarray, shape (steps, channels), float32
        The model's input.
    positions : ndarray, shape (steps,), int64
        Which of the file's eigenvalues each sample came from.

    Raises
    ------
    PreprocessingError
        If a spectrum is too short, or lacks what the card needs.
    """
    name = members[0].name
    steps = description.card.preprocessing
    worked = [steps.apply(member) for member in serving.pick(members, name)]
    values = serving.stack([item.values for item in worked], name)
    return values, worked[0].positions


def prepare_all(
    spectra: Sequence[Spectrum], description: ModelDescription, serving: Serving
) -> Prepared:
    """Preprocess spectra; those that are refused are told with their reason.

    A model of several structures takes the spectra of one file together; each of them then
    stands for the whole.

    Parameters
    ----------
    spectra : sequence of Spectrum
        From files.
    description : ModelDescription
        With the card.
    serving : Serving
        What the network reads.
    """
    inputs = np.zeros((len(spectra), *description.input_shape), np.float32)
    positions = np.zeros((len(spectra), serving.steps), np.int64)
    done = np.zeros(len(spectra), bool)
    errors: list[SpectraCNNError | None] = [None] * len(spectra)
    if len(serving.structures) == 1:
        for rows in description.card.preprocessing.apply_together(spectra):
            if rows.values.shape[1] == serving.steps:
                inputs[rows.at] = rows.values.reshape(-1, *description.input_shape)
                positions[rows.at], done[rows.at] = rows.positions, True
    subjects = _subjects(spectra, description)
    for place in np.flatnonzero(~done).tolist():
        try:
            one = prepare_one(subjects[place], description, serving)
        except PreprocessingError as error:
            errors[place] = error
        else:
            inputs[place], positions[place] = one
            done[place] = True
    taken = np.flatnonzero(done).astype(np.int64, copy=False)
    if taken.size < len(spectra):
        inputs, positions = inputs[taken], positions[taken]
    return Prepared(inputs, taken, positions, tuple(errors))


def _subjects(
    spectra: Sequence[Spectrum], description: ModelDescription
) -> list[Sequence[Spectrum]]:
    """Return, for each spectrum, those that go in with it."""
    if not description.structures:
        return [(spectrum,) for spectrum in spectra]
    files: dict[Any, list[Spectrum]] = {}
    for spectrum in spectra:
        files.setdefault(spectrum.source, []).append(spectrum)
    return [files[spectrum.source] for spectrum in spectra]
