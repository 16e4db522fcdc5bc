"""Columns of a table to a linear model: what is asked about, and what is regressed out."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from spectracnn.core.naming import listed, meant
from spectracnn.errors import StudyError
from spectracnn.stats.nuisance import MOST_LEVELS, codes_of, nuisance_columns, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.participants import Column

Effect = Literal["g", "r", "eta2"]
REFERENCES = frozenset(
    {"control", "controls", "ctrl", "con", "hc", "cn", "nc", "healthy", "normal", "none", "no", "0"}
    | {"false", "reference", "baseline", "td", "neurotypical", "unaffected", "placebo"}
)
"""Names of groups that others are compared with, in lower case."""


@dataclass(frozen=True, eq=False)
class Design:
    """A linear model of every feature, ``y = X beta + Z gamma + noise``.

    Parameters
    ----------
    kept : ndarray, shape (n,), int64
        Which of the units enter: those where nothing is missing.
    tested : ndarray, shape (n, m), float64
        X: the effect in question. One column for two groups (0 or 1) and for a continuous
        variable, one fewer than groups for more.
    nuisance : ndarray, shape (n, q), float64
        Z: what is regressed out, the constant first.
    blocks : ndarray, shape (n,), int64, or None
        Units are exchanged only within a block, such as a site.
    effect : {'g', 'r', 'eta2'}
        Hedges' g, partial correlation, or partial eta squared.
    groups : tuple of str
        The reference first; empty for a continuous variable.
    counts : tuple of int
        Units in each group.
    notes : tuple of str
        What was left out, and why: a sentence each.
    n_site : int
        How many of the last columns of Z are indicators of sites.
    used : tuple of str
        The covariates in Z, the site last: without those that were constant or collinear.
    """

    kept: NDArray[np.int64]
    tested: NDArray[np.float64]
    nuisance: NDArray[np.float64]
    blocks: NDArray[np.int64] | None
    effect: Effect
    groups: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    n_site: int = 0
    used: tuple[str, ...] = ()

    @property
    def worth_keeping(self) -> NDArray[np.float64]:
        """What ComBat must not take out: X, and Z without the constant and the sites."""
        end = self.nuisance.shape[1] - self.n_site
        return np.hstack([self.tested, self.nuisance[:, 1:end]])

    @property
    def df(self) -> int:
        """Degrees of freedom of the residuals."""
        return int(self.tested.shape[0] - self.tested.shape[1] - self.nuisance.shape[1])


def make_design(
    predictor: Column,
    covariates: Sequence[Column] = (),
    *,
    group: bool,
    site: Column | None = None,
    levels: Sequence[str] = (),
    reference: str = "",
    usable: NDArray[np.bool_] | None = None,
) -> Design:
    """Make the model.

    Parameters
    ----------
    predictor : Column
        The groups or the continuous variable, one cell a unit.
    covariates : sequence of Column
        Regressed out: numbers as they are, others as indicators.
    group : bool
        Whether the column asked about is taken as groups.
    site : Column, optional
        Regressed out as indicators; units are then exchanged within sites only.
    levels : sequence of str
        Which groups to compare; all when empty.
    reference : str
        The group that others are compared with; found by its name (control, HC, ...), else the
        first in order.
    usable : ndarray, shape (n,), bool, optional
        Which units have features at all.

    Raises
    ------
    StudyError
        If there are not two groups of two, the variable is constant, a covariate explains it
        wholly, or too few units are left.
    """
    notes: list[str] = []
    keep = np.ones(len(predictor), bool) if usable is None else usable.copy()
    keep &= _present(predictor, keep, notes)
    chosen = _chosen_levels(predictor, levels, reference, keep, notes) if group else ()
    if group:
        keep &= np.isin(predictor.text.astype(str), chosen)
    for column in (*covariates, *([site] if site else [])):
        keep &= _present(column, keep, notes)
    kept = np.flatnonzero(keep)
    counts = _counts(predictor, chosen, kept)
    tested = _tested(predictor, chosen, kept)
    nuisance, used = nuisance_columns(covariates, site, kept, notes)
    n_site = 0 if site is None else int(codes_of(site, kept).max(initial=0))
    design = Design(
        kept,
        tested,
        nuisance,
        codes_of(site, kept) if site is not None else None,
        ("g" if len(chosen) == 2 else "eta2") if group else "r",
        chosen,
        counts,
        tuple(notes),
        min(n_site, nuisance.shape[1] - 1),
        used,
    )
    _check(design, predictor, [column.name for column in (*covariates, *([site] if site else []))])
    return design


def _present(column: Column, keep: NDArray[np.bool_], notes: list[str]) -> NDArray[np.bool_]:
    missing = int(np.count_nonzero(column.missing & keep))
    if missing and missing == int(np.count_nonzero(keep)):
        raise StudyError(f"Column '{column.name}' is missing for all {missing:,} that remain.")
    if missing:
        notes.append(f"{missing:,} left out: no '{column.name}'.")
    return ~column.missing


def _chosen_levels(
    predictor: Column,
    levels: Sequence[str],
    reference: str,
    keep: NDArray[np.bool_],
    notes: list[str],
) -> tuple[str, ...]:
    """Return the groups to compare, the reference first."""
    texts, counts = np.unique(predictor.text[keep].astype(str), return_counts=True)
    sizes = {str(text): int(count) for text, count in zip(texts, counts, strict=True)}
    for name in (*levels, *([reference] if reference else [])):
        if name not in sizes:
            raise StudyError(
                f"Column '{predictor.name}' has no group '{name}', only "
                f"{listed(sorted(sizes))}.{meant(name, sizes)}"
            )
    if levels:
        found = list(dict.fromkeys(levels))
    else:
        if len(sizes) > MOST_LEVELS:
            hint = " For numbers, ask --on it." if predictor.numbers is not None else ""
            raise StudyError(
                f"Column '{predictor.name}' has {len(sizes):,} distinct values, "
                f"expected 2 to {MOST_LEVELS} groups.{hint}"
            )
        found = sorted(sizes, key=_order)
    single = [name for name in found if sizes[name] < 2]
    if single and len(found) - len(single) >= 2 and not levels:
        notes.append(
            f"{listed([repr(name) for name in single])} left out: a group of one has no spread."
        )
        found = [name for name in found if name not in single]
    elif single:
        raise StudyError(
            f"Column '{predictor.name}': group '{single[0]}' has one member, expected at least two."
        )
    if len(found) < 2:
        raise StudyError(
            f"Column '{predictor.name}' has only the group '{found[0] if found else ''}', "
            "expected two or more."
        )
    first = reference or next((name for name in found if name.casefold() in REFERENCES), found[0])
    return (first, *(name for name in found if name != first))


def _order(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def _counts(predictor: Column, chosen: Sequence[str], kept: NDArray[np.int64]) -> tuple[int, ...]:
    texts = predictor.text[kept].astype(str)
    counts = tuple(int(np.count_nonzero(texts == name)) for name in chosen)
    for name, count in zip(chosen, counts, strict=True):
        if count < 2:
            raise StudyError(
                f"Column '{predictor.name}': group '{name}' has {count} left after those with "
                "missing cells, expected at least two."
            )
    return counts


def _tested(
    predictor: Column, chosen: Sequence[str], kept: NDArray[np.int64]
) -> NDArray[np.float64]:
    if chosen:
        texts = predictor.text[kept].astype(str)
        return np.stack([texts == name for name in chosen[1:]], axis=1).astype(np.float64)
    if predictor.numbers is None:
        row, text = predictor.strays[0] if predictor.strays else (0, str(predictor.text[kept[0]]))
        where = f" in row {row}" if row else ""
        raise StudyError(f"Column '{predictor.name}': found {text!r}{where}, expected numbers.")
    values = predictor.numbers[kept]
    if not kept.size or np.ptp(values) == 0:
        raise StudyError(
            f"Column '{predictor.name}' is constant: nothing can be associated with it."
        )
    return scaled(values)[:, None]


def _check(design: Design, predictor: Column, names: Sequence[str]) -> None:
    whole = np.hstack([design.nuisance, design.tested])
    if np.linalg.matrix_rank(whole) < whole.shape[1]:
        raise StudyError(
            f"'{predictor.name}' is collinear with {listed([repr(name) for name in names])}: "
            "what belongs to which cannot be told apart."
        )
    if design.df < 1:
        raise StudyError(
            f"{len(design.kept)} remain for {whole.shape[1]} unknowns, expected more; "
            "leave covariates out."
        )
