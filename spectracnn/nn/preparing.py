"""From spectra to the model's input, by the steps of the model's card."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.columns import Computed
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Standardise, Step
from spectracnn.core.subjects import subject_keys
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
        One a taken spectrum; of a model of several structures, one a subject.
    taken : ndarray, shape (m,), int64
        Which spectra those are; of a subject, its first.
    positions : ndarray, shape (m, steps), int64
        Which of the file's eigenvalues each input sample came from.
    errors : tuple of SpectraCNNError or None
        One a spectrum: why it was refused.
    rows : ndarray, shape (n,), int64
        Which of the inputs each spectrum has a part in; -1 for those that were refused.
    """

    inputs: NDArray[np.float32]
    accepted: NDArray[np.int64]
    positions: NDArray[np.int64]
    errors: tuple[SpectraCNNError | None, ...]
    rows: NDArray[np.int64]

    def spread(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return one row a spectrum from one row an input; NaN for those that were refused."""
        found = np.full((len(self.rows), *values.shape[1:]), np.nan, np.float32)
        known = self.rows >= 0
        found[known] = values[self.rows[known]]
        return found


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
    steps, count = description.card.preprocessing, len(serving.structures)
    worked = [
        of_structure(steps, place, count).apply(member)
        for place, member in enumerate(serving.pick(members, name))
    ]
    values = serving.stack([item.values for item in worked], name)
    return values, serving.place([item.positions for item in worked])


@lru_cache(maxsize=1024)
def of_structure(preprocessing: Preprocessing, place: int, count: int) -> Preprocessing:
    """Return the steps of one of several structures.

    A standardiser that was fitted to all structures one after the other has numbers for each.

    Parameters
    ----------
    preprocessing : Preprocessing
        Of the card.
    place, count : int
        Which structure, and of how many.
    """
    length = preprocessing.length
    if count == 1 or length is None:
        return preprocessing
    part = slice(place * length, (place + 1) * length)

    def own(step: Step) -> Step:
        if isinstance(step, Standardise) and step.mean.size == step.scale.size == count * length:
            return Standardise(step.mean[part], step.scale[part])
        return step

    return Preprocessing(tuple(own(step) for step in preprocessing.steps))


def prepare_all(
    spectra: Sequence[Spectrum], description: ModelDescription, serving: Serving
) -> Prepared:
    """Preprocess spectra; those that are refused are told with their reason.

    A model of several structures takes the spectra of one subject together, once.

    Parameters
    ----------
    spectra : sequence of Spectrum
        From files.
    description : ModelDescription
        With the card.
    serving : Serving
        What the network reads.
    """
    subjects = _subjects(spectra, description)
    alone = not description.structures
    firsts = (
        np.arange(len(spectra)) if alone else np.array([each[0] for each in subjects], np.int64)
    )
    inputs = np.zeros((len(subjects), *description.input_shape), np.float32)
    positions = np.zeros((len(subjects), serving.samples), np.int64)
    done = np.zeros(len(subjects), bool)
    errors: list[SpectraCNNError | None] = [None] * len(spectra)
    if len(serving.structures) == 1:
        for rows in description.card.preprocessing.apply_together(spectra):
            if rows.values.shape[1] == serving.steps:
                inputs[rows.at] = rows.values.reshape(-1, *description.input_shape)
                positions[rows.at], done[rows.at] = rows.positions, True
    for number in np.flatnonzero(~done).tolist():
        members = [spectra[place] for place in subjects[number]]
        try:
            one = prepare_one(members, description, serving)
        except PreprocessingError as error:
            for place in subjects[number]:
                errors[place] = error
        else:
            inputs[number], positions[number] = one
            done[number] = True
    belonging = np.full(len(spectra), -1, np.int64)
    if not alone:
        for row, number in enumerate(np.flatnonzero(done).tolist()):
            belonging[subjects[number]] = row
    else:
        belonging[done] = np.arange(np.count_nonzero(done))
    if not done.all():
        inputs, positions = inputs[done], positions[done]
    return Prepared(inputs, firsts[done], positions, tuple(errors), belonging)


def _subjects(
    spectra: Sequence[Spectrum], description: ModelDescription
) -> Sequence[Sequence[int]]:
    """Return the places of those spectra that go in together."""
    if not description.structures:
        return Computed(lambda place: (place,), range(len(spectra)))
    groups: dict[Any, list[int]] = {}
    for place, key in enumerate(subject_keys(spectra)):
        groups.setdefault(key, []).append(place)
    return list(groups.values())
