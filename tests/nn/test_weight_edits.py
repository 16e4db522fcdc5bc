"""Passes with weights set by hand, against a copy of the network that has them."""

import json

import numpy as np
import pytest

from spectracnn.core.card_file import card_path
from spectracnn.core.weight_edits import WeightEdit, merged
from spectracnn.errors import LayerError, ModelError
from spectracnn.nn.loading import open_model
from spectracnn.nn.weight_edits import edited_weights, save_edited, snapshot_edits


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


def test_an_epoch_of_a_training_can_be_looked_through(model, keras, sequential, spectrum, tmp_path):
    other = keras.models.clone_model(sequential)
    draw = np.random.default_rng(2)
    weights = [draw.normal(size=array.shape).astype("f") for array in other.get_weights()]
    other.set_weights(weights)
    path = tmp_path / "epoch.npz"
    np.savez(path, **{f"w{place}": array for place, array in enumerate(weights)})
    edits = snapshot_edits(model, path, "epoch 3")
    assert {edit.caption for edit in edits} == {"epoch 3"}
    with edited_weights(model, edits):
        found = model.trace(spectrum)
    expected = np.asarray(other(found.input[None]))[0]
    np.testing.assert_allclose(found.probabilities, expected, rtol=1e-5)


def test_an_epoch_of_another_network_is_refused(model, tmp_path):
    np.savez(tmp_path / "other.npz", w0=np.zeros((3, 1, 2)))
    with pytest.raises(LayerError, match="of another network"):
        snapshot_edits(model, tmp_path / "other.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04nonsense")
    with pytest.raises(LayerError, match="cannot be read"):
        snapshot_edits(model, tmp_path / "broken.npz")
