"""Models and spectra in HDF5 and zip files are told apart by what is in them."""

from __future__ import annotations

import zipfile

import h5py
import numpy as np
import pytest

from spectracnn.io import is_model


def _hdf5(path, attributes=(), groups=()):
    with h5py.File(path, "w") as file:
        for name in attributes:
            file.attrs[name] = "{}"
        for name in groups:
            file.create_group(name)
    return path


@pytest.mark.parametrize(
    ("attributes", "groups"),
    [
        (["model_config"], ["model_weights"]),
        ([], ["model_weights"]),
        (["layer_names"], []),
        ([], ["layers", "vars"]),
    ],
)
@pytest.mark.parametrize("name", ["a.h5", "a.hdf5", "a.HDF5", "a.bin"])
def test_what_keras_writes_is_a_model(tmp_path, name, attributes, groups):
    assert is_model(_hdf5(tmp_path / name, attributes, groups))


def test_spectra_in_hdf5_are_none(tmp_path):
    path = tmp_path / "spectra.h5"
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = np.arange(5.0)
    assert not is_model(path)


def test_a_name_that_says_keras_is_believed(tmp_path):
    path = tmp_path / "damaged.keras"
    path.write_bytes(b"nothing")
    assert is_model(path)


def test_an_archive_under_another_name(tmp_path):
    model, arrays = tmp_path / "model.zip", tmp_path / "arrays.npz"
    with zipfile.ZipFile(model, "w") as archive:
        for entry in ("config.json", "metadata.json", "model.weights.h5"):
            archive.writestr(entry, "{}")
    np.savez(arrays, eigenvalues=np.arange(5.0))
    assert is_model(model)
    assert not is_model(arrays)


@pytest.mark.parametrize(
    "content", [b"", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + bytes(500), b"PK\x03\x04cut off"]
)
def test_a_damaged_file_is_none(tmp_path, content):
    path = tmp_path / "cut.h5"
    path.write_bytes(content)
    assert not is_model(path)


def test_a_missing_file_and_a_folder_are_none(tmp_path):
    assert not is_model(tmp_path / "gone.h5")
    assert not is_model(tmp_path)
