"""Files read by rows give exactly what the whole file's reader gives."""

import os
import signal
from dataclasses import replace

import h5py
import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io import hdf5_rows
from spectracnn.io.slices import open_slices
from spectracnn.io.write import write_hdf5

N = 300


def table():
    draw = np.random.default_rng(0)
    values = np.cumsum(draw.random((N, 20)), axis=1)
    values[:, 0] = 0
    values[7] = np.nan  # a row without a number is skipped
    return values


def labels():
    return np.array([("a", "b")[n % 2] for n in range(N)])


def h5_plain(path):
    with h5py.File(path, "w") as file:
        file["evals"] = table()
        file["label"] = np.arange(N) % 2
        file["class_names"] = np.array(["cat", "dog"], dtype=object)
        file["area"] = np.linspace(1, 2, N)
        file["mesh_id"] = np.arange(N) + 1000


def h5_names(path):
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = table()
        file["name"] = np.array([f"s{n}" for n in range(N)], dtype=object)


def h5_own(path):
    values = np.nan_to_num(table(), nan=1.0)
    spectra = [
        Spectrum(f"x{n}", row[: 10 + n % 5], Kind.SURFACE, area=n + 1.0, metadata={"k": str(n)})
        for n, row in enumerate(values)
    ]
    write_hdf5(spectra, path)


def npy(path):
    np.save(path, table())


def npz(path):
    np.savez(path, evals=table(), name=np.array([f"s{n}" for n in range(N)]), volume=np.ones(N))


def npz_packed(path):
    np.savez_compressed(path, evals=table(), subject=np.arange(N), label=labels())


def parquet_lists(path):
    frame = pd.DataFrame(
        {
            "subject": [f"sub-{n:03}" for n in range(N)],
            "structure": "Left-Caudate",
            "area": np.linspace(1, 2, N),
            "eigenvalues": list(table()),
        }
    )
    frame.to_parquet(path, row_group_size=64)


def parquet_columns(path):
    frame = pd.DataFrame(table(), columns=[f"ev{n}" for n in range(20)])
    frame.insert(0, "name", [f"s{n}" for n in range(N)])
    frame.to_parquet(path, row_group_size=77)


MAKERS = {
    "plain.h5": h5_plain,
    "names.h5": h5_names,
    "own.h5": h5_own,
    "all.npy": npy,
    "all.npz": npz,
    "packed.npz": npz_packed,
    "lists.parquet": parquet_lists,
    "columns.parquet": parquet_columns,
}


def plain(spectrum):
    fields = (
        "name", "kind", "area", "volume", "source", "key", "normalisation", "notes", "subject",
        "structure",
    )  # fmt: skip
    return tuple(getattr(spectrum, field) for field in fields), dict(spectrum.metadata)


@pytest.mark.parametrize("name", MAKERS)
def test_rows_are_those_of_the_whole(tmp_path, name):
    path = tmp_path / name
    MAKERS[name](path)
    whole = io.read_file(path)
    slices = open_slices(path, least=0)
    assert slices is not None
    assert slices.count == N
    for step in (1, 7, 64, N):
        found, notes = [], []
        for start in range(0, N, step):
            part = slices.read(start, start + step)
            found += part.spectra
            notes += part.notes
        assert len(found) == len(whole.spectra)
        for one, other in zip(found, whole.spectra, strict=True):
            assert plain(one) == plain(other)
            np.testing.assert_array_equal(one.eigenvalues, other.eigenvalues)
        assert [*slices.notes, *notes] == list(whole.notes)
    back = slices.read(3, 5).spectra
    assert [one.name for one in back] == [one.name for one in whole.spectra[3:5]]
    slices.close()


def test_small_files_columns_and_damage_are_left_to_the_reader(tmp_path):
    h5_plain(tmp_path / "a.h5")
    assert open_slices(tmp_path / "a.h5") is None
    assert open_slices(tmp_path / "a.h5", "columns", 0) is None
    np.save(tmp_path / "c.npy", table().T)
    assert open_slices(tmp_path / "c.npy", least=0) is None
    (tmp_path / "d.h5").write_bytes((tmp_path / "a.h5").read_bytes()[:3000])
    assert open_slices(tmp_path / "d.h5", least=0) is None
    assert open_slices(tmp_path / "none.h5", least=0) is None
    (tmp_path / "t.csv").write_text("1,2\n")
    assert open_slices(tmp_path / "t.csv", least=0) is None


def test_parquet_joins_by_subject_and_refuses_what_has_no_eigenvalues(tmp_path):
    parquet_lists(tmp_path / "p.parquet")
    first = io.read(tmp_path / "p.parquet")[0]
    assert (first.subject, first.structure, first.area) == ("sub-000", "Left-Caudate", 1.0)
    pd.DataFrame({"a": ["x"], "b": [1]}).to_parquet(tmp_path / "q.parquet")
    with pytest.raises(io.registry.FileFormatError, match="the columns a, b"):
        io.read(tmp_path / "q.parquet")
    (tmp_path / "r.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(io.registry.FileFormatError, match="damaged Parquet"):
        io.read(tmp_path / "r.parquet")


def h5_packed(path):
    with h5py.File(path, "w") as file:
        values = np.tile(table(), (5, 1))  # more than is sent when the file is opened
        file.create_dataset("evals", data=values, chunks=(10, 20), compression="gzip")


def test_hdf5_rows_are_read_by_another_process(tmp_path, monkeypatch):
    h5_packed(tmp_path / "a.h5")
    h5_plain(tmp_path / "b.h5")

    def here(*args, **kwargs):
        raise AssertionError("libhdf5 was called in the command's own process")

    monkeypatch.setattr(h5py, "File", here)
    monkeypatch.setattr(hdf5_rows, "SHARED_FROM", 1)
    for name in ("a.h5", "b.h5"):
        slices = open_slices(tmp_path / name, least=0)
        np.testing.assert_array_equal(
            [one.eigenvalues for one in slices.read(20, 90).spectra], table()[20:90]
        )
        slices.close()


def test_rows_that_cannot_be_read_are_a_sentence_and_the_others_are_read(tmp_path):
    h5_packed(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        chunk = file["evals"].id.get_chunk_info(5)
    data = bytearray((tmp_path / "a.h5").read_bytes())
    data[chunk.byte_offset : chunk.byte_offset + chunk.size] = b"\xff" * chunk.size
    (tmp_path / "a.h5").write_bytes(data)
    slices = open_slices(tmp_path / "a.h5", "rows", least=0)
    with pytest.raises(FileFormatError, match="damaged"):
        slices.read(40, 60)
    assert len(slices.read(100, 110).spectra) == 10
    slices.close()


def test_a_reader_of_rows_that_dies_costs_the_rows_at_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(hdf5_rows, "_spare", [])
    h5_packed(tmp_path / "a.h5")
    file = hdf5_rows.Hdf5Rows(tmp_path / "a.h5", 1 << 20)
    file.opened = replace(file.opened, whole=False)
    file._listed = {key: replace(one, array=None) for key, one in file._listed.items()}
    real = file._worker.request

    def dies(request, *more):
        os.kill(file._worker.pid, signal.SIGSEGV)
        return real(request, *more)

    monkeypatch.setattr(file._worker, "request", dies)
    with pytest.raises(FileFormatError, match="SIGSEGV"):
        file.rows("evals", 0, 5)
    monkeypatch.setattr(file._worker, "request", real)
    file.close()
