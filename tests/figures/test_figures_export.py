"""Figures and numbers as files: formats, origin, and never a half one."""

from __future__ import annotations

import csv
import hashlib
import json
import os

import h5py
import numpy as np
import pytest
from PIL import Image
from small_network import make_document

from spectracnn.errors import ExportError
from spectracnn.figures.export import export_figure
from spectracnn.figures.provenance import provenance
from spectracnn.figures.tables import panel_table
from spectracnn.figures.values import export_values, values_tsv
from spectracnn.state.document import Document
from spectracnn.state.selection import Selection, SpectrumMode
from spectracnn.view.resolve import resolve

PANELS = ["spectrum", "layers", "prediction", "all", 2]


@pytest.fixture
def contents(document, selection):
    return resolve(document, selection)


def full_disk(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


# --- figures ---------------------------------------------------------------------------------


def test_png_has_the_resolution_and_says_where_it_comes_from(
    tmp_path, contents, document, selection
):
    origin = provenance(document, selection)
    path = tmp_path / "a.png"
    export_figure(contents, "layers", path, dpi=150, size=(900, 1200), provenance=origin)
    with Image.open(path) as image:
        assert image.size == (900, 1200)
        assert round(image.info["dpi"][0]) == 150
        assert image.info["Model SHA-256"] == "ab" * 32
        assert json.loads(image.info["Description"])["preprocessing"][1] == {
            "step": "take",
            "n": 40,
        }


def test_svg_keeps_text_as_text_and_names_as_they_are(tmp_path, contents, document, selection):
    path = tmp_path / "a.svg"
    export_figure(contents, "all", path, provenance=provenance(document, selection))
    text = path.read_text(encoding="utf-8")
    assert "<svg" in text
    assert ">_shape $x$ number 0</text>" in text
    assert ">eigenvalue index</text>" in text
    assert "ab" * 32 in text


def test_pdf_embeds_fonts_as_outlines_of_type_42(tmp_path, contents, document, selection):
    path = tmp_path / "a.pdf"
    export_figure(contents, "prediction", path, provenance=provenance(document, selection))
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/CIDFontType2" in data or b"/TrueType" in data
    assert b"/Type3" not in data
    assert b"/FontFile2" in data
    assert b"CreationDate" not in data
    assert b"ab" * 32 in data


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_contents_give_the_same_bytes(tmp_path, contents, suffix):
    paths = [tmp_path / f"{place}{suffix}" for place in (1, 2)]
    for path in paths:
        export_figure(contents, "layers", path, dpi=70)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_other_formats_are_refused(tmp_path, contents):
    with pytest.raises(ExportError, match=r"\.png, \.svg or \.pdf"):
        export_figure(contents, "spectrum", tmp_path / "a.bmp")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_full_disk_leaves_no_half_figure_and_the_old_one(tmp_path, contents, suffix, monkeypatch):
    path = tmp_path / f"a{suffix}"
    path.write_text("old")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full_disk)
    with pytest.raises(ExportError, match="No space left"):
        export_figure(contents, "spectrum", path)
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_text() == "old"


