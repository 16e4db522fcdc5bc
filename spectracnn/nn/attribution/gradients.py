"""The gradient where the input is, or around it: gradient x input, SmoothGrad."""

from __future__ import annotations

import numpy as np

from spectracnn.nn.attribution.method import MethodInput, MethodResult
from spectracnn.nn.scores import CHUNK


def gradient_input(question: MethodInput) -> MethodResult:
    """Return the gradient times the input, ``x * df/dx``.

    References
    ----------
    .. [1] Shrikumar et al. (2016), Not Just a Black Box, arXiv:1605.01713.
    .. [2] Simonyan et al. (2013), Deep Inside Convolutional Networks, arXiv:1312.6034.
    """
    return MethodResult(question.values * question.gradients(question.values[None])[0])


def smoothgrad(question: MethodInput) -> MethodResult:
    """Return the input times the mean gradient of noisy copies of it.

    The noise is normal, its standard deviation ``options.noise`` times the input's range.

    References
    ----------
    .. [1] Smilkov et al. (2017), SmoothGrad: removing noise by adding noise, arXiv:1706.03825.
    """
    values, options = question.values, question.options
    deviation = options.noise * float(np.ptp(values))
    rng = np.random.default_rng(options.seed)
    total = np.zeros(values.shape)
    for first in range(0, options.samples, CHUNK):
        count = min(CHUNK, options.samples - first)
        noise = rng.normal(0.0, deviation, (count, *values.shape))
        total += question.gradients(values + noise).sum(axis=0)
    return MethodResult(values * total / options.samples)
