"""What the logit loses when a window of neighbouring samples is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.nn.attribution.method import MethodInput, MethodResult
from spectracnn.nn.scores import CHUNK

if TYPE_CHECKING:
    from numpy.typing import NDArray


def occlusion(question: MethodInput) -> MethodResult:
    """Return the drop of the logit when a window is replaced by zeros, shared out in it.

    The window slides sample by sample along each channel by itself. Each of its samples gets an
    equal share of the drop; a sample's value is the mean of its shares. A window longer than the
    input covers all of it.

    References
    ----------
    .. [1] Zeiler and Fergus (2014), Visualizing and Understanding Convolutional Networks,
       arXiv:1311.2901.
    """
    lines = _lines(np.arange(question.values.size).reshape(question.values.shape))
    width = min(question.options.window, lines.shape[1])
    windows = np.lib.stride_tricks.sliding_window_view(lines, width, axis=1).reshape(-1, width)
    whole = float(question.logits(question.values[None])[0])
    shares = np.zeros(question.values.size)
    counts = np.zeros(question.values.size)
    for first in range(0, len(windows), CHUNK):
        chunk = windows[first : first + CHUNK]
        occluded = np.tile(question.values.ravel(), (len(chunk), 1))
        np.put_along_axis(occluded, chunk, 0, axis=1)
        drops = whole - question.logits(occluded.reshape(-1, *question.values.shape))
        np.add.at(shares, chunk, drops[:, None] / width)
        np.add.at(counts, chunk, 1)
    zeros = np.zeros_like(question.values)[None]
    values = (shares / counts).reshape(question.values.shape)
    return MethodResult(values, float(question.logits(zeros)[0]))


def _lines(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one row a spectrum: a channel of ``(steps, channels)``, a row of an image."""
    return places.T if places.ndim == 2 else places[..., 0]
