import gzip

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.spectrum import Kind, Normalisation
from spectracnn.errors import FileFormatError


def values(result):
    return [spectrum.eigenvalues.tolist() for spectrum in result.spectra]


@pytest.mark.parametrize(
    "text",
    [
        "0\n1.5\n2.25\n",
        "0 1.5 2.25",
        "0,1.5,2.25\n",
        "0;1,5;2,25\n",
        "0\t1.5\t2.25",
        "# from somewhere\n0\n1.5 # the first\n\n2.25",
        "eigenvalue\n0\n1.5\n2.25\n",
        ",ev\n0,0\n1,1.5\n2,2.25\n",
        "0 0.0\n1 1.5\n2 2.25\n",
        "np.float64(0.0)\nnp.float64(1.5)\nnp.float64(2.25)",
        "[np.float64(0.0), np.float64(1.5), np.float64(2.25)]",
        "[0.   1.5\n 2.25]",
        "array([0.  , 1.5 , 2.25])",
        "{0 ; 1.5 ; 2.25}",
        "[0, 1.5, 2.25]",
        "\ufeff0\r\n1.5\r\n2.25\r\n",
        "   0.000000e+00\n   1.500000e+00\n   2.250000e+00",
        "0,\n1.5,\n2.25,\n",
        "0d0\n1.5D+00\n225d-2",
    ],
)
def test_one_spectrum(text):
    assert values(io.read_text(text)) == [[0, 1.5, 2.25]]


def test_savetxt_digits_survive():
    result = io.read_text("3.166496753692626953e-08\n2.056835219264030457e-04\n")
    assert values(result) == [[3.166496753692626953e-08, 2.056835219264030457e-04]]


def test_all_negative_is_kept():
    (spectrum,) = io.read_text("  -4.76705e-14\n  -198.236\n  -300.1").spectra
    assert spectrum.eigenvalues.tolist() == [-4.76705e-14, -198.236, -300.1]
    assert spectrum.flags.negative_sign


def test_one_shape_per_row_with_fields():
    result = io.read_text(
        "name,label,area,thickness,ev0,ev1,ev2\ncat1,cat,3.5,2,0,1,5\ncat2,cat,4,2,0,2,6\n"
    )
    first = result.spectra[0]
    assert values(result) == [[0, 1, 5], [0, 2, 6]]
    assert (first.name, first.area, first.kind) == ("cat1", 3.5, Kind.UNKNOWN)
    assert dict(first.metadata) == {"label": "cat", "thickness": "2"}
    assert (result.assumed_orientation, result.ambiguous) == ("rows", False)


def test_one_shape_per_column_with_fields():
    result = io.read_text(",a,b\narea,3.5,4\nlabel,cat,dog\nev0,0,0\nev1,1,2\nev2,5,6\n")
    assert values(result) == [[0, 1, 5], [0, 2, 6]]
    assert [s.name for s in result.spectra] == ["a", "b"]
    assert [s.area for s in result.spectra] == [3.5, 4]
    assert [s.metadata["label"] for s in result.spectra] == ["cat", "dog"]


def test_labels_that_repeat_are_labels_and_unique_ones_are_names():
    result = io.read_text("cat 0 1 5\ncat 0 2 4\ndog 0 3 9\n")
    assert [s.metadata["label"] for s in result.spectra] == ["cat", "cat", "dog"]
    result = io.read_text("a 0 1 5\nb 0 2 4\nc 0 3 9\n")
    assert [s.name for s in result.spectra] == ["a", "b", "c"]


def test_pandas_counting_header():
    result = io.read_text(",0,1,2\n0,0.0,1.5,2.5\n1,0.0,1.25,2\n")
    assert values(result) == [[0, 1.5, 2.5], [0, 1.25, 2]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("subject,ev1,ev2\ns1,1,2\ns2,2,3\n", [[1, 2], [2, 3]]),
        ("a,b\n0,0\n1,2.5\n2,4\n", [[0, 1, 2], [0, 2.5, 4]]),
        ("x y\n0 0\n1.5 2\n4 3\n", [[0, 1.5, 4], [0, 2, 3]]),
        ("label,0,1,2\ncat,0,1,2.5\ndog,0,2,3\n", [[0, 1, 2.5], [0, 2, 3]]),
        ("k value\n0 0\n1 2.5\n2 4\n", [[0, 2.5, 4]]),
    ],
)
def test_titles_tell_an_index_from_eigenvalues(text, expected):
    assert values(io.read_text(text)) == expected


