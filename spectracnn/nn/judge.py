"""Judges a model's configuration before Keras sees the file: only built-in layers are admitted."""

from __future__ import annotations

import math
from typing import Any

from spectracnn.errors import ModelError
from spectracnn.nn.allowed import (
    CONTAINERS,
    DANGEROUS,
    LAYER_HOMES,
    LAYERS,
    MODELS,
    SETTING_HOMES,
    in_homes,
    is_activation,
    operations,
    setting_classes,
    setting_functions,
)
from spectracnn.nn.unread import OLD_OPERATIONS, outdated, require_computable, why_unread

_DEEPEST = 80
_LARGEST = 1_000_000
_MOST_VALUES = 100_000_000
_SIZES = frozenset(
    """units filters kernel_size pool_size strides dilation_rate target_shape n size padding
    cropping num_heads key_dim value_dim input_dim output_dim depth_multiplier groups
    output_shape head_dim""".split()
)
_SHAPES = frozenset({"batch_shape", "batch_input_shape", "input_shape", "target_shape", "shape"})
_UNUSED = frozenset({"compile_config", "training_config"})
"""Losses, metrics and optimisers, one's own functions as well: nothing of them is ever built."""
_ACTIVATIONS = frozenset({"activation", "recurrent_activation"})


def judge(config: Any) -> None:
    """Refuse a configuration that names anything but Keras's own layers.

    Parameters
    ----------
    config : dict
        Of a whole model, as in ``config.json`` or the ``model_config`` attribute.

    Raises
    ------
    ModelError
        One sentence that names the layer.
    """
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise ModelError("The file's configuration names no model.")
    class_name = config["class_name"]
    if class_name in DANGEROUS or class_name in LAYERS:
        _judge_object(config)
    if class_name not in MODELS:
        raise ModelError(
            f"The model is of the class '{class_name}'; only Sequential and Functional models "
            "show their layers.",
            "Rebuild it with the functional API, copy the weights, and save it again.",
        )
    inner = config.get("config")
    if not isinstance(inner, dict) or not isinstance(inner.get("layers"), list):
        raise ModelError(
            f"The model of the class '{class_name}' is a subclass that stores no layers."
        )
    _walk(config, 0)


def _walk(value: Any, depth: int, owner: str = "") -> None:
    if depth > _DEEPEST:
        raise ModelError("The model's configuration is nested too deeply to be a real one.")
    if isinstance(value, dict):
        if "class_name" in value:
            owner = _judge_object(value, owner)
        for key, item in value.items():
            if key in _UNUSED:
                _find_payload(item, depth + 1, owner)
            else:
                _walk(item, depth + 1, owner)
    elif isinstance(value, list):
        for item in value:
            _walk(item, depth + 1, owner)


def _find_payload(value: Any, depth: int, owner: str) -> None:
    """Refuse layers that run code where no honest file has a layer."""
    if depth > _DEEPEST:
        raise ModelError("The model's configuration is nested too deeply to be a real one.")
    if isinstance(value, dict):
        class_name = value.get("class_name")
        if isinstance(class_name, str) and class_name in DANGEROUS.keys() - {"__lambda__"}:
            _judge_object(value, owner)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _find_payload(item, depth + 1, owner)


