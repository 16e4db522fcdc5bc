import json

import pytest

from spectracnn.core.card import Evaluation, ModelCard
from spectracnn.core.card_file import card_path, file_sha256, read_card, write_card
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.errors import CardError

CARD = ModelCard(
    Preprocessing.from_json([{"step": "take", "n": 2}]),
    ("cat", "dog"),
    title="Über",
    evaluation=(Evaluation("accuracy", 0.9, "5-fold", 0.01),),
    training={"seed": 1},
)


def test_round_trip(tmp_path):
    path = card_path(tmp_path / "m.keras")
    assert path.name == "m.card.json"
    write_card(CARD, path)
    back = read_card(path)
    assert back.to_json() == CARD.to_json()
    assert back.evaluation == CARD.evaluation


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "x"}, "schema"),
        ({"version": 3}, "version"),
        ({"classes": []}, "classes"),
        ({"classes": ["a", "a"]}, "twice"),
        ({"classes": [1]}, "classes"),
        ({"title": 1}, "title"),
        ({"preprocessing": [{"step": "x"}]}, "preprocessing"),
        ({"evaluation": [{"x": 1}]}, "evaluation"),
        ({"evaluation": [1]}, "evaluation"),
        ({"training": []}, "training"),
    ],
)
def test_refusals(change, words):
    with pytest.raises(CardError, match=words):
        ModelCard.from_json({**CARD.to_json(), **change})


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, "\udcff", json.dumps([])])
def test_damaged_files(tmp_path, content):
    path = tmp_path / "m.card.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(CardError, match=r"^m\.card\.json"):
        read_card(path)
    with pytest.raises(CardError, match="cannot be read"):
        read_card(tmp_path / "none.card.json")


def test_hash(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert file_sha256(tmp_path / "a").startswith("ba7816bf")
