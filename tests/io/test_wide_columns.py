"""A row a subject, and structures in the columns' names."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.io.wide_columns import structures_of

NAMES = ("ThalRadL", "CST_L", "CST_R")


def values(count=4, n=10):
    random = np.random.default_rng(3)
    rows = random.uniform(0.1, 1, (count, len(NAMES), n))
    return np.cumsum(rows, axis=2)


def table(path, rows, title, *, first=1, subjects=True):
    n = rows.shape[2]
    titles = [title.format(s=name, k=k) for name in NAMES for k in range(first, first + n)]
    lines = [",".join([*(["subject", "age"] if subjects else []), *titles])]
    for at, row in enumerate(rows):
        head = [f"sub-{at}", str(20 + at)] if subjects else []
        lines.append(",".join([*head, *map(repr, row.ravel().tolist())]))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("title", "first"),
    [("{s}_ev{k}", 1), ("{s} lambda_{k}", 0), ("{s}.eig{k}", 1), ("ev{k}_{s}", 1), ("{s}_{k}", 1)],
)
def test_each_structure_of_each_subject_is_a_spectrum(tmp_path, title, first):
    rows = values()
    path = table(tmp_path / "wide.csv", rows, title, first=first)
    found = io.read(path)
    assert len(found) == 12
    assert [(s.subject, s.structure) for s in found] == [
        (f"sub-{at}", name) for name in NAMES for at in range(4)
    ]
    for spectrum in found:
        row = rows[int(spectrum.subject[-1]), NAMES.index(spectrum.structure)]
        np.testing.assert_array_equal(spectrum.eigenvalues, row)
        assert spectrum.metadata["age"] == str(20 + int(spectrum.subject[-1]))
    assert len({spectrum.key for spectrum in found}) == 12


def test_rows_without_names_are_numbered(tmp_path):
    path = table(tmp_path / "wide.csv", values(), "{s}_ev{k}", subjects=False)
    found = io.read(path)
    assert [s.subject for s in found[:4]] == ["subject 1", "subject 2", "subject 3", "subject 4"]


@pytest.mark.parametrize(
    "columns",
    [
        ["ev1", "ev2", "ev3"],
        ["shape 1", "shape 2", "shape 3"],
        ["a_1", "a_2", "a_3", "a_4", "a_5", "a_6", "a_7", "a_8"],
        ["a_ev2", "a_ev3", "a_ev4"],
        ["a_ev1", "a_ev1", "a_ev2"],
        ["x", "y", ""],
        [],
    ],
)
def test_what_names_no_structures(columns):
    assert structures_of(columns) == {}


def test_hemispheres_are_not_taken_for_eigenvalues():
    titles = [f"CST_{side}_{k}" for side in "LR" for k in range(1, 11)]
    assert list(structures_of(titles)) == ["CST_L", "CST_R"]


def test_info_names_subjects_and_structures(tmp_path, capsys):
    path = table(tmp_path / "wide.csv", values(), "{s}_ev{k}")
    assert main(["info", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found[0]["name"] == "sub-0 ThalRadL"
