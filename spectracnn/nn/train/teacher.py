r"""A kernel method that knows about spacings. The network learns its answers.

Beside the spectrum :math:`\log(\lambda_k / k)`, a Gaussian kernel sees how the spacings scatter, in
the twelve numbers of :mod:`spectracnn.core.spacings`. A network can compute the like: a first-layer
filter whose weights sum to zero, ReLU, and an average over a window. From a few hundred labels it
hardly finds them; here it learns the teacher's answers to thousands of varied spectra.

References
----------
.. [1] G. Hinton, O. Vinyals, J. Dean (2015), Distilling the Knowledge in a Neural Network,
   arXiv:1503.02531.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spacings import FLOOR, spacing_statistics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.recipe import Teaching


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
