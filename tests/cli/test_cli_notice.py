"""What a person sees who double-clicks a checkout that cannot run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from spectracnn.cli import checkout, missing, notice

ROOT = Path(__file__).resolve().parent.parent.parent
NO_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand for programs")


@pytest.fixture
def desktop(monkeypatch, tmp_path):
    """A desktop of Linux without tkinter; returns a function that installs a program."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setitem(sys.modules, "tkinter", None)
    monkeypatch.setenv("DISPLAY", ":987654")
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(name, code=0):
        seen = tmp_path / f"{name}.seen"
        program = tmp_path / name
        text = f"#!/bin/sh\nfor word; do echo \"$word\"; done >'{seen}'\nexit {code}\n"
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return seen

    return install


@NO_WINDOWS
@pytest.mark.parametrize("name", ["zenity", "kdialog"])
def test_whatever_the_desktop_has_shows_the_text(desktop, name):
    seen = desktop(name)
    assert notice.show("Nothing <is> there.")
    assert "Nothing <is> there." in seen.read_text(encoding="utf-8")


@NO_WINDOWS
def test_one_dialog_is_enough(desktop):
    first, second = desktop("zenity", code=1), desktop("kdialog")
    assert notice.show("Once.")
    assert first.exists()
    assert not second.exists()


@NO_WINDOWS
def test_what_does_not_work_is_passed_over(desktop):
    desktop("zenity", code=255)
    second = desktop("kdialog")
    assert notice.show("Still.")
    assert second.exists()


def test_without_a_display_or_a_program_nothing_is_shown(desktop, monkeypatch):
    assert not notice.show("Nobody sees this.")
    desktop("zenity")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not notice.show("Nobody sees this.")


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_tkinter_shows_it_where_python_has_it(monkeypatch, platform):
    from types import ModuleType, SimpleNamespace

    shown = []
    window = SimpleNamespace(withdraw=lambda: None, destroy=lambda: shown.append("gone"))
    tkinter = ModuleType("tkinter")
    tkinter.Tk, tkinter.TclError = lambda: window, RuntimeError
    tkinter.messagebox = SimpleNamespace(showerror=lambda *words: shown.append(words))
    monkeypatch.setitem(sys.modules, "tkinter", tkinter)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("DISPLAY", ":987654")
    assert notice.show("A text.")
    assert shown == [("SpectraCNN", "A text."), "gone"]


def test_in_a_terminal_the_sentence_is_enough(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(notice, "show", shown.append)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    notice.report("One.")
    assert shown == []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    notice.report("Two.")
    assert shown == ["Two."]
    assert capsys.readouterr().err == "One.\nTwo.\n"
    monkeypatch.setattr(sys, "stderr", None)
    notice.report("Three.")
    assert shown == ["Two.", "Three."]


def test_the_packages_are_those_that_are_required():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.match(r"[\w-]+", line)[0].lower() for line in project["dependencies"]}
    imported = {name.lower() for name in missing.MODULES}
    others = {"scikit-learn": "sklearn", "robust-laplacian": "robust_laplacian"}
    assert {others.get(name, name.split("-")[0]) for name in required} == imported


def test_an_old_python_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    said = checkout.problem(tmp_path, [])
    assert "Python 3.11 or newer" in said
    assert "this is Python 3.9" in said
    assert str(tmp_path) in said


def test_here_everything_is_there(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert checkout.problem(ROOT, []) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring them")
def test_libraries_of_the_system_are_named(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import check_qt

    lacking = [("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor")]
    monkeypatch.setattr(check_qt, "missing", lambda platform: lacking)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    said = checkout.problem(ROOT, [])
    assert "libxcb-cursor.so.0" in said
    assert "apt install libxcb-cursor0" in said
    assert checkout.problem(ROOT, ["predict", "a.ev"]) == ""


def bare_python(main, **variables):
    """Start main.py with a Python that has no packages and on no display."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-S", str(main)],
        env=kept | variables,
        capture_output=True,
        text=True,
        cwd=main.parent,
    )


def test_main_says_what_is_missing(tmp_path):
    main = Path(shutil.copy(ROOT / "main.py", tmp_path))
    shutil.copytree(ROOT / "spectracnn", tmp_path / "spectracnn")
    done = bare_python(main)
    assert done.returncode == 2
    assert "PySide6" in done.stderr
    assert "tensorflow" in done.stderr
    assert "make run" in done.stderr or "pip install" in done.stderr
    assert done.stderr.count("\n") == 1


@NO_WINDOWS
def test_main_takes_the_environment_that_make_run_has_prepared(tmp_path):
    main = Path(shutil.copy(ROOT / "main.py", tmp_path))
    shutil.copytree(ROOT / "spectracnn", tmp_path / "spectracnn")
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "prepared $*"\nexit 7\n', encoding="utf-8")
    python.chmod(0o755)
    done = bare_python(main)
    assert done.returncode == 7
    assert done.stdout == f"prepared {main}\n"
