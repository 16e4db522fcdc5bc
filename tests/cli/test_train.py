import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "nn" / "train"))
from training_spectra import write_table, write_training_file

from spectracnn.cli.main import main

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path):
    return write_training_file(tmp_path / "d.h5")


def train(*words):
    return main(["train", *map(str, words)])


def test_prints_the_table_and_writes_the_files(data, tmp_path, capsys):
    out = tmp_path / "m.keras"
    assert train(data, "--out", out, "--epochs", 1, "--folds", 2, "--eigenvalues", 24) == 0
    printed = capsys.readouterr()
    for name in ("1-NN ShapeDNA", "RBF SVM", "logistic regression", "this model"):
        assert f"\n{name}  " in printed.out
    assert printed.out.startswith("Cross-validated on 18 spectra: 2-fold stratified")
    assert printed.err == ""
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "d.h5", "m.keras", "m.card.json", "m.reference.npz", "training-runs.csv",
    }  # fmt: skip


def test_json_of_a_regression(tmp_path, capsys):
    files, table = write_table(tmp_path)
    words = ["--table", table, "--id", "id", "--target", "age", "--task", "regression"]
    out = tmp_path / "m.keras"
    assert train(files, *words, "--out", out, "--epochs", 2, "--folds", 2, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["r2"]) == set(report["mae"]) == {"mean", "sd"}
    assert set(report["baselines"]) == {"ridge", "k-NN"}
    assert report["epochs"] == 2
    assert report["model"] == str(out)


def test_wrong_data_is_one_line(tmp_path, capsys):
    path = tmp_path / "d.h5"
    path.write_text("no HDF5")
    assert train(path, "--out", tmp_path / "m.keras") == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [["--seed", "-1"], ["--folds", "x"], ["--epochs", "0"], []])
def test_wrong_usage(data, words, tmp_path, capsys):
    out = ["--out", tmp_path / "m.keras"] if words else []
    assert train(data, *out, *words) == 2
    assert capsys.readouterr().err


def test_ctrl_c_leaves_no_file(data, tmp_path, monkeypatch):
    from spectracnn.cli import train as module

    def interrupt(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(module._Terminal, "wish", interrupt)
    assert train(data, "--out", tmp_path / "m.keras", "--folds", 0) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["d.h5"]


def test_sites_are_harmonised_and_predict_reads_them_from_the_table(tmp_path, capsys):
    files, table = write_table(tmp_path, n=36, length=40)
    lines = table.read_text().splitlines()
    own = [f"{line},{'AB'[place % 2]}" for place, line in enumerate(lines[1:])]
    table.write_text("\n".join([f"{lines[0]},scanner", *own]) + "\n")
    out = tmp_path / "m.keras"
    words = ["--table", table, "--id", "id", "--target", "class", "--site", "scanner", "--combat"]
    quick = ["--epochs", 2, "--folds", 2, "--eigenvalues", 24, "--json"]
    assert train(files, *words, "--out", out, *quick) == 0
    report = json.loads(capsys.readouterr().out)
    assert "sites harmonised within them" in report["how"]
    shapes = [str(path) for path in sorted(files.iterdir())]
    answers = {}
    for name, more in (("known", ["--table", str(table), "--id", "id"]), ("unknown", [])):
        assert main(["predict", *shapes, "--model", str(out), *more, "--json"]) == 0
        printed = capsys.readouterr()
        assert "harmonised by ComBat" in printed.err
        answers[name] = [item["probabilities"] for item in json.loads(printed.out)]
        saved = tmp_path / f"{name}.csv"
        assert main(["predict", *shapes, "--model", str(out), *more, "--csv", str(saved)]) == 0
        capsys.readouterr()
    assert answers["known"] != answers["unknown"]
    read = {
        name: [line.split(",") for line in (tmp_path / f"{name}.csv").read_text().splitlines()]
        for name in answers
    }
    column = read["known"][0].index(next(iter(answers["known"][0])))
    for name, rows in read.items():
        shares = [float(row[column]) for row in rows[1:]]
        assert shares == pytest.approx([next(iter(one.values())) for one in answers[name]], 1e-5)


def test_combat_without_sites_is_one_line(data, tmp_path, capsys):
    assert train(data, "--out", tmp_path / "m.keras", "--combat") == 2
    printed = capsys.readouterr().err
    assert "ComBat needs the column of the sites" in printed
    assert printed.count("\n") <= 2