def test_a_folder_that_takes_no_file_is_told_in_a_sentence(tmp_path, contents, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("spectracnn.core.atomic.new_part", refuse)
    with pytest.raises(ExportError, match="cannot be written \\(Permission denied\\)"):
        export_figure(contents, "spectrum", tmp_path / "a.png")
    with pytest.raises(ExportError, match="cannot be written"):
        export_figure(contents, "spectrum", tmp_path / "missing" / "a.png")


# --- numbers ---------------------------------------------------------------------------------


def read_csv(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    rows = list(csv.reader(line for line in lines if not line.startswith("# ")))
    return head, rows[0], rows[1:]


def test_csv_of_a_spectrum_reads_back_bit_for_bit_with_its_origin(tmp_path, document, selection):
    path = tmp_path / "a.csv"
    export_values(document, selection, "spectrum", path)
    head, header, rows = read_csv(path)
    assert header == ["index", *(entry.spectrum.name for entry in document.entries)]
    for column, entry in enumerate(document.entries, start=1):
        values = np.array([float(row[column]) for row in rows])
        np.testing.assert_array_equal(values, entry.spectrum.eigenvalues)
    assert json.loads(head["model"])["sha256"] == "ab" * 32
    assert json.loads(head["preprocessing"])[0] == {"step": "drop_zeros"}
    assert "numpy" in json.loads(head["versions"])
    assert head["created"].endswith("+00:00")


def test_the_source_file_is_named_with_its_hash(tmp_path, selection):
    source = tmp_path / "input.ev"
    source.write_bytes(b"numbers")
    record = provenance(make_document(source=source), selection)
    assert record["spectra"][0]["file"] == "input.ev"
    assert record["spectra"][0]["sha256"] == hashlib.sha256(b"numbers").hexdigest()
    source.write_bytes(b"other")
    record = provenance(make_document(source=source), selection)
    assert record["spectra"][0]["sha256"] == hashlib.sha256(b"other").hexdigest()
    source.unlink()
    assert provenance(make_document(source=source), selection)["spectra"][0]["sha256"] is None


def test_csv_of_one_layer_and_of_all(tmp_path, document, selection):
    output = document.traces[0].layers[2].output
    export_values(document, selection, 2, tmp_path / "one.csv")
    _, header, rows = read_csv(tmp_path / "one.csv")
    assert header[:3] == ["step", "index", "channel 0"]
    numbers = np.array([[np.float32(cell) for cell in row[2:]] for row in rows])
    np.testing.assert_array_equal(numbers, output)
    # Pairs of the file's indices 1, 2 and 3, 4 ...
    assert [row[1] for row in rows[:2]] == ["1.5", "3.5"]
    export_values(document, selection, "layers", tmp_path / "all.csv")
    _, header, rows = read_csv(tmp_path / "all.csv")
    assert header == ["layer", "activation", "step", "index", "channel", "value"]
    assert len(rows) == sum(layer.output.size for layer in document.traces[0].layers)
    assert rows[-1][:4] == ["dense", "after", "5", ""]


def test_npz_and_hdf5_hold_both_sides_of_an_activation(tmp_path, document, selection):
    layers = document.traces[0].layers
    export_values(document, selection, "all", tmp_path / "a.npz")
    export_values(document, selection, "all", tmp_path / "a.h5")
    with np.load(tmp_path / "a.npz") as npz, h5py.File(tmp_path / "a.h5") as h5:
        assert h5.attrs["format"] == "spectracnn-values"
        for origin in (str(npz["provenance"]), h5["provenance"].asstr()[()]):
            assert json.loads(origin)["model"]["sha256"] == "ab" * 32
        for file in (npz, h5):
            np.testing.assert_array_equal(file["layers/00_conv1.before"][()], layers[0].before)
            np.testing.assert_array_equal(file["layers/00_conv1"][()], layers[0].output)
            np.testing.assert_array_equal(file["layers/04_dense"][()], layers[4].output)
            np.testing.assert_allclose(file["layers/01_pool1.index"][()][:2], [1.5, 3.5])
            assert file["spectrum/values"].shape == (3, 61)
        classes = h5["prediction/class"].asstr()[()]
        assert classes[0] == document.model.classes[int(layers[4].output.argmax())]


def test_spectra_of_different_lengths_have_empty_cells(document):
    selection = Selection(
        current=0, overlaid=frozenset({1}), spectrum_mode=SpectrumMode.MODEL_INPUT
    )
    table = panel_table(resolve(document, selection), "spectrum")
    assert len(table.columns[0]) == 40
    assert next(iter(table.rows()))[0] == "1"


def test_tsv_for_the_clipboard(contents):
    lines = values_tsv(contents, "prediction").splitlines()
    assert lines[0] == "class\tprobability"
    assert len(lines) == 7
    assert values_tsv(contents, 3).splitlines()[0] == "unit\tvalue"
    assert values_tsv(contents, "all") == values_tsv(contents, "spectrum")


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".h5"])
def test_a_full_disk_leaves_no_half_numbers(tmp_path, document, selection, suffix, monkeypatch):
    monkeypatch.setattr("spectracnn.figures.values._write_text", full_disk)
    monkeypatch.setattr("spectracnn.figures.values._write_npz", full_disk)
    monkeypatch.setattr("spectracnn.figures.values._write_hdf5", full_disk)
    with pytest.raises(ExportError, match="No space left"):
        export_values(document, selection, "layers", tmp_path / f"a{suffix}")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("panel", PANELS[:4])
def test_nothing_to_export_is_said_in_a_sentence(tmp_path, panel):
    for suffix in (".csv", ".npz"):
        with pytest.raises(ExportError):
            export_values(Document(), Selection(), panel, tmp_path / f"a{suffix}")
    assert os.listdir(tmp_path) == []


def test_all_is_no_csv(tmp_path, document, selection):
    with pytest.raises(ExportError, match="choose one of its parts"):
        export_values(document, selection, "all", tmp_path / "a.csv")
    with pytest.raises(ExportError, match=r"\.csv, \.npz"):
        export_values(document, selection, "spectrum", tmp_path / "a.xlsx")
