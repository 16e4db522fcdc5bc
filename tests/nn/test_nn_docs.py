"""The cards that the documentation shows are valid."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.steps import STEPS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["models.md", "model-card.md"])
def test_cards_in_the_documentation(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    cards = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert cards
    for card in cards:
        assert ModelCard.from_json(json.loads(card)).classes


def test_every_step_is_documented() -> None:
    text = (DOCS / "model-card.md").read_text(encoding="utf-8")
    assert set(STEPS) <= set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
