"""Walks through folders however deep they are: Python's own way calls itself for each level."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def walk_files(folder: str | os.PathLike[str]) -> Iterator[str]:
    """Give the files in a folder, then those in the folders in it, all sorted.

    Hidden folders are left out, links to folders are not followed, and what cannot be opened, such
    as a folder whose path is longer than the system takes, counts as empty.

    Parameters
    ----------
    folder : str or path
        Where to begin.
    """
    waiting = [os.fspath(folder)]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        below = []
        for entry in entries:
            if not _is_folder(entry):
                yield entry.path
            elif not entry.name.startswith(".") and not entry.is_symlink():
                below.append(entry.path)
        waiting += reversed(below)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
