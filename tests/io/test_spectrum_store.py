"""Spectra of large files know everything but their values, which are read by rows when asked."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace

import h5py
import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.core.flagging import flag_together
from spectracnn.core.plausible import why_no_spectrum
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import SpectrumError
from spectracnn.io import store as store_module
from spectracnn.io.slices import open_slices
from spectracnn.io.store import BLOCK, SpectrumStore
from spectracnn.io.stored import StoredSpectrum
from spectracnn.io.write import write_hdf5

N = 700


def table():
    draw = np.random.default_rng(1)
    values = np.cumsum(draw.random((N, 20)), axis=1)
    values[:, 0] = 0
    values[7] = np.nan  # a row without a number is skipped
    values[300, 3:] = np.nan
    values[301] = -values[301]
    values[302, ::2] = 5
    values[303] = 4.0
    values[304] = np.arange(20)
    return values


def h5_plain(path):
    with h5py.File(path, "w") as file:
        file["evals"] = table()
        file["label"] = np.arange(N) % 2
        file["area"] = np.linspace(1, 2, N)
        file["subject"] = np.array([f"sub-{n}" for n in range(N)], dtype=object)


def h5_chunks(path):
    with h5py.File(path, "w") as file:
        file.create_dataset("evals", data=table(), chunks=(64, 20), compression="gzip")


def h5_own(path):
    rows = np.nan_to_num(table(), nan=1.0)
    spectra = [
        Spectrum(f"x{n}", row[: 10 + n % 5], Kind.SURFACE, metadata={"k": str(n)})
        for n, row in enumerate(rows)
    ]
    write_hdf5(spectra, path)


def npy(path):
    np.save(path, table())


def npz(path):
    np.savez(path, evals=table(), name=np.array([f"s{n}" for n in range(N)]))


def npz_packed(path):
    np.savez_compressed(path, evals=table(), name=np.array([f"s{n}" for n in range(N)]))


def parquet(path):
    rows = table()
    rows[7] = 1.0
    frame = pd.DataFrame({f"ev{n}": rows[:, n] for n in range(20)})
    frame["name"] = [f"s{n}" for n in range(N)]
    frame.to_parquet(path, row_group_size=200)


FORMS = {
    "plain.h5": h5_plain,
    "chunks.h5": h5_chunks,
    "own.h5": h5_own,
    "table.npy": npy,
    "table.npz": npz,
    "packed.npz": npz_packed,
    "table.parquet": parquet,
}


@pytest.fixture
def store(monkeypatch):
    """A store of this test's own, with room for two blocks."""
    own = SpectrumStore(cache_bytes=2 * BLOCK * 20 * 8, memory_bytes=0)
    monkeypatch.setattr(store_module, "spectrum_store", lambda: own)
    yield own
    own.close()


def opened(store, path, size=BLOCK):
    slices = open_slices(path, least=0)
    assert slices is not None
    found = [s for part, _ in store.parts_of(slices, path, size) for s in part]
    slices.close()
    return found


@pytest.mark.parametrize("name", FORMS)
def test_spectra_without_values_are_those_of_the_whole_file(tmp_path, store, name):
    path = tmp_path / name
    FORMS[name](path)
    whole, lazy = io.read(path), opened(store, path)
    assert len(whole) == len(lazy)
    for one, other in zip(whole, lazy, strict=True):
        assert isinstance(other, StoredSpectrum)
        assert "eigenvalues" not in other.__dict__
        assert len(one) == len(other)
        assert one.flags == other.flags
        assert why_no_spectrum(one) == why_no_spectrum(other)
    assert store.held == 0  # up to here nothing was read again
    for one, other in zip(whole, lazy, strict=True):
        np.testing.assert_array_equal(one.eigenvalues, other.eigenvalues)
        mine = {**one.__getstate__(), "eigenvalues": None}
        theirs = {**other.__getstate__(), "eigenvalues": None}
        assert mine == {key: theirs[key] for key in mine}


