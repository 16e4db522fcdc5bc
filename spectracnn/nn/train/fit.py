"""The training loop: compiled once, used for every fold and seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.backend import load_keras
from spectracnn.nn.train.architecture import learning_network, merged_network, shipped_network
from spectracnn.nn.train.augment import varied
from spectracnn.nn.train.preparing import standardised
from spectracnn.nn.train.teacher import Teacher

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.steps import Standardise
    from spectracnn.nn.train.recipe import Recipe

CHUNK = 25
"""Steps between two reports: short enough that a wish to stop is heard at once."""

WARM_UP = 50
"""Steps in which the learning rate rises."""

SETTLING = 50
"""Batches from which the averaged weights learn their batch statistics anew."""

Report = Callable[[int], None]


class Trainer:
    """Fits one recipe, again and again, to equally many spectra.

    Parameters
    ----------
    recipe : Recipe
        The network and how it is trained.
    n_spectra, n_classes : int
        How many there will be.
    """

    def __init__(self, recipe: Recipe, n_spectra: int, n_classes: int) -> None:
        tf, _ = load_keras()
        self.recipe = recipe
        self.n_classes = n_classes
        self.n_spectra = n_spectra
        self.n_steps = recipe.steps_of_member(n_spectra)
        self._inputs = tf.Variable(tf.zeros((recipe.pool_size(n_spectra), recipe.eigenvalues)))
        self._targets = tf.Variable(tf.zeros((recipe.pool_size(n_spectra), n_classes)))
        self._network = learning_network(recipe, n_classes)
        self._averages = [tf.Variable(item) for item in self._network.trainable_variables]
        self._optimizer = self._make_optimizer()
        self._random = tf.random.Generator.from_seed(0)
        self._advance = tf.function(self._steps, reduce_retracing=True)
        self._settle = tf.function(self._batches)

    def fit(
        self,
        spectra: NDArray[Any],
        labels: NDArray[np.int64],
        *,
        step: Standardise,
        seed: int,
        report: Report,
    ) -> Any:
        """Train from fresh weights.

        Parameters
        ----------
        spectra : ndarray, shape (n_spectra, steps)
            ``log(lambda_k / k)`` minus its own mean, not yet standardised.
        labels : ndarray, shape (n_spectra,)
            Classes.
        step : Standardise
            Fitted to these spectra.
        seed : int
            The same seed gives the same network.
        report : callable
            Called with the number of steps done since; may raise to stop.

        Returns
        -------
        keras.Model
            The network as it is shipped, with weights of its own.
        """
        members = []
        for place in range(self.recipe.members):
            own = seed * self.recipe.members + place
            made, targets = self._pool(
                spectra.astype(np.float64), labels, np.random.default_rng(own)
            )
            members.append(self._fit_one(standardised(step, made), targets, own, report))
        return members[0] if len(members) == 1 else merged_network(members, self.recipe)

    def _fit_one(
        self, pool: NDArray[np.float32], targets: NDArray[np.float64], seed: int, report: Report
    ) -> Any:
        tf, _ = load_keras()
        self._inputs.assign(pool)
        self._targets.assign(targets)
        self._reset(seed)
        for start in range(0, self.n_steps, CHUNK):
            n = min(CHUNK, self.n_steps - start)
            self._advance(tf.constant(n))
            report(n)
        for variable, average in zip(
            self._network.trainable_variables, self._averages, strict=True
        ):
            variable.assign(average)
        self._settle()
        return shipped_network(self._network, self.recipe)

    def _pool(
        self, spectra: NDArray[np.float64], labels: NDArray[np.int64], random: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        how = self.recipe.teaching
        teacher = Teacher(spectra, labels, self.n_classes, how)
        made = varied(spectra, labels, self.recipe.augmentation, random)
        truth = np.eye(self.n_classes)[labels]
        known = how.truth * truth + (1 - how.truth) * teacher.answers(spectra)
        return (
            np.vstack([made, np.tile(spectra, (how.repeats, 1))]),
            np.vstack([teacher.answers(made), np.tile(known, (how.repeats, 1))]),
        )

    def _make_optimizer(self) -> Any:
        _, keras = load_keras()
        warm_up = min(WARM_UP, self.n_steps // 2)
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=self.recipe.learning_rate / 20,
            decay_steps=max(self.n_steps - warm_up, 1),
            alpha=0.01,
            warmup_target=self.recipe.learning_rate,
            warmup_steps=warm_up,
        )
        optimizer = keras.optimizers.AdamW(rate, weight_decay=self.recipe.weight_decay, beta_2=0.99)
        # The decay is meant for kernels; biases and normalisation scales stay free.
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(self._network.trainable_variables)
        return optimizer

    def _reset(self, seed: int) -> None:
        _tf, _ = load_keras()
        fresh = learning_network(self.recipe, self.n_classes, seed)
        for old, new in zip(self._network.variables, fresh.variables, strict=True):
            old.assign(new)
        for average, weight in zip(self._averages, self._network.trainable_variables, strict=True):
            average.assign(weight)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        self._random.reset_from_seed(seed)

    def _steps(self, n: Any) -> None:
        tf, _ = load_keras()
        weights = self._network.trainable_variables
        keep = self.recipe.averaging
        for _ in tf.range(n):
            inputs, targets = self._batch()
            with tf.GradientTape() as tape:
                outputs = self._network(inputs, training=True)
                loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, outputs))
            self._optimizer.apply(tape.gradient(loss, weights), weights)
            for average, weight in zip(self._averages, weights, strict=True):
                average.assign(keep * average + (1 - keep) * weight)

    def _batches(self) -> None:
        tf, _ = load_keras()
        for _ in tf.range(SETTLING):
            self._network(self._batch()[0], training=True)

    def _batch(self) -> tuple[Any, Any]:
        tf, _ = load_keras()
        size = self._inputs.shape[0]
        rows = self._random.uniform((self.recipe.batch,), 0, size, tf.int32)
        return tf.gather(self._inputs, rows)[..., None], tf.gather(self._targets, rows)
