"""Finds the bundled files from a checkout, an installed wheel and a frozen application."""

from __future__ import annotations

import sys
from pathlib import Path

from spectracnn.errors import SpectraCNNError

DEFAULT_MODEL = "models/shrec07.keras"


def resource_root() -> Path:
    """Return the folder that holds the bundled files.

    A wheel carries it inside the package, a checkout beside it, a frozen application in its own
    folder.

    Raises
    ------
    SpectraCNNError
        If none of them exists.
    """
    package = Path(__file__).resolve().parent
    candidates = [package / "_resources", package.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        candidates.insert(0, Path(bundle) / "resources")
    for candidate in candidates:
        if (candidate / "models").is_dir():
            return candidate
    raise SpectraCNNError(
        "The folder of bundled models and samples is missing.", "Install SpectraCNN again."
    )


def resource(relative: str) -> Path:
    """Return the path of one bundled file.

    Parameters
    ----------
    relative : str
        With forward slashes, below ``resources/``.

    Raises
    ------
    SpectraCNNError
        If it does not exist.
    """
    path = resource_root() / relative
    if not path.exists():
        raise SpectraCNNError(
            f"The bundled file {relative} is missing.", "Install SpectraCNN again."
        )
    return path


def documentation_page(name: str) -> Path:
    """Return the path of a page of the user's guide.

    Parameters
    ----------
    name : str
        Such as ``user-guide.md``.

    Raises
    ------
    SpectraCNNError
        If there is no such page here.
    """
    root = resource_root()
    for folder in (root / "docs", root.parent / "docs"):
        if (folder / name).is_file():
            return folder / name
    raise SpectraCNNError(f"The page {name} of the user's guide is missing.")


def default_model() -> Path:
    """Return the path of the bundled model."""
    return resource(DEFAULT_MODEL)


def sample_spectra() -> list[Path]:
    """Return the bundled sample spectra, sorted by name."""
    return sorted(resource("samples").glob("*.ev"))
