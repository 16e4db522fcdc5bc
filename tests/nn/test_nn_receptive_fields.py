"""Receptive fields by perturbation: nothing outside changes a sample, everything inside can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path

N = 24


def _cases(layers: Any) -> dict[str, list[Any]]:
    conv = layers.Conv1D
    return {
        "valid": [conv(2, 5)],
        "same, even kernel": [conv(2, 4, padding="same")],
        "causal, dilated": [conv(2, 3, padding="causal", dilation_rate=3)],
        "dilated twice": [conv(2, 3, dilation_rate=2), conv(2, 2, dilation_rate=3)],
        "strided, same": [conv(2, 5, strides=3, padding="same"), conv(2, 3, padding="same")],
        "pooled": [conv(2, 3, padding="same"), layers.AveragePooling1D(3, strides=2)],
        "pooled, same": [layers.AveragePooling1D(4, padding="same"), conv(2, 2)],
        "padded, cropped, repeated": [
            layers.ZeroPadding1D((2, 1)),
            conv(2, 3),
            layers.Cropping1D((1, 2)),
            layers.UpSampling1D(2),
        ],
        "depthwise, separable": [
            layers.DepthwiseConv1D(3, padding="same"),
            layers.SeparableConv1D(2, 3, strides=2),
        ],
        "pointwise": [conv(2, 3), layers.BatchNormalization(), layers.LeakyReLU(), layers.Dense(2)],
        "normalised over steps": [conv(2, 3), layers.LayerNormalization(axis=1)],
        "normalised over channels": [conv(3, 3), layers.LayerNormalization()],
    }


NAMES = [
    "valid",
    "same, even kernel",
    "causal, dilated",
    "dilated twice",
    "strided, same",
    "pooled",
    "pooled, same",
    "padded, cropped, repeated",
    "depthwise, separable",
    "pointwise",
    "normalised over steps",
    "normalised over channels",
]


@pytest.mark.parametrize("name", NAMES)
def test_field_is_what_perturbation_finds(name: str, keras: Any, tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    cases = _cases(keras.layers)
    assert list(cases) == NAMES
    body = cases[name]
    head = [keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(2)]
    model = keras.Sequential([keras.Input((N, 1)), *body, *head])
    path = tmp_path / "model.keras"
    model.save(path)
    opened = open_model(path)
    rng = np.random.default_rng(0)
    base = rng.normal(size=(N, 1)).astype(np.float32)
    inputs = np.stack([base, *(base + 3 * np.eye(N, dtype=np.float32)[:, [i]] for i in range(N))])
    # One at a time: in a batch, the order of additions may depend on a row's place in it.
    passes = [opened.trace_batch(one[None], single=True) for one in inputs]
    for place, info in enumerate(opened.description.layers[: len(body)]):
        assert info.field is not None
        output = np.concatenate([traced.layers[place][1] for traced in passes])
        changed = (output[1:] != output[0]).any(axis=2)  # (perturbed input, step)
        np.testing.assert_array_equal(changed.T, info.field.mask, err_msg=info.name)


def test_nominal_field_reaches_into_the_padding(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    body = [layers.Conv1D(1, 5, padding="same"), layers.MaxPooling1D(2), layers.Flatten()]
    model = keras.Sequential([keras.Input((8, 1)), *body, layers.Dense(2)])
    path = tmp_path / "model.keras"
    model.save(path)
    conv, pool, flat, _ = open_model(path).description.layers
    assert conv.field is not None
    assert pool.field is not None
    assert flat.field is not None
    assert (conv.field.start[0], conv.field.stop[0], conv.field.size) == (-2, 2, 5)
    assert conv.field.runs(0) == [(0, 2)]
    np.testing.assert_array_equal(conv.field.centres, np.arange(8))
    assert (pool.field.start[0], pool.field.stop[0]) == (-2, 3)
    assert (pool.field.size, pool.field.jump) == (6, 2)
    np.testing.assert_array_equal(pool.field.centres, [0.5, 2.5, 4.5, 6.5])
    assert flat.field.covers_everything
