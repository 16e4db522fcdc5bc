"""Finds libraries of the system that a running program uses and its package does not declare.

A root with nothing but the declared packages would show the same; this needs no such root.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIBRARY = re.compile(r"\.so(\.\d+)*$")


def undeclared(depends: str, processes: Iterable[int], folder: Path) -> list[str]:
    """Return the libraries that processes have loaded from elsewhere than they may.

    Parameters
    ----------
    depends : str
        What the package declares, as in its control file.
    processes : iterable of int
        Process ids.
    folder : Path
        Where the package's own libraries lie.
    """
    loaded: set[str] = set()
    for process in processes:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            path = line.split(None, 5)[5:]
            if path and _LIBRARY.search(path[0]) and not Path(path[0]).is_relative_to(folder):
                loaded.add(path[0])
    allowed = _closure(depends)
    return sorted(path for path in loaded if not allowed & _owners(path))


def _names(field: str) -> set[str]:
    return {re.split(r"[ :(]", item.strip())[0] for item in re.split(r"[,|]", field)} - {""}


def _closure(depends: str) -> set[str]:
    found: set[str] = set()
    waiting = _names(depends)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= _names(_dpkg_query("-W", "-f=${Depends},${Pre-Depends}\\n", name))
    return found


@cache
def _owners(path: str) -> frozenset[str]:
    # The same file may be known with and without /usr.
    other = path.removeprefix("/usr") if path.startswith("/usr/lib") else f"/usr{path}"
    lines = _dpkg_query("-S", path).splitlines() or _dpkg_query("-S", other).splitlines()
    return frozenset(name.strip().split(":")[0] for line in lines for name in [line.split(": ")[0]])


def _dpkg_query(*arguments: str) -> str:
    return subprocess.run(["dpkg-query", *arguments], capture_output=True, text=True).stdout
