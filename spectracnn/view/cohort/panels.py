"""What a cohort page draws, for the screen and for figures alike: matrices, bars, curves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

MUTED, INK, GOOD, BAD = -1, -2, -3, -4
"""Colours beside those of the curves, which are counted from 0."""


@dataclass(frozen=True, eq=False)
class Line:
    """A curve, or points, with a band.

    Parameters
    ----------
    label : str
        For the legend; empty for none.
    x, y : ndarray, shape (n,)
        Where.
    low, high : ndarray, shape (n,), optional
        Of the band, or of bars of points.
    colour : int
        Of the palette's curves, or `MUTED`, `INK`.
    dashed, points, joined : bool
        How it is drawn: joined points have both.
    places : ndarray, shape (n,), int64, optional
        What each point stands for, where a click on it means something.
    """

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    colour: int = 0
    dashed: bool = False
    points: bool = False
    joined: bool = True
    places: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Matrix:
    """Numbers in cells; rows from the top.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        NaN for nothing.
    rows, columns : tuple of str
        Their names.
    texts : tuple of tuple of str
        In the cells; empty for none.
    signed : bool
        Whether colours diverge from zero.
    top : float
        Value of the strongest colour; 0 for the largest there is.
    """

    values: NDArray[np.float64]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...] = ()
    signed: bool = False
    top: float = 0.0

    @property
    def limit(self) -> float:
        """Value of the strongest colour."""
        found = np.abs(self.values[np.isfinite(self.values)])
        return self.top or float(found.max(initial=0.0)) or 1.0


@dataclass(frozen=True, eq=False)
class Bars:
    """Horizontal bars, the first at the top.

    Parameters
    ----------
    names : tuple of str
        At the left.
    values : ndarray, shape (n,)
        Lengths.
    low, high : ndarray, shape (n,), optional
        Of an interval.
    colours : tuple of int
        One each; all of the first curve's colour when empty.
    texts : tuple of str
        Behind the bars; empty for none.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    colours: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


Range = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    title, x_label, y_label : str
        Around it.
    lines : tuple of Line
        Curves.
    bars : Bars or None
    matrix : Matrix or None
        At most one of bars and matrix.
    x_range, y_range : (float, float) or None
        None for all there is.
    diagonal : bool
        Whether the line x = y is drawn: chance, or perfect agreement.
    baselines : tuple of float
        Horizontal lines, such as zero.
    verticals : tuple of float
        Vertical lines, such as chance.
    square : bool
        Whether both axes have one scale.
    ticks : tuple of (float, str)
        Of the x axis, in the place of numbers.
    """

    title: str
    x_label: str = ""
    y_label: str = ""
    lines: tuple[Line, ...] = ()
    bars: Bars | None = None
    matrix: Matrix | None = None
    x_range: Range | None = None
    y_range: Range | None = None
    diagonal: bool = False
    baselines: tuple[float, ...] = ()
    verticals: tuple[float, ...] = ()
    square: bool = False
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, eq=False)
class CohortPicture:
    """What a page shows, for a figure.

    Parameters
    ----------
    title : str
        Over all.
    panels : tuple of Panel
        In order.
    note : str
        A sentence below.
    """

    title: str
    panels: tuple[Panel, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of numbers and words.

    Parameters
    ----------
    headings : tuple of str
        One a column.
    columns : tuple of ndarray
        Numbers, or texts as objects, all of one length.
    digits : tuple of str
        Format of each column's numbers, such as ``.3f``; ignored for texts.
    tips : tuple of str
        Of the headings.
    """

    headings: tuple[str, ...]
    columns: tuple[NDArray[np.generic], ...]
    digits: tuple[str, ...] = ()
    tips: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def text(self, row: int, column: int) -> str:
        """Return a cell as it is shown."""
        value = self.columns[column][row]
        if isinstance(value, str):
            return value
        number = float(value)
        if np.isnan(number):
            return ""
        form = self.digits[column] if self.digits else ".4g"
        return format(number, form).replace("-", "\u2212")

    def tsv(self) -> str:
        """Return all of it, tab-separated, numbers in full precision."""
        lines = ["\t".join(self.headings)]
        for row in range(len(self)):
            cells = (column[row] for column in self.columns)
            lines.append("\t".join(_plain(cell) for cell in cells))
        return "\n".join(lines) + "\n"


def _plain(cell: object) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split())
    number = float(cell)  # type: ignore[arg-type]
    if np.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
