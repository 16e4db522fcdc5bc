"""Says a sentence to a person who may have no terminal: on stderr, and in a dialog.

Standard library only, and nothing that older versions of Python cannot read: it is what can still
speak when nothing is installed. Python's own tkinter shows the dialog; Debian's and Fedora's Python
come without it, so that there the desktop's own program does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

TITLE = "SpectraCNN"


def report(text: str) -> None:
    """Say it on stderr; where that is no terminal, in a dialog as well."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            return
    show(text)


def show(text: str) -> bool:
    """Show a dialog with what the system has for it, and wait for the person.

    Returns
    -------
    bool
        Whether anything was shown.
    """
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    return _by_tkinter(text) or any(_runs(command) for command in desktop_commands(text))


def desktop_commands(text: str) -> list[list[str]]:
    """Return the programs that show a text on GNOME and KDE."""
    return [
        ["zenity", "--error", "--no-markup", "--width=480", f"--title={TITLE}", f"--text={text}"],
        ["kdialog", "--title", TITLE, "--error", text],
    ]


def _by_tkinter(text: str) -> bool:
    try:
        import tkinter
        from tkinter import messagebox
    except ImportError:
        return False
    try:
        root = tkinter.Tk()
    except tkinter.TclError:  # the screen does not answer
        return False
    root.withdraw()
    messagebox.showerror(TITLE, text)
    root.destroy()
    return True


def _runs(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode in (0, 1)  # 1: closed without pressing OK
