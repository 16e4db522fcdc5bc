"""MATLAB 5 files are read as SciPy reads them: generated files of all types."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy.io import savemat

from spectracnn.io.mat5 import read_mat5

_SCIPY = """
import pickle, sys
from scipy.io import loadmat
found = loadmat(sys.argv[1], appendmat=False)
plain = {key: value for key, value in found.items() if not key.startswith("__")}
sys.stdout.buffer.write(pickle.dumps(plain))
"""
TYPES = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "c16", "?")
SHAPES = ((1, 1), (1, 7), (5, 1), (3, 4), (2, 3, 2), (0, 3))


def by_scipy(path):
    """In a process of its own, so that neither reader can lean on the other."""
    done = subprocess.run(
        [sys.executable, "-c", _SCIPY, str(path)], capture_output=True, check=True
    )
    return pickle.loads(done.stdout)


def values_of(rng, kind, shape):
    if kind == "?":
        return rng.random(shape) < 0.5
    if kind == "c16":
        return rng.normal(size=shape) + 1j * rng.normal(size=shape)
    if kind.startswith("f"):
        return rng.normal(size=shape).astype(kind)
    info = np.iinfo(kind)
    return rng.integers(info.min, info.max, shape, dtype=kind, endpoint=True)


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_of_every_type_and_shape(tmp_path, compressed):
    rng = np.random.default_rng(5)
    record = {
        f"v_{number}_{place}": values_of(rng, kind, shape)
        for number, kind in enumerate(TYPES)
        for place, shape in enumerate(SHAPES)
    }
    path = tmp_path / "all.mat"
    savemat(path, record, do_compression=compressed)
    with path.open("rb") as stream:
        found = read_mat5(stream)
    reference = by_scipy(path)
    compared = 0
    for name, expected in reference.items():
        kind = TYPES[int(name.split("_")[1])]
        if kind == "c16":
            continue  # spectra are real: complex arrays may be refused or left out
        got = np.asarray(found[name])
        assert got.shape == expected.shape, name
        np.testing.assert_array_equal(got, expected, err_msg=name)
        compared += 1
    assert compared == (len(TYPES) - 1) * len(SHAPES)
