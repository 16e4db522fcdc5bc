"""The versions of what computes and writes, for the files it leaves."""

from __future__ import annotations

from spectracnn import __version__
from spectracnn.core.versions import installed

_PACKAGES = ("numpy", "h5py", "keras", "tensorflow", "tensorflow-cpu")


def versions() -> dict[str, str]:
    """Return the versions of what computes and writes."""
    found = {name.removesuffix("-cpu"): text for name, text in installed(_PACKAGES).items()}
    return {"spectracnn": __version__, **found}
