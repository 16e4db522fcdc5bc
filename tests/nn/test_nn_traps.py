"""A model's weights are read once in a process of their own before Keras reads them."""

import io
import json
import resource
import warnings
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from spectracnn.errors import ModelError
from spectracnn.nn.layer_names import MOST
from spectracnn.nn.loading import open_model, with_card
from spectracnn.nn.model_file import read_model_file

FAULTS = Path(__file__).parents[1] / "data" / "faults"


def _archive(path, weights):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {}}))
        archive.writestr("model.weights.h5", weights)
    return path


@pytest.mark.parametrize(
    ("name", "found"),
    [("HANG-3-11-f.brainprint.csv", "hangs"), ("CRASH-3-6555-h1.h5", "stops its reader")],
)
def test_weights_that_hang_or_crash_libhdf5_are_a_sentence(tmp_path, name, found):
    path = _archive(tmp_path / "model.keras", (FAULTS / name).read_bytes())
    with pytest.raises(ModelError):
        read_model_file(path)
    with pytest.raises(ModelError, match=found):
        read_model_file(FAULTS / name)  # a legacy file


def test_weights_of_another_file_or_without_end_are_refused(tmp_path):
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.create_dataset("w", (1 << 27,), "f8", chunks=(1 << 20,), compression="gzip")
        file["w"][:: 1 << 20] = 1.0
    with pytest.raises(ModelError, match=r"absurd|unpack"):
        read_model_file(_archive(tmp_path / "big.keras", made.getvalue()))


@pytest.mark.parametrize("wrong", [{"a": 1}, [], None, 5])
def test_a_configuration_of_wrong_types_is_a_sentence(tmp_path, wrong):
    layer = {"class_name": wrong, "config": {"name": wrong, "units": wrong}}
    no_list = 5 if wrong == [] else wrong
    for config in (
        {"class_name": wrong, "config": wrong},
        {"class_name": "Sequential", "config": {"layers": [layer], "name": wrong}},
        {"class_name": "Sequential", "config": {"layers": no_list}},
    ):
        path = _archive(tmp_path / "model.keras", b"")
        made = io.BytesIO()
        with h5py.File(made, "w") as file:
            file["w"] = [1.0]
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("metadata.json", "{}")
            archive.writestr("config.json", json.dumps(config))
            archive.writestr("model.weights.h5", made.getvalue())
        with pytest.raises(ModelError):
            read_model_file(path)


def test_a_damaged_entry_beside_the_weights_is_a_sentence(tmp_path, saved):
    data = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as archive:
        at = archive.getinfo("metadata.json").header_offset
    data[at + 30] ^= 1  # the name in front of it is another then
    path = tmp_path / "model.keras"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="damaged or cut off"):
        read_model_file(path)


def _named(keras, first, second):
    layers = keras.layers
    inner = keras.Sequential(
        [keras.Input((40, 1)), layers.Conv1D(4, 5, activation="relu", name=first)], name=second
    )
    pool = layers.MaxPooling1D(2, name=f"p {second}")
    head = [layers.Flatten(), layers.Dense(3, "softmax")]
    return keras.Sequential([keras.Input((40, 1)), inner, pool, *head])


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_names_with_blanks_and_accents_run_as_any_other(tmp_path, keras, spectrum, suffix):
    first, second = "Schicht \u00e9 1\t\u00fc", "gr\u00f6\u00dfe 2"
    model = _named(keras, first, second)
    path = tmp_path / f"model{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(path)
    loaded = open_model(path)
    names = [layer.name for layer in loaded.description.layers]
    assert names[:2] == [f"{second}/{first}", f"p {second}"]
    trace = loaded.trace(spectrum)
    expected = np.asarray(model(np.asarray(trace.input)[None], training=False))[0]
    np.testing.assert_allclose(trace.layers[-1].output, expected, rtol=1e-5)
    assert [layer.name for layer in with_card(loaded, None).description.layers] == names


def test_a_name_of_a_hundred_thousand_letters_is_shortened(tmp_path, keras, spectrum):
    path = tmp_path / "long.keras"
    _named(keras, "n" * 100_000, "m" * 100_000).save(path)
    loaded = open_model(path)
    assert max(len(layer.name) for layer in loaded.description.layers) <= MOST + 4
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    loaded.trace(spectrum)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10
