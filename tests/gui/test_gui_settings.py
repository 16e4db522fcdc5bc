from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QSettings

from spectracnn.gui.settings import Settings
from spectracnn.gui.theme import ThemeChoice


def test_everything_has_a_default(settings):
    assert settings.theme is ThemeChoice.SYSTEM
    assert settings.recent == []
    assert settings.folder == ""
    assert settings.load_bytes("geometry") is None
    assert settings.load_record("export") == {}


def test_what_is_stored_comes_back(settings, tmp_path):
    settings.theme = ThemeChoice.DARK
    settings.folder = str(tmp_path)
    settings.save_bytes("geometry", QByteArray(b"\0\1"))
    settings.save_record("export", {"dpi": 300, "what": "all"})
    again = Settings()
    assert again.theme is ThemeChoice.DARK
    assert again.folder == str(tmp_path)
    assert again.load_bytes("geometry") == QByteArray(b"\0\1")
    assert again.load_record("export") == {"dpi": 300, "what": "all"}


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
    assert settings.load_record("export") == {}


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
