"""Tables of participants, against pandas and by hand; what is wrong is one sentence."""

import gzip

import numpy as np
import pandas as pd
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import FileFormatError, StudyError
from spectracnn.io.participants import join, read_table

ROWS = (
    "participant_id\tage\tsex\tsite\nsub-001\t61.5\tF\tA\nsub-002\tn/a\tM\tB\nsub-003\t70\tF\tA\n"
)


def written(tmp_path, text, name="participants.tsv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_the_types_of_columns(tmp_path):
    table = read_table(written(tmp_path, ROWS))
    assert table.names == ("participant_id", "age", "sex", "site")
    assert [column.kind for column in table.columns] == [
        "categorical",
        "numeric",
        "categorical",
        "categorical",
    ]
    np.testing.assert_array_equal(table.column("age").numbers, [61.5, np.nan, 70])
    assert list(table.column("age").text) == ["61.5", "", "70"]
    assert table.column("SEX").levels == ("F", "M")
    assert not table.notes


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.parquet", "t.xlsx", "t.csv.gz"])
def test_every_kind_of_file_holds_the_same(tmp_path, name):
    frame = pd.DataFrame(
        {
            "id": ["007", "8", "x"],
            "age": [1.5, np.nan, 3.0],
            "n": [1, 2, 3],
            "sex": ["F", None, "M"],
        }
    )
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
    elif name.endswith("xlsx"):
        frame.to_excel(path, index=False)
    elif name.endswith("gz"):
        path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    else:
        frame.to_csv(path, index=False, sep="\t" if name.endswith("tsv") else ",")
    table = read_table(path)
    assert list(table.column("id").text) == ["007", "8", "x"]
    np.testing.assert_array_equal(table.column("age").numbers, [1.5, np.nan, 3])
    np.testing.assert_array_equal(table.column("n").numbers, [1, 2, 3])
    assert list(table.column("sex").text) == ["F", "", "M"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id;alter\nä;61,5\nb;70\n", "utf-8-sig"),
        ("id;alter\r\nä;61,5\r\nb;70\r\n", "latin-1"),
        ("id\talter\nä\t61.5\nb\t70\n", "utf-16"),
    ],
)
def test_how_europe_writes(tmp_path, text, encoding):
    table = read_table(written(tmp_path, text, "t.csv", encoding))
    assert list(table.column("id").text) == ["ä", "b"]
    np.testing.assert_array_equal(table.column("alter").numbers, [61.5, 70])


