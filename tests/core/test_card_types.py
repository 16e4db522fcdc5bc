"""A card whose figures are no figures is a sentence."""

import pytest

from spectracnn.core.card import ModelCard
from spectracnn.errors import CardError


@pytest.mark.parametrize(
    "wrong", [{"value": "high"}, {"value": None}, {"sd": []}, {"metric": 5}, {"how": {}}]
)
def test_an_evaluation_of_wrong_types_is_refused(wrong):
    entry = {"metric": "accuracy", "value": 0.9, "how": "held out", **wrong}
    record = {
        "schema": "spectracnn-card",
        "version": 2,
        "classes": ["a", "b"],
        "preprocessing": [],
        "evaluation": [entry],
    }
    with pytest.raises(CardError, match="evaluation"):
        ModelCard.from_json(record)


@pytest.mark.parametrize("key", ["threshold", "temperature"])
def test_whole_numbers_beyond_any_float_are_refused(key):
    record = {
        "schema": "spectracnn-card",
        "version": 2,
        "classes": ["a", "b"],
        "preprocessing": [],
        key: 10**400,
    }
    with pytest.raises(CardError, match=key):
        ModelCard.from_json(record)
