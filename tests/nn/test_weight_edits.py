"""Passes with weights set by hand, against a copy of the network that has them."""

import json

import numpy as np
import pytest

from spectracnn.core.card_file import card_path
from spectracnn.core.weight_edits import WeightEdit, merged
from spectracnn.errors import LayerError, ModelError
from spectracnn.nn.loading import open_model
from spectracnn.nn.weight_edits import edited_weights, save_edited


@pytest.fixture
def model(saved):
    return open_model(saved)


def edit_of(model, layer, weight="kernel", factor=-0.5):
    values = model.weights_of(layer).arrays[weight]
    return WeightEdit(layer, weight, factor * values + 0.1, "scaled")


@pytest.mark.parametrize("layer", [0, 2, 5])
def test_every_layer_follows(model, keras, sequential, spectrum, layer):
    edit = edit_of(model, layer)
    before = model.trace(spectrum)
    with edited_weights(model, [edit]):
        found = model.trace(spectrum)
    copy = keras.models.clone_model(sequential)
    copy.set_weights(sequential.get_weights())
    copy.layers[layer].kernel.assign(edit.values)
    outputs = keras.Model(copy.inputs, [item.output for item in copy.layers])([found.input[None]])
    for trace, expected in zip(found.layers, outputs, strict=True):
        np.testing.assert_allclose(trace.output, np.asarray(expected)[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(model.trace(spectrum).probabilities, before.probabilities)
    assert np.abs(found.probabilities - before.probabilities).max() > 1e-3


def test_own_weights_come_back_after_an_error(model, spectrum):
    before = model.trace(spectrum).probabilities

    def fail():
        with edited_weights(model, [edit_of(model, 0)]):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    np.testing.assert_array_equal(model.trace(spectrum).probabilities, before)


def test_two_edits_of_one_array_leave_nothing_behind(model, spectrum):
    before = model.trace(spectrum).probabilities
    with edited_weights(model, [edit_of(model, 0), edit_of(model, 0, factor=3)]):
        pass
    np.testing.assert_array_equal(model.trace(spectrum).probabilities, before)


def test_the_saved_model_has_the_edits_and_says_so(model, keras, spectrum, tmp_path):
    edit = edit_of(model, 0)
    original = model.description.path
    with open(original, "rb") as stream:
        bytes_before = stream.read()
    path = save_edited(model, [edit], tmp_path / "edited.keras")
    with open(original, "rb") as stream:
        assert stream.read() == bytes_before
    np.testing.assert_array_equal(keras.models.load_model(path).layers[0].kernel, edit.values)
    card = json.loads(card_path(path).read_text(encoding="utf-8"))
    assert card["origin"]["model_sha256"] == model.description.sha256
    (change,) = card["origin"]["changes"]
    assert change["layer"] == "first"
    assert change["weight"] == "kernel"
    assert change["changed_values"] > 0
    assert change["caption"] == "scaled"
    with edited_weights(model, [edit]):
        expected = model.trace(spectrum).probabilities
    found = open_model(path).trace(spectrum).probabilities
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert sorted(item.name for item in tmp_path.iterdir() if "edited" in item.name) == [
        "edited.card.json",
        "edited.keras",
    ]


def test_refusals(model, tmp_path):
    with (
        pytest.raises(ModelError, match="no layer 99"),
        edited_weights(model, [WeightEdit(99, "kernel", np.zeros(1))]),
    ):
        pass
    with (
        pytest.raises(LayerError, match="no weights 'gamma'"),
        edited_weights(model, [WeightEdit(0, "gamma", np.zeros(1))]),
    ):
        pass
    with (
        pytest.raises(LayerError, match="found the shape"),
        edited_weights(model, [WeightEdit(0, "kernel", np.zeros((1, 1, 1)))]),
    ):
        pass
    with pytest.raises(LayerError, match="not a finite number"):
        WeightEdit(0, "kernel", np.array([np.inf]))
    with pytest.raises(LayerError, match="never altered"):
        save_edited(model, [], tmp_path / "small.keras")
    with pytest.raises(LayerError, match=r"as a \.keras file"):
        save_edited(model, [], tmp_path / "small.h5")


def test_edits_as_json_and_merged(model):
    edit = edit_of(model, 2)
    again = WeightEdit.from_json(json.loads(json.dumps(edit.to_json())))
    assert (again.layer, again.weight, again.caption) == (2, "kernel", "scaled")
    np.testing.assert_array_equal(again.values, edit.values)
    newer = edit_of(model, 2, factor=2)
    assert merged((edit, edit_of(model, 0)), newer)[-1] is newer
    assert len(merged((edit, edit_of(model, 0)), newer)) == 2
    with pytest.raises(LayerError, match="damaged"):
        WeightEdit.from_json({"layer": 1})
