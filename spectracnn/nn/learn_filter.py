"""A task so small that one filter learns it in a moment: steps upwards or downwards."""

from __future__ import annotations

import numpy as np

from spectracnn.core.lab.learning import FilterHistory
from spectracnn.core.progress import Progress
from spectracnn.nn.backend import load_keras

LENGTH, WINDOW = 24, 5
_BATCH = 32


def made_steps(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy rows with a step each, and whether it goes up.

    Returns
    -------
    rows : ndarray, shape (count, 24, 1), float32
    upwards : ndarray, shape (count,), float32
        1 for a step up, 0 for one down.
    """
    rng = np.random.default_rng(seed)
    upwards = (np.arange(count) % 2).astype(np.float32)
    at = rng.integers(6, LENGTH - 6, count)
    behind = np.arange(LENGTH) >= at[:, None]
    sign = np.where(upwards > 0, 1.0, -1.0)[:, None]
    rows = sign * (behind - 0.5) + rng.normal(0, 0.15, (count, LENGTH))
    return rows[..., None].astype(np.float32), upwards


def learn_filter(
    epochs: int = 40, seed: int = 0, progress: Progress | None = None
) -> FilterHistory:
    """Train Conv1D(1, 5, relu) - GlobalMaxPooling1D - Dense(1, sigmoid) from random weights.

    Parameters
    ----------
    epochs : int
        Passes over 128 rows.
    seed : int
        Of the weights at the beginning and the order of the rows.
    progress : Progress, optional
        Receives each epoch; raises where nobody wants the filter any more.

    Returns
    -------
    FilterHistory
        The filter and the loss before the first epoch and after each.
    """
    _, keras = load_keras()
    keras.utils.set_random_seed(seed)
    rows, upwards = made_steps(128, 7)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((LENGTH, 1)),
            layers.Conv1D(1, WINDOW, activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid", kernel_initializer="ones"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    order = np.random.default_rng(seed)
    filters, scores = [], []
    watched = progress or Progress()
    for epoch in range(epochs + 1):
        watched.update(epoch, epochs)
        filters.append(model.layers[0].kernel.numpy()[:, 0, 0])
        scores.append(model.test_on_batch(rows, upwards))
        if epoch < epochs:
            # Batch by batch: a call of `fit` for so little data costs far more than the data.
            for batch in np.split(order.permutation(len(rows)), len(rows) // _BATCH):
                model.train_on_batch(rows[batch], upwards[batch])
    losses, accuracies = np.array(scores, np.float64).T
    return FilterHistory(np.stack(filters), losses, accuracies)
