"""One file of many, which is handled as arrays, is classified as its spectra one by one."""

from __future__ import annotations

import h5py
import numpy as np
import pandas as pd

from spectracnn.cli.batch.shards import make_shards
from spectracnn.cli.main import main
from spectracnn.core.spectrum import Spectrum
from spectracnn.io.write import write_hdf5

COUNT = 300


def study(folder):
    draw = np.random.default_rng(1)
    values = np.cumsum(draw.random((COUNT, 130)) + 0.2, axis=1)
    values[:, 0] = 0
    values[7, 60:] = np.nan  # too short for the usual network
    values[9] = draw.normal(size=130)  # no spectrum
    values[11, 5:] = np.nan  # too short for any
    values[13] = 1.0
    values[15] *= -3
    with h5py.File(folder / "all.h5", "w") as file:
        file["eigenvalues"] = values
        file["name"] = np.array([f"s{place:03}" for place in range(COUNT)], dtype=object)
    (folder / "each").mkdir()
    for place, row in enumerate(values):
        lines = "\n".join("nan" if np.isnan(value) else repr(float(value)) for value in row)
        (folder / "each" / f"s{place:03}.txt").write_text(lines)


def test_a_block_and_single_files_are_classified_alike(tmp_path, monkeypatch, capsys):
    study(tmp_path)
    monkeypatch.setattr("spectracnn.cli.batch.shards.LARGE", 1000)
    monkeypatch.setattr("spectracnn.io.slices.open_slices.__defaults__", (None, 1000))
    frames, errors = [], []
    for data in ("all.h5", "each"):
        for more in ([], ["--force"]):
            out = tmp_path / f"{data}{len(more)}.csv"
            assert main(["predict", str(tmp_path / data), "--out", str(out), *more]) == 1
            errors.append(capsys.readouterr().err.count("this is not a spectrum"))
            frames.append(pd.read_csv(out, keep_default_na=False).drop(columns="file"))
    assert len(frames[0]) == COUNT - 3
    assert len(frames[1]) == COUNT - 2
    assert errors == [2, 2, 2, 2]
    assert "read by" in frames[0].remark[7]
    pd.testing.assert_frame_equal(frames[0], frames[2], check_exact=True)
    pd.testing.assert_frame_equal(frames[1], frames[3], check_exact=True)


def test_a_large_table_of_text_is_read_by_rows(tmp_path, monkeypatch, capsys):
    draw = np.random.default_rng(2)
    values = np.cumsum(draw.random((40, 130)) + 0.2, axis=1)
    table = pd.DataFrame(values, columns=[f"eig{place}" for place in range(130)])
    table.insert(0, "name", [f"s{place:02}" for place in range(40)])
    table.to_csv(tmp_path / "all.csv", index=False)
    whole, parted = tmp_path / "whole.csv", tmp_path / "parted.csv"
    assert main(["predict", str(tmp_path / "all.csv"), "--out", str(whole)]) == 0
    monkeypatch.setattr("spectracnn.cli.batch.shards.LARGE", 1000)
    monkeypatch.setattr("spectracnn.io.slices.open_slices.__defaults__", (None, 1000))
    monkeypatch.setattr("spectracnn.cli.batch.work.NetworkWork.rows", 16)
    sizes = [shard.size for shard in make_shards([str(tmp_path / "all.csv")], None, 16)]
    assert sizes == [16, 16, 8]
    # A table that is read as a whole is an error here.
    monkeypatch.setattr("spectracnn.cli.batch.shards.read_all", None)
    assert main(["predict", str(tmp_path / "all.csv"), "--out", str(parted)]) == 0
    capsys.readouterr()
    one, other = pd.read_csv(whole), pd.read_csv(parted)
    assert one.name.tolist() == table.name.tolist()
    exact = ["file", "name", "class", "set", "nearest", "remark"]
    pd.testing.assert_frame_equal(one[exact], other[exact])
    # Other neighbours go through the network together, so the last bit may differ.
    pd.testing.assert_frame_equal(one, other, rtol=1e-5)


def arrays_of(path):
    found = {}

    def visit(key, item):
        if isinstance(item, h5py.Dataset):
            found[key] = item[()]

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def test_files_of_many_are_traced_as_their_spectra_one_by_one(tmp_path, monkeypatch):
    draw = np.random.default_rng(3)
    data = tmp_path / "data"
    data.mkdir()
    (data / "b.txt").write_text("\n".join(map(repr, np.cumsum(draw.random(130)).tolist())))
    for name in ("a", "c"):
        rows = np.cumsum(draw.random((100, 130)), axis=1)
        spectra = [Spectrum(f"{name}{place}", row) for place, row in enumerate(rows)]
        write_hdf5(spectra, data / f"{name}.h5")
    (data / "d.h5").write_bytes((data / "c.h5").read_bytes()[:90_000])
    found = []
    for least in (1 << 10, 1 << 40):
        monkeypatch.setattr("spectracnn.cli.batch.shards._MANY", least)
        out = tmp_path / f"{least}.h5"
        assert main(["trace", str(data), "--out", str(out)]) == 1
        found.append(arrays_of(out))
    assert len(found[0]["spectra/name"]) == 201
    assert found[0].keys() == found[1].keys()
    for key, values in found[0].items():
        if values.dtype.kind == "f":  # other spectra go through the network together
            np.testing.assert_allclose(values, found[1][key], rtol=2e-6, atol=1e-6)
        else:
            np.testing.assert_array_equal(values, found[1][key])


def test_ids_of_several_rows_are_named(tmp_path, capsys):
    draw = np.random.default_rng(4)
    rows = np.cumsum(draw.random((3, 130)), axis=1)
    write_hdf5([Spectrum(f"s{place}", row) for place, row in enumerate(rows)], tmp_path / "a.h5")
    (tmp_path / "t.csv").write_text("id,age\ns0,1\ns1,2\ns1,3\ns2,4\n")
    out = tmp_path / "out.csv"
    words = ["predict", str(tmp_path / "a.h5"), "--table", str(tmp_path / "t.csv")]
    assert main([*words, "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert said.count("s1 is in several rows that differ; none of these rows was used.") == 1
    assert pd.read_csv(out).age.fillna(-1).tolist() == [1, -1, 4]
