"""The scores of a pass, one a class, whatever the network's last act is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.logits import logits_place
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.graph import Walk


def class_scores(description: ModelDescription, walk: Walk, output: Any) -> Any:
    """Return what :func:`spectracnn.core.logits.logits` does, as a tensor of a whole batch.

    Parameters
    ----------
    description : ModelDescription
        Of the network.
    walk : Walk
        The pass, symbolic or not.
    output : tensor, shape (batch, ...)
        Its output that is read.

    Returns
    -------
    tensor, shape (batch, classes), float32
        Before the last softmax or sigmoid; ``(-z, z)`` for one number that stands for two
        classes; of an output per step the mean over the steps.
    """
    tf, _ = load_keras()
    place, tensor = logits_place(description), output
    if place is not None:
        record = walk.records[place.layer]
        tensor = record.before if place.before else record.output
    reading = description.reading
    rows = tf.reshape(tf.cast(tensor, tf.float32), (tf.shape(tensor)[0], -1, reading.output.width))
    row = rows[:, 0] if rows.shape[1] == 1 else tf.reduce_mean(rows, axis=1)
    return tf.concat([-row, row], axis=1) if reading.single else row


def predicted_index(description: ModelDescription, scores: Any) -> Any:
    """Return which class the network says of one row of scores, by the card's threshold.

    Parameters
    ----------
    description : ModelDescription
        Of the network.
    scores : tensor or ndarray, shape (classes,)
        From :func:`class_scores`.

    Returns
    -------
    tensor, int32
        Of a regression the first value.
    """
    tf, _ = load_keras()
    reading = description.reading
    if reading.is_values:
        return tf.constant(0, tf.int32)
    if reading.single and 0 < reading.threshold < 1:
        least = float(np.log(reading.threshold / (1 - reading.threshold)))
        return tf.cast(scores[1] >= least, tf.int32)
    return tf.argmax(scores, output_type=tf.int32)
