from __future__ import annotations

import tracemalloc

import numpy as np

from spectracnn.geometry import krylov
from spectracnn.geometry.eigen import inverse_of
from spectracnn.geometry.fem import matrices
from tests.geometry.shapes import sphere

K = 150


def test_eigenvectors_need_no_memory_beside_the_basis_that_they_are_made_of() -> None:
    stiffness, mass = matrices(sphere(5))
    n = stiffness.shape[0]
    inverse = inverse_of(stiffness + 8.0 * mass)
    tracemalloc.start()
    try:
        found = krylov.smallest(
            inverse, lambda given: np.asarray(mass @ given), n, K, shift=8.0, cut=1.6 * K
        )
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    vectors, block = n * K * 8, n * krylov.BLOCK * 8
    basis = (3 * K + 10 * krylov.BLOCK) * n * 8
    assert found.vectors.shape == (n, K)
    assert held < vectors + block  # what the basis had beyond them is given back
    assert peak < basis + vectors
