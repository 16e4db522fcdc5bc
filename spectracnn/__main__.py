"""Start: a command runs in the terminal, anything else opens the window."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path

from spectracnn.cli.missing import is_ours, missing_package
from spectracnn.cli.registry import commands
from spectracnn.cli.reporting import print_stderr
from spectracnn.gui.start.start_options import is_option, parse


def main() -> None:
    """Run the command that the arguments name, else open the window with the files they name.

    A file that is called like a command is given as ``./info``.
    """
    sys.exit(run(sys.argv[1:]))


def main_window() -> None:
    """Open the window with the files that the arguments name."""
    sys.exit(_window(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Do what the arguments say, and return the exit code."""
    first = arguments[0] if arguments else ""
    if first in commands() or (first.startswith("-") and not _of_window(first)):
        from spectracnn.cli.main import main as command_line

        return command_line(arguments)
    mistyped = _mistyped(first)
    if mistyped:
        print_stderr(
            f"spectracnn: there is no file and no command '{first}'; did you mean '{mistyped}'?"
        )
        return 2
    return _window(arguments)


def _of_window(argument: str) -> bool:
    """Tell whether a command line that begins so, with a dash, means the window."""
    return argument == "--" or is_option(argument) or _of_macos(argument)


def _of_macos(argument: str) -> bool:
    """Tell whether the Finder added this argument by itself."""
    return argument.startswith("-psn_")


def _mistyped(first: str) -> str:
    """Return the command that was probably meant, if any."""
    if not first.isalpha() or Path(first).exists():
        return ""
    return next(iter(difflib.get_close_matches(first, commands(), 1, 0.7)), "")


def _window(arguments: list[str]) -> int:
    try:
        start = parse([item for item in arguments if not _of_macos(item)])
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    if not _has_display():
        print_stderr(
            "spectracnn: there is no display to open a window on; the commands need none, "
            "see 'spectracnn --help'."
        )
        return 2
    try:
        from spectracnn.gui.start.launch import main as window
    except ImportError as error:
        if is_ours(error):
            raise
        print_stderr(missing_package(error))
        return 2
    return window(start.files, start=start)


def _has_display() -> bool:
    """Tell whether a window can be shown; without a display, Qt would abort without a word."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    main()
