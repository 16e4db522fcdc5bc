"""The options of the window. No Qt."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

RESET, NEW_WINDOW, SMOKE_TEST = "--reset", "--new-window", "--smoke-test"
MODEL = "--model"
NAMES = (RESET, NEW_WINDOW, SMOKE_TEST, MODEL)
"""Of a command line that begins with one of these, the rest is the window's too."""

_USAGE = "spectracnn [--reset] [--new-window] [--model M] [FILES...]"


@dataclass(frozen=True)
class StartOptions:
    """How the window starts.

    Parameters
    ----------
    files : tuple of str
        Spectrum files, folders and models to open.
    new_window : bool
        Do not look for a window that is open already.
    reset : bool
        Forget all settings first.
    smoke_test : Path, optional
        Folder for what a test of the whole program writes, which then ends by itself.
    model : Path, optional
        The model to open first.
    """

    files: tuple[str, ...] = ()
    new_window: bool = False
    reset: bool = False
    smoke_test: Path | None = None
    model: Path | None = None


def is_option(argument: str) -> bool:
    """Tell whether a command line that begins so is the window's.

    Examples
    --------
    >>> is_option("--reset"), is_option("--version"), is_option("human.ev")
    (True, False, False)
    """
    return argument.split("=")[0] in NAMES


def parse(arguments: list[str]) -> StartOptions:
    """Read the window's command line; what is wrong ends the program with usage and code 2."""
    parser = argparse.ArgumentParser(
        prog="spectracnn", usage=_USAGE, add_help=False, allow_abbrev=False
    )
    parser.add_argument(RESET, action="store_true")
    parser.add_argument(NEW_WINDOW, action="store_true")
    # Hidden: packaging/smoke_test.py tests the frozen program with it.
    parser.add_argument(SMOKE_TEST, type=Path)
    parser.add_argument(MODEL, type=Path)
    parser.add_argument("files", nargs="*")
    # By hand, because argparse forgets where the two dashes were when options follow files.
    end = arguments.index("--") if "--" in arguments else len(arguments)
    found = parser.parse_intermixed_args(arguments[:end])
    files = (*found.files, *arguments[end + 1 :])
    return StartOptions(files, found.new_window, found.reset, found.smoke_test, found.model)