def spectra_table():
    rng = np.random.default_rng(0)
    return np.cumsum(rng.random((6, 40)), axis=1)


@pytest.mark.parametrize("turned", [False, True])
def test_orientation_is_found(tmp_path, turned):
    table = spectra_table()
    np.savetxt(tmp_path / "a.txt", table.T if turned else table, fmt="%.17g")
    result = io.read_file(tmp_path / "a.txt")
    assert result.assumed_orientation == ("columns" if turned else "rows")
    assert not result.ambiguous
    assert np.array_equal([s.eigenvalues for s in result.spectra], table)


def test_zero_row_decides_where_both_ways_ascend():
    result = io.read_text("0 0\n1.5 2\n2 4\n3 6\n")
    assert values(result) == [[0, 1.5, 2, 3], [0, 2, 4, 6]]
    assert not result.ambiguous


def test_ambiguous_table_says_so_and_takes_an_orientation():
    text = "1 2 3\n2 3 4\n3 4 5\n4 5 6\n"
    result = io.read_text(text)
    assert result.ambiguous
    assert result.assumed_orientation == "columns"
    assert "columns" in result.notes[0]
    other = io.read_text(text, orientation="rows")
    assert not other.ambiguous
    assert len(other.spectra) == 4


def test_rows_of_different_length_are_not_padded():
    result = io.read_text("a,0,1,5\nb,0,2\nc,0,3,7\n")
    assert values(result) == [[0, 1, 5], [0, 2], [0, 3, 7]]


def test_written_nan_is_kept_and_flagged():
    (spectrum,) = io.read_text("0\n1\nnan\n").spectra
    assert len(spectrum) == 3
    assert spectrum.flags.n_nan == 1


def test_wrapped_list():
    assert values(io.read_text("0 1 2\n3 4 5\n6 7\n")) == [[0, 1, 2, 3, 4, 5, 6, 7]]


def test_gzip_and_encodings(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0,1.5,2\n"))
    assert values(io.read_file(tmp_path / "a.csv.gz")) == [[0, 1.5, 2]]
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "latin-1"):
        (tmp_path / "a.txt").write_bytes("# größe\n0\n1.5\n2\n".encode(encoding))
        if encoding.startswith("utf-16-"):
            (tmp_path / "a.txt").write_bytes("# size\n0\n1.5\n2\n".encode(encoding))
        assert values(io.read_file(tmp_path / "a.txt")) == [[0, 1.5, 2]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no text"),
        (" \n\t\n", "no text"),
        ("# only\n# comments\n", "only comments"),
        ("just some words\nand more of them\n", "without numbers"),
        ("0\n1\nabc\n3\n", "'abc'"),
        ("nan\nnan\n", "without numbers"),
    ],
)
def test_text_refusals(text, found):
    with pytest.raises(FileFormatError) as caught:
        io.read_text(text)
    assert found in caught.value.found or "finite" in caught.value.message


def test_stray_text_names_its_line():
    with pytest.raises(FileFormatError) as caught:
        io.read_text("0\n1\nabc\n3\n")
    assert caught.value.place == "line 3"


BRAINPRINT = (
    ",3rd-Ventricle,Left-Caudate,Short\narea,NaN,4012.3,1\nvolume,NaN,3456.7,\n"
    "ev0,NaN,-1e-16,0\nev1,NaN,0.5,1\nev2,NaN,0.75,NaN\n"
)


def test_brainprint(tmp_path):
    path = tmp_path / "bert.brainprint.csv"
    path.write_text(BRAINPRINT)
    result = io.read_file(path)
    caudate, short = result.spectra
    assert caudate.eigenvalues.tolist() == [-1e-16, 0.5, 0.75]
    assert (caudate.name, caudate.area, caudate.volume) == ("Left-Caudate", 4012.3, 3456.7)
    assert caudate.kind is Kind.SURFACE
    assert caudate.metadata["subject"] == "bert"
    assert short.eigenvalues.tolist() == [0, 1]
    assert "padding" in short.notes[0]
    assert "3rd-Ventricle" in result.notes[0]


