"""The eigen-solver: the fast way, its confirmation, and what is used where it does not serve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import linalg
from scipy.sparse import csc_matrix, csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee
from scipy.sparse.linalg import ArpackError, eigsh, splu

from spectracnn.errors import MeshError
from spectracnn.geometry import krylov
from spectracnn.geometry.counting import count_below, gap_for_count
from spectracnn.geometry.krylov import NoConvergenceError, Pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Block = NDArray[np.float64]

GUARD = 6
"""Pairs beyond the wanted ones, among which a gap is sought for the count."""

SMALL = 400
DENSE_LIMIT = 6000
SHIFT = 0.05
"""Of the wanted range: keeps the matrix well away from singular."""

CUT = 1.6
"""How many times as many eigenvalues as wanted lie below the filter's edge."""


@dataclass(frozen=True, eq=False)
class Eigen:
    """Eigenpairs, and what is known of their completeness.

    Parameters
    ----------
    values : ndarray, shape (k,)
        Ascending.
    vectors : ndarray, shape (n, k)
        Orthonormal in the mass inner product.
    confirmed : int
        How many of the lowest are confirmed to be all there are.
    method : str
        For people.
    """

    values: Block
    vectors: Block
    confirmed: int
    method: str


def solve_pencil(
    stiffness: Any,
    mass: Any,
    k: int,
    *,
    estimate: float,
    growth: float = 1.0,
    block: int = krylov.BLOCK,
    advance: Callable[[float], None] = lambda share: None,
) -> Eigen:
    """Return the k smallest eigenpairs of ``K x = lambda M x``.

    Parameters
    ----------
    stiffness, mass : sparse, shape (n, n)
        Positive semidefinite and positive definite.
    k : int
        Less than n.
    estimate : float
        About how large the k-th eigenvalue is, by Weyl's law.
    growth : float
        ``N(lambda) ~ lambda ** growth``: 1 for surfaces, 1.5 for solids.
    block : int
        Width of the Krylov blocks; must exceed the highest multiplicity.
    advance : callable
        Receives the share that is done; may raise to stop.

    Raises
    ------
    MeshError
        If no method finds them.
    """
    n = stiffness.shape[0]
    if n <= SMALL or k + GUARD >= 0.4 * n:
        if n <= DENSE_LIMIT:
            return _dense(stiffness, mass, k)
        return _arpack(stiffness, mass, k, estimate)
    # Neighbours close to each other in memory make all products and factorisations faster.
    order = reverse_cuthill_mckee(csr_array(stiffness), symmetric_mode=True)
    stiffness, mass = stiffness[order][:, order], mass[order][:, order]
    cut = estimate * CUT ** (1 / growth)
    for attempt in range(3):
        try:
            inverse = inverse_of(stiffness + SHIFT * estimate * mass)
            pairs = krylov.smallest(
                inverse,
                lambda given: np.asarray(mass @ given),
                n,
                k + GUARD,
                shift=SHIFT * estimate,
                cut=cut,
                block=min(block * 2**attempt, max(2, n // 8)),
                seed=attempt,
                advance=advance,
            )
        except (NoConvergenceError, np.linalg.LinAlgError):
            edge = _measured_cut(stiffness, mass, k + GUARD, cut)
            if edge is None:
                break
            cut, estimate = edge, edge / CUT ** (1 / growth)
            continue
        confirmed, missed = _confirmed(stiffness, mass, pairs, k)
        if not missed:
            advance(1.0)
            vectors = np.empty((n, k))
            vectors[order] = pairs.vectors[:, :k]
            return Eigen(pairs.values[:k], vectors, confirmed, "block Krylov")
    found = _arpack(stiffness, mass, k, estimate)
    return replace(found, vectors=found.vectors[np.argsort(order)])


def _confirmed(stiffness: Any, mass: Any, pairs: Pairs, k: int) -> tuple[int, bool]:
    """Return how many values are confirmed, and whether some are known to be missing."""
    below, limit, margin = gap_for_count(pairs.values, k)
    counted = count_below(stiffness, mass, limit, margin)
    if counted is None:
        return 0, False
    return (min(below, k), False) if counted == below else (0, True)


def inverse_of(matrix: Any) -> Callable[[Block], Block]:
    """Return the inverse of a positive definite matrix, applied to C-ordered blocks."""
    try:
        from cholespy import CholeskySolverD, MatrixType
    except ImportError:
        return _by_superlu(matrix)
    entries = matrix.tocoo()
    rows, columns = entries.coords
    try:
        solver = CholeskySolverD(
            matrix.shape[0],
            rows.astype(np.int32),
            columns.astype(np.int32),
            entries.data,
            MatrixType.COO,
        )
    except (RuntimeError, ValueError, TypeError):
        return _by_superlu(matrix)

    def inverse(block: Block) -> Block:
        given = np.ascontiguousarray(block)
        solved = np.empty_like(given)
        solver.solve(given, solved)
        return solved

    return inverse


def _by_superlu(matrix: Any) -> Callable[[Block], Block]:
    factors = splu(
        csc_matrix(matrix),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return lambda block: np.ascontiguousarray(factors.solve(block))


def _measured_cut(stiffness: Any, mass: Any, k: int, cut: float) -> float | None:
    """Return an eigenvalue bound with 1.3 to 2 times k eigenvalues below it, by counting."""
    low, high = 0.0, 0.0
    for _ in range(24):
        counted = count_below(stiffness, mass, cut, cut)
        if counted is None:
            cut *= 1.0001
            continue
        if 1.3 * k <= counted <= 2 * k:
            return cut
        if counted < 1.3 * k:
            low = cut
            cut = cut * 1.6 if not high else (low + high) / 2
        else:
            high = cut
            cut = (low + high) / 2
    return None


def _dense(stiffness: Any, mass: Any, k: int) -> Eigen:
    """Solve with full matrices; all eigenvalues are computed in principle, so none is missed."""
    try:
        values, vectors = linalg.eigh(
            stiffness.toarray(), mass.toarray(), subset_by_index=[0, k - 1]
        )
    except linalg.LinAlgError as error:
        raise MeshError(f"the eigenvalue problem is singular ({error}).") from error
    return Eigen(values, vectors, k, "dense")


def _arpack(stiffness: Any, mass: Any, k: int, estimate: float) -> Eigen:
    n = stiffness.shape[0]
    wanted = min(k + GUARD, n - 2)
    try:
        values, vectors = eigsh(
            csc_matrix(stiffness),
            wanted,
            csc_matrix(mass),
            sigma=-SHIFT * estimate,
            v0=np.random.default_rng(0).standard_normal(n),
        )
    except (ArpackError, RuntimeError, ValueError, np.linalg.LinAlgError) as error:
        raise MeshError(f"the eigenvalue problem could not be solved ({error}).") from error
    order = np.argsort(values)
    values, vectors = values[order], vectors[:, order]
    if k >= wanted:
        return Eigen(values[:k], vectors[:, :k], 0, "SciPy ARPACK")
    pairs = Pairs(values, vectors, np.zeros(wanted), 0)
    confirmed, _ = _confirmed(csr_array(stiffness), csr_array(mass), pairs, k)
    return Eigen(values[:k], vectors[:, :k], confirmed, "SciPy ARPACK")
