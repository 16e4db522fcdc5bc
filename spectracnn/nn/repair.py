"""Repairs the configurations of older Keras versions, which Keras 3 refuses or reads wrongly.

Works on a copy of the JSON; the model's file is never changed.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from spectracnn.errors import ModelError
from spectracnn.nn.allowed import LAYERS, MODELS, accepts_trainable
from spectracnn.nn.old_calls import rewrite_calls, without_slashes

_OLD_MODEL_HOMES = ("keras.engine.", "keras.src.engine.", "tf_keras.src.engine.")
_SEPARABLE = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
_INERT = {
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "DepthwiseConv1D": ("filters", *_SEPARABLE),
    "DepthwiseConv2D": ("filters", *_SEPARABLE),
    "MultiHeadAttention": ("query_shape", "key_shape", "value_shape", "softmax_robust_masking"),
    "Conv1DTranspose": ("groups",),
    "Conv2DTranspose": ("groups",),
    "LSTM": ("time_major",),
    "GRU": ("time_major",),
    "SimpleRNN": ("time_major",),
    "SpatialDropout1D": ("noise_shape",),
    "SpatialDropout2D": ("noise_shape",),
    "SpatialDropout3D": ("noise_shape",),
    "RNN": ("time_major",),
    "ConvLSTM1D": ("time_major",),
    "ConvLSTM2D": ("time_major",),
}
"""What Keras 2 stored and Keras 3 refuses, and what has no effect: grouping is of one group."""
_SIGNIFICANT = {"groups", "time_major", "softmax_robust_masking"}
_RENAMED = {"LeakyReLU": ("alpha", "negative_slope")}
_OTHER_CLASSES = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "LSTMV2": "LSTM",
    "GRUV2": "GRU",
    "UnifiedLSTM": "LSTM",
    "UnifiedGRU": "GRU",
    "MaxPool1D": "MaxPooling1D",
    "AvgPool1D": "AveragePooling1D",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Merge": "Concatenate",
}
"""Older names of the same layers."""


def repaired(config: Any) -> Any:
    """Return the configuration as Keras 3 reads it rightly.

    Keras 2.2.2 and older stored a Sequential model as a bare list of layers. Keras 2.3 and older
    stored no input layer: Keras 3 takes their first layer's ``batch_input_shape`` for a shape
    without the batch axis, and the network's input silently gains an axis.

    Parameters
    ----------
    config : dict
        Of a whole model. Untouched.

    Returns
    -------
    dict
        Equal to the argument where nothing needs repair.

    Raises
    ------
    ModelError
        If a layer says something that Keras 3 would drop in silence.
    """
    copy = deepcopy(config)
    copy = without_slashes(copy)
    _repair(copy, 0)
    rewrite_calls(copy)
    return copy


def _repair(value: Any, depth: int) -> None:
    if depth > 200:  # the judge refuses it with a sentence
        return
    if isinstance(value, dict) and depth > 0:
        value.pop("compile_config", None)  # of nested models; Keras drops the outermost itself
    if isinstance(value, list):
        for item in value:
            _repair(item, depth + 1)
    elif isinstance(value, dict):
        if value.get("class_name") in MODELS:
            _repair_home(value)
            _repair_references(value.get("config"))
        if value.get("class_name") == "Sequential":
            _repair_sequential(value)
        elif isinstance(value.get("config"), dict) and isinstance(value.get("class_name"), str):
            _repair_layer(value)
        for item in value.values():
            _repair(item, depth + 1)


def _repair_home(record: dict[str, Any]) -> None:
    module = record.get("module")
    if isinstance(module, str) and module.startswith(_OLD_MODEL_HOMES):
        functional = record["class_name"] != "Sequential"
        record["module"] = "keras.src.models.functional" if functional else "keras"
        record["class_name"] = "Functional" if functional else "Sequential"


def _repair_references(config: Any) -> None:
    """Count the calls of nested models from 0, as Keras 3 does; Keras 2 began at 1."""
    layers = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(layers, list):
        return
    entries = [entry for entry in layers if isinstance(entry, dict)]
    for entry in entries:
        calls = entry.get("inbound_nodes")
        if entry.get("class_name") not in MODELS or not isinstance(calls, list):
            continue
        found: list[list[Any]] = []
        for place in (
            *(other.get("inbound_nodes") for other in entries),
            config.get("output_layers"),
        ):
            _find_references(place, entry.get("name"), found)
        if found and max(reference[1] for reference in found) == len(calls):
            for reference in found:
                reference[1] -= 1


def _find_references(value: Any, name: Any, found: list[list[Any]]) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return
    if len(value) >= 3 and value[0] == name and isinstance(value[1], int):
        found.append(value)
    for item in value:
        _find_references(item, name, found)


def _repair_sequential(record: dict[str, Any]) -> None:
    if isinstance(record.get("config"), list):
        record["config"] = {"name": "sequential", "layers": record["config"]}
    config = record.get("config")
    layers = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(layers, list) or not layers or not isinstance(layers[0], dict):
        return
    first = layers[0].get("config")
    if layers[0].get("class_name") == "InputLayer" or not isinstance(first, dict):
        return
    shape = first.pop("batch_input_shape", None)
    if shape is None and layers[0].get("class_name") in ("Bidirectional", "TimeDistributed"):
        inner = first.get("layer")
        if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
            shape = inner["config"].get("batch_input_shape")
    if shape is None:
        return
    settings = {"batch_shape": shape, "dtype": "float32", "name": f"{first.get('name')}_input"}
    entry: dict[str, Any] = {"class_name": "InputLayer", "config": settings}
    if "module" in layers[0]:
        entry |= {"module": "keras.layers", "registered_name": None}
    layers.insert(0, entry)


def _repair_layer(record: dict[str, Any]) -> None:
    config = record["config"]
    class_name = record["class_name"] = _OTHER_CLASSES.get(
        record["class_name"], record["class_name"]
    )
    _repair_class(record)
    class_name = record["class_name"]
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1 and class_name != "Dot":
        config["axis"] = axis[0]
    if class_name in _RENAMED:
        old, new = _RENAMED[class_name]
        if old in config:
            config[new] = config.pop(old)
    for key in _INERT.get(class_name, ()):
        if key in _SIGNIFICANT and config.get(key) not in (1, None, False):
            raise ModelError(
                f"Layer '{config.get('name', class_name)}' has {key}={config[key]!r}, which "
                "Keras 3 does not know."
            )
        config.pop(key, None)
    if class_name != "InputLayer":
        config.pop("batch_input_shape", None)


def _repair_class(record: dict[str, Any]) -> None:
    """Put a layer of Keras 2 into the words of the layer that computes the same in Keras 3."""
    config, class_name = record["config"], record["class_name"]
    if class_name == "ThresholdedReLU":
        record["class_name"] = "ReLU"
        config["threshold"] = config.pop("theta", 1.0)
        if record.get("registered_name") == class_name:
            record["registered_name"] = "ReLU"
    if class_name.startswith("Random"):
        config.pop("rng_type", None)  # of training alone
    if "trainable" in config and not accepts_trainable(class_name):
        del config["trainable"]
    if class_name in _INITIALISERS:
        config.pop("dtype", None)  # of the weights, which the file holds
    if "module" not in record and class_name == "GroupedQueryAttention":
        record["class_name"] = "GroupQueryAttention"  # as Keras exports it
    if "module" not in record and class_name in LAYERS:
        # Without a module Keras takes words such as "dot" in a layer's settings for functions.
        record |= {"module": "keras.layers", "registered_name": None}


_INITIALISERS = frozenset(
    """Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling Orthogonal
    Identity GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal LecunUniform""".split()
)