def test_brainprint_by_content_alone(tmp_path):
    (tmp_path / "x.txt").write_text(BRAINPRINT)
    assert [s.name for s in io.read(tmp_path / "x.txt")] == ["Left-Caudate", "Short"]


def test_brainprint_legacy(tmp_path):
    path = tmp_path / "bert.brainprint_3.csv"
    path.write_text("Left-Caudate,Right-Caudate\n4012.3,4000\n3456.7,NaN\n0,0\n0.5,0.25\n0.75,1\n")
    left, right = io.read(path)
    assert (left.area, left.volume, right.volume) == (4012.3, 3456.7, None)
    assert left.eigenvalues.tolist() == [0, 0.5, 0.75]
    assert left.kind is Kind.UNKNOWN


def test_brainprint_all_failed(tmp_path):
    path = tmp_path / "a.brainprint.csv"
    path.write_text(",A\narea,NaN\nvolume,NaN\nev0,NaN\nev1,NaN\n")
    with pytest.raises(FileFormatError, match="A was skipped"):
        io.read(path)


def test_brainprint_sidecars(tmp_path):
    asymmetry = tmp_path / "a.csv"
    asymmetry.write_text(",Left-Caudate_Right-Caudate\ndistance,0.5\n")
    with pytest.raises(FileFormatError, match="asymmetry"):
        io.read(asymmetry)
    for name in ("a.brainprint.asymmetry.csv", "a.brainprint.evecs-Left-Caudate.csv"):
        (tmp_path / name).write_text("0,1\n0.5,0.25\n")
        with pytest.raises(FileFormatError, match="BrainPrint"):
            io.read(tmp_path / name)


def test_mindboggle(tmp_path):
    path = tmp_path / "label_shapes.csv"
    header = "name,ID,area,mean depth," + ",".join(
        f"Laplace-Beltrami spectrum: component {k}" for k in (2, 3)
    )
    path.write_text(f'{header}\n"ctx, left",1002,35.5,0.1,2.5,3.5\nctx-b,1003,0.0,0.0,0.0,0.0\n')
    result = io.read_file(path)
    (spectrum,) = result.spectra
    assert spectrum.eigenvalues.tolist() == [2.5, 3.5]
    assert (spectrum.name, spectrum.key, spectrum.area) == ("ctx, left", "1002", 35.5)
    assert spectrum.metadata["mean depth"] == "0.1"
    assert spectrum.normalisation is Normalisation.NORMALISED
    assert "ctx-b" in result.notes[0]


def test_brainlife(tmp_path):
    path = tmp_path / "spectrum.json"
    path.write_text('{"lh.pial": [0, 2.5, 1.5], "note": "x", "rh.pial": [null, 1, 2]}')
    result = io.read_file(path)
    assert [s.name for s in result.spectra] == ["lh.pial", "rh.pial"]
    assert result.spectra[0].eigenvalues.tolist() == [0, 2.5, 1.5]
    assert result.spectra[0].flags.unsorted
    assert result.spectra[0].normalisation is Normalisation.NORMALISED
    assert len(result.notes) == 1


@pytest.mark.parametrize("text", ["[0, 1.5]", '{"evals": [0, 1.5], "area": 2}'])
def test_other_json(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    assert values(io.read_file(tmp_path / "a.json")) == [[0, 1.5]]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": ', '{"a": "b"}', "{}", "[]", '{"a": [true]}']
)
def test_bad_json(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FileFormatError):
        io.read(tmp_path / "a.json")


def test_find_files(tmp_path):
    for name in ("b.ev", "a.csv", "c.EV.gz", ".hidden.ev", "m.keras", "m.card.json", "d.npz.gz"):
        (tmp_path / name).write_text("0")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "z.txt").write_text("0")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("0")
    names = [path.name for path in io.find_files(tmp_path)]
    assert names == ["a.csv", "b.ev", "c.EV.gz", "z.txt"]