def _judge_object(record: dict[str, Any], owner: str = "") -> str:
    """Judge one object, which belongs to the layer ``owner``; return what to call it."""
    class_name, module = record["class_name"], record.get("module")
    if not isinstance(class_name, str) or not isinstance(module, str | None):
        raise ModelError("The model's configuration names a class by something other than text.")
    name = _name(record, owner)
    if class_name in DANGEROUS:
        raise ModelError(
            f"Layer '{name}' is a {class_name}, which {DANGEROUS[class_name]}; it was not opened."
        )
    if class_name == "function":
        _judge_function(record)
        return name
    registered = record.get("registered_name")
    if registered not in (None, class_name):
        raise ModelError(f"'{name}' is custom code ({registered}); it was not opened.")
    if class_name in OLD_OPERATIONS:
        raise outdated(name, class_name)
    if module is not None and not _has_home(module, LAYER_HOMES + SETTING_HOMES):
        raise ModelError(f"'{name}' comes from the module {module!r}; it was not opened.")
    if class_name in LAYERS or class_name in MODELS:
        _judge_sizes(name, record)
        require_computable(name, record)
    elif not _is_setting(class_name, module):
        reason = why_unread(name, class_name, module)
        if reason is not None:
            raise reason
        raise ModelError(
            f"Layer '{name}' is of the class '{class_name}', which is not one of Keras's own; "
            "it was not opened."
        )
    return name


def _name(record: dict[str, Any], owner: str) -> str:
    """Return what to call the object in a sentence: short, and on one line."""
    inner = record.get("config")
    name = inner.get("name") if isinstance(inner, dict) else None
    name = name or record.get("name") or owner or record["class_name"]
    return " ".join(str(name).split())[:80]


def _has_home(module: str, homes: tuple[str, ...]) -> bool:
    return module in ("keras", "builtins") or in_homes(module, homes)


def _is_setting(class_name: str, module: str | None) -> bool:
    if class_name in CONTAINERS or class_name in setting_classes():
        return True
    return (
        module is not None
        and in_homes(module, ("keras.ops", "keras.src.ops"))
        and class_name in operations()
    )


def _judge_function(record: dict[str, Any]) -> None:
    function = record.get("config")
    registered = record.get("registered_name")
    module = record.get("module")
    plain = registered in (None, "function", function) and (
        module is None or _has_home(module, SETTING_HOMES)
    )
    if not isinstance(function, str) or not plain or function not in setting_functions():
        called = registered if isinstance(registered, str) and ">" in registered else function
        raise ModelError(
            f"The model uses the function '{str(called)[:80]}', which is custom code; "
            "it was not opened.",
            "If it is a loss or a metric, save the model again without compiling it.",
        )


def _judge_sizes(name: str, record: dict[str, Any]) -> None:
    config = record.get("config")
    if not isinstance(config, dict):
        return
    for key in _SIZES & config.keys():
        if any(abs(size) > _LARGEST for size in _numbers(config[key])):
            raise ModelError(f"Layer '{name}' has the absurd {key} {str(config[key])[:60]}.")
    build = record.get("build_config")
    for source in (config, build if isinstance(build, dict) else {}):
        for key in (_SHAPES | {"shapes_dict"}) & source.keys():
            _judge_shape(name, source[key])
    for key in _ACTIVATIONS & config.keys():
        if isinstance(config[key], str) and not is_activation(config[key]):
            raise ModelError(
                f"Layer '{name}' uses the activation '{config[key][:60]}', which is not one of "
                "Keras's own; it was not opened."
            )


def _judge_shape(name: str, shape: Any) -> None:
    """Refuse absurd shapes: of one tensor, or of all that a merging layer takes together."""
    total = 0.0
    for sizes in _tensors(shape):
        absurd = any(size == 0 or size < -1 or size > _LARGEST for size in sizes)
        total += math.prod(max(size, 1) for size in sizes)
        if absurd or total > _MOST_VALUES:
            raise ModelError(f"Layer '{name}' has the absurd shape {str(shape)[:60]}.")


def _tensors(shape: Any) -> list[list[float]]:
    """Return the sizes of each tensor in a shape, a list of shapes, or a mapping of them."""
    if isinstance(shape, dict):
        return [sizes for item in shape.values() for sizes in _tensors(item)]
    if isinstance(shape, list) and any(isinstance(item, (list, dict)) for item in shape):
        return [sizes for item in shape for sizes in _tensors(item)]
    return [_numbers(shape)]


def _numbers(value: Any) -> list[float]:
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in _numbers(item)]
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    return [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []
