from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from spectracnn.gui.settings import ModelLimits, Settings, StoredSettings
from spectracnn.gui.theme import ThemeChoice
from spectracnn.state.lessons import LessonProgress


def test_everything_has_a_default(settings):
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.recent == []
    assert settings.folder == ""
    assert settings.load_bytes("geometry") is None
    assert settings.export == {}
    assert settings.record == StoredSettings()


def test_what_is_stored_comes_back(settings, tmp_path):
    settings.theme = ThemeChoice.DARK
    settings.folder = str(tmp_path)
    settings.save_bytes("geometry", QByteArray(b"\0\1"))
    settings.export = {"dpi": 300, "what": "all"}
    again = Settings()
    assert again.theme is ThemeChoice.DARK
    assert again.folder == str(tmp_path)
    assert again.load_bytes("geometry") == QByteArray(b"\0\1")
    assert again.export == {"dpi": 300, "what": "all"}


@pytest.mark.parametrize("value", ["pink", 7, ["Dark"], ""])
def test_a_corrupt_theme_falls_back(settings, value):
    QSettings().setValue("theme", value)
    assert settings.theme is ThemeChoice.SYSTEM


@pytest.mark.parametrize("value", [7, "nowhere", {"a": 1}, [1, None], None])
def test_corrupt_recent_files_fall_back(settings, value):
    QSettings().setValue("recent", value)
    assert settings.recent == []


@pytest.mark.parametrize("value", ["text", 3, None, ["x"]])
def test_corrupt_bytes_fall_back(settings, value):
    QSettings().setValue("geometry", value)
    assert settings.load_bytes("geometry") is None


@pytest.mark.parametrize("value", ["{", "[1]", "7", 3, None, ["x"]])
def test_corrupt_records_fall_back(settings, value):
    QSettings().setValue("export", value)
    assert settings.export == {}


def test_recent_files_are_newest_first_without_repeats(settings, tmp_path):
    files = [tmp_path / f"{number}.ev" for number in range(15)]
    for path in files:
        path.touch()
    settings.remember(files[:3])
    settings.remember([files[0]])
    assert settings.recent == [files[0], files[2], files[1]]
    settings.remember(files)
    assert settings.recent == files[:2:-1]
    files[14].unlink()
    assert files[14] not in settings.recent
    settings.forget_recent()
    assert settings.recent == []


def test_a_single_recent_file_is_a_list(settings, tmp_path):
    # Some of Qt's formats store a list of one as a plain text.
    (tmp_path / "a.ev").touch()
    QSettings().setValue("recent", str(tmp_path / "a.ev"))
    assert settings.recent == [tmp_path / "a.ev"]


def test_settings_of_version_1_are_read_and_written_as_one_record(settings, tmp_path):
    file = tmp_path / "a.ev"
    file.touch()
    store = QSettings()
    store.setValue("theme", "Dark")
    store.setValue("single_window", "false")
    store.setValue("toolbar", False)
    store.setValue("model_limits", json.dumps({"memory_gib": None, "seconds": 30}))
    store.setValue("recent", str(file))
    store.setValue("folder", str(tmp_path))
    store.setValue("export", json.dumps({"dpi": 150}))
    lessons = {"version": 1, "done": ["drum"], "current": "relu"}
    store.setValue("lessons", json.dumps(lessons))
    expected = StoredSettings(
        ThemeChoice.DARK,
        False,
        False,
        ModelLimits(None, 30),
        (str(file),),
        str(tmp_path),
        {"dpi": 150},
        LessonProgress(frozenset({"drum"}), "relu"),
    )
    assert settings.record == expected
    settings.theme = ThemeChoice.LIGHT
    assert Settings().record == replace(expected, theme=ThemeChoice.LIGHT)
    assert not store.contains("model_limits")
    assert json.loads(store.value("settings"))["version"] == 2


@pytest.mark.parametrize("text", ["", "{", "[1]", 7, '{"theme": 3}', '{"version": 9, "recent": 1}'])
def test_a_corrupt_record_has_defaults(settings, text):
    QSettings().setValue("settings", text)
    assert settings.record == StoredSettings()
    settings.toolbar = False  # and can be written over
    assert settings.record == StoredSettings(toolbar=False)


def test_one_field_that_makes_no_sense_leaves_the_others(settings):
    record = {"version": 2, "theme": "Dark", "toolbar": "no", "recent": ["a", 3, "b"]}
    QSettings().setValue("settings", json.dumps(record))
    assert settings.record == StoredSettings(ThemeChoice.DARK, recent=("a", "b"))


def test_of_thousands_of_files_only_those_are_looked_at_that_are_kept(
    settings, tmp_path, monkeypatch
):
    """Each look asks the disk; ten thousand held the window for half a second."""
    looked = []
    plain = Path.resolve

    def counting(self, *args, **kwargs):
        looked.append(self)
        return plain(self, *args, **kwargs)

    files = [tmp_path / f"{place}.ev" for place in range(500)]
    for path in files[-20:]:
        path.touch()
    monkeypatch.setattr(Path, "resolve", counting)
    settings.remember(files)
    monkeypatch.undo()
    assert settings.recent == files[:-13:-1]
    assert len(looked) < 20
