"""Simpler methods, to see what the network is worth. All get the same input as the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.train.architecture import tutorial_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRENGTH = 100.0
"""The SVM's and the regression's C. Other values gave them less, see docs/bundled-model.md."""

TUTORIAL_EPOCHS = 100
TUTORIAL_BATCH = 32

Classify = Callable[["NDArray[Any]", "NDArray[Any]", "NDArray[Any]", int], "NDArray[np.int64]"]


@dataclass(frozen=True)
class Baseline:
    """A method: ``classify(inputs, labels, test inputs, seed)`` returns the test labels.

    Parameters
    ----------
    name : str
        For the table.
    classify : callable
        Fits and answers.
    """

    name: str
    classify: Classify


def require_sklearn() -> None:
    """Refuse to go on without scikit-learn.

    Raises
    ------
    SpectraCNNError
        With how to install it.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise SpectraCNNError(
            "The evaluation needs scikit-learn, which is not installed.",
            "Run python -m pip install 'spectracnn[train]', or give --no-evaluate.",
        ) from error


def nearest_neighbour(
    inputs: NDArray[Any], labels: NDArray[Any], test: NDArray[Any], seed: int
) -> NDArray[np.int64]:
    """Answer with the class of the nearest training spectrum."""
    from sklearn.neighbors import KNeighborsClassifier

    return _labels(KNeighborsClassifier(1), inputs, labels, test)


def rbf_svm(
    inputs: NDArray[Any], labels: NDArray[Any], test: NDArray[Any], seed: int
) -> NDArray[np.int64]:
    """Answer with a support-vector machine with Gaussian kernel."""
    from sklearn.svm import SVC

    return _labels(SVC(C=STRENGTH, gamma="scale"), inputs, labels, test)


def logistic_regression(
    inputs: NDArray[Any], labels: NDArray[Any], test: NDArray[Any], seed: int
) -> NDArray[np.int64]:
    """Answer with multinomial logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return _labels(LogisticRegression(C=STRENGTH, max_iter=5000), inputs, labels, test)


def tutorial_net(
    inputs: NDArray[Any],
    labels: NDArray[Any],
    test: NDArray[Any],
    seed: int,
    epochs: int = TUTORIAL_EPOCHS,
    report: Callable[[int], None] | None = None,
) -> NDArray[np.int64]:
    """Answer with the tutorial's network: Adam, no augmentation."""
    _, keras = load_keras()
    network = tutorial_network(inputs.shape[1], int(labels.max()) + 1, seed)
    network.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    random = np.random.default_rng(seed)
    size = min(TUTORIAL_BATCH, len(labels))
    for _ in range(epochs):
        order = random.permutation(len(labels))
        # Equal batches only, so that nothing is compiled twice; the rest has its turn later.
        for start in range(0, len(order) - size + 1, size):
            rows = order[start : start + size]
            network.train_on_batch(inputs[rows, :, None], labels[rows])
        if report is not None:
            report(1)
    return np.asarray(network(test[..., None], training=False)).argmax(axis=1)


SIMPLE = (
    Baseline("1-nearest neighbour", nearest_neighbour),
    Baseline("RBF SVM", rbf_svm),
    Baseline("logistic regression", logistic_regression),
)
"""The baselines without a network."""


def _labels(
    method: Any, inputs: NDArray[Any], labels: NDArray[Any], test: NDArray[Any]
) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.asarray(method.fit(inputs, labels).predict(test))
    return found
