"""Stratified cross-validation of the network and the baselines on the same folds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import SpectraCNNError
from spectracnn.nn.train.architecture import tutorial_network
from spectracnn.nn.train.baselines import (
    SIMPLE,
    TUTORIAL_EPOCHS,
    require_sklearn,
    tutorial_net,
)
from spectracnn.nn.train.fit import Trainer
from spectracnn.nn.train.preparing import fitted_standardise, scale_free, standardised
from spectracnn.nn.train.teacher import Teacher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from spectracnn.core.steps import Standardise
    from spectracnn.nn.train.data import TrainingData
    from spectracnn.nn.train.recipe import Recipe

OURS = "this model"
TUTORIAL = "tutorial network"
TEACHER = "our teacher, no network"


@dataclass(frozen=True, eq=False)
class Score:
    """A method's accuracies.

    Parameters
    ----------
    name : str
        The method.
    accuracies : ndarray, shape (seeds, folds)
        Share of the fold's test spectra that got their class.
    n_parameters : int or None
        Weights of a network; None for other methods.
    """

    name: str
    accuracies: NDArray[np.float64]
    n_parameters: int | None = None

    @property
    def mean(self) -> float:
        """Mean over folds and seeds."""
        return float(self.accuracies.mean())

    @property
    def sd(self) -> float:
        """Standard deviation over folds and seeds."""
        return float(self.accuracies.std())


@dataclass(frozen=True, eq=False)
class Split:
    """One fold: prepared with what its training part alone says; raw is not yet standardised."""

    seed: int
    fold: int
    train: NDArray[np.float32]
    train_labels: NDArray[np.int64]
    test: NDArray[np.float32]
    test_labels: NDArray[np.int64]
    raw: NDArray[np.float32]
    raw_test: NDArray[np.float32]
    step: Standardise

    def accuracy(self, found: NDArray[np.int64]) -> float:
        """Return the share of right answers."""
        return float(np.mean(found == self.test_labels))


def splits(
    inputs: NDArray[np.float32], labels: NDArray[np.int64], *, folds: int, seeds: int, first: int
) -> Iterator[Split]:
    """Yield every fold of every seed.

    Parameters
    ----------
    inputs : ndarray, shape (n, steps)
        Scale-free, not yet standardised.
    labels : ndarray, shape (n,)
        Classes.
    folds, seeds, first : int
        How many folds; how many shufflings; the seed of the first.
    """
    from sklearn.model_selection import StratifiedKFold

    for seed in range(seeds):
        plan = StratifiedKFold(folds, shuffle=True, random_state=first + seed)
        for fold, (train, test) in enumerate(plan.split(inputs, labels)):
            step = fitted_standardise(inputs[train])
            yield Split(
                seed=seed,
                fold=fold,
                train=standardised(step, inputs[train]),
                train_labels=labels[train],
                test=standardised(step, inputs[test]),
                test_labels=labels[test],
                raw=inputs[train],
                raw_test=inputs[test],
                step=step,
            )


def cross_validate(
    data: TrainingData,
    recipe: Recipe,
    *,
    folds: int,
    seeds: int,
    seed: int,
    report: Callable[[int, str], None],
) -> tuple[Score, ...]:
    """Measure all methods on the same folds.

    Parameters
    ----------
    data : TrainingData
        All spectra.
    recipe : Recipe
        Ours; fixed beforehand, nothing is chosen here.
    folds, seeds, seed : int
        How many folds; how many times; the first shuffling's seed.
    report : callable
        Called as ``report(steps done since, what)``; may raise to stop.

    Returns
    -------
    tuple of Score
        The baselines, then ours.

    Raises
    ------
    SpectraCNNError
        If scikit-learn is missing, or a class has fewer spectra than there are folds.
    """
    require_sklearn()
    rarest = int(np.bincount(data.labels).min())
    if not 2 <= folds <= rarest:
        raise SpectraCNNError(
            f"{folds} folds are not possible: the rarest class has {rarest} spectra."
        )
    inputs = data.inputs(scale_free(recipe.eigenvalues))
    ours = _Ours(recipe, len(data.classes), report)
    methods: dict[str, Callable[[Split], NDArray[np.int64]]] = {
        **{item.name: partial(_simple, item.classify) for item in SIMPLE},
        TUTORIAL: partial(_tutorial, epochs=_tutorial_epochs(recipe), report=report),
        TEACHER: partial(_teacher, recipe=recipe),
        OURS: ours,
    }
    found = {name: np.zeros((seeds, folds)) for name in methods}
    for split in splits(inputs, data.labels, folds=folds, seeds=seeds, first=seed):
        for name, method in methods.items():
            report(0, f"{name}, seed {split.seed + 1}, fold {split.fold + 1}")
            found[name][split.seed, split.fold] = split.accuracy(method(split))
    sizes = {
        TUTORIAL: tutorial_network(recipe.eigenvalues, len(data.classes)).count_params(),
        OURS: ours.n_parameters,
    }
    return tuple(Score(name, values, sizes.get(name)) for name, values in found.items())


def planned_steps(recipe: Recipe, n_spectra: int, folds: int, seeds: int) -> int:
    """Return how many steps `cross_validate` will report."""
    ours = recipe.steps(n_spectra - n_spectra // folds)
    return folds * seeds * (ours + _tutorial_epochs(recipe))


def _simple(classify: Any, split: Split) -> NDArray[np.int64]:
    found: NDArray[np.int64] = classify(split.train, split.train_labels, split.test, split.seed)
    return found


def _tutorial_epochs(recipe: Recipe) -> int:
    # A shortened run is a trial of the command; its baselines need not take longer.
    return min(TUTORIAL_EPOCHS, recipe.epochs)


def _tutorial(split: Split, epochs: int, report: Callable[[int, str], None]) -> NDArray[np.int64]:
    return tutorial_net(
        split.train,
        split.train_labels,
        split.test,
        split.seed,
        epochs=epochs,
        report=lambda steps: report(steps, ""),
    )


def _teacher(split: Split, recipe: Recipe) -> NDArray[np.int64]:
    n_classes = int(split.train_labels.max()) + 1
    spectra = split.raw.astype(np.float64)
    teacher = Teacher(spectra, split.train_labels, n_classes, recipe.teaching)
    return teacher.scores(split.raw_test.astype(np.float64)).argmax(axis=1)


class _Ours:
    """Our recipe; keeps one compiled trainer for each size of fold."""

    def __init__(self, recipe: Recipe, n_classes: int, report: Callable[[int, str], None]) -> None:
        self._recipe = recipe
        self._n_classes = n_classes
        self._report = report
        self._trainers: dict[int, Trainer] = {}
        self.n_parameters = 0

    def __call__(self, split: Split) -> NDArray[np.int64]:
        size = len(split.train)
        if size not in self._trainers:
            self._trainers[size] = Trainer(self._recipe, size, self._n_classes)
        network = self._trainers[size].fit(
            split.raw,
            split.train_labels,
            step=split.step,
            seed=split.seed,
            report=lambda steps: self._report(steps, ""),
        )
        self.n_parameters = network.count_params()
        return np.asarray(network(split.test[..., None], training=False)).argmax(axis=1)
