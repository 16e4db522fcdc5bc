r"""How many eigenvalues lie below a number, by Sylvester's law of inertia.

:math:`K - \mu M = L D L^T` has as many negative entries in D as the pencil has eigenvalues below
:math:`\mu`. SuperLU with pivots on the diagonal gives this factorisation; how far it is from
exact is measured, and the count is trusted only where that could move no eigenvalue across.

References
----------
.. [1] Parlett (1998), The Symmetric Eigenvalue Problem, section 3.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAFETY = 100.0


def count_below(stiffness: Any, mass: Any, limit: float, margin: float) -> int | None:
    """Return the number of eigenvalues below a limit; None where it cannot be trusted.

    Parameters
    ----------
    stiffness, mass : sparse, shape (n, n)
        Of the pencil.
    limit : float
        The number.
    margin : float
        How far the nearest eigenvalue is from it, as far as known.
    """
    matrix = csc_matrix(stiffness - limit * mass)
    try:
        factors = splu(
            matrix,
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
    except (RuntimeError, MemoryError):  # exactly singular: the limit is an eigenvalue
        return None
    if not np.array_equal(factors.perm_r, factors.perm_c):
        return None  # a pivot was off the diagonal, so that this is no L D L^T
    upper, lower = factors.U, factors.L
    rng = np.random.default_rng(0)
    probe = rng.standard_normal((matrix.shape[0], 2))
    order = np.argsort(factors.perm_c)
    error = (matrix @ probe)[order] - lower @ (upper @ probe[order])
    weight = np.asarray(mass.sum(axis=1)).ravel()[order, None]
    # The size of the error in the mass inner product is what an eigenvalue can move by.
    moved = np.sqrt(((error**2) / weight).sum(axis=0) / ((probe**2) * weight).sum(axis=0)).max()
    if not moved * _SAFETY < margin:
        return None
    return int(np.count_nonzero(upper.diagonal() < 0))


def gap_for_count(values: NDArray[np.float64], k: int) -> tuple[int, float, float]:
    """Choose where to count: the widest gap from the k-th value on, else one before it.

    Parameters
    ----------
    values : ndarray, shape (m,), m > k
        Ascending.
    k : int
        How many are wanted.

    Returns
    -------
    below : int
        How many of the values are below the limit.
    limit, margin : float
        In the middle of the gap; half its width.
    """
    gaps = np.diff(values)
    top = max(abs(float(values[-1])), 1e-300)
    place = k - 1 + int(np.argmax(gaps[k - 1 :]))
    if gaps[place] < 1e-7 * top:  # a multiplet that reaches over all the guards
        place = int(np.argmax(np.where(gaps > 1e-5 * top, np.arange(len(gaps)), -1)))
    limit = float(values[place] + values[place + 1]) / 2
    return place + 1, limit, float(gaps[place]) / 2
