"""The smallest eigenvalues of ``K x = lambda M x`` by a filtered block Krylov method.

Shift-invert Lanczos, one vector at a time, spends most of its time on keeping some 400 vectors
orthogonal. Here a Cholesky factorisation with many right-hand sides makes applying the inverse
cheap, so that it pays to apply it several times, as a Chebyshev polynomial, before a block joins
the basis: fewer vectors, matrix-matrix products, and the same accuracy.

References
----------
.. [1] Parlett (1998), The Symmetric Eigenvalue Problem, chapter 13 (block Lanczos).
.. [2] Zhou, Saad, Tiago, Chelikowsky (2006), J. Comput. Phys. 219, 172-184 (Chebyshev filters).
.. [3] Grimes, Lewis, Simon (1994), SIAM J. Matrix Anal. Appl. 15, 228-272 (block Lanczos).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Block = NDArray[np.float64]

DEGREE = 4
"""Of the filter: how often the inverse is applied before a block joins the basis."""

BLOCK = 16
CHECK_FROM = 1.4
"""The space is looked at when it has so many dimensions for each wanted pair, and two blocks."""

ACCURACY = 3e-6
"""Relative residual of the filtered operator; eigenvalues are accurate to less than its square.

A block takes it down by a factor of about a hundred, so that it is mostly far below this.
"""


_PIECE = 1024
"""Vertices whose values are combined at once."""


class NoConvergenceError(Exception):
    """The basis was full before the wanted pairs had converged; another method must be used."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Eigenpairs in ascending order.

    Parameters
    ----------
    values : ndarray, shape (k,)
        Eigenvalues.
    vectors : ndarray, shape (n, k)
        Orthonormal in the mass inner product.
    residuals : ndarray, shape (k,)
        Of the inverse operator, relative: ``|A u - theta u|_M / theta``.
    dimension : int
        Of the Krylov space.
    """

    values: Block
    vectors: Block
    residuals: Block
    dimension: int


def smallest(
    inverse: Callable[[Block], Block],
    mass: Callable[[Block], Block],
    n: int,
    k: int,
    *,
    shift: float,
    cut: float,
    block: int = BLOCK,
    limit: int | None = None,
    seed: int = 0,
    advance: Callable[[float], None] = lambda share: None,
) -> Pairs:
    """Return the k smallest eigenpairs.

    Parameters
    ----------
    inverse : callable
        ``(K + shift M)^-1`` of a C-ordered block, shape (n, b).
    mass : callable
        ``M`` of such a block.
    n, k : int
        Size of the matrices; how many pairs.
    shift : float
        Positive.
    cut : float
        An eigenvalue somewhat above the k-th: what lies beyond is damped.
    block : int
        Width of the Krylov blocks; no eigenvalue of a higher multiplicity is found whole.
    limit : int, optional
        Largest dimension of the space (default: 3 k + 10 blocks, less than n).
    seed : int
        Of the random start, so that the same mesh has the same result.
    advance : callable
        Receives the share that is done, 0 to 1; may raise to stop.

    Raises
    ------
    NoConvergenceError
        If the limit is reached.
    """
    limit = min(limit or 3 * k + 10 * block, n - 1)
    krylov = _Krylov(inverse, mass, n, block, 1.0 / (cut + shift), limit)
    krylov.start(np.random.default_rng(seed).standard_normal((n, block)))
    first = int(CHECK_FROM * k) + 2 * block
    while True:
        advance(min(0.9, 0.8 * krylov.size / (first + block)))
        if krylov.size >= first or krylov.full:
            found = krylov.wanted(k)
            if found is not None:
                return _refined(krylov, found, shift)
        if krylov.full:
            raise NoConvergenceError(f"{krylov.size} vectors were not enough.")
        krylov.extend()


class _Krylov:
    """An orthonormal basis of the space, and the filtered operator in it."""

    def __init__(
        self,
        inverse: Callable[[Block], Block],
        mass: Callable[[Block], Block],
        n: int,
        block: int,
        edge: float,
        limit: int,
    ) -> None:
        self.inverse, self.mass = inverse, mass
        self._block, self._edge = block, edge
        self._rows = max(2, limit // block) * block
        self.basis = np.empty((min(self._rows, n // block * block), n))
        self._projected = np.zeros((len(self.basis), len(self.basis)))
        self._next: Block | None = None
        self._below: Block | None = None
        self.size = 0

    @property
    def blocks(self) -> int:
        return self.size // self._block

    @property
    def full(self) -> bool:
        return self.size + self._block > len(self.basis)

    def start(self, block: Block) -> None:
        self._append(_orthonormal(self._filtered(block), self.mass)[0])

    def extend(self) -> None:
        assert self._next is not None
        self._append(self._next)

    def _append(self, rows: Block) -> None:
        """Add a block, apply the filter to it and make what comes out orthogonal to the basis."""
        width, first = self._block, self.size
        self.basis[first : first + width] = rows.T
        self.size = size = first + width
        fresh = self._filtered(rows)
        # The recurrence has three terms; what rounding adds of the older ones is taken out after.
        near = max(0, first - width)
        for start in (near, 0):
            held = self.basis[start:size]
            shares = held @ self.mass(fresh)
            fresh -= held.T @ shares
            self._projected[start:size, first:size] += shares
        fresh, below = _orthonormal(fresh, self.mass)
        self._next, self._below = fresh, below

    def _filtered(self, block: Block) -> Block:
        """Apply the Chebyshev polynomial that is small where the inverse is below the edge."""
        scale = 2.0 / self._edge
        older, newer = block, self.inverse(self.mass(block))
        newer *= scale
        newer -= block
        for _ in range(DEGREE - 1):
            newest = self.inverse(self.mass(newer))
            newest *= 2 * scale
            newest -= 2 * newer
            newest -= older
            older, newer = newer, newest
        return newer

    def wanted(self, k: int) -> Block | None:
        """Return the coordinates of the k largest pairs, shape (size, k), once converged."""
        matrix = np.triu(self._projected[: self.size, : self.size])
        matrix = matrix + np.triu(matrix, 1).T
        values, coordinates = np.linalg.eigh(matrix)
        values, coordinates = values[::-1][:k], coordinates[:, ::-1][:, :k]
        assert self._below is not None
        left = np.linalg.norm(self._below @ coordinates[-self._block :], axis=0)
        # The filter is steep at the edge: its residual bounds that of the inverse there.
        if values[-1] <= 1.0 or (left > ACCURACY * values).any():
            return None
        return np.ascontiguousarray(coordinates)

    def combined(self, coordinates: Block) -> Block:
        """Return the basis times coordinates, shape (n, k), in the basis' own memory; ends it."""
        basis, count = self.basis, coordinates.shape[1]
        for first in range(0, basis.shape[1], _PIECE):
            part = slice(first, first + _PIECE)
            basis[:count, part] = coordinates.T @ basis[: self.size, part]
        self.basis = basis[:0].copy()
        basis.resize((count, basis.shape[1]), refcheck=False)  # gives back what is not needed
        return basis.T


