"""The program as a process: what it imports, pipes, and what opens the window."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spectracnn import __main__ as entry
from spectracnn.cli.overlap import read_ahead, write_behind

HEAVY = ("keras", "tensorflow", "matplotlib", "PySide6", "pyqtgraph")


def python(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_info_imports_nothing_heavy(ev_files):
    code = (
        "import sys; from spectracnn.__main__ import run; code = run(['info', sys.argv[1]]);"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})), code)"
    )
    result = python(code, ev_files[0])
    assert result.stdout.splitlines()[-1] == "[] 0"
    assert result.stderr == ""


def test_plot_imports_no_qt_and_needs_no_display(ev_files, tmp_path):
    code = (
        "import os, sys; os.environ.pop('DISPLAY', None);"
        "from spectracnn.cli.main import main; code = main(sys.argv[1:]);"
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'pyqtgraph')]"
        " + [m for m in sys.modules if m == 'matplotlib.pyplot'], code)"
    )
    # Without a model, because Keras imports pyplot by itself.
    arguments = ("--panels", "spectrum", "--out", tmp_path / "out", "--dpi", "50")
    result = python(code, "plot", ev_files[0], *arguments)
    assert result.stdout.splitlines()[-1] == "[] 0"
    assert result.stderr == ""


def test_a_closed_pipe_is_quiet(ev_files):
    command = [sys.executable, "-m", "spectracnn", "info", "--json", *map(str, ev_files * 40)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_files_open_the_window_and_commands_do_not(monkeypatch):
    opened = []
    monkeypatch.setattr(entry, "_window", lambda files: opened.append(files) or 0)
    assert entry.run([]) == 0
    assert entry.run(["a.ev", "b.ev"]) == 0
    assert entry.run(["./info"]) == 0
    assert opened == [[], ["a.ev", "b.ev"], ["./info"]]


def test_a_mistyped_command_is_asked_about(capsys):
    assert entry.run(["predit"]) == 2
    assert "did you mean 'predict'" in capsys.readouterr().err


def in_a_python_without(module):
    """Open the window in a Python that lacks a module; return its exit code and words."""
    code = (
        "import sys; from spectracnn import __main__ as entry; "
        f"sys.modules[{module!r}] = None; sys.exit(entry.run([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_missing_package_is_one_clear_sentence():
    code, err = in_a_python_without("PySide6")
    assert code == 2
    assert "PySide6 is not installed" in err
    assert "pip install" in err
    assert err.count("\n") == 1


def test_a_missing_module_of_ours_is_a_mistake_and_says_so():
    code, err = in_a_python_without("spectracnn.gui.start.launch")
    assert code == 1
    assert "Traceback" in err


def test_without_a_display_there_is_a_sentence(monkeypatch, capsys):
    for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert entry.run(["a.ev"]) == 2
    assert "no display" in capsys.readouterr().err


def test_reading_ahead_keeps_order_and_errors():
    def source():
        yield from range(5)
        raise ValueError("end")

    found = []
    with pytest.raises(ValueError, match="end"):
        found.extend(read_ahead(source()))
    assert found == list(range(5))


def test_writing_behind_keeps_order_and_errors():
    done = []
    with write_behind() as later:
        for item in range(9):
            later(lambda item=item: done.append(item))
    assert done == list(range(9))

    def fail():
        raise OSError("full")

    with pytest.raises(OSError, match="full"), write_behind() as later:
        later(fail)
