"""Forty networks drawn at random: every array equals what Keras itself computes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS = 48
ACTIVATIONS = ["relu", "tanh", "elu", "softmax", "sigmoid", "gelu", "selu", "softplus", None]


class Builder:
    """Draws one network."""

    def __init__(self, keras: Any, seed: int) -> None:
        self.keras, self.layers = keras, keras.layers
        self.draw = np.random.default_rng(seed)
        keras.utils.set_random_seed(seed)

    def pick(self, *choices: Any) -> Any:
        return choices[int(self.draw.integers(len(choices)))]

    def convolution(self, filters: int, padding: str | None = None) -> Any:
        dilation = self.pick(1, 1, 2, 3)
        kind = self.pick("Conv1D", "Conv1D", "SeparableConv1D")
        return getattr(self.layers, kind)(
            filters,
            self.pick(1, 2, 3, 5),
            strides=1 if dilation > 1 or padding else self.pick(1, 1, 2),
            dilation_rate=dilation,
            padding=padding or self.pick("valid", "same", *["causal"] * (kind == "Conv1D")),
            activation=self.pick(*ACTIVATIONS),
        )

    def pointwise(self) -> Any:
        layers = self.layers
        return self.pick(
            layers.BatchNormalization,
            layers.LayerNormalization,
            layers.LeakyReLU,
            layers.PReLU,
            lambda: layers.Dropout(0.4),
            lambda: layers.Activation("tanh"),
            lambda: layers.SpatialDropout1D(0.2),
            lambda: layers.Dense(3, activation="relu"),
        )()

    def branch(self, x: Any) -> Any:
        one = self.convolution(4, "same")(x)
        other = self.convolution(4, "same")(x)
        merge = self.pick("Add", "Multiply", "Average", "Maximum", "Concatenate", "Subtract")
        return getattr(self.layers, merge)()([one, other])

    def nested(self, x: Any, depth: int) -> Any:
        keras = self.keras
        start = keras.Input(x.shape[1:])
        if depth and self.draw.random() < 0.6:
            inner = self.nested(self.convolution(3, "same")(start), depth - 1)
            return keras.Model(start, inner)(x)
        body = [self.convolution(3, "same"), self.pointwise()]
        return keras.Sequential([keras.Input(x.shape[1:]), *body])(x)

    def network(self) -> Any:
        x = start = self.keras.Input((STEPS, 1))
        shared = self.layers.Conv1D(3, 3, padding="same", activation="relu")
        for _ in range(int(self.draw.integers(1, 5))):
            act = self.pick("conv", "conv", "pool", "pointwise", "branch", "nested", "shared")
            if act == "conv":
                x = self.convolution(int(self.draw.integers(2, 7)))(x)
            elif act == "pool" and x.shape[1] > 8:
                pool = self.pick(self.layers.MaxPooling1D, self.layers.AveragePooling1D)
                x = pool(2, padding=self.pick("valid", "same"))(x)
            elif act == "pointwise":
                x = self.pointwise()(x)
            elif act == "branch":
                x = self.branch(x)
            elif act == "nested":
                x = self.nested(x, 2)
            else:
                x = shared(shared(self.layers.Dense(3)(x)))
        pool = self.pick("Flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D")
        x = getattr(self.layers, pool)()(x)
        return self.keras.Model(start, self.layers.Dense(3, activation="softmax")(x))


@contextmanager
def listening(keras: Any) -> Iterator[list[tuple[Any, Any, Any]]]:
    """Hear every call of a layer: the layer, its input and its output, in order."""
    heard: list[tuple[Any, Any, Any]] = []
    original = keras.layers.Layer.__call__

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if not isinstance(self, (keras.Model, keras.layers.InputLayer)):
            heard.append((self, args[0], result))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.layers.Layer, "__call__", call)
        yield heard


def close(found: Any, expected: Any, name: str) -> None:
    scale = float(np.abs(expected).max()) or 1.0
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * scale, err_msg=name)


@pytest.mark.parametrize("seed", range(40))
def test_random_network(seed: int, keras: Any, tmp_path: Path) -> None:
    builder = Builder(keras, seed)
    model = builder.network()
    for weight in model.weights:  # or biases and moving means stay at 0, and hide mistakes
        noise = builder.draw.normal(size=weight.shape) * 0.1
        weight.assign(np.abs(noise) + 0.5 if "variance" in weight.path else weight + noise)
    path = tmp_path / "random.keras"
    model.save(path)
    opened = open_model(path)
    inputs = builder.draw.normal(size=(1, STEPS, 1)).astype(np.float32)
    found = opened.trace_batch(inputs, single=True)
    with listening(keras) as heard:
        direct = model(inputs, training=False).numpy()
    np.testing.assert_array_equal(found.output, direct)
    np.testing.assert_array_equal(opened.predict(inputs), direct)
    # Keras ends an inner model before it calls the next layer, so both have one order.
    assert len(heard) == len(found.layers) == len(opened.description.layers)
    for (layer, given, expected), (before, output), info in zip(
        heard, found.layers, opened.description.layers, strict=True
    ):
        assert info.layer_class == type(layer).__name__
        assert info.name.split("/")[-1].split(":")[0] == layer.name
        assert info.output_shape == tuple(expected.shape[1:])
        close(output, expected.numpy(), info.name)
        fused = info.activation if before is not None else ""
        if fused:
            after = keras.activations.get(fused)(before).numpy()
            np.testing.assert_array_equal(after, output)
            close(before, plain(layer, given), f"{info.name} before")


def plain(layer: Any, given: Any) -> Any:
    """Return what the layer itself gives when its activation is put out of action."""
    activation, layer.activation = layer.activation, None
    try:
        return layer.call(given).numpy()
    finally:
        layer.activation = activation
