"""Steps of gradient descent, compiled, with a moving average of the weights beside the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.backend import load_keras
from spectracnn.nn.train.scaling import scaled_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.designs import Design
    from spectracnn.nn.train.part import FitData
    from spectracnn.nn.train.pool import TrainingPool
    from spectracnn.nn.train.settings import TrainingSettings

AT_ONCE = 1024
"""Spectra that are evaluated at once."""

MOMENTUM = 0.9
"""Of plain gradient descent."""


def optimizer_of(settings: TrainingSettings) -> Any:
    """Return Keras's optimiser of these settings, not yet built.

    The rate that it is made with is a variable, which each step sets; a schedule would be compiled
    in. Only AdamW lets the kernels decay.
    """
    _, keras = load_keras()
    kinds = keras.optimizers
    faster = 0.99 if settings.averaging else 0.999  # an average of weights smooths as well
    if settings.optimizer == "adam":
        return kinds.Adam(settings.rate, beta_2=faster)
    if settings.optimizer == "rmsprop":
        return kinds.RMSprop(settings.rate)
    if settings.optimizer == "sgd":
        return kinds.SGD(settings.rate, momentum=MOMENTUM)
    found = kinds.AdamW(settings.rate, weight_decay=settings.decay, beta_2=faster)
    found.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return found


class Loop:
    """A network that learns, its optimiser, and its twin with the averaged weights.

    Parameters
    ----------
    design : Design
        The architecture.
    settings : TrainingSettings
        Rate, decay, averaging, loss.
    """

    def __init__(self, design: Design, settings: TrainingSettings) -> None:
        tf, _ = load_keras()
        self._design, self._settings = design, settings
        self._network = design.learner(0)
        self.averaged = design.learner(0)
        self._optimizer = optimizer_of(settings)
        self._optimizer.build(self._network.trainable_variables)
        self._rate = tf.Variable(settings.rate, dtype=tf.float32)
        self._count = tf.Variable(0.0)
        empty = np.zeros((1, 1), np.float32)
        shape = tf.TensorShape
        self._inputs = tf.Variable(empty, shape=shape([None, None]))
        self._targets = tf.Variable(empty, shape=shape([None, None]))
        self._weights = tf.Variable(empty[0], shape=shape([None]))
        signature = [tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None,), tf.float32)]
        # Without autograph, which reads source code: a frozen application has none.
        self._advance = tf.function(self._steps, input_signature=signature, autograph=False)
        self._judge = tf.function(self._evaluated, reduce_retracing=True, autograph=False)

    @property
    def rate(self) -> float:
        """The learning rate of the last step."""
        return float(self._rate.numpy())

    def load(self, pool: TrainingPool) -> None:
        """Take what batches are drawn from."""
        self._inputs.assign(pool.inputs)
        self._targets.assign(pool.targets)
        self._weights.assign(pool.weights)

    def reset(self, seed: int) -> None:
        """Begin anew with the first weights of a seed."""
        fresh = self._design.learner(seed)
        for old, new in zip(self._network.variables, fresh.variables, strict=True):
            old.assign(new)
        for twin, new in zip(self.averaged.weights, fresh.weights, strict=True):
            twin.assign(new)
        for variable in self._optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        self._count.assign(0.0)

    def advance(self, order: NDArray[np.int32], rates: NDArray[np.float32]) -> tuple[float, float]:
        """Make a step for each row of `order`; return the mean loss and metric."""
        loss, metric = self._advance(order, rates)
        return float(loss), float(metric)

    def evaluate(self, pool: TrainingPool) -> tuple[float, float]:
        """Return the averaged network's loss and metric on other spectra."""
        totals = np.zeros(3)
        for first in range(0, len(pool), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            found = self._judge(pool.inputs[part], pool.targets[part], pool.weights[part])
            totals += [float(value) for value in found]
        return totals[0] / totals[2], totals[1] / len(pool)

    def finite(self) -> bool:
        """Whether all weights are numbers."""
        return all(np.isfinite(weight).all() for weight in self.averages())

    def averages(self) -> list[NDArray[Any]]:
        """Return copies of the averaged weights."""
        return [np.array(values) for values in self.averaged.get_weights()]

    def shipped_weights(self, part: FitData) -> list[NDArray[Any]]:
        """Return the averaged weights as the network that is written would have them."""
        return scaled_weights(self._design.weights(self.averaged), self.averaged, part)

    def set_averages(self, values: list[NDArray[Any]]) -> None:
        """Put these in the place of the averaged weights."""
        self.averaged.set_weights(values)

    def _variables(self) -> list[Any]:
        # Those of the network include the state of its dropout.
        return [
            *self._network.variables,
            *self.averaged.weights,
            *self._optimizer.variables,
            self._count,
        ]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything that changes as plain arrays."""
        return {f"v{place}": item.numpy() for place, item in enumerate(self._variables())}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go back to a state."""
        for place, variable in enumerate(self._variables()):
            variable.assign(state[f"v{place}"])

    def _outputs(self, network: Any, inputs: Any, *, training: bool) -> Any:
        tf, _ = load_keras()
        shaped = tf.reshape(inputs, (-1, *self._design.shape))
        return self._design.logits(network(shaped, training=training))

    def _losses(self, outputs: Any, targets: Any) -> tuple[Any, Any]:
        """Return each spectrum's loss and metric."""
        tf, _ = load_keras()
        if self._settings.loss == "cross-entropy":
            loss = tf.nn.softmax_cross_entropy_with_logits(targets, outputs)
            right = tf.argmax(outputs, axis=-1) == tf.argmax(targets, axis=-1)
            return loss, tf.cast(right, tf.float32)
        distance = tf.abs(outputs - targets)[:, 0]
        return (distance if self._settings.loss == "mae" else distance**2), distance

    def _steps(self, order: Any, rates: Any) -> tuple[Any, Any]:
        tf, _ = load_keras()
        steps = tf.shape(order)[0]

        def step(place: Any, losses: Any, metrics: Any) -> tuple[Any, Any, Any]:
            loss, metric = self._step(order[place], rates[place])
            return place + 1, losses + loss, metrics + metric

        begin = (tf.constant(0), tf.constant(0.0), tf.constant(0.0))
        _, losses, metrics = tf.while_loop(lambda place, *_: place < steps, step, begin)
        count = tf.cast(steps, tf.float32)
        return losses / count, metrics / count

    def _step(self, rows: Any, rate: Any) -> tuple[Any, Any]:
        """Change the weights once; return the batch's loss and metric."""
        tf, _ = load_keras()
        trained = self._network.trainable_variables
        targets = tf.gather(self._targets, rows)
        weights = tf.gather(self._weights, rows)
        with tf.GradientTape() as tape:
            outputs = self._outputs(self._network, tf.gather(self._inputs, rows), training=True)
            loss, metric = self._losses(outputs, targets)
            total = tf.reduce_mean(weights * loss)
            penalised = total + self._roughness() + sum(self._network.losses)
        self._rate.assign(rate)
        self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply(tape.gradient(penalised, trained), trained)
        self._average()
        return total, tf.reduce_mean(metric)

    def _average(self) -> None:
        tf, _ = load_keras()
        # Early on, the average forgets faster: the first weights are of no worth.
        self._count.assign_add(1.0)
        early = self._count / (10.0 + self._count)
        keep = tf.minimum(self._settings.averaging, early) if self._settings.averaging else 0.0
        for twin, weight in zip(self.averaged.weights, self._network.weights, strict=True):
            twin.assign(keep * twin + (1.0 - keep) * weight)

    def _roughness(self) -> Any:
        """Return the penalty on first filters that jump from weight to weight."""
        tf, _ = load_keras()
        if not self._settings.smoothness:
            return tf.constant(0.0)
        kernel = next((w for w in self._network.trainable_variables if len(w.shape) == 3), None)
        if kernel is None or kernel.shape[0] < 3:
            return tf.constant(0.0)
        values = tf.convert_to_tensor(kernel)
        bend = values[2:] - 2 * values[1:-1] + values[:-2]
        size = tf.reduce_sum(values**2, axis=(0, 1)) + 1e-6
        return self._settings.smoothness * tf.reduce_mean(
            tf.reduce_sum(bend**2, axis=(0, 1)) / size
        )

    def _evaluated(self, inputs: Any, targets: Any, weights: Any) -> tuple[Any, Any, Any]:
        tf, _ = load_keras()
        loss, metric = self._losses(self._outputs(self.averaged, inputs, training=False), targets)
        return tf.reduce_sum(weights * loss), tf.reduce_sum(metric), tf.reduce_sum(weights)
