"""The packages that SpectraCNN is made of, with versions and licences. No Qt."""

from __future__ import annotations

import json
import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = (
    "PySide6-Essentials",
    "pyqtgraph",
    "numpy",
    "scipy",
    "matplotlib",
    "cmap",
    "h5py",
    "keras",
    "tensorflow-cpu",
    "tensorflow",
    "rich",
    "cholespy",
    "lapy",
    "meshio",
    "neuroCombat",
    "neuroHarmonize",
    "nibabel",
    "openpyxl",
    "pandas",
    "platformdirs",
    "pyarrow",
    "robust-laplacian",
    "scikit-learn",
    "statsmodels",
    "threadpoolctl",
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST_LICENCE = 48


@dataclass(frozen=True)
class Package:
    """One package.

    Parameters
    ----------
    name, version, licence : str
        As its metadata say; the licence is a dash where they do not.
    """

    name: str
    version: str
    licence: str


def parts() -> Iterator[Package]:
    """Give Python, then every installed package that SpectraCNN needs, directly or not.

    In a frozen application the libraries of the system that it brings come last.

    Lazily, because reading the metadata of a package takes milliseconds.
    """
    yield Package("Python", platform.python_version(), "PSF-2.0")
    waiting, seen = list(ROOTS), {_canonical(name) for name in ROOTS}
    while waiting:
        try:
            found = metadata.distribution(waiting.pop(0))
        except metadata.PackageNotFoundError:
            continue
        yield Package(found.name, found.version, licence_of(found.metadata))
        for requirement in found.requires or ():
            name = _NAME.match(requirement)
            if name is None or "extra ==" in requirement or "extra==" in requirement:
                continue
            if _canonical(name[0]) not in seen:
                seen.add(_canonical(name[0]))
                waiting.append(name[0])
    yield from _of_the_system(getattr(sys, "_MEIPASS", None))


def _of_the_system(bundle: str | None) -> list[Package]:
    """Return what packaging/licences.py has listed."""
    if bundle is None or not (listed := Path(bundle, "licences", "parts.json")).is_file():
        return []
    return [Package(**record) for record in json.loads(listed.read_text(encoding="utf-8"))]


def licence_of(record: metadata.PackageMetadata) -> str:
    """Return the licence that a package's metadata name, in one short line."""
    fields = record.json
    expression = str(fields.get("license_expression", ""))
    if expression:
        return expression
    text = str(fields.get("license", "")).strip()
    if text and "\n" not in text and len(text) <= _LONGEST_LICENCE:
        return text
    classifiers = [str(item) for item in fields.get("classifier", [])]
    named = [item.rsplit(" :: ", 1)[-1] for item in classifiers if item.startswith("License ::")]
    return ", ".join(named) or "–"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
