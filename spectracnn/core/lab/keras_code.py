"""Layers as Keras code, both ways. What a person types is parsed and never executed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerSpec, Pool, Pooling
from spectracnn.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LINE = 400
_NAME = re.compile(
    r"^(?:Conv(?:olution)?|(Max|Average|Avg)Pool(?:ing)?|Global(Max|Average|Avg)Pool(?:ing)?)([12])D$"
)
_CONVOLUTION = (
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "dilation_rate",
    "groups",
    "activation",
    "use_bias",
)
_POOL = ("pool_size", "strides", "padding")
_EXAMPLE = 'Write it as keras.layers.Conv1D(8, 3, strides=2, padding="same", activation="relu").'


def keras_code(layer: LayerSpec) -> str:
    """Return a layer as a line of Python; arguments that have Keras's default are left out.

    Examples
    --------
    >>> keras_code(Convolution(8, (3,), (2,), "same", activation="relu"))
    'keras.layers.Conv1D(8, 3, strides=2, padding="same", activation="relu")'
    >>> keras_code(Pool(Pooling.MAX, (2,)))
    'keras.layers.MaxPooling1D(2)'
    """
    words: list[str] = []
    if isinstance(layer, Convolution):
        words = [str(layer.filters), _sizes(layer.kernel_size)]
        words += _keyword("strides", layer.strides, (1,) * layer.rank)
        words += _keyword("padding", layer.padding, "valid")
        words += _keyword("dilation_rate", layer.dilation_rate, (1,) * layer.rank)
        words += _keyword("activation", layer.activation, "linear")
        words += _keyword("use_bias", layer.use_bias, True)
    elif isinstance(layer, Pool):
        words = [_sizes(layer.pool_size)]
        if layer.strides is not None:
            words += _keyword("strides", layer.strides, layer.pool_size)
        words += _keyword("padding", layer.padding, "valid")
    return f"keras.layers.{layer.name}({', '.join(words)})"


def _keyword(name: str, value: Any, default: Any) -> list[str]:
    if value == default:
        return []
    if isinstance(value, tuple):
        return [f"{name}={_sizes(value)}"]
    return [f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}"]


def _sizes(sizes: tuple[int, ...]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else str(sizes)


def parse_layer(line: str) -> LayerSpec:
    """Read a line of Keras code.

    Parameters
    ----------
    line : str
        Such as ``keras.layers.Conv1D(8, 3, activation="relu")``; ``layers.Conv1D`` and
        ``Conv1D`` alone do as well.

    Raises
    ------
    LayerError
        If it is no such call, or Keras would refuse it; one sentence says what is wrong.
    """
    call = _call(line)
    name = _dotted(call.func)
    match = _NAME.match(name)
    if match is None:
        raise LayerError(
            f"The layer lab has no layer {name[:40]!r}; it has Conv1D, Conv2D, MaxPooling, "
            "AveragePooling and the global poolings.",
            _EXAMPLE,
        )
    rank = int(match[3])
    if match[2]:
        _arguments(name, call, ())
        return GlobalPool(_pooling(match[2]), rank)
    if match[1]:
        given = _arguments(name, call, _POOL)
        return _pool(name, _pooling(match[1]), rank, given)
    return _convolution(name, rank, _arguments(name, call, _CONVOLUTION))


def _pooling(word: str) -> Pooling:
    return Pooling.MAX if word == "Max" else Pooling.AVERAGE


def _call(line: str) -> ast.Call:
    text = line.strip().rstrip(",;")
    if len(text) > LONGEST_LINE:
        raise LayerError(f"The line has {len(text)} letters; a layer needs at most {LONGEST_LINE}.")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = getattr(error, "offset", None)
        place = f" at letter {where}" if where else ""
        raise LayerError(f"The line is no Python expression{place}.", _EXAMPLE) from error
    if not isinstance(tree, ast.Call):
        raise LayerError("The line is no call of a layer.", _EXAMPLE)
    return tree


def _dotted(func: ast.expr) -> str:
    """Return the layer's name of ``keras.layers.NAME``, ``layers.NAME`` or ``NAME``."""
    parts: list[str] = []
    while isinstance(func, ast.Attribute):
        parts.insert(0, func.attr)
        func = func.value
    if not isinstance(func, ast.Name):
        raise LayerError("The line is no call of a layer.", _EXAMPLE)
    parts.insert(0, func.id)
    known = {(), ("layers",), ("keras", "layers"), ("tf", "keras", "layers")}
    if tuple(parts[:-1]) not in known:
        raise LayerError(f"{'.'.join(parts)[:60]!r} is no layer of Keras.", _EXAMPLE)
    return parts[-1]