def test_ids_of_digits_keep_their_zeros(tmp_path):
    table = read_table(written(tmp_path, "id,x\n007,1\n010,2\n", "t.csv"))
    assert table.column("id").kind == "numeric"
    assert list(table.column("id").text) == ["007", "010"]
    assert join(["010", "007"], table).rows.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("", "t.csv", "found an empty file"),
        ("id,age\n", "t.csv", "without a row"),
        ("id,age,age\n1,2,3\n", "t.csv", "2 columns called 'age'"),
        ("id,age\n1,2\n", "t.docx", "ends in .docx"),
        ("not parquet", "t.parquet", "damaged table"),
        ("not excel", "t.xlsx", "damaged table"),
        ("id,age\n1,2\n3,4,5,6\n", "t.csv", "damaged table"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path, text, name, says):
    with pytest.raises(FileFormatError, match=says) as caught:
        read_table(written(tmp_path, text, name))
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(FileFormatError, match="no such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(FileFormatError, match="a folder"):
        read_table(tmp_path)


def test_a_stray_word_in_numbers_is_named(tmp_path):
    table = read_table(written(tmp_path, "id,age\na,1\nb,2\nc,old\nd,4\n", "t.csv"))
    assert any("row 3 holds 'old'" in note for note in table.notes)
    with pytest.raises(StudyError, match="found 'old' in row 3, expected a number"):
        table.numeric("age")


def test_a_label_with_a_typing_error_is_named(tmp_path):
    rows = "".join(f"{n},{'patient' if n % 2 else 'control'}\n" for n in range(40))
    text = f"id,group\n{rows}41,patiend\n42,Control\n"
    (first, second) = read_table(written(tmp_path, text, "t.csv")).notes
    assert "'patiend' (1 row) looks like 'patient' (20 rows)" in first
    assert "'Control' (1 row) looks like 'control' (20 rows)" in second


def test_sites_and_sexes_are_no_typing_errors(tmp_path):
    rows = "".join(f"{n},site1,female\n" for n in range(40))
    assert not read_table(written(tmp_path, f"id,site,sex\n{rows}a,site2,male\n", "t.csv")).notes


def test_an_unknown_column_names_the_nearest(tmp_path):
    table = read_table(written(tmp_path, ROWS))
    with pytest.raises(StudyError, match=r"no column 'agee'.*Did you mean 'age'"):
        table.column("agee")


def spectrum(name, **fields):
    return Spectrum(name, np.arange(5.0), **fields)


def test_join_by_subject_name_and_path(tmp_path):
    table = read_table(written(tmp_path, ROWS))
    by_subject = [spectrum("Left-Caudate", subject=s) for s in ("sub-003", "sub-001", "sub-001")]
    found = join(by_subject, table)
    assert (found.key, found.id_column, found.rows.tolist()) == (
        "subject",
        "participant_id",
        [2, 0, 0],
    )
    assert found.unused == ("sub-002",)
    by_bids = [spectrum("lh", source=tmp_path / "sub-002" / "anat" / "sub-002_lh.ev")]
    assert join(by_bids, table).rows.tolist() == [1]
    assert join([spectrum("001"), spectrum("SUB-002")], table).rows.tolist() == [0, 1]
    assert join(["a/b/003.ev", "sub-001.brainprint.csv"], table).rows.tolist() == [2, 0]
    np.testing.assert_array_equal(found.column("age").numbers, [70, 61.5, 61.5])


def test_what_does_not_match_is_named_with_the_nearest(tmp_path):
    text = "id,x\ncaudate_17,1\nputamen_3,2\npallidum,5\n"
    found = join(["caudate_17", "putamen_33"], read_table(written(tmp_path, text, "t.csv")))
    assert found.rows.tolist() == [0, -1]
    assert found.unmatched == ("putamen_33",)
    assert "No row for putamen_33 (nearest: putamen_3)." in found.notes
    assert np.isnan(found.column("x").numbers[1])


def test_rows_of_one_id_that_differ_are_not_used(tmp_path):
    table = read_table(written(tmp_path, "id,x\na,1\na,2\nb,3\nb,3\nc,4\n", "t.csv"))
    found = join(["a", "b", "c"], table)
    assert found.rows.tolist() == [-1, 2, 4]
    assert found.twice == ("a",)
    assert any("a is in several rows that differ" in note for note in found.notes)
    assert any("b is in several equal rows" in note for note in found.notes)
    assert not found.unmatched
    assert not found.unused


def test_no_match_at_all_is_an_error_with_both_sides(tmp_path):
    table = read_table(written(tmp_path, ROWS))
    with pytest.raises(StudyError, match=r"ids such as 'sub-001'.*such as 'vase'"):
        join(["vase"], table)
    with pytest.raises(StudyError, match="no column 'who'"):
        join(["vase"], table, "who")


def test_leading_zeros_match_only_where_nothing_else_could_be_meant(tmp_path):
    table = read_table(written(tmp_path, "id,x\n7,1\n08,2\n8,3\n", "t.csv"))
    assert join(["007", "008", "08"], table).rows.tolist() == [0, -1, 1]


def test_a_large_table_is_joined_by_columns(tmp_path):
    n = 200_000
    frame = pd.DataFrame({"eid": np.arange(n) + 1_000_000, "age": np.arange(n) % 40 + 40.5})
    path = tmp_path / "ukb.csv"
    frame.to_csv(path, index=False)
    table = read_table(path)
    found = join([f"{1_000_000 + place}" for place in range(0, n, 4)], table)
    assert found.matched.all()
    np.testing.assert_array_equal(found.column("age").numbers, frame.age[::4])


def test_a_heading_over_merged_cells_is_no_header(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Study", None, None), ("id", "dx", "age"), ("s1", "a", 60), ("s2", "b", 61)):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    path = tmp_path / "t.xlsx"
    book.save(path)
    with pytest.raises(FileFormatError, match=r"names 1 of 3 columns \('Study'\)"):
        read_table(path)
    # Columns that are empty from top to bottom are only left out, as those of spreadsheets are.
    assert read_table(written(tmp_path, "id,,,\na,,,\nb,,,\n", "t.csv")).names == ("id",)


def test_bytes_are_no_table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(bytes(range(256)) * 3)
    with pytest.raises(FileFormatError, match="bytes that are no text"):
        read_table(path)
