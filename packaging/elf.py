"""Which shared libraries of the system a folder of programs needs."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.MULTILINE)


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


def needed_from_system(folder: Path) -> set[str]:
    """Return the names of the libraries that are linked against and not in the folder."""
    files = list(elf_files(folder))
    needed: set[str] = set()
    for start in range(0, len(files), 100):
        command = ["objdump", "-p", *map(str, files[start : start + 100])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        needed.update(_NEEDED.findall(done.stdout))
    inside = {name for _, _, names in os.walk(folder) for name in names}
    return needed - inside
