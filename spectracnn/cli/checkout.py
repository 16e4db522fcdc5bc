"""Whether a checkout can run with this Python, and with which one it can.

Standard library only, and nothing that older versions of Python cannot read.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

from spectracnn.cli.missing import absent, named

LEAST = (3, 11)


def problem(folder: Path, arguments: list[str]) -> str:
    """Return what to tell a person who started ``main.py``; empty if it can go on.

    Parameters
    ----------
    folder : Path
        The checkout.
    arguments : list of str
        Of the script; a command needs no window.
    """
    if sys.version_info < LEAST:
        found = ".".join(str(number) for number in sys.version_info[:2])
        return f"SpectraCNN needs Python 3.11 or newer; this is Python {found}. {_advice(folder)}"
    names = absent()
    if names:
        return f"SpectraCNN does not find {named(names)} in this Python. {_advice(folder)}"
    from spectracnn.cli.registry import commands  # which older versions cannot read

    return "" if arguments[:1] and arguments[0] in commands() else _lacking_libraries(folder)


def own_python(folder: Path) -> Path | None:
    """Return the Python that ``make run`` has prepared in a checkout, unless it is this one."""
    name = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = folder / ".venv" / name
    here = Path(sys.prefix).resolve() == (folder / ".venv").resolve()
    return None if here or not python.is_file() else python


def start_again(python: Path, script: Path, arguments: list[str]) -> int:
    """Run the script with another Python in the place of this process; return its exit code."""
    command = [str(python), str(script), *arguments]
    if os.name == "nt":  # where exec would leave this process's console without a program
        return subprocess.call(command)
    os.execv(python, command)


def _advice(folder: Path) -> str:
    how = "python -m pip install -e ." if os.name == "nt" else "make run"
    return (
        f"Open a terminal in the folder {folder} and type '{how}'; or take the application that "
        "needs no Python, see docs/install.md."
    )


def _lacking_libraries(folder: Path) -> str:
    """Return which libraries of the system to install: without them Qt ends without a word."""
    sys.path.insert(0, str(folder / "scripts"))
    try:
        check = importlib.import_module("check_qt")
    except ImportError:
        return ""
    finally:
        del sys.path[0]
    platform = check.platform()
    lacking = check.missing(platform) if platform else []  # without a display no window is opened
    if not lacking:
        return ""
    libraries = ", ".join(name for name, _, _ in lacking)
    debian, fedora = (" ".join(sorted({entry[i] for entry in lacking})) for i in (1, 2))
    return (
        f"SpectraCNN cannot open its window without these libraries of the system: {libraries}. "
        f"Debian, Ubuntu: sudo apt install {debian}. Fedora: sudo dnf install {fedora}."
    )
