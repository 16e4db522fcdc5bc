"""``spectracnn model``."""

from __future__ import annotations

import json

from spectracnn.cli.main import main


def test_table_names_every_layer(small_model, capsys):
    assert main(["model", str(small_model)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("Small: input ")
    names = [line.split()[0] for line in lines[lines.index("") + 2 :]]
    assert names == ["conv1", "pool1", "conv2", "flatten", "classes"]


def test_json_describes_layers_and_card(small_model, capsys):
    assert main(["model", str(small_model), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    conv, pool, *_ = record["layers"]
    assert (conv["class"], conv["kernel_size"], conv["padding"]) == ("Conv1D", 5, "same")
    assert (conv["activation"], conv["receptive_field"], conv["jump"]) == ("relu", 5, 1)
    assert (pool["strides"], pool["sources"], pool["receptive_field"]) == (2, [0], 6)
    assert record["parameters"] == sum(layer["parameters"] for layer in record["layers"])
    assert record["card"]["schema"] == "spectracnn-card"
    assert record["warnings"] == []


def test_model_without_card_is_said_to_have_none(small_model, tmp_path, capsys):
    alone = tmp_path / "alone.keras"
    alone.write_bytes(small_model.read_bytes())
    assert main(["model", str(alone), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["classes"][0] == "class 0"
    assert "has no model card" in err


def test_file_that_is_no_model(tmp_path, capsys):
    path = tmp_path / "no.keras"
    path.write_text("nothing")
    assert main(["model", str(path)]) == 2
    assert "no.keras: This is no Keras model" in capsys.readouterr().err
