import h5py
import lapy.io
import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.spectrum import Kind
from spectracnn.resources import resource, sample_spectra

SAMPLES = sample_spectra()


@pytest.fixture(scope="module")
def data():
    with h5py.File(resource("data/shrec07_lb_train.h5")) as file:
        return {key: item[()] for key, item in file.items()}


def test_one_sample_of_each_class(data):
    assert [path.stem for path in SAMPLES] == sorted(name.decode() for name in data["class_names"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_a_real_spectrum_that_lapy_reads_too(path, data):
    (ours,) = io.read(path)
    theirs = lapy.io.read_ev(str(path))
    (row,) = np.flatnonzero((data["eigenvalues"] == ours.eigenvalues).all(axis=1))
    assert data["class_names"][data["label"][row]].decode() == ours.name == path.stem
    assert ours.area == data["area"][row] == theirs["Area"]
    assert ours.kind is Kind.SURFACE
    assert theirs["NumEW"] == len(ours)
    np.testing.assert_array_equal(theirs["Eigenvalues"], ours.eigenvalues)
