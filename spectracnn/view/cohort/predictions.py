"""How right a network is about a cohort: confusion, intervals, curves, reliability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.core.naming import listed, meant
from spectracnn.errors import StudyError
from spectracnn.view.cohort.columns import levels_of

if TYPE_CHECKING:
    from spectracnn.core.participants import Column
    from spectracnn.core.progress import Progress
    from spectracnn.view.cohort.columns import Answers

BINS = 10
_MOST_POINTS = 400


@dataclass(frozen=True, eq=False)
class Curves:
    """One class against all others.

    Parameters
    ----------
    roc, precision : ndarray, shape (2, points)
        False and true positive rates; recall and precision.
    auc, average_precision : float
        Areas under them.
    bins : ndarray, shape (5, k)
        Reliability: mean probability, share that is of the class, its 95 % interval, how many.
    """

    roc: NDArray[np.float64]
    precision: NDArray[np.float64]
    auc: float
    average_precision: float
    bins: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Predictions against labels.

    Parameters
    ----------
    name : str
        Of the column.
    truth : ndarray, shape (n,), int64
        Index into ``names`` for every spectrum; -1 without a label.
    names : tuple of str
        The model's classes, then labels that are none of them.
    confusion : ndarray, shape (names, classes), int64
        Labels down, predictions across.
    accuracy : tuple of float
        Share right, and its 95 % interval (Wilson).
    balanced : float
        Mean recall.
    recall : ndarray, shape (3, classes)
        Share of each class that is found, with its interval; NaN without members.
    curves : dict of int to Curves
        By class; only where a class has members and others have.
    notes : tuple of str
        What a person should know.
    """

    name: str
    truth: NDArray[np.int64]
    names: tuple[str, ...]
    confusion: NDArray[np.int64]
    accuracy: tuple[float, float, float]
    balanced: float
    recall: NDArray[np.float64]
    curves: dict[int, Curves]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Regressed:
    """Predicted values against true ones.

    Parameters
    ----------
    name : str
        Of the column.
    truth : ndarray, shape (n,), float64
        NaN where there is none.
    r2, mae, correlation : float
        Coefficient of determination, mean absolute error, Pearson's r.
    n : int
        How many have both.
    """

    name: str
    truth: NDArray[np.float64]
    r2: float
    mae: float
    correlation: float
    n: int


@dataclass(frozen=True, eq=False)
class PredictionSummary:
    """What a network says of a cohort.

    Parameters
    ----------
    answers : Answers
        Of all.
    counts : ndarray, shape (classes,), int64
        How often each class is predicted.
    labelled : Labelled or None
    regressed : Regressed or None
    """

    answers: Answers
    counts: NDArray[np.int64]
    labelled: Labelled | None = None
    regressed: Regressed | None = None


@dataclass(frozen=True, eq=False)
class PredictionRequest:
    """Summarise predictions.

    Parameters
    ----------
    answers : Answers
        What the network says.
    label : Column or None
        The truth, a cell for each.
    """

    answers: Answers
    label: Column | None = None

    def run(self, progress: Progress) -> PredictionSummary:
        """Compute the summary."""
        return summarise(self.answers, self.label, progress)


def summarise(
    answers: Answers, label: Column | None, progress: Progress | None = None
) -> PredictionSummary:
    """Return counts, and where there are labels how right the network is.

    Raises
    ------
    StudyError
        If the labels cannot be compared with what the network says.
    """
    counts = np.bincount(answers.predicted[answers.predicted >= 0], minlength=len(answers.classes))
    if label is None:
        return PredictionSummary(answers, counts)
    if not answers.classes:
        return PredictionSummary(answers, counts, regressed=_regressed(answers, label))
    return PredictionSummary(answers, counts, labelled=_labelled(answers, label, progress))


def _regressed(answers: Answers, label: Column) -> Regressed:
    from sklearn.metrics import mean_absolute_error, r2_score

    if label.numbers is None:
        raise StudyError(
            f"Column '{label.name}' is text, expected numbers: the network predicts values."
        )
    both = np.isfinite(label.numbers) & np.isfinite(answers.values)
    if np.count_nonzero(both) < 2:
        raise StudyError(f"Fewer than two spectra have both a prediction and '{label.name}'.")
    truth, predicted = label.numbers[both], answers.values[both]
    varies = np.ptp(truth) > 0 and np.ptp(predicted) > 0
    return Regressed(
        label.name,
        label.numbers,
        float(r2_score(truth, predicted)),
        float(mean_absolute_error(truth, predicted)),
        float(np.corrcoef(truth, predicted)[0, 1]) if varies else float("nan"),
        len(truth),
    )


