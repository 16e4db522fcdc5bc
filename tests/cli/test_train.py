import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "nn" / "train"))
from training_spectra import write_training_file

from spectracnn.cli.main import main
from spectracnn.core.progress import Progress


@pytest.fixture
def data(tmp_path):
    return write_training_file(tmp_path / "d.h5")


def train(*words):
    return main(["train", *map(str, words)])


def test_prints_the_table_and_writes_both_files(data, tmp_path, capsys):
    out = tmp_path / "m.keras"
    words = ["--out", out, "--epochs", 1, "--folds", 2, "--seeds", 1]
    assert train(data, *words) == 0
    printed = capsys.readouterr()
    for name in (
        "1-nearest neighbour",
        "RBF SVM",
        "logistic regression",
        "tutorial network",
        "this model",
    ):
        assert f"\n{name}  " in printed.out
    assert "2-fold stratified cross-validation, 1 seeds" in printed.out
    assert "not cross-validated" in printed.out
    assert printed.err == ""
    assert out.is_file()
    assert out.with_name("m.card.json").is_file()


def test_ctrl_c_leaves_no_file(data, tmp_path, monkeypatch):
    def interrupt(self, done, total=0, message=""):
        raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "update", interrupt)
    assert train(data, "--out", tmp_path / "m.keras", "--no-evaluate") == 130
    assert [path.name for path in tmp_path.iterdir()] == ["d.h5"]


def test_wrong_data_is_one_line(tmp_path, capsys):
    path = tmp_path / "d.h5"
    path.write_text("no HDF5")
    assert train(path, "--out", tmp_path / "m.keras") == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [["--seeds", "-1"], ["--folds", "x"], []])
def test_wrong_usage(data, words, capsys):
    assert train(data, *words) == 2
    assert "train" in capsys.readouterr().err
