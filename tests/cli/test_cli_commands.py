"""The contract of the commands: output, exit codes, and one line for each failed input."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import h5py
import numpy as np
import pytest
from made_spectra import CLASSES, N, made_spectrum, model_input
from PIL import Image

from spectracnn import __version__, io
from spectracnn.cli.main import main
from spectracnn.cli.stems import unique_stem
from spectracnn.nn.backend import load_keras


def run(*arguments):
    return main([str(item) for item in arguments])


# --- info ------------------------------------------------------------------------------------


def test_info_as_json_is_the_contract(ev_files, capsys):
    assert run("info", *ev_files, "--json") == 0
    out, err = capsys.readouterr()
    records = json.loads(out)
    assert [record["file"] for record in records] == [str(path) for path in ev_files]
    keys = ["file", "name", "n", "kind", "area", "volume", "n_zeros", "flags", "first"]
    assert list(records[0]) == keys
    spectrum = made_spectrum("shape 0", 40, 0)
    assert records[0]["n"] == 40
    assert records[0]["area"] == 2.5
    assert records[0]["n_zeros"] == 1
    assert records[0]["first"] == spectrum.eigenvalues[:5].tolist()
    assert err == ""


def test_info_in_words_lines_up(ev_files, capsys):
    assert run("info", *ev_files) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["name", "count"]
    assert lines[1].startswith("shape 0")
    assert len(lines) == 4


def test_a_bad_file_among_good_ones_is_one_line_and_exit_code_1(ev_files, bad_file, capsys):
    assert run("info", ev_files[0], bad_file, ev_files[1], "--json") == 1
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 2
    assert err.startswith(f"spectracnn: {bad_file}: found a web page")
    assert err.count("\n") == 1


def test_missing_files_and_empty_folders_are_failed_inputs(tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("info", tmp_path / "none.ev", empty) == 1
    assert capsys.readouterr().err.count("\n") == 2


def test_folders_are_searched(ev_files, capsys):
    assert run("info", ev_files[0].parent, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_values_that_json_does_not_know_become_null(tmp_path, capsys):
    path = tmp_path / "gap.txt"
    path.write_text("0\nnan\n2.5\ninf\n4\n")
    assert run("info", path, "--json") == 0
    text = capsys.readouterr().out
    assert json.loads(text)[0]["first"] == [0.0, None, 2.5, None, 4.0]
    assert "NaN" not in text


def test_orientation_is_taken_and_an_assumption_is_said(tmp_path, capsys):
    path = tmp_path / "table.txt"
    np.savetxt(path, np.random.default_rng(0).uniform(1, 2, (5, 5)))
    run("info", path, "--json")
    err = capsys.readouterr().err
    assert "--orientation" in err
    assert "note:" in err
    run("info", path, "--json", "--orientation", "rows")
    rows, err = capsys.readouterr()
    assert "--orientation" not in err
    run("info", path, "--json", "--orientation", "columns")
    columns = capsys.readouterr().out
    assert json.loads(rows)[0]["first"] != json.loads(columns)[0]["first"]


def test_text_comes_from_stdin(monkeypatch, capsys):
    import io as text_io

    monkeypatch.setattr("sys.stdin", text_io.StringIO("0 1 2 3 4 5\n"))
    assert run("info", "-", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["file"] == "-"


# --- predict ---------------------------------------------------------------------------------


def test_predict_as_json_agrees_with_keras(ev_files, small_model, capsys):
    assert run("predict", *ev_files, "--model", small_model, "--json") == 0
    records = json.loads(capsys.readouterr().out)
    network = load_keras()[1].saving.load_model(small_model)
    inputs = np.stack([model_input(path) for path in ev_files])
    expected = network(inputs).numpy()
    for record, row in zip(records, expected, strict=True):
        first = ["file", "name", "class", "probability", "probabilities"]
        more = ["typicality", "raw_probability", "set", "nearest"]
        assert list(record) == [*first, *more]
        assert record["raw_probability"] == record["probability"]
        assert [record[name] for name in ("typicality", "set", "nearest")] == [None] * 3
        assert record["class"] == CLASSES[int(row.argmax())]
        assert list(record["probabilities"]) == list(CLASSES)
        np.testing.assert_allclose(list(record["probabilities"].values()), row, rtol=1e-5)


def test_predict_reports_spectra_that_the_model_cannot_take(
    ev_files, short_file, small_model, capsys
):
    assert run("predict", ev_files[0], short_file, "--model", small_model) == 1
    out, err = capsys.readouterr()
    assert "shape 0" in out
    assert err == (
        f"spectracnn: {short_file}: short: the model needs 24 eigenvalues; "
        "9 are left of this spectrum at step 'take'.\n"
    )


def test_predict_writes_csv(ev_files, small_model, tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert run("predict", *ev_files, "--model", small_model, "--csv", out) == 0
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    assert rows[0][: 4 + len(CLASSES)] == ["file", "name", "class", "probability", *CLASSES]
    more = ["typicality", "raw_probability", "set", "nearest", "nearest_class", "shadow"]
    assert rows[0][4 + len(CLASSES) :] == [*more, "remark"]
    assert len(rows) == 4
    assert sum(map(float, rows[1][4 : 4 + len(CLASSES)])) == pytest.approx(1, abs=1e-6)
    assert capsys.readouterr().out == ""


def test_several_spectra_of_one_file_are_told_apart_by_name(small_model, tmp_path, capsys):
    path = tmp_path / "many.h5"
    io.write_hdf5([made_spectrum(f"s{i}", 30, i) for i in range(3)], path)
    assert run("predict", path, "--model", small_model, "--json") == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["name"] for record in records] == ["s0", "s1", "s2"]


def test_predict_imports_no_qt_and_says_nothing_on_stderr(ev_files, small_model):
    code = (
        "import sys; from spectracnn.cli.main import main; code = main(sys.argv[1:]);"
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'pyqtgraph')], code)"
    )
    arguments = ["predict", str(ev_files[0]), "--model", str(small_model)]
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[] 0"
    assert result.stderr == ""


def test_the_bundled_model_classifies_the_bundled_samples(capsys):
    from spectracnn.resources import sample_spectra

    samples = sample_spectra()[:3]
    assert run("predict", *samples, "--json") == 0
    found = [record["class"] for record in json.loads(capsys.readouterr().out)]
    assert found == [path.stem for path in samples]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no zip", "small"), (None, "small")],
)
def test_models_that_cannot_be_used_are_exit_code_2(ev_files, tmp_path, content, words, capsys):
    path = tmp_path / "small.keras"
    if content is not None:
        path.write_bytes(content)
    assert run("predict", ev_files[0], "--model", path) == 2
    err = capsys.readouterr().err
    assert err.startswith("spectracnn: ")
    assert words in err
    assert err.count("\n") == 1


def test_a_card_can_be_given(ev_files, small_model, tmp_path, capsys):
    alone = tmp_path / "alone.keras"
    alone.write_bytes(small_model.read_bytes())
    card = small_model.with_name("small.card.json")
    assert run("predict", ev_files[0], "--model", alone, "--card", card, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)[0]["class"] in CLASSES
    assert err == ""
    assert run("predict", ev_files[0], "--model", alone, "--json") == 0
    assert "has no model card" in capsys.readouterr().err


# --- trace -----------------------------------------------------------------------------------


def test_trace_is_laid_out_as_the_contract_says(ev_files, short_file, small_model, tmp_path):
    out = tmp_path / "out.h5"
    assert run("trace", *ev_files, short_file, "--model", small_model, "--out", out) == 1
    _, keras = load_keras()
    network = keras.saving.load_model(small_model)
    inputs = np.stack([model_input(path) for path in ev_files])
    with h5py.File(out) as file:
        assert file.attrs["format"] == "spectracnn-trace"
        assert file.attrs["version"] == 1
        assert len(file.attrs["model_sha256"]) == 64
        assert json.loads(file.attrs["preprocessing"])[1] == {"step": "take", "n": N}
        assert file["spectra/name"].asstr()[()].tolist() == ["shape 0", "shape 1", "shape 2"]
        assert file["spectra/source"].asstr()[()].tolist() == [str(path) for path in ev_files]
        values = file["spectra/eigenvalues"][()]
        assert values.shape == (3, 60)
        assert np.isnan(values[0, 40:]).all()
        np.testing.assert_array_equal(values[1], io.read(ev_files[1])[0].eigenvalues)
        np.testing.assert_allclose(file["input"][()], inputs, rtol=1e-6, atol=1e-7)
        assert file["classes"].asstr()[()].tolist() == list(CLASSES)
        names = ["conv1", "pool1", "conv2", "flatten", "classes"]
        stored = {key for key in file["layers"] if not key.endswith(".before")}
        assert sorted(stored) == [f"{place:02d}_{name}" for place, name in enumerate(names)]
        values = inputs
        for place, layer in enumerate(network.layers):
            values = layer(values)
            dataset = file[f"layers/{place:02d}_{layer.name}"]
            np.testing.assert_allclose(dataset[()], values, rtol=1e-4, atol=1e-5)
            assert dataset.attrs["layer"] == layer.name
            assert dataset.attrs["layer_class"] == type(layer).__name__
        before = file["layers/00_conv1.before"]
        assert before.attrs["role"] == "before"
        assert file["layers/00_conv1"].attrs["role"] == "after"
        assert file["layers/01_pool1"].attrs["role"] == "output"
        np.testing.assert_array_equal(np.maximum(before[()], 0), file["layers/00_conv1"][()])
        np.testing.assert_allclose(file["output"][()], values, rtol=1e-4, atol=1e-6)


def test_trace_goes_batch_by_batch(small_model, tmp_path, monkeypatch):
    monkeypatch.setattr("spectracnn.cli.network.BATCH", 4)
    path = tmp_path / "many.h5"
    io.write_hdf5([made_spectrum(f"s{i}", 30, i) for i in range(10)], path)
    out = tmp_path / "out.h5"
    assert run("trace", path, "--model", small_model, "--out", out) == 0
    with h5py.File(out) as file:
        assert file["output"].shape == (10, 3)
        assert file["spectra/name"].asstr()[()].tolist() == [f"s{i}" for i in range(10)]


@pytest.mark.parametrize("command", ["trace --out", "predict --csv"])
def test_an_input_is_not_written_over(command, ev_files, small_model, tmp_path, capsys):
    before = ev_files[0].read_bytes()
    link = tmp_path / "link"
    link.symlink_to(ev_files[0])
    name, option = command.split()
    for out in (ev_files[0], link):
        assert run(name, *ev_files, "--model", small_model, option, out) == 2
        assert "is one of the inputs" in capsys.readouterr().err
    assert ev_files[0].read_bytes() == before


def test_trace_of_nothing_writes_nothing(bad_file, small_model, tmp_path):
    out = tmp_path / "out.h5"
    assert run("trace", bad_file, "--model", small_model, "--out", out) == 1
    assert not out.exists()


@pytest.mark.parametrize("command", [("trace", "--out"), ("predict", "--csv")])
def test_an_output_that_cannot_be_written_is_told_first(command, ev_files, tmp_path, capsys):
    name, option = command
    for out in (tmp_path / "none" / "out.h5", tmp_path):
        # The model does not exist either: the output is looked at before it.
        assert run(name, ev_files[0], "--model", "none.keras", option, out) == 2
        assert str(out.parent if out != tmp_path else out) in capsys.readouterr().err


# --- plot ------------------------------------------------------------------------------------


def test_plot_writes_one_figure_a_spectrum_and_panel(ev_files, short_file, small_model, tmp_path):
    out = tmp_path / "new" / "figures"
    code = run("plot", ev_files[0], short_file, "--model", small_model, "--out", out, "--dpi", "60")
    assert code == 1
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        "shape_0-layers.png",
        "shape_0-prediction.png",
        "shape_0-spectrum.png",
        "short-spectrum.png",
    ]
    with Image.open(out / "shape_0-spectrum.png") as image:
        assert image.size[0] == 450
        assert "Model SHA-256" in image.info


def test_plot_of_spectra_alone_needs_no_model(ev_files, tmp_path):
    arguments = ("--panels", "spectrum", "--format", "svg", "--theme", "dark")
    assert run("plot", ev_files[0], "--out", tmp_path, *arguments) == 0
    assert (tmp_path / "shape_0-spectrum.svg").exists()


def test_wrong_panels_are_wrong_usage(ev_files, tmp_path, capsys):
    assert run("plot", ev_files[0], "--out", tmp_path, "--panels", "spectra") == 2
    assert "panels are" in capsys.readouterr().err


def test_file_names_are_safe_and_unique():
    taken: set[str] = set()
    names = ["../a b", "A B", "con", "\u00e9toile", "", "x" * 300]
    found = [unique_stem(name, taken) for name in names]
    assert found[:5] == ["a_b", "A_B-2", "con_", "\u00e9toile", "spectrum"]
    assert len(found[5]) == 80


# --- the rest --------------------------------------------------------------------------------


def test_version_help_and_wrong_usage(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"spectracnn {__version__}\n"
    assert run("--help") == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("info", "predict", "trace", "plot"))
    assert run("info") == 2
    assert run("nonsense") == 2
    assert run() == 2


def test_an_unexpected_error_is_one_line_with_a_way_to_the_traceback(ev_files, monkeypatch, capsys):
    def fail(*_arguments):
        raise RuntimeError("odd")

    monkeypatch.setattr("spectracnn.cli.info.record", fail)
    assert run("info", ev_files[0], "--json") == 2
    err = capsys.readouterr().err
    assert err == "spectracnn: unexpected RuntimeError: odd; run with --debug for the traceback\n"
    assert run("info", ev_files[0], "--json", "--debug") == 2
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_is_quiet(ev_files, monkeypatch, capsys):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("spectracnn.cli.info.record", interrupt)
    assert run("info", ev_files[0], "--json") == 130
    assert capsys.readouterr().err == ""