def _arguments(name: str, call: ast.Call, allowed: tuple[str, ...]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if len(call.args) > len(allowed):
        raise LayerError(
            f"{name} takes at most {len(allowed)} arguments by place; found {len(call.args)}."
        )
    for key, node in zip(allowed, call.args, strict=False):
        given[key] = _value(name, key, node)
    for keyword in call.keywords:
        key = keyword.arg or "**"
        if key not in allowed:
            known = ", ".join(allowed) or "no arguments"
            raise LayerError(f"{name} has no argument {key[:30]!r} here; it has {known}.")
        if key in given:
            raise LayerError(f"{name}: {key} is given twice.")
        given[key] = _value(name, key, keyword.value)
    return given


def _value(name: str, key: str, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise LayerError(
            f"{name}: {key} must be a number, a word in quotes or a tuple of numbers; "
            "nothing else is computed here."
        ) from error


def _convolution(name: str, rank: int, given: dict[str, Any]) -> Convolution:
    for key in ("filters", "kernel_size"):
        if key not in given:
            raise LayerError(f"{name} needs {key}.", _EXAMPLE)
    if given.get("data_format") not in (None, "channels_last"):
        raise LayerError(f"{name}: here the channels come last; leave data_format out.")
    if given.get("groups", 1) != 1:
        raise LayerError(f"{name}: the layer lab has no groups; leave them out.")
    return Convolution(
        _whole(name, "filters", given["filters"]),
        _per_axis(name, "kernel_size", given["kernel_size"], rank),
        _per_axis(name, "strides", given.get("strides", 1), rank),
        _word(name, "padding", given.get("padding", "valid")).lower(),
        _per_axis(name, "dilation_rate", given.get("dilation_rate", 1), rank),
        _word(name, "activation", given.get("activation") or "linear"),
        _flag(name, "use_bias", given.get("use_bias", True)),
    )


def _pool(name: str, pooling: Pooling, rank: int, given: dict[str, Any]) -> Pool:
    strides = given.get("strides")
    return Pool(
        pooling,
        _per_axis(name, "pool_size", given.get("pool_size", 2), rank),
        None if strides is None else _per_axis(name, "strides", strides, rank),
        _word(name, "padding", given.get("padding", "valid")).lower(),
    )


def _whole(name: str, key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise LayerError(f"{name}: {key} must be a whole number; found {str(value)[:30]!r}.")
    return value


def _per_axis(name: str, key: str, value: Any, rank: int) -> tuple[int, ...]:
    sizes = tuple(value) if isinstance(value, tuple | list) else (value,) * rank
    if len(sizes) != rank:
        raise LayerError(f"{name}: {key} needs {rank} numbers; found {len(sizes)}.")
    return tuple(_whole(name, key, size) for size in sizes)


def _typed(kind: type, words: str) -> Callable[[str, str, Any], Any]:
    def check(name: str, key: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise LayerError(f"{name}: {key} must be {words}; found {str(value)[:30]!r}.")
        return value

    return check


_word = _typed(str, "a word in quotes")
_flag = _typed(bool, "True or False")
