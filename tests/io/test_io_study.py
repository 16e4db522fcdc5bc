"""Patterns, and tables that list files."""

import numpy as np
import pandas as pd
import pytest

from spectracnn.io.study import listed_files, matching


@pytest.fixture
def folder(tmp_path):
    for name in ("sub-02", "sub-01"):
        (tmp_path / name).mkdir()
        np.savetxt(tmp_path / name / "lh.txt", np.arange(9.0))
    return tmp_path


def test_patterns_are_sorted_and_a_file_of_that_name_wins(folder):
    found = matching(str(folder / "sub-*" / "*.txt"))
    assert found == [str(folder / f"sub-0{n}" / "lh.txt") for n in (1, 2)]
    (folder / "a[1].txt").write_text("1")
    assert matching(str(folder / "a[1].txt")) == []
    assert matching(str(folder / "plain.txt")) == []


@pytest.mark.parametrize("name", ["study.csv", "study.xlsx", "study.parquet"])
def test_a_table_with_paths_stands_for_its_files(folder, name):
    frame = pd.DataFrame(
        {"subject": ["1", "2", "3"], "Path": ["sub-01/lh.txt", "sub-02/lh.txt", "no.txt"]}
    )
    path = folder / name
    if name.endswith("csv"):
        frame.to_csv(path, index=False)
    elif name.endswith("xlsx"):
        frame.to_excel(path, index=False)
    else:
        frame.to_parquet(path)
    assert listed_files(str(path)) == [str(folder / text) for text in frame.Path]


def test_tables_of_eigenvalues_and_of_participants_list_nothing(folder):
    (folder / "t.csv").write_text("0,1,2\n0,1,3\n")
    (folder / "p.csv").write_text("id,age,file\n1,2,x\n")
    assert listed_files(str(folder / "t.csv")) is None
    assert listed_files(str(folder / "p.csv")) is None
    assert listed_files(str(folder / "none.csv")) is None
