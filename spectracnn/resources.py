"""Finds the bundled files from a checkout, an installed wheel and a frozen application."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True)
class BundledModel:
    """A network that comes with the program.

    Parameters
    ----------
    key : str
        A short word for it.
    file : str
        Below ``resources/``.
    eigenvalues : int
        How many nonzero ones it needs.
    caption : str
        For menus.
    tip : str
        One line about it.
    """

    key: str
    file: str
    eigenvalues: int
    caption: str
    tip: str

    @property
    def path(self) -> Path:
        """Where its ``.keras`` file lies."""
        return resource(self.file)


BUNDLED = (
    BundledModel(
        "plain",
        "models/shrec07.keras",
        100,
        "Plain network",
        "Two convolutions, two pools, one dense layer; needs 100 nonzero eigenvalues",
    ),
    BundledModel(
        "short",
        "models/shrec07-49.keras",
        49,
        "Plain network for 49 eigenvalues",
        "The same for files that hold 50 eigenvalues, as LaPy and BrainPrint write them",
    ),
    BundledModel(
        "tutorial",
        "models/shrec07-tutorial.keras",
        100,
        "The tutorial's network",
        "Conv1D(64, 3) four times with one pool and a global average: the lessons' example",
    ),
    BundledModel(
        "ensemble",
        "models/shrec07-ensemble.keras",
        100,
        "Ensemble of three networks",
        "Somewhat more accurate and harder to read: three networks side by side in one",
    ),
)
"""The first is opened where nothing else was asked for."""

DEFAULT_MODEL = BUNDLED[0].file


def resource_root() -> Path:
    """Return the folder that holds the bundled files.

    A wheel carries it inside the package, a checkout beside it, a frozen application in its own
    folder.

    Raises
    ------
    SpectraCNNError
        If none of them exists.
    """
    return _root(__file__, getattr(sys, "_MEIPASS", None))


@cache  # asked for at every move of the pointer
def _root(module: str, bundle: str | None) -> Path:
    package = Path(module).resolve().parent
    candidates = [package / "_resources", package.parent / "resources"]
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


def bundled_model(key: str) -> BundledModel:
    """Return a bundled model by its short word.

    Raises
    ------
    SpectraCNNError
        If there is none of that name.
    """
    for model in BUNDLED:
        if model.key == key:
            return model
    names = ", ".join(model.key for model in BUNDLED)
    raise SpectraCNNError(f"There is no bundled model '{key}'; there are {names}.")


def bundled_for(count: int) -> BundledModel | None:
    """Return the bundled model for spectra with this many nonzero eigenvalues; None if too few."""
    fitting = [model for model in BUNDLED if model.eigenvalues <= count]
    return fitting[0] if fitting else None


def sample_spectra() -> list[Path]:
    """Return the bundled sample spectra, sorted by name."""
    return sorted(resource("samples").glob("*.ev"))


def training_spectra() -> Path:
    """Return the path of the 300 labelled spectra that the bundled models learned from."""
    return resource("data/shrec07_lb_train.h5")
