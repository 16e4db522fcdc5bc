"""A model of several structures: the spectra of one file are never parted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spectracnn.cli import network
from spectracnn.cli.main import main
from spectracnn.cli.network import chunks
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Take

STEPS = 10
NAMES = ("left", "right", "stem")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The model's path, and the network."""
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    keras.utils.set_random_seed(2)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((STEPS, 3)),
            layers.Conv1D(2, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    path = tmp_path_factory.mktemp("structures") / "brain.keras"
    model.save(path)
    write_card(
        ModelCard(Preprocessing((Take(STEPS),)), ("old", "young"), structures=NAMES),
        card_path(path),
    )
    return path, model


@pytest.fixture
def subjects(tmp_path):
    """Five BrainPrint tables, and their values of shape (subjects, steps, structures)."""
    values = np.cumsum(np.random.default_rng(8).uniform(0.1, 1, (5, STEPS, 3)), axis=1)
    paths = []
    for number, table in enumerate(values):
        rows = [",".join(["", *NAMES]), "area,1,1,1", "volume,1,1,1"]
        rows += [f"ev{i}," + ",".join(f"{x!r}" for x in map(float, r)) for i, r in enumerate(table)]
        paths.append(tmp_path / f"subject{number}.brainprint.csv")
        paths[-1].write_text("\n".join(rows) + "\n")
    return paths, values


def test_a_batch_never_ends_inside_a_file(opened, subjects, monkeypatch, capsys):
    monkeypatch.setattr(network, "BATCH", 4)
    path, model = opened
    files, values = subjects
    assert main(["predict", *map(str, files), "--model", str(path), "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    wanted = np.asarray(model(values.astype(np.float32)))
    assert [record["name"] for record in records] == [f"subject{i}" for i in range(5)]
    found = [list(record["probabilities"].values()) for record in records]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_chunks_of_what_stays_together():
    assert list(chunks("aabbbbc", 2)) == [["a", "a"], ["b", "b"], ["b", "b"], ["c"]]
    kept = list(chunks("aabbbbc", 3, lambda letter: letter))
    assert kept == [["a", "a", "b", "b", "b", "b"], ["c"]]
