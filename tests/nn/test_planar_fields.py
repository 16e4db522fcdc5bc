"""Rectangles by perturbation: nothing outside changes a sample, everything inside can."""

import numpy as np
import pytest

from spectracnn.nn.loading import open_model
from spectracnn.state.selection import Sample
from spectracnn.view.marks import field_bands, read_structures

ROWS, COLUMNS = 7, 11


def cases(layers):
    conv = layers.Conv2D
    return {
        "valid": [conv(2, (2, 3))],
        "same, strided": [conv(2, (3, 4), strides=(1, 2), padding="same"), conv(2, 2)],
        "dilated": [conv(2, (2, 3), dilation_rate=(2, 3)), conv(2, (2, 1), padding="same")],
        "pooled": [conv(2, 3, padding="same"), layers.AveragePooling2D((2, 3))],
        "depthwise, separable": [
            layers.DepthwiseConv2D((1, 3)),
            layers.SeparableConv2D(2, (3, 2), padding="same"),
        ],
        "pointwise": [conv(3, (2, 3)), layers.BatchNormalization(), layers.LayerNormalization()],
        "activation": [conv(2, (3, 3)), layers.Activation("tanh"), layers.Dropout(0.3)],
    }


NAMES = (
    "valid", "same, strided", "dilated", "pooled", "depthwise, separable", "pointwise",
    "activation",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_fields_are_exact(keras, tmp_path, name):
    keras.utils.set_random_seed(1)
    head = [keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    model = keras.Sequential([keras.Input((ROWS, COLUMNS, 1)), *cases(keras.layers)[name], *head])
    model.save(tmp_path / "m.keras")
    opened = open_model(tmp_path / "m.keras")
    draw = np.random.default_rng(0)
    start = draw.normal(size=(1, ROWS, COLUMNS, 1)).astype(np.float32)
    before = opened.trace_batch(start).layers
    for index, info in enumerate(opened.description.layers):
        if len(info.output_shape) != 3:
            assert info.planar is None
            continue
        height, width, _ = info.output_shape
        found = np.zeros((height, width, ROWS, COLUMNS), bool)
        for row, column in np.ndindex(ROWS, COLUMNS):
            for _ in range(3):
                other = start.copy()
                other[0, row, column, 0] += draw.normal()
                changed = opened.trace_batch(other).layers[index][1] != before[index][1]
                found[:, :, row, column] |= changed[0].any(axis=-1)
        claimed = np.einsum("ai,bj->abij", info.planar.rows.mask, info.planar.columns.mask)
        np.testing.assert_array_equal(found, claimed)


def test_branches_claim_the_widest_or_nothing(keras, tmp_path):
    layers = keras.layers
    start = keras.Input((ROWS, COLUMNS, 1))
    wide = layers.Conv2D(2, (3, 3), padding="same", name="wide")(start)
    narrow = layers.Conv2D(2, 1, name="narrow")(start)
    both = layers.Add(name="both")([wide, narrow])
    tall = layers.Conv2D(2, (5, 1), padding="same", name="tall")(start)
    odd = layers.Add(name="odd")([both, tall])
    end = layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(odd))
    keras.Model(start, end).save(tmp_path / "m.keras")
    infos = {info.name: info for info in open_model(tmp_path / "m.keras").description.layers}
    np.testing.assert_array_equal(infos["both"].planar.rows.mask, infos["wide"].planar.rows.mask)
    assert infos["odd"].planar is None  # a cross is no rectangle


def test_a_sample_names_eigenvalues_and_structures(keras, tmp_path):
    from dataclasses import replace

    from spectracnn.core.trace import Trace

    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((ROWS, COLUMNS, 1)), layers.Conv2D(2, (2, 3)), layers.Flatten(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    model.save(tmp_path / "m.keras")
    opened = open_model(tmp_path / "m.keras")
    names = tuple(f"part {place}" for place in range(ROWS))
    description = replace(opened.description, structures=names)
    values = np.zeros((ROWS, COLUMNS, 1), np.float32)
    trace = Trace("", values, np.arange(1, COLUMNS + 1), (), np.zeros(2))
    sample = Sample(0, 3 * 9 + 4)  # row 3, column 4 of 6 x 9
    assert field_bands(description, trace, sample) == ((5.0, 7.0),)
    assert read_structures(description, sample) == "part 3 to part 4"
