"""What to say when a package is not there."""

from __future__ import annotations

from importlib.util import find_spec

MODULES = (
    "PySide6",
    "cholespy",
    "cmap",
    "h5py",
    "keras",
    "lapy",
    "matplotlib",
    "meshio",
    "neuroCombat",
    "neuroHarmonize",
    "nibabel",
    "numpy",
    "openpyxl",
    "pandas",
    "platformdirs",
    "pyarrow",
    "pyqtgraph",
    "rich",
    "robust_laplacian",
    "scipy",
    "sklearn",
    "statsmodels",
    "tensorflow",
    "threadpoolctl",
)
"""What is imported of the packages that pyproject.toml requires."""
_INSTALL = (
    "install everything that is needed with 'python -m pip install spectracnn' (or "
    "'python -m pip install -e .' in a checkout)."
)


def absent() -> list[str]:
    """Return the packages that are needed and not installed; imports none of them."""
    return [name for name in MODULES if find_spec(name) is None]


def named(names: list[str]) -> str:
    """Return the packages in words.

    Examples
    --------
    >>> named(["keras"]), named(["h5py", "keras"])
    ('the Python package keras', 'the Python packages h5py and keras')
    """
    if len(names) == 1:
        return f"the Python package {names[0]}"
    return f"the Python packages {', '.join(names[:-1])} and {names[-1]}"


def missing_package(error: ImportError) -> str:
    """Return one sentence that names what is missing and how to install it."""
    name = (error.name or "").split(".")[0]
    if isinstance(error, ModuleNotFoundError) and name:
        return f"spectracnn: {named([name])} is not installed; {_INSTALL}"
    return f"spectracnn: a library that is needed cannot be loaded: {error}."


def is_ours(error: ImportError) -> bool:
    """Tell whether the missing module is one of this program, which is a mistake in it."""
    return (error.name or "").split(".")[0] == "spectracnn"
