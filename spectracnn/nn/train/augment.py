r"""Varies training spectra the way shapes and meshes vary, inside TensorFlow's graph.

A spectrum is here :math:`x_k = \log(\lambda_k / k)` minus its mean, divided by one number. In it

- a shape between two of its class lies near the line between their spectra (mixing);
- what two shapes of one class differ by may befall a shape of another class too (transfer);
- a stretched part moves all eigenvalues smoothly along the index (distortion);
- a coarser mesh adds an error that grows with the index (noise).

Scale is not varied, because the input does not contain it: each variation has zero mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.recipe import Augmentation


def smooth_curves(n: int) -> NDArray[np.float32]:
    """Return the curves of which a distortion is made, shape (curves, n), each of zero mean.

    A tilt and cosines over the logarithm of the index, where a shape's large parts differ, and
    cosines over the index itself; the amplitude falls with the number of waves.
    """
    index = np.arange(1, n + 1)
    octave = np.log(index) / np.log(max(n, 2))
    place = (index - 0.5) / n
    curves = [octave]
    curves += [np.cos(np.pi * waves * octave) / waves for waves in range(1, 5)]
    curves += [np.cos(np.pi * waves * place) / waves for waves in range(1, 4)]
    table = np.array(curves)
    return (table - table.mean(axis=1, keepdims=True)).astype(np.float32)


def noise_profile(n: int) -> NDArray[np.float32]:
    """Return how strong the noise is at each eigenvalue, shape (n,), with mean 1."""
    return np.linspace(0.5, 1.5, n).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Source:
    """Training spectra, sorted by class, as TensorFlow variables so that they can be exchanged.

    Parameters
    ----------
    inputs : tf.Variable, shape (n, steps)
        Model inputs.
    labels : tf.Variable, shape (n,), int32
        Classes, ascending.
    first, count : tf.Variable, shape (classes,), int32
        Where each class begins, and how many it has.
    unit : tf.Variable, scalar
        How many input units one unit of log eigenvalue is.
    """

    inputs: Any
    labels: Any
    first: Any
    count: Any
    unit: Any

    @classmethod
    def empty(cls, n: int, steps: int, n_classes: int) -> Source:
        """Reserve room for `n` spectra."""
        tf, _ = load_keras()
        return cls(
            inputs=tf.Variable(tf.zeros((n, steps))),
            labels=tf.Variable(tf.zeros((n,), tf.int32)),
            first=tf.Variable(tf.zeros((n_classes,), tf.int32)),
            count=tf.Variable(tf.ones((n_classes,), tf.int32)),
            unit=tf.Variable(1.0),
        )

    def fill(self, inputs: NDArray[Any], labels: NDArray[Any], unit: float) -> None:
        """Take other spectra, as many as before."""
        order = np.argsort(labels, kind="stable")
        count = np.bincount(labels, minlength=self.count.shape[0])
        self.inputs.assign(inputs[order])
        self.labels.assign(labels[order])
        self.count.assign(count)
        self.first.assign(np.cumsum(count) - count)
        self.unit.assign(unit)

    def draw(self, random: Any, size: int) -> Any:
        """Draw rows with repetition: a tensor (size,) of row numbers."""
        tf, _ = load_keras()
        return random.uniform((size,), 0, self.labels.shape[0], tf.int32)

    def sibling(self, random: Any, rows: Any) -> Any:
        """Draw for each row a row of the same class, perhaps itself."""
        tf, _ = load_keras()
        labels = tf.gather(self.labels, rows)
        count = tf.gather(self.count, labels)
        place = tf.cast(random.uniform(tf.shape(rows)) * tf.cast(count, tf.float32), tf.int32)
        return tf.gather(self.first, labels) + tf.minimum(place, count - 1)


def augmented(source: Source, how: Augmentation, random: Any, size: int) -> tuple[Any, Any]:
    """Draw a batch and vary it.

    Returns
    -------
    inputs : tensor, shape (size, steps, 1)
        Varied spectra.
    targets : tensor, shape (size, classes)
        Shares of the classes; they sum to 1.
    """
    tf, _ = load_keras()
    steps = source.inputs.shape[1]
    rows = source.draw(random, size)
    inputs = tf.gather(source.inputs, rows)
    targets = tf.one_hot(tf.gather(source.labels, rows), source.first.shape[0])

    other = tf.gather(source.inputs, source.sibling(random, rows))
    inputs += how.mixing * random.uniform((size, 1)) * (other - inputs)

    one = source.draw(random, size)
    two = source.sibling(random, one)
    difference = tf.gather(source.inputs, one) - tf.gather(source.inputs, two)
    inputs += how.transfer * random.normal((size, 1)) * difference

    inputs += _smooth(random, size, steps, how.distortion * source.unit)
    inputs += _noise(random, size, steps, how.noise * source.unit)

    share = how.mixup * random.uniform((size, 1))
    # Rows are drawn independently, so the neighbour is as random as any.
    inputs += share * (tf.roll(inputs, 1, 0) - inputs)
    targets += share * (tf.roll(targets, 1, 0) - targets)
    return inputs[..., None], targets


def _smooth(random: Any, size: int, steps: int, strength: Any) -> Any:
    curves = smooth_curves(steps)
    return strength * random.normal((size, len(curves))) @ curves


def _noise(random: Any, size: int, steps: int, strength: Any) -> Any:
    tf, _ = load_keras()
    noise = random.normal((size, steps)) * noise_profile(steps)
    noise -= tf.reduce_mean(noise, axis=1, keepdims=True)
    return strength * random.uniform((size, 1)) * noise
