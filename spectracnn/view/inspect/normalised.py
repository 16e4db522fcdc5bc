"""Layer normalisation, and a rectifier whose slope is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.inspect.records import Inspection, Line
from spectracnn.view.inspect.vectors import sample_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.view.inspect.case import Case


def _row(case: Case) -> NDArray[np.float64] | None:
    """Return all channels at the sample's own place of what the layer reads."""
    if len(case.given) != 1 or case.given[0].values.shape != tuple(case.info.output_shape):
        return None
    values = case.given[0].values
    table = values.reshape(-1, values.shape[-1])
    return np.asarray(table[case.sample.step if values.ndim > 1 else 0])


def _start(case: Case, value: float) -> Line:
    """Return the line with the number that the layer reads at the sample's place."""
    where = case.given[0].sample(case.sample.step, case.sample.channel)
    return Line("", f"from {sample_name(case.description, where)}", value, sample=where)


def explain_layer_normalisation(case: Case) -> Inspection | None:
    """Return the steps of a LayerNormalization layer over its channels.

    ``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`` [1]_, with mean and variance of the
    channels at this very place.

    References
    ----------
    .. [1] Ba, Kiros and Hinton (2016), Layer Normalization, arXiv:1607.06450.
    """
    row, settings, arrays = _row(case), case.weights.settings, case.weights.arrays
    axis = settings.get("axis", -1)
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    last = len(case.info.output_shape)
    if row is None or axes not in ((-1,), (last,)) or settings.get("rms_scaling"):
        return None
    value = float(row[case.unit])
    mean = float(row.mean())
    spread = float(np.sqrt(row.var() + settings.get("epsilon", 1e-3)))
    gamma = float(arrays["gamma"].reshape(-1)[case.unit]) if "gamma" in arrays else 1.0
    beta = float(arrays["beta"].reshape(-1)[case.unit]) if "beta" in arrays else 0.0
    lines = [
        _start(case, value),
        Line("\u2212", f"mean of the {row.size} channels here", mean),
        Line("\u00f7", "their spread, \u221a(variance + \u03b5)", spread),
    ]
    lines += [Line("\u00d7", "scale \u03b3", gamma)] if "gamma" in arrays else []
    lines += [Line("+", "shift \u03b2", beta)] if "beta" in arrays else []
    lines.append(Line("=", "value", gamma * (value - mean) / spread + beta, strong=True))
    size = abs(gamma) * (abs(value) + float(np.abs(row).max())) / spread + abs(beta)
    return case.inspection(
        "The channels at one place are shifted and scaled together.", lines, size
    )


def explain_prelu(case: Case) -> Inspection | None:
    """Return what a PReLU layer makes of a number: negative ones are multiplied by a learned slope.

    References
    ----------
    .. [1] He et al. (2015), Delving Deep into Rectifiers, arXiv:1502.01852.
    """
    row, alpha = _row(case), case.weights.arrays.get("alpha")
    if row is None or alpha is None:
        return None
    try:
        slopes = np.broadcast_to(alpha, case.info.output_shape)
    except ValueError:
        return None
    table = slopes.reshape(-1, slopes.shape[-1])
    step = case.sample.step if slopes.ndim > 1 else 0
    slope, value = float(table[step, case.unit]), float(row[case.unit])
    lines = [_start(case, value)]
    if value < 0:
        lines.append(Line("\u00d7", "slope for negative numbers, learned", slope))
    result = value if value >= 0 else slope * value
    lines.append(Line("=", "value", result, strong=True))
    sentence = "Positive numbers pass; negative ones are multiplied by a slope that was learned."
    return case.inspection(sentence, lines, abs(value) * max(1.0, abs(slope)))
