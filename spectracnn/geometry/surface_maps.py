r"""Maps on a shape that say where a network's decision comes from.

With mass-normalised eigenfunctions :math:`\varphi_k` and attributions :math:`a_k` over eigenvalues,
the *mode energy* is :math:`e(x) = \sum_k |a_k|\,\varphi_k(x)^2`. Under a local change of area (or
volume) density :math:`u(x)` that leaves the stiffness as it is (on a surface: a conformal change),
:math:`d\lambda_k = -\lambda_k \int u\,\varphi_k^2`, so that the *sensitivity*

.. math:: s(x) = \frac{\partial f}{\partial A}
          - \sum_k \frac{\partial f}{\partial \lambda_k}\,\lambda_k\,\varphi_k(x)^2

is the change of the logit f for a unit of density at x: :math:`df = \int u\,s`. The first term is 0
unless preprocessing uses the area.

References
----------
.. [1] Hadamard (1908), Mémoires présentés par divers savants 33 (first variations of eigenvalues).
.. [2] Reuter et al. (2006), Computer-Aided Design 38, 342-366.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIE = 1e-6
"""Eigenvalues this close to each other, relatively, belong to one eigenspace."""

_COLUMNS = 32


@dataclass(frozen=True, eq=False)
class SurfaceMaps:
    """Values at the vertices, shape (n,) each.

    Parameters
    ----------
    mode_energy : ndarray
        Not negative; in units of the logit by area (volume, of a solid).
    mode_energy_signed : ndarray
        The same with the attributions' signs.
    sensitivity : ndarray
        Where it is positive, growing raises the logit.
    ambiguity : ndarray
        How far the sensitivity depends on the arbitrary basis of eigenspaces whose gradients do
        not agree; 0 where nothing is ambiguous.
    """

    mode_energy: NDArray[np.float64]
    mode_energy_signed: NDArray[np.float64]
    sensitivity: NDArray[np.float64]
    ambiguity: NDArray[np.float64]

    def to_dict(self) -> dict[str, NDArray[np.float64]]:
        """Return the maps by the names that they have in files."""
        return {
            "mode_energy": self.mode_energy,
            "mode_energy_signed": self.mode_energy_signed,
            "sensitivity": self.sensitivity,
            "sensitivity_ambiguity": self.ambiguity,
        }


def surface_maps(
    eigenvalues: NDArray[np.float64],
    eigenfunctions: NDArray[np.float64],
    attribution: NDArray[np.float64],
    gradient: NDArray[np.float64],
    size_gradient: float = 0.0,
) -> SurfaceMaps:
    """Return the maps of one decision.

    Parameters
    ----------
    eigenvalues : ndarray, shape (k,)
        Ascending.
    eigenfunctions : ndarray, shape (n, k)
        Mass-normalised.
    attribution, gradient : ndarray, shape (k,)
        Of the logit, by eigenvalue; see `per_eigenvalue`.
    size_gradient : float
        The logit's derivative by the area (the volume, of a solid).
    """
    spaces = eigenspaces(eigenvalues)
    shared = _means(gradient, spaces)
    magnitude, signed = np.abs(attribution), attribution
    weights = np.stack(
        [
            _means(magnitude, spaces),
            _means(signed, spaces),
            -shared * eigenvalues,
            np.abs(gradient - shared) * np.abs(eigenvalues),
        ],
        axis=1,
    )
    found = np.zeros((len(eigenfunctions), 4))
    for first in range(0, len(eigenvalues), _COLUMNS):
        part = slice(first, first + _COLUMNS)
        found += eigenfunctions[:, part] ** 2 @ weights[part]
    energy, with_sign, sensitivity, ambiguity = found.T
    return SurfaceMaps(energy, with_sign, sensitivity + size_gradient, ambiguity)


def eigenspaces(eigenvalues: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the eigenspace of each eigenvalue, shape (k,).

    Examples
    --------
    >>> eigenspaces(np.array([0.0, 2.0, 2.0 + 1e-9, 6.0])).tolist()
    [0, 1, 1, 2]
    """
    gaps = np.diff(eigenvalues)
    apart = gaps > TIE * np.maximum(np.abs(eigenvalues[1:]), 1e-300)
    numbers: NDArray[np.int64] = np.concatenate([[0], np.cumsum(apart)]).astype(np.int64)
    return numbers


def _means(values: NDArray[np.float64], spaces: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give every member of an eigenspace the mean, which no choice of its basis changes."""
    totals, counts = np.bincount(spaces, values), np.bincount(spaces)
    means: NDArray[np.float64] = (totals / counts)[spaces]
    return means


def per_eigenvalue(
    values: NDArray[np.floating], positions: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return an attribution over input samples as one over the file's eigenvalues.

    Parameters
    ----------
    values : ndarray, shape (steps, channels)
        Of the model's input.
    positions : ndarray, shape (steps,)
        Which eigenvalue each step came from.
    count : int
        How many eigenvalues there are.
    """
    summed = np.asarray(values, np.float64).reshape(len(positions), -1).sum(axis=1)
    return np.bincount(positions, summed, minlength=count).astype(np.float64)
