"""Where cards are saved, and that they win over those of before."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from spectracnn.core import card_places
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.card_places import save_card, user_card_folder, user_card_path
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Take
from spectracnn.errors import ExportError

SHA = "12" * 32


@pytest.fixture(autouse=True)
def settings_of_our_own(tmp_path, monkeypatch):
    folder = tmp_path / "settings" / "cards"
    monkeypatch.setattr(card_places, "user_card_folder", lambda: folder)
    return folder


def card(*classes):
    return ModelCard(Preprocessing((Take(5),)), classes, model_sha256=SHA)


def refuse(folder, monkeypatch):
    """Make a folder refuse to be written, also for an administrator."""
    real = card_places.write_card

    def write(what, path):
        if path.parent == folder:
            raise ExportError(f"{path}: cannot be written.")
        real(what, path)

    monkeypatch.setattr(card_places, "write_card", write)


def test_a_card_goes_beside_its_model(tmp_path):
    model = tmp_path / "net.h5"
    assert save_card(card("a", "b"), model) == tmp_path / "net.card.json"
    assert read_card(card_path(model)).classes == ("a", "b")


def test_where_that_cannot_be_written_it_goes_to_the_settings(tmp_path, monkeypatch):
    model = tmp_path / "net.keras"
    refuse(tmp_path, monkeypatch)
    assert save_card(card("a", "b"), model) == user_card_path(SHA)
    assert read_card(user_card_path(SHA)).classes == ("a", "b")
    assert not card_path(model).exists()


def test_a_card_beside_the_model_replaces_the_users_own(tmp_path, monkeypatch):
    model = tmp_path / "net.keras"
    with monkeypatch.context() as patch:
        refuse(tmp_path, patch)
        save_card(card("a", "b"), model)
    save_card(card("c", "d"), model)
    assert not user_card_path(SHA).exists()
    assert read_card(card_path(model)).classes == ("c", "d")


def test_nowhere_to_write_is_told(tmp_path, settings_of_our_own, monkeypatch):
    refuse(tmp_path, monkeypatch)
    settings_of_our_own.parent.write_text("a file where the folder would be")
    with pytest.raises(ExportError, match="cannot be made"):
        save_card(card("a"), tmp_path / "net.keras")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other places")
def test_the_place_follows_the_system(monkeypatch):
    monkeypatch.undo()
    assert user_card_folder() == Path(os.environ["XDG_CONFIG_HOME"], "SpectraCNN", "cards")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert user_card_folder() == Path("/home/somebody/.config/SpectraCNN/cards")
