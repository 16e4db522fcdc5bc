"""The versions of what computes and writes, for the files it leaves."""

from __future__ import annotations

from importlib import metadata

from spectracnn import __version__

_PACKAGES = ("numpy", "h5py", "keras", "tensorflow", "tensorflow-cpu")


def versions() -> dict[str, str]:
    """Return the versions of what computes and writes."""
    found = {"spectracnn": __version__}
    for package in _PACKAGES:
        try:
            found[package.removesuffix("-cpu")] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
