"""Files of Keras 2: written here as those versions wrote them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path

CONVOLUTION = {
    "name": "conv1d_1",
    "trainable": True,
    "batch_input_shape": [None, 12, 1],
    "dtype": "float32",
    "filters": 2,
    "kernel_size": [3],
    "strides": [1],
    "padding": "valid",
    "data_format": "channels_last",
    "dilation_rate": [1],
    "activation": "relu",
    "use_bias": True,
    "kernel_initializer": {
        "class_name": "VarianceScaling",
        "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
    },
    "bias_initializer": {"class_name": "Zeros", "config": {}},
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
}
NORMALISATION = {"name": "norm", "trainable": True, "axis": [2], "momentum": 0.99, "epsilon": 1e-3}
FLATTEN = {"name": "flatten_1", "trainable": True, "data_format": "channels_last"}
DENSE = {"name": "dense_1", "trainable": True, "units": 2, "activation": "softmax"}
LAYERS = [
    {"class_name": "Conv1D", "config": CONVOLUTION},
    {"class_name": "BatchNormalization", "config": NORMALISATION},
    {"class_name": "LeakyReLU", "config": {"name": "leak", "alpha": 0.25}},
    {"class_name": "Flatten", "config": FLATTEN},
    {"class_name": "Dense", "config": DENSE},
]
WEIGHTS = {
    "conv1d_1": {"kernel:0": (3, 1, 2), "bias:0": (2,)},
    "norm": {"gamma:0": (2,), "beta:0": (2,), "moving_mean:0": (2,), "moving_variance:0": (2,)},
    "leak": {},
    "flatten_1": {},
    "dense_1": {"kernel:0": (20, 2), "bias:0": (2,)},
}


def written(path: Path, config: Any, weights: dict[str, dict[str, tuple[int, ...]]]) -> Path:
    """Write a whole-model file as ``model.save`` of Keras 2 did."""
    rng = np.random.default_rng(0)
    with h5py.File(path, "w") as store:
        store.attrs["keras_version"] = b"2.2.4"
        store.attrs["backend"] = b"tensorflow"
        store.attrs["model_config"] = json.dumps(config).encode()
        root = store.create_group("model_weights")
        root.attrs["layer_names"] = [name.encode() for name in weights]
        for layer, arrays in weights.items():
            group = root.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}/{name}".encode() for name in arrays]
            for name, shape in arrays.items():
                group[f"{layer}/{name}"] = rng.uniform(0.1, 1.0, shape).astype(np.float32)
    return path


def by_hand(path: Path, x: Any) -> Any:
    """Compute the network from the stored numbers."""
    with h5py.File(path) as store:
        root = store["model_weights"]
        found = {name: root[layer][f"{layer}/{name}"][()] for layer in ("norm",)
                 for name in WEIGHTS[layer]}  # fmt: skip
        kernel, bias = (root["conv1d_1"][f"conv1d_1/{name}"][()] for name in ("kernel:0", "bias:0"))
        weight, last = (root["dense_1"][f"dense_1/{name}"][()] for name in ("kernel:0", "bias:0"))
    windows = np.lib.stride_tricks.sliding_window_view(x, 3)
    values = np.maximum(windows @ kernel[:, 0] + bias, 0)
    spread = np.sqrt(found["moving_variance:0"] + 1e-3)
    values = (values - found["moving_mean:0"]) / spread * found["gamma:0"] + found["beta:0"]
    values = np.where(values < 0, 0.25 * values, values).ravel() @ weight + last
    return np.exp(values - values.max()) / np.exp(values - values.max()).sum()


@pytest.mark.parametrize("kind", ["bare list", "no input layer", "with input layer"])
@pytest.mark.parametrize("suffix", [".h5", ".hdf5"])
def test_sequential_of_keras_2(kind: str, suffix: str, tmp_path: Path) -> None:
    layers: Any = LAYERS
    if kind == "with input layer":
        start = {"batch_input_shape": [None, 12, 1], "dtype": "float32", "sparse": False}
        layers = [{"class_name": "InputLayer", "config": {**start, "name": "in"}}, *LAYERS]
    config = layers if kind == "bare list" else {"name": "sequential_1", "layers": layers}
    model = {"class_name": "Sequential", "config": config}
    path = written(tmp_path / f"old{suffix}", model, WEIGHTS)
    stored = path.read_bytes()
    opened = open_model(path)
    assert opened.description.input_shape == (12, 1)
    assert [info.layer_class for info in opened.description.layers] == [
        entry["class_name"] for entry in LAYERS
    ]
    x = np.linspace(-1, 2, 12, dtype=np.float32)
    found = opened.predict(x[None, :, None])[0]
    np.testing.assert_allclose(found, by_hand(path, x), rtol=1e-5)
    assert path.read_bytes() == stored


def test_dense_first_without_input_layer(tmp_path: Path) -> None:
    """Keras 3 by itself loads such a file in silence, with one axis too many."""
    first = {"name": "a", "units": 3, "activation": "tanh", "batch_input_shape": [None, 5]}
    last = {"name": "b", "units": 2, "activation": "linear"}
    config = [{"class_name": "Dense", "config": entry} for entry in (first, last)]
    weights = {
        "a": {"kernel:0": (5, 3), "bias:0": (3,)},
        "b": {"kernel:0": (3, 2), "bias:0": (2,)},
    }
    path = written(tmp_path / "mlp.h5", {"class_name": "Sequential", "config": config}, weights)
    opened = open_model(path)
    assert opened.description.input_shape == (5, 1)
    assert [info.output_shape for info in opened.description.layers] == [(3,), (2,)]


def test_functional_of_keras_2_with_a_nested_sequential(tmp_path: Path) -> None:
    inner = {"class_name": "Sequential", "config": {"name": "inner", "layers": LAYERS}}
    start = {"batch_input_shape": [None, 12, 1], "dtype": "float32", "sparse": False}
    config = {
        "name": "model_1",
        "layers": [
            {
                "name": "input_1",
                "class_name": "InputLayer",
                "config": {**start, "name": "input_1"},
                "inbound_nodes": [],
            },
            {**inner, "name": "inner", "inbound_nodes": [[["input_1", 0, 0, {}]]]},
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["inner", 1, 0]],
    }
    joined = {f"{layer}": arrays for layer, arrays in WEIGHTS.items() if arrays}
    path = tmp_path / "nested.h5"
    written(path, {"class_name": "Model", "config": config}, joined)
    with h5py.File(path, "a") as store:
        root = store["model_weights"]
        group = root.create_group("inner")
        order = [(layer, name) for layer, arrays in joined.items() for name in arrays]
        # Keras 2 lists what is trained first.
        order.sort(key=lambda item: "moving" in item[1])
        names = []
        for layer, name in order:
            group[f"{layer}/{name}"] = root[layer][f"{layer}/{name}"][()]
            names.append(f"{layer}/{name}".encode())
        group.attrs["weight_names"] = names
        root.attrs["layer_names"] = [b"input_1", b"inner"]
        root.create_group("input_1").attrs["weight_names"] = np.array([], dtype="S1")
    opened = open_model(path)
    assert [info.name for info in opened.description.layers] == [
        f"inner/{entry['config']['name']}" for entry in LAYERS
    ]
    x = np.linspace(-1, 2, 12, dtype=np.float32)
    np.testing.assert_allclose(opened.predict(x[None, :, None])[0], by_hand(path, x), rtol=1e-5)
