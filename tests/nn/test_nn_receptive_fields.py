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
        "transposed": [conv(2, 3, strides=2), layers.Conv1DTranspose(2, 3, strides=2)],
        "transposed, same": [
            layers.Conv1DTranspose(2, 4, strides=3, padding="same"),
            layers.Conv1DTranspose(2, 5, padding="same"),
        ],
        "transposed, with gaps": [layers.Conv1DTranspose(2, 2, strides=3)],
        "recurrent": [conv(2, 3), layers.LSTM(2, return_sequences=True)],
        "recurrent, backwards": [layers.GRU(2, return_sequences=True, go_backwards=True)],
        "recurrent, both ways": [
            conv(2, 3),
            layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True)),
        ],
        "distributed": [conv(2, 3), layers.TimeDistributed(layers.Dense(2))],
        "vectors": [
            conv(2, 3),
            layers.AveragePooling1D(5),
            layers.Flatten(),
            layers.Dense(3),
            layers.Reshape((3, 1)),
        ],
        "repeated": [layers.Flatten(), layers.Dense(2), layers.RepeatVector(4)],
        "groups": [conv(4, 3), conv(4, 3, groups=2), layers.GroupNormalization(2)],
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
    "transposed",
    "transposed, same",
    "transposed, with gaps",
    "recurrent",
    "recurrent, backwards",
    "recurrent, both ways",
    "distributed",
    "vectors",
    "repeated",
    "groups",
]


@pytest.mark.parametrize("name", NAMES)
def test_field_is_what_perturbation_finds(name: str, keras: Any, tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    cases = _cases(keras.layers)
    assert list(cases) == NAMES
    body = cases[name]
    body_and_head = [*body, keras.layers.Flatten(), keras.layers.Dense(2)]
    check(keras.Sequential([keras.Input((N, 1)), *body_and_head]), len(body), tmp_path)


def check(model: Any, count: int, tmp_path: Path) -> None:
    """Compare the fields of the first layers with what perturbing the input changes."""
    path = tmp_path / "model.keras"
    model.save(path)
    opened = open_model(path)
    base = np.random.default_rng(0).normal(size=(N, 1)).astype(np.float32)
    # One by one: in a batch, how numbers are rounded depends on their place in memory.
    first = opened.trace_batch(base[None], single=True)
    found = [np.zeros((_steps(output), N), bool) for _, output in first.layers]
    for size in (3, -3):  # one maximum or ReLU may hide one of them
        for place in range(N):
            other = base + size * np.eye(N, dtype=np.float32)[:, [place]]
            layers = opened.trace_batch(other[None], single=True).layers
            for mask, (_, one), (_, output) in zip(found, first.layers, layers, strict=True):
                mask[:, place] |= (one != output)[0].reshape(len(mask), -1).any(axis=1)
    for mask, info in list(zip(found, opened.description.layers, strict=True))[:count]:
        assert info.field is not None, info.name
        np.testing.assert_array_equal(mask, info.field.mask, err_msg=info.name)


def _steps(output: Any) -> int:
    return int(output.shape[1]) if output.ndim == 3 else 1


def test_fields_follow_branches(keras: Any, tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    layers = keras.layers
    start = keras.Input((N, 1))
    narrow = layers.Conv1D(2, 1)(start)
    wide = layers.Conv1D(2, 3, padding="same", dilation_rate=4)(start)
    joined = layers.Concatenate()([narrow, wide])
    inner = keras.Sequential([keras.Input((N, 4)), layers.Conv1D(2, 2, strides=2)])(joined)
    ends = layers.Concatenate(axis=1)([inner, layers.Cropping1D((3, 4))(narrow)])
    weights = layers.Dense(2, activation="sigmoid")(layers.GlobalAveragePooling1D()(wide))
    weighted = layers.Multiply()([ends, layers.Reshape((1, 2))(weights)])
    end = layers.Dense(2)(layers.Flatten()(weighted))
    check(keras.Model(start, end), 11, tmp_path)


def test_nothing_is_claimed_where_nothing_is_known(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    mixed = [layers.Permute((2, 1)), layers.Dense(4), layers.Permute((2, 1)), layers.Conv1D(1, 2)]
    body = [layers.Conv1D(3, 1), *mixed]
    model = keras.Sequential([keras.Input((8, 1)), *body, layers.Flatten(), layers.Dense(2)])
    path = tmp_path / "model.keras"
    model.save(path)
    assert {info.field for info in open_model(path).description.layers[1:]} == {None}


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


RESHAPED = ["vector", "row", "image", "image and back", "flat and back", "two values a step"]


@pytest.mark.parametrize("name", RESHAPED)
def test_fields_pass_through_changes_of_shape(name: str, keras: Any, tmp_path: Path) -> None:
    """The input in another shape, and sequences that were a vector for a while."""
    keras.utils.set_random_seed(2)
    layers = keras.layers
    convolved = [layers.Conv1D(2, 3), layers.MaxPooling1D(2), layers.Conv1D(2, 2)]
    shape, body = {
        "vector": ((N,), [layers.Reshape((N, 1)), *convolved]),
        "row": ((1, N), [layers.Reshape((N, 1)), *convolved]),
        "image": ((N, 1, 1), [layers.Reshape((N, 1)), *convolved]),
        "image and back": (
            (N, 1),
            [layers.Reshape((N, 1, 1)), layers.Reshape((N, 1)), *convolved],
        ),
        "flat and back": (
            (N, 1),
            [
                layers.Conv1D(3, 3),
                layers.Flatten(),
                layers.Reshape((N - 2, 3)),
                layers.Conv1D(2, 2),
            ],
        ),
        "two values a step": ((N,), [layers.Reshape((N // 2, 2)), layers.Conv1D(2, 3)]),
    }[name]
    model = keras.Sequential([keras.Input(shape), *body, layers.Flatten(), layers.Dense(2)])
    path = tmp_path / "model.keras"
    model.save(path)
    opened = open_model(path)
    sequences = [
        place
        for place, info in enumerate(opened.description.layers[: len(body)])
        if len(info.output_shape) == 2
    ]
    base = np.random.default_rng(0).normal(size=(N, 1)).astype(np.float32)
    first = opened.trace_batch(base[None], single=True)
    found = {place: np.zeros((first.layers[place][1].shape[1], N), bool) for place in sequences}
    for size in (3, -3):
        for at in range(N):
            other = base + size * np.eye(N, dtype=np.float32)[:, [at]]
            layers_now = opened.trace_batch(other[None], single=True).layers
            for place, mask in found.items():
                mask[:, at] |= (first.layers[place][1] != layers_now[place][1])[0].any(axis=1)
    for place, mask in found.items():
        field = opened.description.layers[place].field
        assert field is not None
        np.testing.assert_array_equal(mask, field.mask)
