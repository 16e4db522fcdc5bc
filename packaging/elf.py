"""Finds the programs and shared libraries in a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def elf_files(folder: Path) -> Iterator[Path]:
    """Give the programs and libraries below a folder."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = folder.__class__(parent, name)
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path
