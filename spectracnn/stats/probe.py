"""Probes: what can be read from numbers by a linear model, against permuted labels.

References
----------
.. [1] Alain & Bengio (2016), arXiv:1610.01644 (linear probes of layers).
.. [2] Ojala & Garriga (2010), Journal of Machine Learning Research 11, 1833-1863.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.errors import StudyError
from spectracnn.stats.linear_probe import discriminant_scores, ridge_scores

if TYPE_CHECKING:
    from spectracnn.core.participants import Column

COMPONENTS = 30
"""Principal components of a layer that a probe sees; more would fit noise and last long."""
ROWS_EACH = 3
"""Rows for each component, at least.

With as many components as rows, each scaled alike, all rows are equally far from each other:
nothing of what they show would be left.
"""
FEW = 10
"""Numbers with at most this many distinct whole values are taken as classes."""
FOLDS = 5


@dataclass(frozen=True, eq=False)
class ProbeTarget:
    """What a probe is to find.

    Parameters
    ----------
    name : str
        The column.
    values : ndarray, shape (n,)
        float64, or int64 codes of ``classes``.
    classes : tuple of str
        Empty for numbers.
    """

    name: str
    values: NDArray[Any]
    classes: tuple[str, ...] = ()

    @property
    def metric(self) -> str:
        """How a probe is scored."""
        return "balanced accuracy" if self.classes else "R2"

    @property
    def chance(self) -> float:
        """The score without knowledge."""
        return 1 / len(self.classes) if self.classes else 0.0


@dataclass(frozen=True)
class Probe:
    """How well a target was found.

    Parameters
    ----------
    score : float
        Cross-validated balanced accuracy or R2, mean over folds.
    permuted : float
        Mean score with permuted labels.
    p : float
        Share of permuted labels that score as high.
    """

    score: float
    permuted: float
    p: float


def target_of(column: Column) -> ProbeTarget:
    """Return a column as classes or numbers.

    Raises
    ------
    StudyError
        If it is constant, or a class has one member.
    """
    numbers = column.numbers
    if numbers is not None:
        distinct = np.unique(numbers)
        if len(distinct) > FEW or not np.all(distinct == np.round(distinct)):
            return ProbeTarget(column.name, numbers.copy())
    texts = column.text.astype(str)
    classes, codes, counts = np.unique(texts, return_inverse=True, return_counts=True)
    if len(classes) < 2:
        raise StudyError(f"Column '{column.name}' is constant: nothing can predict it.")
    if len(classes) > max(FEW, len(texts) // 10) and counts.min() < FOLDS:
        raise StudyError(
            f"Column '{column.name}' has {len(classes):,} distinct values among {len(texts):,}, "
            "expected a few classes or numbers."
        )
    if counts.min() < 2:
        raise StudyError(
            f"Column '{column.name}': group '{classes[counts.argmin()]}' has one member, "
            "expected at least two."
        )
    return ProbeTarget(column.name, codes.astype(np.int64), tuple(map(str, classes)))


def plan(
    target: ProbeTarget, units: NDArray[np.int64], seed: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return folds that keep the classes' shares, and all spectra of a participant together."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    alone = len(np.unique(units)) == len(units)
    count = min(FOLDS, len(np.unique(units)))
    if target.classes:
        smallest = min(
            len(np.unique(units[target.values == code])) for code in range(len(target.classes))
        )
        count = max(2, min(count, smallest))
        kind = StratifiedKFold if alone else StratifiedGroupKFold
    else:
        kind = KFold if alone else GroupKFold
    if count < 2:
        raise StudyError("Cross-validation needs two participants or more.")
    folds = kind(count, shuffle=True, random_state=seed)
    rows = np.zeros((len(units), 1))
    return list(folds.split(rows, target.values, None if alone else units))


def compressed(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return standardised features, or the first principal components of many features.

    Their number is at most :data:`COMPONENTS`, and one for :data:`ROWS_EACH` rows.
    """
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    flat = np.asarray(values, np.float64).reshape(len(values), -1)
    flat = flat[:, np.isfinite(flat).all(axis=0)]
    flat = flat[:, np.ptp(flat, axis=0) > 0] if flat.size else flat
    if not flat.shape[1]:
        return np.zeros((len(values), 1))
    scaled = StandardScaler().fit_transform(flat)
    if scaled.shape[1] <= COMPONENTS:
        return np.asarray(scaled)
    width = min(COMPONENTS, max(1, len(scaled) // ROWS_EACH))
    return np.asarray(PCA(width, svd_solver="auto", random_state=0).fit_transform(scaled))


def probe(
    values: NDArray[Any],
    target: ProbeTarget,
    units: NDArray[np.int64],
    permutations: int = 100,
    seed: int = 0,
) -> Probe:
    """Look for a target in numbers: numbers by ridge regression, classes by a ridge discriminant.

    Parameters
    ----------
    values : ndarray, shape (n, ...)
        From :func:`compressed` or as they are.
    target : ProbeTarget
        n values.
    units : ndarray, shape (n,), int64
        Who each row is of: labels are permuted between participants, and folds keep them whole.
    permutations : int
        How many.
    seed : int
        Of folds and permutations.
    """
    folds = plan(target, units, seed)
    flat = np.asarray(values, np.float64).reshape(len(values), -1)
    draw = np.random.default_rng(seed)
    names, first, inverse = np.unique(units, return_index=True, return_inverse=True)
    own = target.values[first]
    labels = np.empty((len(units), permutations + 1), target.values.dtype)
    labels[:, 0] = target.values
    for place in range(permutations):
        labels[:, place + 1] = own[draw.permutation(len(names))][inverse]
    if target.classes:
        found = discriminant_scores(flat, labels, len(target.classes), folds)
    else:
        found = ridge_scores(flat, labels, folds)
    observed, scores = float(found[0]), found[1:]
    p = (1 + np.count_nonzero(scores >= observed - 1e-12)) / (permutations + 1)
    return Probe(observed, float(scores.mean()) if permutations else float("nan"), float(p))


def cross_predicted(
    values: NDArray[Any], target: ProbeTarget, units: NDArray[np.int64], seed: int, kind: str
) -> NDArray[np.int64]:
    """Return the class of each row by a model that was fitted without it.

    Parameters
    ----------
    values : ndarray, shape (n, ...)
        Inputs.
    target : ProbeTarget
        Classes.
    units : ndarray, shape (n,)
        Participants.
    seed : int
        Of the folds.
    kind : {'logistic', 'svm'}
        Which model.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    if kind == "logistic":
        last: Any = LogisticRegression(class_weight="balanced", max_iter=300, tol=1e-3)
    else:
        last = SVC()
    model = make_pipeline(StandardScaler(), last)
    flat = np.asarray(values, np.float64).reshape(len(values), -1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = cross_val_predict(model, flat, target.values, cv=plan(target, units, seed))
    return np.asarray(found, np.int64)
