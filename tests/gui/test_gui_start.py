"""How the window starts: its options, a stored file that is broken, files from the desktop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QUrl
from PySide6.QtGui import QFileOpenEvent

from spectracnn import __main__ as start
from spectracnn.gui.settings import Settings
from spectracnn.gui.start import desktop
from spectracnn.gui.start.start_options import parse
from spectracnn.gui.stored_settings import reset, set_aside_corrupt


def test_options_and_files_may_be_mixed():
    options = parse(["a.ev", "--new-window", "b.ev", "--reset"])
    assert options.files == ("a.ev", "b.ev")
    assert options.new_window
    assert options.reset
    assert options.smoke_test is None
    assert options.model is None


def test_a_model_can_be_given():
    options = parse(["a.ev", "--model", "m.h5"])
    assert (options.files, options.model) == (("a.ev",), Path("m.h5"))


def test_after_two_dashes_everything_is_a_file():
    assert parse(["--reset", "--", "--new-window"]).files == ("--new-window",)


@pytest.mark.parametrize(
    "arguments",
    [[], ["a.ev"], ["--reset"], ["--new-window", "a.ev"], ["--", "-a.ev"], ["-psn_0_1", "a.ev"]],
)
def test_these_open_the_window(monkeypatch, arguments):
    opened = []
    monkeypatch.setattr(
        "spectracnn.gui.start.launch.main", lambda files, **how: opened.append(files) or 0
    )
    assert start.run(arguments) == 0
    assert opened == [tuple(item for item in arguments if item.endswith(".ev"))]


def test_a_wrong_option_is_usage(capsys):
    assert start.run(["--reset", "--sideways"]) == 2
    assert "--sideways" in capsys.readouterr().err


def test_reset_forgets_everything(settings):
    settings.folder = "somewhere"
    settings.single_window = False
    assert reset().sentence
    assert Settings().folder == ""
    assert Settings().single_window


def test_one_window_for_all_files_can_be_switched_off(program):
    action = program.window.commands["single_window"]
    assert action.isChecked()
    action.trigger()
    assert not Settings().single_window
    action.trigger()
    assert Settings().single_window


@pytest.fixture
def stored(qapp) -> Path:
    path = Path(QSettings().fileName())
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("content", [b"\0" * 40, b"\x00\xff\xfe nothing\n[", b"[General\nfolder=x"])
def test_a_corrupt_file_is_set_aside_with_a_note(stored, content):
    stored.write_bytes(content)
    note = set_aside_corrupt()
    (aside,) = stored.parent.glob("*unreadable*")
    assert note is not None
    assert str(aside) in note.hint
    assert aside.read_bytes() == content
    assert set_aside_corrupt() is None
    settings = Settings()
    settings.folder = "somewhere"
    assert Settings().folder == "somewhere"


def test_an_earlier_file_set_aside_stays(stored):
    for content in (b"[first\n", b"[second\n"):
        stored.write_bytes(content)
        set_aside_corrupt()
    kept = sorted(path.read_bytes() for path in stored.parent.glob("*unreadable*"))
    assert kept == [b"[first\n", b"[second\n"]


@pytest.mark.parametrize("content", [None, b"", b"[General]\nfolder=somewhere\n"])
def test_a_sound_file_or_none_is_left_alone(stored, content):
    if content is not None:
        stored.write_bytes(content)
    assert set_aside_corrupt() is None
    assert not list(stored.parent.glob("*unreadable*"))


def test_files_from_the_finder_are_asked_for(qtbot, qapp, tmp_path):
    # There is one application object in a process, so its method is tried with another's signal.
    class Asked:
        def __init__(self):
            self.files = []
            self.fileOpenRequested = self

        def emit(self, path):
            self.files.append(path)

    asked = Asked()
    event = QFileOpenEvent(QUrl.fromLocalFile(str(tmp_path / "a.ev")))
    assert desktop.DesktopApplication.event(asked, event)
    assert asked.files == [str(tmp_path / "a.ev")]


def test_the_icon_has_a_drawing_of_its_own_for_16_pixels(qapp):
    icon = desktop.application_icon()
    small, large = icon.pixmap(16).toImage(), icon.pixmap(64).toImage()
    # The same place is a bar in one, and the ground between the bars in the other.
    assert not small.isNull()
    assert not large.isNull()
    assert small.pixelColor(13, 8).blue() > 240


def test_the_splash_is_there_before_anything_heavy_is_imported(qtbot):
    from spectracnn.gui.start.splash import Splash

    splash = Splash()
    qtbot.addWidget(splash)
    splash.show_at_once()
    assert splash.windowHandle().isExposed()
    picture = splash.grab().toImage()
    # Its ground is the icon's, and something is drawn on it.
    assert picture.pixelColor(2, 2).name() == "#1c3763"
    colours = {picture.pixel(x, y) for x in range(0, 336, 2) for y in range(0, 112, 2)}
    assert len(colours) > 10


def test_what_comes_before_the_splash_is_light():
    code = "import sys, spectracnn.gui.start.launch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pyqtgraph", "h5py", "tensorflow"} & set(done.stdout.split())


def test_the_window_is_shown_before_anything_heavy_is_imported():
    # All modules that are imported until then; SciPy alone takes half as long as all others.
    code = (
        "import sys, spectracnn.gui.start.app, spectracnn.gui.window.main_window\n"
        "import spectracnn.gui.window.window_layout\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"scipy", "pandas", "matplotlib", "sklearn", "pyarrow", "tensorflow", "keras"}
    assert not heavy & set(done.stdout.split())
