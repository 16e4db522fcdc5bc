"""Simpler methods, to see what the network is worth. All get the same input as the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.nn.train.pool import TEACHING
from spectracnn.nn.train.teacher import Teacher

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRENGTH = 100.0
"""The SVM's and the regression's C. Other values gave them less, see docs/bundled-model.md."""

ALPHAS = tuple(10.0**power for power in range(-4, 5))
"""Among which ridge regression chooses, by generalised cross-validation on its training part."""

NEIGHBOURS = 5

Predict = Callable[["NDArray[Any]", "NDArray[Any]", "NDArray[Any]"], "NDArray[Any]"]


@dataclass(frozen=True)
class Baseline:
    """A method: ``predict(inputs, truth, test inputs)`` returns classes or values.

    Parameters
    ----------
    name : str
        For the table.
    predict : callable
        Fits and predicts.
    raw : bool
        Whether it gets the input before it is standardised.
    """

    name: str
    predict: Predict
    raw: bool = False


def _nearest(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    from sklearn.neighbors import KNeighborsClassifier

    return _fitted(KNeighborsClassifier(1), inputs, truth, test)


def _svm(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    from sklearn.svm import SVC

    return _fitted(SVC(C=STRENGTH, gamma="scale"), inputs, truth, test)


def _logistic(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    return _fitted(_logistic_model(), inputs, truth, test)


def _ridge(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    return _fitted(_ridge_model(), inputs, truth, test)


def _neighbours(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    from sklearn.neighbors import KNeighborsRegressor

    count = min(NEIGHBOURS, len(inputs))
    return _fitted(KNeighborsRegressor(count, weights="distance"), inputs, truth, test)


def _teacher(inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    teacher = Teacher(inputs, truth, int(truth.max()) + 1, TEACHING)
    found: NDArray[Any] = teacher.scores(test).argmax(axis=1)
    return found


def _fitted(
    method: Any, inputs: NDArray[Any], truth: NDArray[Any], test: NDArray[Any]
) -> NDArray[Any]:
    found: NDArray[Any] = np.asarray(method.fit(inputs, truth).predict(test))
    return found


def _logistic_model() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=5000)


def _ridge_model() -> Any:
    from sklearn.linear_model import RidgeCV

    return RidgeCV(ALPHAS)


CLASSIFIERS = (
    Baseline("1-NN ShapeDNA", _nearest),
    Baseline("logistic regression", _logistic),
    Baseline("RBF SVM", _svm),
)
TEACHER = Baseline("kernel teacher", _teacher, raw=True)
REGRESSORS = (Baseline("ridge", _ridge), Baseline("k-NN", _neighbours))


def baselines_for(task: Task, *, taught: bool) -> tuple[Baseline, ...]:
    """Return the methods that are measured beside the network."""
    if task is Task.REGRESSION:
        return REGRESSORS
    return (*CLASSIFIERS, TEACHER) if taught else CLASSIFIERS


def linear_shadow(
    task: Task, inputs: NDArray[Any], truth: NDArray[Any], n_outputs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit the linear model that stands beside the network.

    Parameters
    ----------
    task : Task
        Logistic regression for classes, ridge for values.
    inputs : ndarray, shape (n, steps)
        As the network gets them.
    truth : ndarray, shape (n,)
        Classes, or values.
    n_outputs : int
        Classes, or 1.

    Returns
    -------
    weights : ndarray, shape (steps, n_outputs)
        Of the logits, or the value.
    bias : ndarray, shape (n_outputs,)
        Likewise.
    """
    if task is Task.REGRESSION:
        model = _ridge_model().fit(inputs, truth)
        return np.asarray(model.coef_, np.float64)[:, None], np.array([float(model.intercept_)])
    model = _logistic_model().fit(inputs, truth)
    weights, bias = np.asarray(model.coef_, np.float64).T, np.asarray(model.intercept_, np.float64)
    if n_outputs == 2:  # scikit-learn keeps the second class's logit alone
        weights, bias = np.hstack([0 * weights, weights]), np.array([0.0, bias[0]])
    return weights, bias
