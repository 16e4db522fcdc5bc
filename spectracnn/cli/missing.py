"""What to say when a package is not there."""

from __future__ import annotations


def missing_package(error: ImportError) -> str:
    """Return one sentence that names what is missing and how to install it."""
    name = (error.name or "").split(".")[0]
    if isinstance(error, ModuleNotFoundError) and name:
        return (
            f"spectracnn: the Python package {name} is not installed; install everything that is "
            "needed with 'python -m pip install spectracnn' (or 'python -m pip install -e .' "
            "in a checkout)."
        )
    return f"spectracnn: a library that is needed cannot be loaded: {error}."


def is_ours(error: ImportError) -> bool:
    """Tell whether the missing module is one of this program, which is a mistake in it."""
    return (error.name or "").split(".")[0] == "spectracnn"
