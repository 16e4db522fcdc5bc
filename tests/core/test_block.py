"""Spectra as arrays are, to the last bit, the spectra one by one."""

from __future__ import annotations

import pickle

import h5py
import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.core.block import SpectraBlock, padded, picked
from spectracnn.core.plausible import why_no_spectra
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.io.joining import Joiner
from spectracnn.io.participants import read_table
from spectracnn.io.slices import open_slices
from spectracnn.io.write import write_hdf5

COUNT = 60
STEPS = [
    {"step": "fix_sign"},
    {"step": "sort"},
    {"step": "drop_zeros"},
    {"step": "take", "n": 20},
    {"step": "unit_area"},
    {"step": "log"},
    {"step": "subtract_mean"},
]


@pytest.fixture
def path(tmp_path):
    draw = np.random.default_rng(0)
    values = np.cumsum(draw.random((COUNT, 40)), axis=1)
    values[:, 0] = 0
    values[3] *= -1
    values[4] = draw.normal(size=40)
    values[5, 7] = np.nan
    values[6] = np.nan
    values[7, 1] = -1e-17
    areas = np.where(np.arange(COUNT) == 9, np.nan, np.arange(COUNT) + 0.1)
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["eigenvalues"] = values
        file["name"] = np.array([f" s{place} " for place in range(COUNT)], dtype=object)
        file["area"] = areas.astype(np.float32)
        file["volume"] = np.array([f"{place}.5" if place % 2 else "?" for place in range(COUNT)],
                                  dtype=object)  # fmt: skip
        file["subject"] = np.array([f"sub-{place // 2}" for place in range(COUNT)], dtype=object)
        file["label"] = np.arange(COUNT) % 2
        file["classes"] = np.array(["a", "b"], dtype=object)
        file["age"] = np.linspace(20, 80, COUNT)
        file["site"] = "one"
    return tmp_path / "all.h5"


@pytest.fixture
def block(path):
    slices = open_slices(path, least=0)
    try:
        found = slices.block(0, COUNT)[0]
    finally:
        slices.close()
    assert isinstance(found, SpectraBlock)
    return found


def fields(spectrum):
    own = {key: spectrum.__dict__[key] for key in type(spectrum).__dataclass_fields__}
    return {
        **own,
        "metadata": dict(spectrum.metadata),
        "eigenvalues": spectrum.eigenvalues.tobytes(),
    }


def test_a_block_holds_what_the_reader_of_the_whole_file_finds(path, block):
    whole = io.read(path)
    assert len(block) == len(whole) == COUNT - 1
    expected = [fields(spectrum) for spectrum in whole]
    assert [fields(spectrum) for spectrum in block] == expected
    assert [fields(block[place]) for place in range(len(block))] == expected
    assert [fields(spectrum) for spectrum in block[4:9]] == expected[4:9]
    rows = np.array([0, 5, 8, 40])
    assert [fields(one) for one in block.take(rows)] == [expected[row] for row in rows]
    assert [fields(one) for one in pickle.loads(pickle.dumps(list(block)))] == expected
    assert (whole[0].area, whole[8].area, whole[1].volume) == (float(np.float32(0.1)), None, 1.5)


def test_a_block_of_parquet_holds_what_its_reader_finds(tmp_path):
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"name": [f"s{row}" for row in range(COUNT)]})
    frame["area"] = np.arange(COUNT) + 0.5
    frame["subject"] = [f"sub-{row // 2}" for row in range(COUNT)]
    frame["age"] = [row if row % 3 else None for row in range(COUNT)]
    frame["eigenvalues"] = list(np.cumsum(draw.random((COUNT, 30)), axis=1))
    frame.to_parquet(tmp_path / "all.parquet", row_group_size=25)
    slices = open_slices(tmp_path / "all.parquet", least=0)
    found = slices.block(10, 40)
    assert isinstance(found[0], SpectraBlock)
    expected = [fields(spectrum) for spectrum in io.read(tmp_path / "all.parquet")[10:40]]
    assert [fields(spectrum) for spectrum in found[0]] == expected
    frame.loc[20, "eigenvalues"] = frame["eigenvalues"][20][:20]
    frame.to_parquet(tmp_path / "some.parquet")
    slices = open_slices(tmp_path / "some.parquet", least=0)
    assert slices.block(10, 40) is None
    assert slices.block(30, 40) is not None
    frame.rename(columns={"subject": "eid"}).to_parquet(tmp_path / "ids.parquet")
    assert open_slices(tmp_path / "ids.parquet", least=0).block(30, 40) is None


def test_steps_and_doubts_are_those_of_single_spectra(block):
    single = list(block)
    assert why_no_spectra(block) == why_no_spectra(single)
    assert any(why_no_spectra(block))
    steps = Preprocessing.from_json(STEPS)
    together, apart = steps.apply_together(block), steps.apply_together(single)
    assert len(together) == len(apart) > 0
    for one, two in zip(together, apart, strict=True):
        for name in ("at", "values", "positions", "mode", "area", "volume"):
            assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_chosen_eigenvalues(block):
    single = list(block)
    ranges = np.tile(np.arange(3, 23), (len(block), 1))
    others = ranges.copy()
    others[2] += 1
    for positions in (ranges, ranges[:, ::-1], others):
        np.testing.assert_array_equal(picked(block, positions), picked(single, positions))
    for one, two in zip(padded(block), padded(single), strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_block_is_joined_with_a_table_as_its_spectra_are(block, tmp_path):
    (tmp_path / "t.csv").write_text("id,n\nsub-3,1\nSUB-5,2\ns9,3\ns20,4\n")
    table = read_table(tmp_path / "t.csv")
    rows = [Joiner(table).rows(spectra) for spectra in (block, list(block))]
    assert rows[0].tolist() == rows[1].tolist()
    assert set(rows[0].tolist()) == {-1, 0, 1, 2, 3}


def test_our_own_file_is_a_block_of_the_same_spectra(tmp_path):
    draw = np.random.default_rng(2)
    whole = [
        Spectrum(
            f"s{place}",
            np.cumsum(draw.random(30)),
            area=None if place == 3 else 1.5 + place,
            subject=f"sub-{place}",
            metadata={"site": f"{place % 2}"},
        )
        for place in range(20)
    ]
    write_hdf5(whole, tmp_path / "own.h5")
    slices = open_slices(tmp_path / "own.h5", least=0)
    try:
        found, notes = slices.block(5, 17)
        rows = slices.read(5, 17).spectra
    finally:
        slices.close()
    assert isinstance(found, SpectraBlock)
    assert notes == ()
    assert found.about == {"site"}
    for made, one, original in zip(found, rows, whole[5:17], strict=True):
        assert np.array_equal(made.eigenvalues, original.eigenvalues)
        for name in ("name", "area", "volume", "key", "subject", "kind", "metadata", "notes"):
            assert getattr(made, name) == getattr(one, name)


def test_our_own_file_of_different_lengths_is_no_block(tmp_path):
    write_hdf5([Spectrum(f"s{n}", np.arange(1.0, n + 4)) for n in range(9)], tmp_path / "own.h5")
    slices = open_slices(tmp_path / "own.h5", least=0)
    try:
        assert slices.block(0, 9) is None
        assert slices.block(8, 9) is not None
    finally:
        slices.close()
