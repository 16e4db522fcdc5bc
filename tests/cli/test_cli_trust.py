import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

sys.path.append(str(Path(__file__).parents[1] / "nn" / "train"))
from training_spectra import made_values, quick_plan, write_table, write_training_file

from spectracnn.cli.main import main
from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.outputs import Task
from spectracnn.core.reference import reference_path
from spectracnn.nn.train.run import train


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trust")
    data = write_training_file(folder / "d.h5", n=60)
    train(quick_plan(data, folder / "m.keras", epochs=6, folds=3))
    new, labels, _ = made_values(30, seed=77)
    (folder / "new").mkdir()
    for place, row in enumerate(new):
        np.savetxt(folder / "new" / f"n{place:02d}-{labels[place]}.txt", row)
    np.savetxt(folder / "ramp.txt", 1.7 * np.arange(111))
    np.savetxt(folder / "counting.txt", np.arange(111.0))
    np.savetxt(folder / "noise.txt", np.sort(np.exp(np.random.default_rng(0).normal(size=111))))
    return folder


def predicted(capsys, *words):
    assert main(["predict", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_fields_of_the_contract(folder, capsys):
    found = predicted(capsys, folder / "new", "--model", folder / "m.keras")
    assert len(found) == 30
    card = read_card(card_path(folder / "m.keras"))
    for record in found:
        assert 0 < record["typicality"] <= 1
        assert record["set"][0] == record["class"]
        assert set(record["nearest"]) == {"name", "class"}
        assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert record["probability"] == max(record["probabilities"].values())
    # The calibrated probability is the network's own softmax at the card's temperature.
    import keras

    network = keras.saving.load_model(folder / "m.keras", compile=False)
    from spectracnn import io

    spectrum = io.read_file(Path(found[0]["file"])).spectra[0]
    shares = np.asarray(network(card.preprocessing.apply(spectrum).values[None, :, None]))[0]
    assert found[0]["raw_probability"] == pytest.approx(shares.max(), rel=1e-4)
    expected = softmax(np.log(shares.astype(float)) / card.temperature)
    assert found[0]["probability"] == pytest.approx(expected.max(), rel=1e-4)


def test_alike_shapes_are_typical_and_others_are_not(folder, capsys):
    alike = predicted(capsys, folder / "new", "--model", folder / "m.keras")
    assert np.mean([record["typicality"] < 0.05 for record in alike]) < 0.3
    others = predicted(
        capsys, folder / "ramp.txt", folder / "noise.txt", "--model", folder / "m.keras"
    )
    assert all(record["typicality"] < 0.05 for record in others)


def test_only_counting_is_refused_and_forced_it_is_unlike(folder, capsys):
    words = ["predict", str(folder / "counting.txt"), "--model", str(folder / "m.keras")]
    assert main(words) == 1
    assert "count 1, 2, 3" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0
    told = capsys.readouterr().out
    assert "unlike, p = 0.0" in told
    assert "(no spectrum)" in told
    (record,) = predicted(capsys, *words[1:], "--force")
    assert record["typicality"] < 0.05
    assert record["remark"].startswith("no spectrum: the values count")


def test_a_higher_level_gives_larger_sets(folder, capsys):
    sizes = [
        sum(
            len(record["set"])
            for record in predicted(
                capsys, folder / "new", "--model", folder / "m.keras", "--set", level
            )
        )
        for level in (0.5, 0.9, 0.999)
    ]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 90  # too few scores for such a level: no class can be ruled out


@pytest.mark.parametrize("level", ["0", "1", "90", "x", "nan"])
def test_no_level(folder, capsys, level):
    assert main(["predict", str(folder / "ramp.txt"), "--set", level]) == 2
    assert "between 0 and 1" in capsys.readouterr().err


def test_the_table_has_the_same_columns(folder, tmp_path, capsys):
    out = tmp_path / "t.csv"
    model = ["--model", str(folder / "m.keras")]
    assert main(["predict", str(folder / "new"), *model, "--csv", str(out)]) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    found = predicted(capsys, folder / "new", *model)
    for row, record in zip(rows, found, strict=True):
        assert float(row["typicality"]) == record["typicality"]
        assert float(row["raw_probability"]) == record["raw_probability"]
        assert row["set"] == "; ".join(record["set"])
        assert row["nearest"] == record["nearest"]["name"]
        assert row["nearest_class"] == record["nearest"]["class"]
        assert row["shadow"] == record["shadow"]


def test_a_trace_names_the_temperature_and_keeps_the_output(folder, tmp_path):
    import h5py

    out = tmp_path / "t.h5"
    model = ["--model", str(folder / "m.keras")]
    assert main(["trace", str(folder / "ramp.txt"), *model, "--out", str(out)]) == 0
    with h5py.File(out) as file:
        card = read_card(card_path(folder / "m.keras"))
        assert file.attrs["temperature"] == card.temperature
        last = list(file["layers"])[-2]  # before its softmax is the last
        np.testing.assert_array_equal(file["output"][()], file[f"layers/{last}"][()])


def test_for_people(folder, capsys):
    model = ["--model", str(folder / "m.keras"), "--set", "0.8"]
    assert main(["predict", str(folder / "ramp.txt"), *model]) == 0
    told = capsys.readouterr().out
    assert "80 % set" in told
    assert "unlike, p = 0.0" in told


def test_without_a_reference_typicality_is_unknown(folder, tmp_path, capsys):
    for path in (folder / "m.keras", card_path(folder / "m.keras")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    words = ["predict", str(folder / "ramp.txt"), "--model", str(tmp_path / "m.keras"), "--json"]
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "Typicality unknown" in printed.err
    (record,) = json.loads(printed.out)
    assert record["typicality"] is None
    assert record["nearest"] is None
    assert record["set"]  # the scores are in the card


def test_another_reference_is_not_believed(folder, tmp_path, capsys):
    for path in (folder / "m.keras", card_path(folder / "m.keras")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    own = reference_path(tmp_path / "m.keras")
    own.write_bytes(reference_path(folder / "m.keras").read_bytes() + b"x")
    words = ["predict", str(folder / "ramp.txt"), "--model", str(tmp_path / "m.keras")]
    assert main(words) == 0
    assert "not the one that the card names" in capsys.readouterr().err


def test_other_steps_make_the_reference_useless(folder, tmp_path, capsys):
    from dataclasses import replace

    from spectracnn.core.card_file import write_card
    from spectracnn.core.preprocessing import Preprocessing

    card = read_card(card_path(folder / "m.keras"))
    changed = replace(card, preprocessing=Preprocessing(card.preprocessing.steps[:-1]))
    write_card(changed, tmp_path / "other.card.json")
    words = [str(folder / "ramp.txt"), "--model", str(folder / "m.keras")]
    assert main(["predict", *words, "--card", str(tmp_path / "other.card.json")]) == 0
    assert "other preprocessing steps" in capsys.readouterr().err


def test_a_regression_has_an_interval(tmp_path, capsys):
    files, table = write_table(tmp_path, n=36)
    plan = quick_plan(
        files, tmp_path / "age.keras", table=str(table), target="age", unit="years",
        task=Task.REGRESSION, epochs=30,
    )  # fmt: skip
    train(plan)
    found = predicted(capsys, files, "--model", tmp_path / "age.keras")
    for record in found:
        low, high = record["interval"]
        assert low < record["value"] < high
        assert record["unit"] == "years"
        assert set(record["nearest"]) == {"name", "value"}
        assert record["typicality"] == 1
