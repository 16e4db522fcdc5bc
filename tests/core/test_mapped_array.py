"""Large arrays in files: two processes see one, and nothing is left behind."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys

import numpy as np
import pytest

from spectracnn.core import mapped_array
from spectracnn.core.mapped_array import MappedArray, mapped, room_like


@pytest.fixture
def values(monkeypatch):
    monkeypatch.setattr(mapped_array, "_LEAST_BYTES", 1)
    return np.random.default_rng(0).normal(size=(50, 7))


def test_it_has_the_same_numbers_and_its_pickle_none(values):
    kept = mapped(values)
    np.testing.assert_array_equal(kept, values)
    assert len(pickle.dumps(kept)) < 500
    assert pickle.loads(pickle.dumps(kept)) is kept
    assert mapped(kept) is kept


def test_another_process_reads_and_fills_it(values):
    kept, room = mapped(values), room_like(values)
    code = (
        "import pickle, sys; kept, room = pickle.load(sys.stdin.buffer); room[...] = 2 * kept;"
        "sys.stdout.buffer.write(pickle.dumps(room))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps((kept, room)), capture_output=True,
        check=True,
    )  # fmt: skip
    assert pickle.loads(done.stdout) is room
    np.testing.assert_array_equal(room, 2 * values)


def test_a_part_of_it_is_an_ordinary_array(values):
    kept = mapped(values)
    for part in (kept[:, 2], kept[[1, 3]], kept[:5], 2 * kept):
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(part)), part)
        assert not isinstance(pickle.loads(pickle.dumps(part)), MappedArray)


def test_its_file_goes_with_it(values):
    kept = mapped(values)
    path = kept.path
    assert path.exists()
    del kept
    gc.collect()
    assert not path.exists()


def test_small_ones_and_those_without_a_disk_stay_as_they_are(values, monkeypatch):
    def full(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr(mapped_array.os, "truncate", full)
    assert mapped(values) is values
    assert room_like(values) is None
    monkeypatch.undo()
    assert mapped(values) is values
    assert room_like(values) is None
