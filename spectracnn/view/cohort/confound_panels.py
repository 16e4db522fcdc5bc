"""Confounds as panels and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.cohort.confounds import SIGNIFICANT
from spectracnn.view.cohort.panels import BAD, MUTED, Bars, Matrix, Panel, Sheet

if TYPE_CHECKING:
    from spectracnn.view.cohort.confounds import Confounds, ProbeRow


def sentence(found: Confounds) -> str:
    """Return the main findings in a few words; each number stands in the panels."""
    alone = [(_together(row.where), row.score, row.p) for row in found.alone]
    yes = [f"{name} ({_two(score)})" for name, score, p in alone if p <= SIGNIFICANT]
    no = [name for name, _, p in alone if p > SIGNIFICANT]
    metric, chance = found.alone[0].metric, found.alone[0].chance
    text = f"Predicts {found.label} alone: {', '.join(yes) or 'nothing'}"
    text += f"; not {', '.join(no)}" if no else ""
    text += f" ({metric}, chance {_two(chance)}). "
    read: list[str] = []
    hidden: list[str] = []
    for name in found.against:
        own = [row for row in found.encoded if row.target == name]
        count = sum(row.p <= SIGNIFICANT for row in own)
        (read if count else hidden).append(f"{name} ({count} of {len(own)})" if count else name)
    text += f"Read from layers: {', '.join(read) or 'nothing'}"
    text += f"; not {', '.join(hidden)}." if hidden else "."
    shadow = "" if found.shadow is None else f" {found.shadow.sentence}"
    return text + shadow


def _two(number: float) -> str:
    return f"{number:.2f}".replace("-", "\u2212")


def _together(where: str) -> str:
    """Call several covariates by fewer words than their names."""
    return "all together" if " + " in where else where


def alone_panel(found: Confounds) -> Panel:
    """Return how well each covariate alone predicts the label, beside permuted labels."""
    rows = found.alone
    bars = Bars(
        tuple(row.where for row in rows),
        np.array([max(row.score, 0.0) for row in rows]),
        colours=tuple(BAD if row.p <= SIGNIFICANT else MUTED for row in rows),
        texts=tuple(f"{row.score:.2f}, p = {row.p:.3g}".replace("-", "\u2212") for row in rows),
    )
    top = max([1.0 if found.shadow is not None else 0.5, *(row.score for row in rows)])
    return Panel(
        f"Does it predict {found.label} alone?",
        rows[0].metric,
        bars=bars,
        x_range=(0.0, 1.35 * top),
        verticals=(rows[0].chance,),
    )


def layers_panel(found: Confounds) -> Panel:
    """Return how well label and covariates are read from each layer, above chance."""
    layers = tuple(dict.fromkeys(row.where for row in found.encoded))
    targets = (found.label, *found.against)
    values = np.full((len(layers), len(targets)), np.nan)
    texts = [["" for _ in targets] for _ in layers]
    for row in found.encoded:
        at = layers.index(row.where), targets.index(row.target)
        room = max(1 - row.chance, 1e-9)
        values[at] = max((row.score - row.chance) / room, 0.0) if row.p <= SIGNIFICANT else 0.0
        star = "*" if row.p <= SIGNIFICANT else ""
        texts[at[0]][at[1]] = f"{row.score:.2f}{star}".replace("-", "\u2212")
    matrix = Matrix(values, layers, targets, tuple(map(tuple, texts)), top=1.0)
    return Panel("Read from each layer (* p \u2264 0.05)", "looked for", "layer", matrix=matrix)


def shadow_panel(found: Confounds) -> Panel:
    """Return the accuracies of network and linear models."""
    beside = found.shadow
    if beside is None:
        return Panel("Linear models stand beside classes only")
    shares = beside.accuracy
    names = ("network", "logistic regression", "support vectors")
    values = np.array([shares["network"], shares["logistic"], shares["svm"]])
    texts = tuple(f"{value:.3f}" for value in values)
    bars = Bars(names, values, colours=(0, 1, 2), texts=texts)
    return Panel("Linear shadow: accuracy", "accuracy", bars=bars, x_range=(0.0, 1.25))


def probe_sheet(found: Confounds) -> Sheet:
    """Return one row a probe."""
    rows: list[tuple[str, ProbeRow]] = [("alone", row) for row in found.alone]
    rows += [("layer", row) for row in found.encoded]
    texts = [np.array([str(cell) for cell in cells], object) for cells in zip(
        *((kind, row.where, row.target, row.metric) for kind, row in rows), strict=True
    )]  # fmt: skip
    numbers = [
        np.array([getattr(row, name) for _, row in rows])
        for name in ("score", "chance", "permuted", "p")
    ]
    return Sheet(
        ("probe", "from", "looked for", "by", "score", "chance", "permuted", "p"),
        (*texts, *numbers),
        ("", "", "", "", ".3f", ".3f", ".3f", ".3f"),
    )


def disagreement_sheet(found: Confounds, names: tuple[str, ...]) -> Sheet:
    """Return the spectra on which network and logistic regression disagree.

    Parameters
    ----------
    found : Confounds
        What was found.
    names : tuple of str
        Of all spectra that were looked at.
    """
    beside = found.shadow
    headings = ("spectrum", found.label, "network", "logistic", "support vectors")
    if beside is None:
        return Sheet(headings, (np.zeros(0, object),) * 5)
    at = beside.differing
    columns = [np.array([names[place] for place in at], object)]
    for codes in (beside.label.values, beside.network, beside.logistic, beside.svm):
        words = [beside.name(int(codes[place])) or "another class" for place in at]
        columns.append(np.array(words, object))
    return Sheet(headings, tuple(columns))