def _labelled(answers: Answers, label: Column, progress: Progress | None) -> Labelled:
    codes, levels = levels_of(label)
    used = np.unique(codes[codes >= 0])
    if not used.size:
        raise StudyError(f"Column '{label.name}' is missing for every spectrum.")
    lower = {name.casefold(): place for place, name in enumerate(answers.classes)}
    names = list(answers.classes)
    place = np.full(len(levels) + 1, -1, np.int64)
    for code in used.tolist():
        name = levels[code]
        if name.casefold() not in lower:
            lower[name.casefold()] = len(names)
            names.append(name)
        place[code] = lower[name.casefold()]
    truth = place[codes]
    both = (truth >= 0) & (answers.predicted >= 0)
    if not both.any():
        raise StudyError(f"No spectrum has both a prediction and '{label.name}'.")
    confusion = np.zeros((len(names), len(answers.classes)), np.int64)
    np.add.at(confusion, (truth[both], answers.predicted[both]), 1)
    strange = names[len(answers.classes) :]
    if len(strange) == len(used):
        raise StudyError(
            f"Column '{label.name}' holds {listed(strange)}, none of which is a class of the "
            f"network ({listed(answers.classes)}).{meant(strange[0], answers.classes)}"
        )
    recall = _recall(confusion, len(answers.classes))
    return Labelled(
        label.name,
        truth,
        tuple(names),
        confusion,
        _accuracy(confusion),
        float(np.nanmean(recall[0])),
        recall,
        _curves(answers, truth, both, progress),
        _notes(label.name, strange, confusion, answers),
    )


def _notes(
    column: str, strange: list[str], confusion: NDArray[np.int64], answers: Answers
) -> tuple[str, ...]:
    found = []
    for at, name in enumerate(strange[:5]):
        count = int(confusion[len(answers.classes) + at].sum())
        found.append(
            f"Label '{name}' of '{column}' ({count:,}) is no class of the network: counted as "
            f"wrong.{meant(name, answers.classes)}"
        )
    if len(strange) > 5:
        found.append(f"{len(strange) - 5} more labels are no class of the network.")
    return tuple(found)


def interval(hits: Any, total: Any) -> tuple[Any, Any]:
    """Return Wilson's 95 % interval of a share; arrays or numbers."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(hits, total, alpha=0.05, method="wilson")
    return low, high


def _accuracy(confusion: NDArray[np.int64]) -> tuple[float, float, float]:
    hits, total = int(np.trace(confusion)), int(confusion.sum())
    low, high = interval(hits, total)
    return hits / total, float(low), float(high)


def _recall(confusion: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    total = confusion[:count].sum(axis=1)
    hits = np.diag(confusion[:count])
    found = np.full((3, count), np.nan)
    there = total > 0
    found[0, there] = hits[there] / total[there]
    found[1, there], found[2, there] = interval(hits[there], total[there])
    return found


def _curves(
    answers: Answers,
    truth: NDArray[np.int64],
    both: NDArray[np.bool_],
    progress: Progress | None,
) -> dict[int, Curves]:
    from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

    found = {}
    for place in range(len(answers.classes)):
        own = truth[both] == place
        if own.all() or not own.any():
            continue
        chance = answers.probabilities[both, place].astype(np.float64)
        false, true, _ = roc_curve(own, chance)
        precision, recall, _ = precision_recall_curve(own, chance)
        found[place] = Curves(
            _thinned(np.stack([false, true])),
            _thinned(np.stack([recall[::-1], precision[::-1]])),
            float(auc(false, true)),
            float(average_precision_score(own, chance)),
            _reliability(own, chance),
        )
        if progress is not None:
            progress.update(place + 1, len(answers.classes), "classes")
    return found


def _thinned(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    if curve.shape[1] <= _MOST_POINTS:
        return curve
    return curve[:, np.linspace(0, curve.shape[1] - 1, _MOST_POINTS).round().astype(int)]


def _reliability(own: NDArray[np.bool_], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a column for each tenth of probability that is not empty."""
    at = np.minimum((chance * BINS).astype(int), BINS - 1)
    count = np.bincount(at, minlength=BINS)
    there = count > 0
    hits = np.bincount(at, weights=own, minlength=BINS)[there]
    mean = np.bincount(at, weights=chance, minlength=BINS)[there] / count[there]
    low, high = interval(hits, count[there])
    return np.stack([mean, hits / count[there], low, high, count[there].astype(float)])


def members(
    summary: PredictionSummary, truth: int | None = None, predicted: int | None = None
) -> NDArray[np.int64]:
    """Return the entries of a cell, a row or a column of the confusion matrix.

    Parameters
    ----------
    summary : PredictionSummary
        Whose.
    truth, predicted : int, optional
        Label and prediction, as indices; None for any.
    """
    chosen = summary.answers.predicted >= 0
    if predicted is not None:
        chosen &= summary.answers.predicted == predicted
    if truth is not None and summary.labelled is not None:
        chosen &= summary.labelled.truth == truth
    return summary.answers.ids[chosen]
