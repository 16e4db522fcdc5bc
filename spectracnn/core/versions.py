"""Versions of installed packages, without importing any of them."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of each package; those that are not installed are left out.

    Examples
    --------
    >>> list(installed(["numpy", "no such package"]))
    ['numpy']
    """
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
