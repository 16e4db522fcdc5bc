"""The attribution of a group: its mean with a confidence band, and how far signs agree.

References
----------
.. [1] Dixon & Mood (1946), Journal of the American Statistical Association 41, 557-566 (sign test).
.. [2] Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.errors import StudyError
from spectracnn.view.cohort.panels import GOOD, Line, Panel, Sheet

if TYPE_CHECKING:
    from spectracnn.core.progress import Progress

CONSISTENT = 0.05


@dataclass(frozen=True, eq=False)
class GroupAttribution:
    """What speaks for a class in a group, eigenvalue by eigenvalue.

    Parameters
    ----------
    n : int
        How many spectra.
    index : ndarray, shape (steps,), int64
        The eigenvalue of each input sample, of the first spectrum.
    mean, low, high, spread : ndarray, shape (steps,)
        With the 95 % interval of the mean by Student's t.
    positive : ndarray, shape (steps,)
        Share of spectra in which it speaks for the class, zeros half.
    p, p_fdr : ndarray, shape (steps,)
        Sign test, two-sided, zeros left out; and its false discovery rate.
    """

    n: int
    index: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    spread: NDArray[np.float64]
    positive: NDArray[np.float64]
    p: NDArray[np.float64]
    p_fdr: NDArray[np.float64]

    @property
    def consistent(self) -> NDArray[np.bool_]:
        """Whose sign agrees over the group, by the false discovery rate."""
        return np.asarray(self.p_fdr <= CONSISTENT)


@dataclass(frozen=True, eq=False)
class AttributionRequest:
    """Summarise attributions; positions as of `Attributions`."""

    values: NDArray[np.float32]
    positions: NDArray[np.int64]

    def run(self, progress: Progress) -> GroupAttribution:
        """Return the summary."""
        return summarise(self.values, self.positions)


def summarise(values: NDArray[np.float32], positions: NDArray[np.int64]) -> GroupAttribution:
    """Return mean, interval and sign agreement.

    Raises
    ------
    StudyError
        If fewer than two spectra are left.
    """
    from scipy import stats

    from spectracnn.stats.compare import false_discovery

    known = np.isfinite(values).all(axis=1)
    taken = values[known].astype(np.float64)
    n = len(taken)
    if n < 2:
        some = "None" if not n else "Only one"
        raise StudyError(f"{some} of the group can be explained, expected at least two.")
    mean, sd = taken.mean(axis=0), taken.std(axis=0, ddof=1)
    half = stats.t.isf(0.025, n - 1) * sd / np.sqrt(n)
    above = np.count_nonzero(taken > 0, axis=0)
    below = np.count_nonzero(taken < 0, axis=0)
    p = np.array([
        stats.binomtest(int(a), int(a + b)).pvalue if a + b else 1.0
        for a, b in zip(above, below, strict=True)
    ])  # fmt: skip
    share = (above + 0.5 * (n - above - below)) / n
    first = positions[np.flatnonzero(known)[0]]
    return GroupAttribution(
        n, first, mean, mean - half, mean + half, sd, share, p, false_discovery(p)
    )


def mean_panel(found: GroupAttribution, name: str, target: str) -> Panel:
    """Return the mean with its band; consistent eigenvalues are green."""
    x = found.index.astype(float)
    every = np.arange(len(x))
    lines = [Line("mean, 95 % interval", x, found.mean, found.low, found.high, places=every)]
    own = found.consistent
    if own.any():
        words = "sign agrees (FDR \u2264 0.05)"
        lines.append(Line(words, x[own], found.mean[own], colour=GOOD, points=True, joined=False))
    title = f"What speaks for {target} in {name}"
    return Panel(title, "eigenvalue", "attribution (logit)", tuple(lines), baselines=(0.0,))


def sign_panel(found: GroupAttribution) -> Panel:
    """Return in which share of the group each eigenvalue speaks for the class."""
    x, y = found.index.astype(float), 100 * found.positive
    own = found.consistent
    every = np.arange(len(x))
    lines = [Line("", x, y, points=True, joined=False, places=every)]
    if own.any():
        lines.append(Line("", x[own], y[own], colour=GOOD, points=True, joined=False))
    return Panel(
        "Share of the group in which it speaks for the class",
        "eigenvalue",
        "%",
        tuple(lines),
        y_range=(-3, 103),
        baselines=(50.0,),
    )


def sheet(found: GroupAttribution) -> Sheet:
    """Return one row an eigenvalue."""
    return Sheet(
        ("eigenvalue", "mean", "95 % from", "to", "SD", "% for the class", "p sign", "p FDR"),
        (
            found.index.astype(float),
            found.mean,
            found.low,
            found.high,
            found.spread,
            100 * found.positive,
            found.p,
            found.p_fdr,
        ),
        (".0f", ".4g", ".4g", ".4g", ".4g", ".1f", ".4g", ".4g"),
    )


def sentence(found: GroupAttribution, refused: int) -> str:
    """Return the main finding in words."""
    own = found.consistent
    towards = int(np.count_nonzero(own & (found.positive > 0.5)))
    against = int(np.count_nonzero(own)) - towards
    left = f" {refused:,} could not be explained." if refused else ""
    return (
        f"{found.n:,} spectra: {towards} of {len(own)} eigenvalues speak for the class "
        f"consistently, {against} against it (sign test, FDR 0.05).{left}"
    )
