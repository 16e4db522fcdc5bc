"""Puts the licences of what the folder holds beside Python packages, which bring theirs.

That is what PyInstaller took from Debian's or Ubuntu's packages, and what it starts the program
with. Help > About reads the list.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

FOLDER = "licences"
LIST = "parts.json"
_TEXTS = Path("/usr/share/doc")
_LICENCE = re.compile(r"^License: *(\S.*)$", re.MULTILINE)
_OF_DEBIAN = re.compile(r"^Files: *debian/", re.MULTILINE)


def collect(inside: Path) -> list[dict[str, str]]:
    """Copy the texts of the licences, and write the list of packages with versions.

    Parameters
    ----------
    inside : Path
        The folder in which PyInstaller puts the libraries of the system.

    Returns
    -------
    list of dict
        ``name``, ``version`` and ``licence`` of each.
    """
    target = inside / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    libraries = [path.name for path in inside.glob("*.so*") if not path.is_symlink()]
    # Python has its own line, and need not be the system's.
    libraries = [name for name in libraries if not name.startswith("libpython")]
    parts = [_bootloader()] + [_part(package, target) for package in packages_with(libraries)]
    (target / LIST).write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
    return parts


def packages_with(libraries: list[str]) -> list[str]:
    """Return the installed packages that hold libraries of these names, sorted."""
    if not libraries or not shutil.which("dpkg-query"):
        return []
    patterns = [f"*/{name}" for name in libraries]
    # Its exit code tells that some belong to no package: those that came in wheels.
    lines = subprocess.run(["dpkg-query", "-S", *patterns], capture_output=True, text=True).stdout
    found = {line.split(": ")[0] for line in lines.splitlines() if not line.startswith("diversion")}
    return sorted({name.strip() for names in found for name in names.split(",")})


def short_name(text: str) -> str:
    """Return what a copyright file calls the one licence of everything; empty if there are more."""
    stanzas = [stanza for stanza in text.split("\n\n") if not _OF_DEBIAN.search(stanza)]
    named = {name.strip() for stanza in stanzas for name in _LICENCE.findall(stanza)}
    return named.pop() if len(named) == 1 else ""


def _bootloader() -> dict[str, str]:
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return {"name": "PyInstaller", "version": metadata.version("pyinstaller"), "licence": licence}


def _part(package: str, target: Path) -> dict[str, str]:
    command = ["dpkg-query", "-W", "-f=${Version}", package]
    version = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    name = package.split(":")[0]
    source = _TEXTS / name / "copyright"
    licence = ""
    if source.is_file():
        shutil.copyfile(source, target / f"{name}.txt")
        licence = short_name(source.read_text(encoding="utf-8", errors="replace"))
    return {"name": name, "version": version, "licence": licence or f"see {FOLDER}/{name}.txt"}
