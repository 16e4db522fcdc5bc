"""Each spectrum is read by the bundled network that fits it, whatever stands beside it."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.resources import BUNDLED, bundled_model, sample_spectra


@pytest.fixture
def mixed(tmp_path):
    """Whole samples and ones cut to 50 values, by turns."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for place, path in enumerate(sample_spectra()[:6]):
        values = io.read(path)[0].eigenvalues
        short = place % 2 == 0
        np.savetxt(folder / f"{place}{'s' if short else 'l'}.txt", values[: 50 if short else None])
    return folder


def predicted(capsys, *words):
    assert main(["predict", *map(str, words), "--json"]) == 0
    told = capsys.readouterr()
    return json.loads(told.out), told.err


def test_both_bundled_networks_know_the_same_classes_in_the_same_order():
    from spectracnn.core.card_file import card_path, read_card

    classes = {read_card(card_path(model.path)).classes for model in BUNDLED[:2]}
    assert len(classes) == 1


def test_each_is_read_by_the_network_that_fits_it(mixed, capsys):
    found, said = predicted(capsys, mixed)
    assert [record["name"] for record in found] == ["0s", "1l", "2s", "3l", "4s", "5l"]
    assert said.count("49 nonzero eigenvalues") == 1
    alone = {}
    for kind, key in (("l", "plain"), ("s", "short")):
        files = sorted(mixed.glob(f"*{kind}.txt"))
        for record in predicted(capsys, *files, "--model", bundled_model(key).path)[0]:
            alone[record["name"]] = record
    for record in found:
        remark = record.pop("remark", "")
        assert remark.startswith("read by: ") == record["name"].endswith("s")
        assert record == alone[record["name"]]


def test_the_table_says_it_too_and_keeps_the_order(mixed, tmp_path, capsys):
    out = tmp_path / "t.csv"
    assert main(["predict", str(mixed), "--csv", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    found, _ = predicted(capsys, mixed)
    assert [row["name"] for row in rows] == [record["name"] for record in found]
    for row, record in zip(rows, found, strict=True):
        assert row["remark"] == record.get("remark", "")
        assert row["set"] == "; ".join(record["set"])
        assert float(row["typicality"]) == record["typicality"]


def test_too_short_for_every_network_is_a_failed_input(mixed, tmp_path, capsys):
    np.savetxt(tmp_path / "few.txt", np.arange(12.0) ** 1.1)
    assert main(["predict", str(tmp_path / "few.txt"), str(mixed), "--json"]) == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 6
    assert "needs 100 eigenvalues" in told.err


def test_a_model_that_was_named_is_not_left(mixed, capsys):
    assert main(["predict", str(mixed), "--model", str(bundled_model("plain").path), "--json"]) == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 3
    assert told.err.count("takes it: --model") == 3


def test_one_short_spectrum_does_not_move_a_trace(mixed, tmp_path, capsys):
    out = tmp_path / "t.h5"
    files = [str(mixed / "1l.txt"), str(mixed / "0s.txt")]
    assert main(["trace", *files, "--out", str(out)]) == 1
    assert "Plain network for 49 eigenvalues takes it: --model" in capsys.readouterr().err


def test_what_is_no_spectrum_is_remarked_in_the_table(tmp_path, capsys):
    path = tmp_path / "noise.txt"
    np.savetxt(path, np.random.default_rng(0).uniform(1, 2, size=200))
    out = tmp_path / "t.csv"
    assert main(["predict", str(path), "--csv", str(out), "--force"]) == 0
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert row["remark"].startswith("no spectrum: ")


def test_a_bare_set_stands_before_files_and_behind_them(mixed, capsys):
    file = mixed / "1l.txt"
    usual = predicted(capsys, file)[0]
    assert predicted(capsys, "--set", file)[0] == usual
    assert predicted(capsys, file, "--set")[0] == usual
    assert predicted(capsys, "--set", "0.9", file)[0] == usual
    wider = predicted(capsys, "--set", "0.999", file)[0]
    assert len(wider[0]["set"]) > len(usual[0]["set"])
