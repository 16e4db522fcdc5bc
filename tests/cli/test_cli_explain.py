"""The command that explains: layout of its files, choices, exit codes."""

from __future__ import annotations

import csv
import json

import h5py
import numpy as np
import pandas as pd
import pytest
from made_spectra import CLASSES, N, made_spectrum, model_input

from spectracnn import io
from spectracnn.cli.choices import shortened
from spectracnn.cli.main import main
from spectracnn.core.attribution import Method
from spectracnn.nn.backend import load_keras


def run(*arguments):
    return main([str(item) for item in arguments])


def read_table(path):
    """Return the lines of origin and the rows."""
    lines = path.read_text(encoding="utf-8").splitlines()
    origin = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    return origin, list(csv.DictReader(line for line in lines if not line.startswith("# ")))


def gradient_input(model, inputs, target):
    """Return gradient x input of the logit, by Keras and TensorFlow directly."""
    tf, keras = load_keras()
    network = keras.saving.load_model(model)
    network.layers[-1].activation = keras.activations.linear
    given = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(given)
        logits = network(given)
        score = tf.reduce_sum(logits[:, target])
    return (given * tape.gradient(score, given)).numpy(), logits.numpy()


@pytest.mark.parametrize("name", ["torus", "Torus", "1"])
def test_hdf5_is_laid_out_as_documented(name, ev_files, small_model, tmp_path, capsys):
    out = tmp_path / "out.h5"
    options = ("--model", small_model, "--class", name, "--method", "gradient-input")
    assert run("explain", *ev_files, *options, "--out", out) == 0
    assert capsys.readouterr() == ("", "")
    inputs = np.stack([model_input(path) for path in ev_files])
    expected, logits = gradient_input(small_model, inputs, 1)
    with h5py.File(out) as file:
        assert (file.attrs["format"], file.attrs["version"]) == ("spectracnn-attribution", 1)
        assert file.attrs["method"] == "gradient-input"
        assert "arXiv" in file.attrs["method_source"]
        assert len(file.attrs["model_sha256"]) == 64
        assert json.loads(file.attrs["preprocessing"])[1] == {"step": "take", "n": N}
        assert file.attrs["keras_version"]
        assert file["classes"].asstr()[()].tolist() == list(CLASSES)
        assert file["spectra/name"].asstr()[()].tolist() == ["shape 0", "shape 1", "shape 2"]
        assert file["target"][()].tolist() == [1, 1, 1]
        np.testing.assert_allclose(file["input"][()], inputs, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(file["values"][()], expected, rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(file["logits"][()], logits, rtol=1e-4, atol=1e-5)
        assert (file["positions"][()] == np.arange(1, N + 1)).all()
        assert "completeness_error" not in file
    assert [s.name for s in io.read(out)] == ["shape 0", "shape 1", "shape 2"]


def test_csv_has_a_row_a_spectrum_and_says_where_it_comes_from(
    ev_files, short_file, small_model, tmp_path, capsys
):
    out = tmp_path / "out.csv"
    files = (ev_files[0], short_file, ev_files[1])
    assert run("explain", *files, "--model", small_model, "--steps", 300, "--out", out) == 1
    assert "short: the model needs 24 eigenvalues" in capsys.readouterr().err
    origin, rows = read_table(out)
    assert origin["format"] == "spectracnn-attribution"
    assert (origin["method"], origin["option_steps"]) == ("integrated-gradients", "300")
    assert json.loads(origin["model"])["name"] == "Small"
    assert [row["name"] for row in rows] == ["shape 0", "shape 1"]
    assert [row["file"] for row in rows] == [str(ev_files[0]), str(ev_files[1])]
    for row, path in zip(rows, ev_files, strict=False):
        _, logits = gradient_input(small_model, model_input(path)[None], 0)
        _, at_zero = gradient_input(small_model, np.zeros((1, N, 1), np.float32), 0)
        target = int(logits.argmax())
        assert row["class"] == CLASSES[target]
        assert float(row["logit"]) == pytest.approx(logits[0, target], rel=1e-4)
        assert float(row["baseline_logit"]) == pytest.approx(at_zero[0, target], rel=1e-3)
        assert float(row["completeness_error"]) < 0.01
        values = [float(row[f"sample {step}"]) for step in range(N)]
        change = logits[0, target] - at_zero[0, target]
        assert sum(values) == pytest.approx(change, rel=0.01)
        assert row["eigenvalues"] == "1-24"
        assert len(row["sha256"]) == 64
        assert len(row) == 8 + N


@pytest.mark.parametrize("method", list(Method))
def test_every_method_explains_the_bundled_model(method, tmp_path):
    from spectracnn.resources import sample_spectra

    out = tmp_path / "out.h5"
    assert run("explain", sample_spectra()[3], "--method", method, "--out", out) == 0
    with h5py.File(out) as file:
        assert file["values"].shape == (1, 100, 1)
        assert np.isfinite(file["values"]).all()
        assert np.ptp(file["values"]) > 0
        whole = method in (Method.INTEGRATED_GRADIENTS, Method.EXPECTED_GRADIENTS)
        assert ("completeness_error" in file) == whole
        assert ("layer" in file.attrs) == method.startswith("grad-cam")


def test_grad_cam_takes_a_layer_by_name_or_number(ev_files, small_model, tmp_path):
    found = []
    for layer in ("conv1", "0", "conv2"):
        out = tmp_path / f"{layer}.csv"
        options = ("--model", small_model, "--method", "grad-cam-signed", "--layer", layer)
        assert run("explain", ev_files[0], *options, "--out", out) == 0
        origin, rows = read_table(out)
        found.append((origin["layer"], [rows[0][f"sample {step}"] for step in range(N)]))
    assert found[0] == found[1]
    assert [name for name, _ in found] == ["conv1", "conv1", "conv2"]
    assert found[0] != found[2]


def test_batches_and_structures(tmp_path, monkeypatch):
    monkeypatch.setattr("spectracnn.cli.network.BATCH", 2)
    _, keras = load_keras()
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((6, 2)), layers.Conv1D(2, 3), layers.Flatten(), layers.Dense(2)]
    )
    path = tmp_path / "two.keras"
    model.save(path)
    many = tmp_path / "many.h5"
    io.write_hdf5([made_spectrum(f"s{i}", 30, i) for i in range(5)], many)
    out = tmp_path / "out.csv"
    assert run("explain", many, "--model", path, "--method", "occlusion", "--out", out) == 0
    _, rows = read_table(out)
    assert [row["name"] for row in rows] == ["many"]  # of one file without subjects, one subject
    assert [key for key in rows[0] if key.startswith("sample")][:3] == [
        "sample 0 structure 0",
        "sample 0 structure 1",
        "sample 1 structure 0",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--class", "cube"), "no class 'cube'; its classes are sphere, torus, plate."),
        (("--class", "3"), "no class '3'"),
        (("--class", "-1"), "no class '-1'"),
        (("--method", "magic"), "methods are gradient-input, integrated-gradients"),
        (("--method", "grad-cam", "--layer", "pool1"), "it can at conv1 (0), conv2 (2)."),
        (("--method", "occlusion", "--window", "0"), "'window' is 0; it must be at least 1"),
        (("--window", "3"), "integrated-gradients does not read --window; its options are"),
        (("--steps", "many"), "invalid int value"),
    ],
)
def test_wrong_choices_are_exit_code_2_and_say_what_there_is(
    arguments, words, ev_files, small_model, tmp_path, capsys
):
    out = tmp_path / "out.h5"
    options = [f"{name}={value}" for name, value in zip(*[iter(arguments)] * 2, strict=True)]
    code = run("explain", ev_files[0], "--model", small_model, *options, "--out", out)
    assert code == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_outputs_that_cannot_be_are_refused_first(ev_files, small_model, tmp_path, capsys):
    before = ev_files[0].read_bytes()
    weights = small_model.read_bytes()
    for out, words in (
        (tmp_path / "out.txt", "written as .csv, .h5, .hdf5 or .parquet"),
        (tmp_path / "none" / "out.h5", "nothing can be written there"),
        (tmp_path, "written as"),
    ):
        assert run("explain", ev_files[0], "--model", "none.keras", "--out", out) == 2
        assert words in capsys.readouterr().err
    for name, target in (("link.csv", ev_files[0]), ("link.h5", small_model)):
        link = tmp_path / name
        link.symlink_to(target)
        assert run("explain", *ev_files, "--model", small_model, "--out", link) == 2
        assert "is one of the inputs" in capsys.readouterr().err
    assert ev_files[0].read_bytes() == before
    assert small_model.read_bytes() == weights


