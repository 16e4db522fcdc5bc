"""The summary of predictions as panels and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.cohort.panels import MUTED, Bars, Line, Matrix, Panel, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.view.cohort.predictions import Curves, Labelled, PredictionSummary

_MOST_TEXTS, _FEW_CLASSES = 30, 10
_MANY = 10_000
MOST_POINTS = 2_000
"""Of a scatter; of more every k-th is drawn."""
VIEWS = ("Confusion", "ROC", "Precision", "Reliability")


def distribution(summary: PredictionSummary) -> Panel:
    """Return how many spectra are predicted as each class."""
    total = max(int(summary.counts.sum()), 1)
    texts = tuple(f"{count:,} ({100 * count / total:.0f} %)" for count in summary.counts)
    bars = Bars(summary.answers.classes, summary.counts.astype(float), texts=texts)
    top = float(summary.counts.max(initial=1)) * 1.3
    return Panel("Predicted classes", "spectra", bars=bars, x_range=(0, top))


def confusion(found: Labelled, classes: tuple[str, ...]) -> Panel:
    """Return labels down and predictions across; colours are shares of the row."""
    total = found.confusion.sum(axis=1)
    rows = np.flatnonzero((total > 0) | (np.arange(len(total)) < len(classes)))
    shares = found.confusion[rows] / np.maximum(total[rows], 1)[:, None]
    texts: tuple[tuple[str, ...], ...] = ()
    if len(classes) <= _MOST_TEXTS:
        count = str if len(classes) <= _FEW_CLASSES else _short
        texts = tuple(tuple(count(n) if n else "" for n in found.confusion[row]) for row in rows)
    names = tuple(found.names[row] for row in rows)
    matrix = Matrix(shares, names, classes, texts, top=1.0)
    return Panel("Labels against predictions", "predicted", found.name, matrix=matrix)


def _short(number: int) -> str:
    """Return a count that fits into a narrow cell.

    Examples
    --------
    >>> _short(999), _short(2477), _short(24_770)
    ('999', '2.5k', '25k')
    """
    if number < 1000:
        return str(number)
    return f"{number / 1000:.1f}k" if number < 9_950 else f"{round(number / 1000)}k"


def roc(found: Labelled, classes: tuple[str, ...], chosen: int) -> Panel:
    """Return true against false positives, each class against all others."""
    lines = tuple(
        Line(_numbered(name, curves.auc), curves.roc[0], curves.roc[1], colour=colour)
        for name, curves, colour in _coloured(found, classes, chosen)
    )
    return _of_shares(
        _titled("ROC, area under it", found, classes, chosen),
        "false positive rate",
        "true positive rate",
        lines,
        diagonal=True,
    )


def precision(found: Labelled, classes: tuple[str, ...], chosen: int) -> Panel:
    """Return precision against recall, each class against all others."""
    lines = tuple(
        Line(
            _numbered(name, curves.average_precision),
            curves.precision[0],
            curves.precision[1],
            colour=colour,
        )
        for name, curves, colour in _coloured(found, classes, chosen)
    )
    return _of_shares(
        _titled("Precision and recall, average precision", found, classes, chosen),
        "recall",
        "precision",
        lines,
    )


def reliability(found: Labelled, classes: tuple[str, ...], chosen: int) -> Panel:
    """Return how often a class is true where it is given a probability."""
    lines = tuple(
        Line(
            name,
            curves.bins[0],
            curves.bins[1],
            curves.bins[2] if chosen >= 0 else None,
            curves.bins[3] if chosen >= 0 else None,
            colour=colour,
            points=True,
        )
        for name, curves, colour in _coloured(found, classes, chosen)
    )
    return _of_shares(
        _titled("Reliability", found, classes, chosen),
        "probability that the network gives",
        "share that is of the class",
        lines,
        diagonal=True,
    )


def _of_shares(
    title: str, x_title: str, y_title: str, lines: tuple[Line, ...], *, diagonal: bool = False
) -> Panel:
    """Return curves of which both axes go from 0 to 1, with a little room at the ends."""
    room = (-0.02, 1.02)
    return Panel(title, x_title, y_title, lines, x_range=room, y_range=room, diagonal=diagonal)


def _numbered(name: str, value: float) -> str:
    return f"{name} {value:.3f}" if name else ""


def _titled(what: str, found: Labelled, classes: tuple[str, ...], chosen: int) -> str:
    return (
        f"{what}: {classes[chosen]}"
        if chosen in found.curves
        else f"{what} (choose a class in the table)"
    )


def _coloured(
    found: Labelled, classes: tuple[str, ...], chosen: int
) -> Iterator[tuple[str, Curves, int]]:
    """Yield name, curves and colour; the chosen class last, in colour over grey ones."""
    order = [place for place in found.curves if place != chosen]
    for at, place in enumerate(order):
        grey = chosen in found.curves
        yield "" if grey else classes[place], found.curves[place], MUTED if grey else at
    if chosen in found.curves:
        yield classes[chosen], found.curves[chosen], 0


def scatter(summary: PredictionSummary) -> Panel:
    """Return predicted against true values."""
    found, answers = summary.regressed, summary.answers
    assert found is not None
    both = np.flatnonzero(np.isfinite(found.truth) & np.isfinite(answers.values))
    step = max(1, -(-len(both) // MOST_POINTS))
    shown = both[::step]
    unit = f" ({answers.unit})" if answers.unit else ""
    points = Line(
        "", found.truth[shown], answers.values[shown], points=True, joined=False, places=shown
    )
    few = f", every {step}th drawn" if step > 1 else ""
    return Panel(
        f"Predicted against true values{few}",
        f"{found.name}{unit}",
        f"predicted{unit}",
        (points,),
        diagonal=True,
    )


def histogram(summary: PredictionSummary) -> Panel:
    """Return how predicted values are spread."""
    values = summary.answers.values[np.isfinite(summary.answers.values)]
    if not values.size:
        return Panel("Predicted values")
    counts, edges = np.histogram(values, min(40, max(5, int(np.sqrt(values.size)))))
    x = np.repeat(edges, 2)
    y = np.concatenate([[0], np.repeat(counts, 2), [0]]).astype(float)
    line = Line("", x, y, low=np.zeros_like(y), high=y)
    return Panel("Predicted values", summary.answers.unit or "value", "spectra", (line,))


def recalls(found: Labelled, classes: tuple[str, ...]) -> Panel:
    """Return which share of each class is found, with its interval."""
    support = found.confusion[: len(classes)].sum(axis=1)
    there = np.flatnonzero(support > 0)
    bars = Bars(
        tuple(classes[place] for place in there),
        found.recall[0, there],
        found.recall[1, there],
        found.recall[2, there],
    )
    return Panel("Recall with 95 % interval", "share found", bars=bars, x_range=(0, 1.02))


def class_sheet(summary: PredictionSummary) -> Sheet:
    """Return one row a class."""
    classes, counts = summary.answers.classes, summary.counts.astype(float)
    names = np.array(classes, object)
    found = summary.labelled
    if found is None:
        share = counts / max(counts.sum(), 1)
        return Sheet(("class", "predicted", "share"), (names, counts, share), ("", ".0f", ".3f"))
    support = found.confusion[: len(classes)].sum(axis=1).astype(float)
    nothing = np.full(len(classes), np.nan)
    auc, average = nothing.copy(), nothing.copy()
    for place, curves in found.curves.items():
        auc[place], average[place] = curves.auc, curves.average_precision
    hits = np.diag(found.confusion[: len(classes)]).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        right = np.where(counts > 0, hits / found.confusion.sum(axis=0), np.nan)
    return Sheet(
        ("class", "labelled", "predicted", "recall", "from", "to", "precision", "AUC", "AP"),
        (names, support, counts, *found.recall, right, auc, average),
        ("", ".0f", ".0f", ".3f", ".3f", ".3f", ".3f", ".3f", ".3f"),
        (
            "Class of the network",
            "Spectra with this label",
            "Spectra that the network says are of this class",
            "Share of the labelled ones that is found",
            "95 % interval (Wilson)",
            "95 % interval (Wilson)",
            "Share of the predicted ones that is right",
            "Area under the ROC curve, this class against all others",
            "Average precision, this class against all others",
        ),
    )


def sentence(summary: PredictionSummary) -> str:
    """Return the main numbers in words."""
    answers = summary.answers
    known, refused = int(answers.known.sum()), int(answers.refused.sum())
    left = f", {refused:,} refused" if refused else ""
    waiting = len(answers.ids) - known - refused
    left += f", {waiting:,} not predicted yet" if waiting > 0 else ""
    of = f"{known:,} of {len(answers.ids):,} spectra predicted{left}."
    if summary.labelled is not None:
        share, low, high = summary.labelled.accuracy
        total = int(summary.labelled.confusion.sum())
        digits = 3 if total < _MANY else 5
        shown = [f"{value:.{digits}f}" for value in (share, low, high)]
        return (
            f"Accuracy {shown[0]} (95 % interval {shown[1]} to {shown[2]}) of {total:,} with "
            f"'{summary.labelled.name}'; balanced {summary.labelled.balanced:.3f}. {of}"
        )
    if summary.regressed is not None:
        found = summary.regressed
        unit = f" {answers.unit}" if answers.unit else ""
        return (
            f"R\u00b2 {found.r2:.3f}, mean absolute error {found.mae:.4g}{unit}, r "
            f"{found.correlation:.3f} of {found.n:,} with '{found.name}'. {of}"
        ).replace("-", "\u2212")
    return of


def scatter_tsv(summary: PredictionSummary) -> str:
    """Return predicted, and where they are known true values, tab-separated."""
    answers, found = summary.answers, summary.regressed
    nothing = np.full(len(answers.ids), np.nan)
    truth = nothing if found is None else found.truth
    known = answers.known
    names = ("predicted", found.name if found is not None else "true")
    return Sheet(names, (answers.values[known], truth[known])).tsv()
