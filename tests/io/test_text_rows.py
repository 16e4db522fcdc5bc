"""Large plain tables of text are read some lines at a time, exactly as their reader reads them."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn import io
from spectracnn.io.slices import open_slices
from spectracnn.io.text_rows import _equal

COUNT, LENGTH = 700, 12


def written(path, separator=",", names="name", cells=None, fields=True):
    draw = np.random.default_rng(1)
    values = np.cumsum(draw.random((COUNT, LENGTH)), axis=1)
    texts = [[f"{value:.17g}" for value in row] for row in values]
    for (row, place), text in (cells or {}).items():
        texts[row][place] = text
    heads = [names, *([] if not fields else ["label", "area", "age"])]
    lines = [separator.join([*heads, *(f"ev{place}" for place in range(LENGTH))])]
    for row in range(COUNT):
        own = [f"sub-{row:04d}", *([] if not fields else ["ab"[row % 2], str(row / 7), str(row)])]
        lines.append(separator.join([*own, *texts[row]]))
    path.write_text("\n".join(lines) + "\n")
    return path


def in_parts(path, size=128):
    slices = open_slices(path, least=1000)
    assert slices is not None
    try:
        starts = range(0, slices.count, size)
        return [s for at in starts for s in slices.read(at, at + size).spectra], slices
    finally:
        slices.close()


@pytest.mark.parametrize(("separator", "suffix"), [(",", "csv"), ("\t", "tsv"), (";", "txt")])
def test_parts_are_what_the_whole_is(tmp_path, separator, suffix):
    path = written(tmp_path / f"study.{suffix}", separator)
    found, slices = in_parts(path)
    whole = io.read_file(path)
    assert len(found) == len(whole.spectra) == slices.count == COUNT
    assert all(map(_equal, found, whole.spectra))
    assert slices.assumed_orientation == whole.assumed_orientation
    assert not slices.direct
    assert found[8].metadata == {"label": "a", "age": "8"}


def test_padding_and_missing_cells(tmp_path):
    path = written(tmp_path / "study.csv", cells={(90, 11): "", (91, 3): "", (92, 5): "nan"})
    found, _ = in_parts(path)
    whole = io.read_file(path).spectra
    assert len(found[90]) == LENGTH - 1
    assert all(map(_equal, found, whole))


def test_lines_can_be_read_in_any_order(tmp_path):
    path = written(tmp_path / "study.csv")
    slices = open_slices(path, least=1000)
    late = slices.read(600, 605).spectra
    early = slices.read(3, 5).spectra
    assert [s.name for s in (*late, *early)] == [*(f"sub-{n:04d}" for n in range(600, 605)),
                                                 "sub-0003", "sub-0004"]  # fmt: skip
    slices.close()


@pytest.mark.parametrize(
    "odd",
    [
        {"names": "what"},
        {"cells": {(400, 2): "N/A"}},
        {"cells": {(400, 2): "1,5"}},
        {"cells": {(3, 2): '"4.5"'}},
    ],
    ids=["no names", "word among numbers", "one cell more", "quoted"],
)
def test_other_tables_are_left_to_their_reader(tmp_path, odd):
    assert open_slices(written(tmp_path / "study.csv", **odd), least=1000) is None


def test_columns_as_shapes_are_left_to_their_reader(tmp_path):
    path = written(tmp_path / "study.csv")
    assert open_slices(path, "columns", least=1000) is None