def _refined(krylov: _Krylov, coordinates: Block, shift: float) -> Pairs:
    """Return the pairs with Rayleigh quotients of the inverse itself, and its residuals."""
    vectors = krylov.combined(coordinates)
    count = coordinates.shape[1]
    quotients, residuals = np.empty(count), np.empty(count)
    for first in range(0, count, BLOCK):
        part = slice(first, first + BLOCK)
        block = np.ascontiguousarray(vectors[:, part])
        weighted = krylov.mass(block)
        applied = krylov.inverse(weighted)
        norms = np.einsum("ij,ij->j", block, weighted)
        quotients[part] = np.einsum("ij,ij->j", weighted, applied) / norms
        left = applied - block * quotients[part]
        residuals[part] = np.sqrt(np.abs(np.einsum("ij,ij->j", left, krylov.mass(left))))
        vectors[:, part] /= np.sqrt(norms)
    order = np.argsort(-quotients, kind="stable")
    if (np.diff(order) != 1).any():  # seldom, and a copy takes memory
        vectors = vectors[:, order]
    return Pairs(
        1.0 / quotients[order] - shift, vectors, (residuals / quotients)[order], krylov.size
    )


def _orthonormal(block: Block, mass: Callable[[Block], Block]) -> tuple[Block, Block]:
    """Return a mass-orthonormal basis Q of a block and R with block = Q R, by Cholesky, twice."""
    factor = np.eye(block.shape[1])
    for _ in range(2):
        gram = block.T @ mass(block)
        lower = np.linalg.cholesky((gram + gram.T) / 2)
        block = block @ np.linalg.inv(lower).T  # well conditioned in the second round
        factor = lower.T @ factor
    return block, factor
