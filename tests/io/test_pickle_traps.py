"""Pickles that crash, or ask for any amount of memory, in native code cost a sentence."""

import io as io_
import pickle

import numpy as np
import pytest

from spectracnn import io
from spectracnn.errors import FileFormatError
from spectracnn.io import pickles
from spectracnn.io.pickle_depth import ShallowUnpickler, require_shallow
from spectracnn.io.source import Source


def nested_key(count):
    """A dictionary with a key of tuples nested so deep; its hash overflows the C stack."""
    return b"\x80\x04}" + b")" + b"\x85" * count + b"K\x01s."


def test_tuples_nested_without_end_are_refused(tmp_path):
    path = tmp_path / "deep.pkl"
    for content in (nested_key(1_000_000), b"(d(" + b"(" * 300_000 + b"t" * 300_001 + b"I1\ns."):
        path.write_bytes(content)
        with pytest.raises(FileFormatError):
            io.read(path)


def test_nesting_is_seen_before_anything_is_loaded(monkeypatch):
    """In the process itself: the child that catches crashes is the second line, not the first."""
    loaded = []
    monkeypatch.setattr(pickles._Unpickler, "load", lambda self: loaded.append(self))
    deep = b"(d(" + b"(" * 5000 + b"t" * 5001 + b"I1\ns."  # the oldest protocol
    appended = b"\x80\x02" + b"](" * 3000 + b"K\x01" + b"e" * 3000 + b"."
    fetched = b"\x80\x02)q\x00" + b"h\x00\x85q\x00" * 3000 + b"."
    for content in (nested_key(3000), deep, appended, fetched):
        with pytest.raises(FileFormatError, match="nested"):
            pickles.read_here(Source.of_text(content, "deep.pkl"))
    assert not loaded


@pytest.mark.parametrize("protocol", range(6))
def test_what_is_nested_as_spectra_are_is_let_through(protocol):
    record = {"a": [{"b": (1, [2.5, {"c": "x"}])}] * 1000, "d": np.arange(5.0)}
    data = pickle.dumps(record, protocol)
    if protocol >= 2:
        require_shallow(data)
    assert ShallowUnpickler(io_.BytesIO(data)).load()["a"] == record["a"]


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
