"""Pickles that crash, or ask for any amount of memory, in native code cost a sentence."""

import pickle

import numpy as np
import pytest

from spectracnn import io
from spectracnn.errors import FileFormatError


def nested_key(count):
    """A dictionary with a key of tuples nested so deep; its hash overflows the C stack."""
    return b"\x80\x04}" + b")" + b"\x85" * count + b"K\x01s."


def test_tuples_nested_without_end_are_refused(tmp_path):
    path = tmp_path / "deep.pkl"
    for content in (nested_key(1_000_000), b"(d(" + b"(" * 300_000 + b"t" * 300_001 + b"I1\ns."):
        path.write_bytes(content)
        with pytest.raises(FileFormatError):
            io.read(path)


def test_a_few_bytes_do_not_fill_the_memory(tmp_path):
    path = tmp_path / "many.pkl"
    copy = b"c__builtin__\nlist\nh\x00\x85R"
    path.write_bytes(b"\x80\x02](" + b"K\x01" * 200_000 + b"eq\x00(" + copy * 3000 + b"l.")
    with pytest.raises(FileFormatError, match=r"MB in memory|damaged"):
        io.read(path)


def test_good_ones_arrive_whole(tmp_path):
    values = np.sort(np.random.default_rng(0).random((30, 50)), axis=1)
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"evals": values, "area": np.arange(30.0)}))
    spectra = io.read(tmp_path / "a.pkl")
    assert np.array_equal([one.eigenvalues for one in spectra], values)
    assert spectra[3].area == 3.0
    assert spectra[3].source == tmp_path / "a.pkl"
    assert not spectra[3].eigenvalues.flags.writeable