def test_nothing_to_explain_writes_nothing(bad_file, small_model, tmp_path):
    out = tmp_path / "out.csv"
    assert run("explain", bad_file, "--model", small_model, "--out", out) == 1
    assert not out.exists()


def test_expected_gradients_of_a_model_that_takes_no_sample(tmp_path, capsys):
    _, keras = load_keras()
    model = keras.Sequential([keras.Input((500, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    path = tmp_path / "long.keras"
    model.save(path)
    spectrum = tmp_path / "long.ev"
    io.write_ev(made_spectrum("long", 600), spectrum)
    out = tmp_path / "out.csv"
    options = ("--model", path, "--method", "expected-gradients")
    assert run("explain", spectrum, *options, "--out", out) == 2
    assert "the model accepts none of the samples" in capsys.readouterr().err
    assert not out.exists()


def test_long_lists_are_shortened():
    assert shortened(["a", "b"]) == "a, b"
    assert shortened([str(i) for i in range(20)]).endswith("6, 7 and 12 more")


def columns_beside(out, names):
    """What a file of attributions has beside them, as lists."""
    if out.suffix == ".csv":
        return {name: [row[name] for row in read_table(out)[1]] for name in names}
    if out.suffix == ".h5":
        with h5py.File(out) as file:
            held = {name: file[f"covariates/{name}"] for name in names}
            texts = {name: one.asstr()[:] if one.dtype == object else one[:]
                     for name, one in held.items()}  # fmt: skip
        return {name: [cell if isinstance(cell, str) else "" if np.isnan(cell) else str(cell)
                       for cell in column.tolist()] for name, column in texts.items()}  # fmt: skip
    frame = pd.read_parquet(out)
    return {name: ["" if pd.isna(cell) else str(cell) for cell in frame[name]] for name in names}


@pytest.mark.parametrize("suffix", [".csv", ".h5", ".parquet"])
def test_the_columns_of_a_table_stand_beside_attributions(suffix, ev_files, small_model, tmp_path):
    (tmp_path / "t.csv").write_text("name,age,site\nshape 0,3.5,Oslo\nshape 2,5,\n")
    words = ["explain", *ev_files, "--model", small_model, "--method", "gradient-input"]
    out = tmp_path / f"out{suffix}"
    assert run(*words, "--table", tmp_path / "t.csv", "--out", out) == 0
    assert columns_beside(out, ("age", "site")) == {
        "age": ["3.5", "", "5.0"], "site": ["Oslo", "", ""],
    }  # fmt: skip
    other = tmp_path / f"without{suffix}"
    assert run(*words, "--out", other) == 0
    if suffix == ".csv":
        rows, plain = read_table(out)[1], read_table(other)[1]
        assert [{key: row[key] for key in plain[0]} for row in rows] == plain
