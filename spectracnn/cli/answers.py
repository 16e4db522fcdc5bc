"""What a model says of many spectra, as columns of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.predictions import Prediction, remark
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
    def of(cls, network: LoadedModel, batch: Batch) -> Answers:
        """Run the network on a batch."""
        outputs = network.predict(batch.inputs)
        probabilities = network.description.reading.probabilities(outputs)
        spectra = [item.spectrum for item in batch.items]
        known = network.judge(batch.inputs, spectra, batch.positions)
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
        ("file", [encodable(item.file) for item in answers.items]),
        ("name", [encodable(item.spectrum.name) for item in answers.items]),
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
    labels = names[best]
    extra: list[tuple[str, Any]] = []
    if reading.task is Task.MULTILABEL:
        over = (chances >= reading.threshold) & answers.finite[:, None]
        labels[~over[np.arange(len(best)), best]] = ""
        extra = [("labels", ["; ".join(names[row]) for row in over])]
    labels[~answers.finite] = ""
    return [
        ("class", labels.tolist()),
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
    return [*zip(names, values.T, strict=True), ("unit", [unit] * len(answers))]


def _interval(answers: Answers, trust: Trust) -> list[tuple[str, Any]]:
    values = trust.reading.values_of_rows(answers.outputs)
    width = half_width(trust.scores, trust.level) if len(trust.scores) else np.inf
    if values.shape[1] != 1 or not np.isfinite(width):
        unknown = np.ma.masked_invalid(np.full(len(answers), np.nan, np.float32))
        return [("low", unknown), ("high", unknown)]
    middle = values[:, 0].astype(np.float64)
    return [("low", np.float32(middle - width)), ("high", np.float32(middle + width))]


def _sets(answers: Answers, trust: Trust) -> list[str]:
    if not len(trust.scores):
        return [""] * len(answers)
    chances, names = answers.probabilities, _texts(trust.reading.classes).tolist()
    count = prediction_set(chances, trust.scores, trust.level).sum(axis=1)
    count[~answers.finite] = 0
    # A class that is more probable than one of the set is in the set as well.
    order = np.argsort(-chances.astype(np.float64), axis=1, kind="stable")
    rows = zip(order.tolist(), count.tolist(), strict=True)
    return ["; ".join([names[place] for place in row[:most]]) for row, most in rows]


def _nearest(answers: Answers, trust: Trust) -> list[tuple[str, Any]]:
    names = np.full(len(answers), "", object)
    classes = names.copy()
    known = answers.judged.nearest >= 0
    if trust.reference is not None and known.any():
        place = answers.judged.nearest[known]
        names[known] = _texts(trust.reference.names.tolist())[place]
        if not trust.reading.is_values:
            truth = trust.reference.truth[place].astype(np.int64)
            classes[known] = _texts(trust.reading.classes)[truth]
    return [("nearest", names.tolist()), ("nearest_class", classes.tolist())]


def _shadow(answers: Answers, reading: Reading) -> list[str]:
    shadow = answers.judged.shadow
    if not shadow.shape[1]:
        return [""] * len(answers)
    found: list[str] = _texts(reading.classes)[shadow.argmax(axis=1)].tolist()
    return found


def _shadow_values(answers: Answers) -> NDArray[np.float32]:
    """Return what the linear model says of a regression; masked where there is none."""
    shadow = answers.judged.shadow
    unknown = np.full(len(answers), np.nan)
    found = np.ma.masked_invalid(shadow[:, 0] if shadow.shape[1] else unknown)
    return np.ma.asarray(found, np.float32)


def _remark(answers: Answers) -> list[tuple[str, Any]]:
    return [("remark", [encodable(remark(item)) for item in answers.items])]


def _texts(texts: Sequence[str]) -> NDArray[Any]:
    """Return texts as an array of objects, from which rows are chosen at once."""
    found = np.empty(len(texts), object)
    found[:] = [encodable(text) for text in texts]
    return found
