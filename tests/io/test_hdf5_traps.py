"""HDF5 is read in a process of its own: a damaged file costs a sentence, not the window."""

import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import psutil
import pytest

from spectracnn import io
from spectracnn.errors import FileFormatError
from spectracnn.io import hdf5_reader

FAULTS = Path(__file__).parents[1] / "data" / "faults"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("HANG-3-1908-h0.h5", "hangs"),
        ("HANG-3-11-f.brainprint.csv", "hangs"),
        ("CRASH-3-6555-h1.h5", "stops its reader"),
        ("memory-1-888-latest.h5", "damaged"),
        ("h1g.h5", "MB"),
        ("own2g.h5", "MB"),
    ],
)
def test_files_that_froze_or_ended_the_window_are_refused(name, found):
    with pytest.raises(FileFormatError, match=found):
        io.read(FAULTS / name)
    assert not io.is_model(FAULTS / name)


def test_reading_goes_on_after_a_crash_in_another_process(tmp_path):
    io.write_hdf5(io.read_text("0 1 2 3").spectra, tmp_path / "good.h5")
    before = psutil.Process().pid
    with pytest.raises(FileFormatError):
        io.read(FAULTS / "CRASH-3-6555-h1.h5")
    assert io.read(tmp_path / "good.h5")[0].eigenvalues.tolist() == [0, 1, 2, 3]
    first = hdf5_reader._worker.pid
    assert first not in (None, before)
    io.read(tmp_path / "good.h5")
    assert hdf5_reader._worker.pid == first  # it stays warm


def test_a_command_that_meets_a_hang_says_one_sentence(tmp_path):
    words = [sys.executable, "-m", "spectracnn", "info", str(FAULTS / "HANG-3-1908-h0.h5")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "hangs" in done.stderr


def test_what_leads_out_of_the_file_is_refused(tmp_path):
    secret = tmp_path / "secret.bin"
    secret.write_bytes(np.arange(8.0).tobytes())
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["evals"] = np.arange(5.0)
    with h5py.File(tmp_path / "external.h5", "w") as file:
        file.create_dataset("evals", (8,), "f8", external=[(str(secret), 0, 64)])
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file["evals"] = h5py.ExternalLink("other.h5", "/evals")
    with h5py.File(tmp_path / "virtual.h5", "w") as file:
        layout = h5py.VirtualLayout((5,), "f8")
        layout[:] = h5py.VirtualSource(tmp_path / "other.h5", "evals", (5,))
        file.create_virtual_dataset("evals", layout)
    for name, found in (("external", "lie in"), ("virtual", "lie in"), ("link", "link")):
        with pytest.raises(FileFormatError, match=found):
            io.read(tmp_path / f"{name}.h5")
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.attrs.update({"format": "spectracnn-spectra", "version": 1})
        file["eigenvalues"] = h5py.ExternalLink("other.h5", "/evals")
    with pytest.raises(FileFormatError, match="link"):
        io.read(tmp_path / "own.h5")


@pytest.mark.parametrize("way", ["shared", "pipe", "plain"])
def test_large_arrays_arrive_bit_for_bit(tmp_path, monkeypatch, way):
    if way == "pipe":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    table = np.sort(np.random.default_rng(1).random((300, 400)), axis=1)
    with h5py.File(tmp_path / "big.h5", "w", userblock_size=512) as file:
        packed = {} if way == "plain" else {"compression": "gzip"}
        file.create_dataset("evals", data=table, **packed)
        file["names"] = [f"shape {place}" for place in range(300)]
        file["area"] = np.arange(1.0, 301)
    spectra = io.read(tmp_path / "big.h5")
    assert np.array_equal([spectrum.eigenvalues for spectrum in spectra], table)
    assert [spectra[7].name, spectra[7].area] == ["shape 7", 8.0]


def test_links_that_form_a_circle_end(tmp_path):
    with h5py.File(tmp_path / "circle.h5", "w") as file:
        group = file.create_group("a")
        group["b"] = file["/"]
        group["evals"] = np.arange(6.0)
    assert len(io.read(tmp_path / "circle.h5")[0]) == 6


def test_values_in_another_layout_than_numpys_are_converted(tmp_path):
    kind = h5py.h5t.STD_I32LE.copy()
    kind.set_precision(20)
    kind.set_offset(4)
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        space = h5py.h5s.create_simple((100_000,))
        dataset = h5py.h5d.create(file.id, b"evals", kind, space)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(100_000, dtype="i4"))
    assert io.read(tmp_path / "odd.h5")[0].eigenvalues.tolist() == list(range(100_000))
