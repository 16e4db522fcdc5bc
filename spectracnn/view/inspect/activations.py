"""Activation functions of one number, in float64."""

from __future__ import annotations

from math import erf, exp, isnan, log1p, sqrt, tanh
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772848, 1.0507009873554804934


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + log1p(exp(-abs(x)))


def _elu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 else alpha * (exp(x) - 1)


def _relu(x: float, slope: float = 0.0, top: float | None = None, threshold: float = 0.0) -> float:
    if top is not None and x >= top:
        return top
    if x >= threshold or isnan(x):
        return x
    return slope * (x - threshold) if slope else 0.0


# Keras's definitions and defaults, https://keras.io/api/layers/activations/.
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "relu": _relu,
    "relu6": lambda x: min(max(x, 0.0), 6.0),
    "leaky_relu": lambda x: _relu(x, 0.2),
    "elu": _elu,
    "selu": lambda x: _SELU_SCALE * _elu(x, _SELU_ALPHA),
    "gelu": lambda x: 0.5 * x * (1 + erf(x / sqrt(2))),
    "silu": lambda x: x * _sigmoid(x),
    "swish": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * tanh(_softplus(x)),
    "sigmoid": _sigmoid,
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0.0), 1.0),
    "tanh": tanh,
    "softplus": _softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "exponential": exp,
}


def activation_of(
    layer_class: str, name: str, settings: Mapping[str, Any]
) -> tuple[str, Callable[[float], float]] | None:
    """Return the name of a layer's activation, and its function.

    Parameters
    ----------
    layer_class : str
        Keras's class name.
    name : str
        Of a fused activation, or of that of an Activation layer.
    settings : mapping
        The layer's configuration.

    Returns
    -------
    (str, callable) or None
        None where it is not known, or not a function of one number, as softmax.
    """
    if layer_class == "ReLU":
        slope, top = settings.get("negative_slope") or 0.0, settings.get("max_value")
        threshold = settings.get("threshold") or 0.0
        return "relu", lambda x: _relu(x, slope, top, threshold)
    if layer_class == "LeakyReLU":
        slope = settings.get("negative_slope", settings.get("alpha", 0.3))
        return "leaky relu", lambda x: _relu(x, slope)
    if layer_class == "ELU":
        alpha = settings.get("alpha", 1.0)
        return "elu", lambda x: _elu(x, alpha)
    function = _FUNCTIONS.get(name)
    return None if function is None else (name.replace("_", " "), _guarded(function))


def _guarded(function: Callable[[float], float]) -> Callable[[float], float]:
    """Return a function that overflows to infinity, as arrays do, instead of raising."""

    def safe(x: float) -> float:
        try:
            return x if isnan(x) else float(function(x))
        except OverflowError:
            return float("inf")

    return safe
