"""Which way the shapes lie in a table of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import RELATIVE_ZERO

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.io.result import Orientation

_CLEARLY = 0.02
"""By how much the monotone fractions must differ to decide."""


def guess_orientation(
    table: NDArray[np.float64], fallback: Orientation | None = None
) -> tuple[Orientation, bool]:
    """Find the direction along which eigenvalues ascend.

    A spectrum is monotone (descending for some solvers); neighbouring shapes are not ordered
    against each other. Where both directions are equally monotone, the one whose first line holds
    the zero eigenvalues decides.

    Parameters
    ----------
    table : ndarray, shape (rows, columns)
        NaN where there is no number.
    fallback : {'rows', 'columns'}, optional
        What to assume where nothing decides. By default shapes are columns if the table has more
        rows than columns, because spectra are mostly longer than lists of shapes.

    Returns
    -------
    orientation : {'rows', 'columns'}
        Whether each shape is one row or one column.
    ambiguous : bool
        Whether nothing decided.
    """
    rows, columns = _monotone_fraction(table), _monotone_fraction(table.T)
    if abs(rows - columns) > _CLEARLY:
        return ("rows" if rows > columns else "columns"), False
    zero_rows, zero_columns = _first_is_zero(table), _first_is_zero(table.T)
    if zero_rows != zero_columns:
        return ("rows" if zero_rows else "columns"), False
    if fallback is None:
        fallback = "columns" if table.shape[0] > table.shape[1] else "rows"
    return fallback, True


def _monotone_fraction(table: NDArray[np.float64]) -> float:
    """Return how much of the steps along the rows go one common way."""
    steps = np.diff(table, axis=1)
    steps = steps[np.isfinite(steps)]
    if not steps.size:
        return 0.0
    # Several zero eigenvalues are in no order.
    noise = 1e-9 * np.nanmax(np.abs(np.where(np.isfinite(table), table, np.nan)))
    up = np.count_nonzero(steps >= -noise)
    down = np.count_nonzero(steps <= noise)
    return max(up, down) / steps.size


def _first_is_zero(table: NDArray[np.float64]) -> bool:
    """Whether every row starts with a zero eigenvalue, and not only because all is zero."""
    magnitude = np.abs(np.where(np.isfinite(table), table, 0.0))
    limits = RELATIVE_ZERO * magnitude.max(axis=1) / table.shape[1]
    return bool((magnitude[:, 0] < limits).all())