def test_the_cache_is_bounded_and_shared_by_neighbours(tmp_path, store):
    path = tmp_path / "plain.h5"
    h5_plain(path)
    spectra = opened(store, path)
    assert np.shares_memory(spectra[0].eigenvalues, spectra[1].eigenvalues.base)
    for spectrum in spectra:
        _ = spectrum.eigenvalues
        assert store.held <= 2 * BLOCK * 20 * 8
    assert store.held > 0
    with pytest.raises(ValueError, match="read-only"):
        spectra[0].eigenvalues[0] = 1


def test_it_crosses_to_another_process_as_a_path_and_a_row(tmp_path, store):
    path = tmp_path / "plain.h5"
    h5_plain(path)
    spectrum = opened(store, path)[11]
    text = pickle.dumps(spectrum)
    assert spectrum.eigenvalues.tobytes() not in text
    again = pickle.loads(text)
    assert isinstance(again, StoredSpectrum)
    assert "eigenvalues" not in again.__dict__
    np.testing.assert_array_equal(again.eigenvalues, spectrum.eigenvalues)
    assert again.metadata == spectrum.metadata
    assert again.flags == spectrum.flags


def test_a_changed_copy_has_its_values_in_memory(tmp_path, store):
    path = tmp_path / "plain.h5"
    h5_plain(path)
    spectrum = opened(store, path)[0]
    changed = replace(spectrum, name="other", eigenvalues=np.arange(9.0))
    assert len(changed) == 9
    assert changed.held_bytes == 72
    assert spectrum.held_bytes == 0
    assert pickle.loads(pickle.dumps(changed)).eigenvalues.tolist() == list(range(9))


@pytest.mark.parametrize("change", ["gone", "another"])
def test_a_file_that_is_not_the_same_is_refused_in_a_sentence(tmp_path, store, change):
    path = tmp_path / "plain.h5"
    h5_plain(path)
    spectra = opened(store, path)
    store.close()
    if change == "gone":
        path.unlink()
    else:
        h5_plain(path)
        os.utime(path, ns=(1, 1))
    with pytest.raises(SpectrumError, match=r"plain\.h5: found (no file|a file that was changed)"):
        _ = spectra[0].eigenvalues


def test_small_files_stay_in_memory_while_there_is_room(tmp_path, monkeypatch):
    own = SpectrumStore(memory_bytes=1000)
    monkeypatch.setattr(store_module, "spectrum_store", lambda: own)
    spectra = [Spectrum(f"s{n}", np.arange(1.0, 41.0) + n) for n in range(6)]
    kept = [own.kept([spectrum])[0] for spectrum in spectra]
    assert [type(spectrum) for spectrum in kept] == [Spectrum] * 3 + [StoredSpectrum] * 3
    for one, other in zip(spectra, kept, strict=True):
        np.testing.assert_array_equal(one.eigenvalues, other.eigenvalues)
        assert one.flags == other.flags
    path = kept[5].values.path
    assert path.stat().st_size == 3 * 40 * 8
    assert pickle.loads(pickle.dumps(kept[5])).eigenvalues.tolist() == kept[5].eigenvalues.tolist()
    own.close()
    assert not path.exists()


def test_where_no_file_can_be_written_values_stay_in_memory(monkeypatch, tmp_path):
    own = SpectrumStore(memory_bytes=0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    spectrum = Spectrum("s", np.arange(1.0, 41.0))
    assert own.kept([spectrum]) == [spectrum]


def test_flags_of_many_are_those_of_each():
    rows = [*np.delete(table(), 7, axis=0), np.array([1.0]), np.array([np.inf, 1.0, 2.0])]
    together = [Spectrum(f"s{n}", row) for n, row in enumerate(rows)]
    alone = [Spectrum(f"s{n}", row) for n, row in enumerate(rows)]
    flag_together(together)
    for one, other in zip(together, alone, strict=True):
        assert one.__dict__["flags"] == other.flags
        assert why_no_spectrum(one) == why_no_spectrum(other)
    assert together[0].flags is together[1].flags
