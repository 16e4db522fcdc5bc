r"""A kernel method that knows about spacings. The network learns its answers.

How the spacings between neighbouring eigenvalues scatter tells symmetric shapes, which have them
in pairs, from others. With :math:`x_k = \log(\lambda_k / k)`, the unfolded spacing over :math:`g`
indices is about

.. math:: s_k = k\,(x_{k+g} - x_k) + g, \qquad g = 1, 2, 4.

The logarithms of its standard deviation in four windows of the index, for each :math:`g`, are
twelve numbers that a Gaussian kernel sees beside the spectrum. A network can compute the like: a
first-layer filter whose weights sum to zero, ReLU, and an average over a window. From a few hundred
labels it hardly finds them; here it learns the teacher's answers to thousands of varied spectra.

References
----------
.. [1] G. Hinton, O. Vinyals, J. Dean (2015), Distilling the Knowledge in a Neural Network,
   arXiv:1503.02531.
.. [2] O. Bohigas, M.-J. Giannoni, C. Schmit (1984), Physical Review Letters 52, 1-4: spacings of
   eigenvalues and symmetry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.recipe import Teaching

REACHES = (1, 2, 4)
WINDOWS = 4
FLOOR = 1e-3
"""Added to a standard deviation, so that equal spacings have a logarithm."""


def spacing_statistics(spectra: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much the spacings scatter, shape (n, 12).

    Parameters
    ----------
    spectra : ndarray, shape (n, steps)
        ``log(lambda_k / k)``; a constant added to a spectrum changes nothing.
    """
    index = np.arange(1, spectra.shape[1] + 1)
    found = []
    for reach in REACHES:
        spacing = spectra[:, reach:] - spectra[:, :-reach]
        spacing = spacing * (index[reach:] + index[:-reach]) / 2
        found += [
            np.log(part.std(axis=1) + FLOOR) for part in np.array_split(spacing, WINDOWS, axis=1)
        ]
    return np.stack(found, axis=1)


class Teacher:
    """Kernel ridge regression onto the classes, fitted to training spectra alone.

    Parameters
    ----------
    spectra : ndarray, shape (n, steps)
        ``log(lambda_k / k)`` minus its own mean.
    labels : ndarray, shape (n,)
        Classes.
    n_classes : int
        How many.
    how : Teaching
        Kernel and regression.
    """

    def __init__(
        self,
        spectra: NDArray[np.float64],
        labels: NDArray[np.int64],
        n_classes: int,
        how: Teaching,
    ) -> None:
        self._how = how
        statistics = spacing_statistics(spectra)
        self._centre = statistics.mean(axis=0)
        self._spread = np.maximum(statistics.std(axis=0), FLOOR)
        self._scale = np.sqrt(spectra.shape[1]) * max(float(spectra.std()), FLOOR)
        self._known = self._features(spectra)
        self._gamma = how.narrowness / (self._known.shape[1] * self._known.var())
        truth = np.eye(n_classes)[labels]
        self._base = truth.mean(axis=0)
        kernel = self._kernel(self._known) + how.ridge * np.eye(len(spectra))
        self._weights = np.linalg.solve(kernel, truth - self._base)

    def scores(self, spectra: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return about 1 for the class and 0 for others, shape (n, classes)."""
        found: NDArray[np.float64] = (
            self._kernel(self._features(spectra)) @ self._weights + self._base
        )
        return found

    def answers(self, spectra: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return shares of the classes that sum to 1, shape (n, classes)."""
        scores = self._how.sharpness * self.scores(spectra)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def _features(self, spectra: NDArray[np.float64]) -> NDArray[np.float64]:
        statistics = (spacing_statistics(spectra) - self._centre) / self._spread
        weight = self._how.spacings / np.sqrt(statistics.shape[1])
        return np.hstack([spectra / self._scale, weight * statistics])

    def _kernel(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        squares = (features**2).sum(axis=1)[:, None] + (self._known**2).sum(axis=1)
        distances = np.maximum(squares - 2 * features @ self._known.T, 0)
        kernel: NDArray[np.float64] = np.exp(-self._gamma * distances)
        return kernel
