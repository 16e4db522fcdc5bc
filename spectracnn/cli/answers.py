"""What a model says of many spectra, as columns of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.item_block import files_of, remarks_of, spectra_of, texts_of
from spectracnn.cli.predictions import Prediction
from spectracnn.core.columns import Coded, Joined, Repeated
from spectracnn.core.conformal import half_width, prediction_set
from spectracnn.core.outputs import Task
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.network import Batch
    from spectracnn.cli.trust import Trust
    from spectracnn.core.judging import Judgements
    from spectracnn.core.reading import Reading
    from spectracnn.nn.loaded_model import LoadedModel


@dataclass(frozen=True, eq=False)
class Answers:
    """What the network computed for n spectra, or subjects; a row of it is a `Prediction`.

    Parameters
    ----------
    items : sequence of InputSpectrum
        The spectra, as results name them.
    outputs : ndarray, shape (n, *shape), float32
        The network's, as they are.
    probabilities : ndarray, shape (n, classes), float32
        What they say by the card, calibrated; no column for a regression.
    judged : Judgements
        How typical the spectra are, and what is nearest.
    """

    items: Sequence[InputSpectrum]
    outputs: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    judged: Judgements

    @classmethod
    def of(cls, network: LoadedModel, batch: Batch, outputs: NDArray[np.float32]) -> Answers:
        """Read the outputs of a batch, and compare it with the training spectra."""
        probabilities = network.description.reading.probabilities(outputs)
        known = network.judge(batch.inputs, spectra_of(batch.items), batch.positions)
        return cls(batch.named, outputs, probabilities, known)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> Prediction:
        if not 0 <= row < len(self.items):
            raise IndexError(row)
        return Prediction(
            self.items[row], self.outputs[row], self.probabilities[row], self.judged[row]
        )

    def __iter__(self) -> Iterator[Prediction]:
        return map(self.__getitem__, range(len(self)))

    @property
    def finite(self) -> NDArray[np.bool_]:
        """For which spectra the network answered in numbers, shape (n,)."""
        axes = tuple(range(1, self.outputs.ndim))
        return np.asarray(np.isfinite(self.outputs).all(axis=axes))

    def doubts(self, reading: Reading) -> list[tuple[str, str]]:
        """Return in what way outputs are no probabilities, of the first spectrum that shows it."""
        for row in np.flatnonzero(reading.doubtful(self.outputs))[:1]:
            item = self.items[row]
            doubt = reading.doubt(self.outputs[row])
            return [(item.file, f"{item.spectrum.name}: {doubt}")]
        return []


def columns_of(answers: Answers, trust: Trust) -> list[tuple[str, Any]]:
    """Return headings and columns: numbers in arrays, masked where unknown; texts in lists.

    Parameters
    ----------
    answers : Answers
        n of them.
    trust : Trust
        What the model's card says of its predictions.
    """
    reading = trust.reading
    found: list[tuple[str, Any]] = [
        ("file", files_of(answers.items)),
        ("name", texts_of(answers.items, "name")),
    ]
    known = np.ma.masked_invalid(answers.judged.typicality)
    if reading.is_values:
        return [
            *found,
            *_values(answers, reading),
            ("typicality", known),
            *_interval(answers, trust),
            *_nearest(answers, trust)[:1],
            ("shadow", _shadow_values(answers)),
            *_remark(answers),
        ]
    found += [*_classes(answers, reading), ("typicality", known)]
    if reading.task is not Task.CLASSIFICATION:
        return [*found, *_nearest(answers, trust)[:1], *_remark(answers)]
    return [
        *found,
        ("raw_probability", _best_of(reading.raw.probabilities(answers.outputs), answers, reading)),
        ("set", _sets(answers, trust)),
        *_nearest(answers, trust),
        ("shadow", _shadow(answers, reading)),
        *_remark(answers),
    ]


def _classes(answers: Answers, reading: Reading) -> list[tuple[str, Any]]:
    chances, names = answers.probabilities, _texts(reading.classes)
    best = reading.best_of_rows(chances)
    unsaid = ~answers.finite
    extra: list[tuple[str, Any]] = []
    if reading.task is Task.MULTILABEL:
        over = (chances >= reading.threshold) & answers.finite[:, None]
        unsaid |= ~over[np.arange(len(best)), best]
        extra = [("labels", Joined(over.sum(axis=1), np.nonzero(over)[1], names))]
    return [
        ("class", _coded(np.where(unsaid, -1, best), names)),
        ("probability", _best_of(chances, answers, reading)),
        *extra,
        *zip(map(encodable, reading.classes), chances.T, strict=True),
    ]


def _best_of(
    chances: NDArray[np.float32], answers: Answers, reading: Reading
) -> NDArray[np.float32]:
    """Return of each row the probability of the class that is probabilities."""
    best = reading.best_of_rows(answers.probabilities)
    return np.asarray(chances[np.arange(len(best)), best])


def _values(answers: Answers, reading: Reading) -> list[tuple[str, Any]]:
    values = reading.values_of_rows(answers.outputs)
    names = ("value",) if reading.output.width == 1 else tuple(map(encodable, reading.classes))
    unit = encodable(reading.unit)
    return [*zip(names, values.T, strict=True), ("unit", Repeated(unit, len(answers)))]


def _interval(answers: Answers, trust: Trust) -> list[tuple[str, Any]]:
    values = trust.reading.values_of_rows(answers.outputs)
    width = half_width(trust.scores, trust.level) if len(trust.scores) else np.inf
    if values.shape[1] != 1 or not np.isfinite(width):
        unknown = np.ma.masked_invalid(np.full(len(answers), np.nan, np.float32))
        return [("low", unknown), ("high", unknown)]
    middle = values[:, 0].astype(np.float64)
    return [("low", np.float32(middle - width)), ("high", np.float32(middle + width))]


def _sets(answers: Answers, trust: Trust) -> Sequence[str]:
    if not len(trust.scores):
        return Repeated("", len(answers))
    chances, names = answers.probabilities, _texts(trust.reading.classes)
    count = prediction_set(chances, trust.scores, trust.level).sum(axis=1)
    count[~answers.finite] = 0
    # A class that is more probable than one of the set is in the set as well. Most sets are small:
    # the largest of those that are left is looked for as often as the largest set needs.
    left, order = chances.astype(np.float64), np.zeros((len(count), count.max(initial=0)), np.int64)
    rows = np.arange(len(count))
    for rank in range(order.shape[1]):
        rows = rows[count[rows] > rank]
        best = left[rows].argmax(axis=1)  # the first of equal ones, as a stable order has it
        order[rows, rank] = best
        left[rows, best] = -np.inf
    chosen = np.arange(order.shape[1]) < count[:, None]
    return Joined(count, order[chosen], names)


def _nearest(answers: Answers, trust: Trust) -> list[tuple[str, Any]]:
    place = answers.judged.nearest
    if trust.reference is None:
        nothing = Repeated("", len(answers))
        return [("nearest", nothing), ("nearest_class", nothing)]
    names = _coded(place, trust.known_names)
    if trust.reading.is_values:
        return [("nearest", names), ("nearest_class", Repeated("", len(answers)))]
    truth = trust.reference.truth.astype(np.int64)
    own = np.where(place >= 0, truth[place], -1)
    return [("nearest", names), ("nearest_class", _coded(own, _texts(trust.reading.classes)))]


def _shadow(answers: Answers, reading: Reading) -> Sequence[str]:
    shadow = answers.judged.shadow
    if not shadow.shape[1]:
        return Repeated("", len(answers))
    return Coded(shadow.argmax(axis=1), _texts(reading.classes))


def _shadow_values(answers: Answers) -> NDArray[np.float32]:
    """Return what the linear model says of a regression; masked where there is none."""
    shadow = answers.judged.shadow
    unknown = np.full(len(answers), np.nan)
    found = np.ma.masked_invalid(shadow[:, 0] if shadow.shape[1] else unknown)
    return np.ma.asarray(found, np.float32)


def _remark(answers: Answers) -> list[tuple[str, Any]]:
    return [("remark", remarks_of(answers.items))]


def _texts(texts: Sequence[str]) -> list[str]:
    return [encodable(text) for text in texts]


def _coded(codes: NDArray[np.int64], texts: list[str]) -> Coded:
    """Return the text of each code; of -1 nothing."""
    return Coded(np.where(codes < 0, len(texts), codes), [*texts, ""])
