"""Layers that a person puts together by hand, with Keras's own arguments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spectracnn.errors import LayerError

ACTIVATIONS = (
    "linear",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "sigmoid",
    "tanh",
)
MOST_LAYERS = 6
MOST_FILTERS = 256
MOST_SIZE = 1024
"""Of kernels, windows, strides and dilation rates."""


class Pooling(StrEnum):
    """How neighbours are summarised."""

    MAX = "Max"
    AVERAGE = "Average"


@dataclass(frozen=True)
class Convolution:
    """``Conv1D`` or ``Conv2D``; the number of sizes in `kernel_size` says which.

    Parameters
    ----------
    filters : int
        How many feature maps.
    kernel_size, strides, dilation_rate : tuple of int
        One number an axis.
    padding : str
        ``valid``, ``same`` or, along one axis only, ``causal``.
    activation : str
        One of `ACTIVATIONS`.
    use_bias : bool
        Whether each filter adds a number of its own.

    Raises
    ------
    LayerError
        If Keras would refuse it; one sentence says why.
    """

    filters: int
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...] = (1,)
    padding: str = "valid"
    dilation_rate: tuple[int, ...] = (1,)
    activation: str = "linear"
    use_bias: bool = True

    def __post_init__(self) -> None:
        _spread(self, "strides", "dilation_rate", like="kernel_size")
        _require_size(self.name, "filters", (self.filters,), MOST_FILTERS)
        for field in ("kernel_size", "strides", "dilation_rate"):
            _require_size(self.name, field, getattr(self, field), MOST_SIZE)
        allowed = ("valid", "same", "causal") if self.rank == 1 else ("valid", "same")
        _require_choice(self.name, "padding", self.padding, allowed)
        _require_choice(self.name, "activation", self.activation, ACTIVATIONS)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise LayerError(
                f"{self.name}: Keras has no strides above 1 together with a dilation_rate above 1; "
                f"found strides={_plain(self.strides)}, "
                f"dilation_rate={_plain(self.dilation_rate)}."
            )

    @property
    def rank(self) -> int:
        """Along how many axes it slides."""
        return len(self.kernel_size)

    @property
    def name(self) -> str:
        """Keras's class name."""
        return f"Conv{self.rank}D"


@dataclass(frozen=True)
class Pool:
    """``MaxPooling1D`` and its kin.

    Parameters
    ----------
    pooling : Pooling
        How a window is summarised.
    pool_size : tuple of int
        One number an axis.
    strides : tuple of int or None
        None for as far as the window is wide.
    padding : str
        ``valid`` or ``same``.

    Raises
    ------
    LayerError
        If Keras would refuse it.
    """

    pooling: Pooling
    pool_size: tuple[int, ...]
    strides: tuple[int, ...] | None = None
    padding: str = "valid"

    def __post_init__(self) -> None:
        if self.strides is not None:
            _spread(self, "strides", like="pool_size")
            _require_size(self.name, "strides", self.strides, MOST_SIZE)
        _require_size(self.name, "pool_size", self.pool_size, MOST_SIZE)
        _require_choice(self.name, "padding", self.padding, ("valid", "same"))

    @property
    def rank(self) -> int:
        """Along how many axes it slides."""
        return len(self.pool_size)

    @property
    def name(self) -> str:
        """Keras's class name."""
        return f"{self.pooling}Pooling{self.rank}D"


@dataclass(frozen=True)
class GlobalPool:
    """``GlobalMaxPooling1D`` and its kin: one number a map.

    Parameters
    ----------
    pooling : Pooling
        How a map is summarised.
    rank : int
        How many axes a map has: 1 or 2.
    """

    pooling: Pooling
    rank: int = 1

    @property
    def name(self) -> str:
        """Keras's class name."""
        return f"Global{self.pooling}Pooling{self.rank}D"


LayerSpec = Convolution | Pool | GlobalPool


@dataclass(frozen=True)
class LayerStack:
    """Layers one after the other, and what the first one is given.

    Parameters
    ----------
    input_shape : tuple of int
        ``(steps, channels)`` or ``(rows, columns, channels)``.
    layers : tuple of LayerSpec
        At most `MOST_LAYERS`.
    seed : int
        From which the weights are drawn.

    Raises
    ------
    LayerError
        If there are too many layers, or one slides along another number of axes than the input
        has. Whether each has an output is said by :func:`spectracnn.core.lab.shapes.reports`.
    """

    input_shape: tuple[int, ...]
    layers: tuple[LayerSpec, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.input_shape) not in (2, 3) or min(self.input_shape) < 1:
            raise LayerError(
                f"A stack reads (steps, channels) or (rows, columns, channels); "
                f"found {self.input_shape}."
            )
        if len(self.layers) > MOST_LAYERS:
            raise LayerError(f"A stack has at most {MOST_LAYERS} layers; found {len(self.layers)}.")
        for layer in self.layers:
            if layer.rank != len(self.input_shape) - 1:
                raise LayerError(
                    f"{layer.name} slides along {_axes(layer.rank)}; the input has "
                    f"{_axes(len(self.input_shape) - 1)}."
                )


def _axes(count: int) -> str:
    return "one axis" if count == 1 else f"{count} axes"


def _plain(sizes: tuple[int, ...]) -> int | tuple[int, ...]:
    return sizes[0] if len(set(sizes)) == 1 else sizes


def _spread(spec: Convolution | Pool, *fields: str, like: str) -> None:
    """Let one number stand for all axes, as Keras does."""
    rank = len(getattr(spec, like))
    for field in fields:
        sizes = getattr(spec, field)
        if len(sizes) == 1 and rank > 1:
            object.__setattr__(spec, field, sizes * rank)
        elif len(sizes) != rank:
            raise LayerError(f"{spec.name}: {field} has {len(sizes)} numbers; {like} has {rank}.")


def _require_size(name: str, field: str, sizes: tuple[int, ...], most: int) -> None:
    for size in sizes:
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= most:
            raise LayerError(
                f"{name}: {field} must be a whole number from 1 to {most}; found {str(size)[:20]}."
            )


def _require_choice(name: str, field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        words = ", ".join(allowed[:-1]) + f" or {allowed[-1]}"
        raise LayerError(f"{name}: {field} must be {words}; found {str(value)[:30]!r}.")
