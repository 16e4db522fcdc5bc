"""What the figures were measured with: enough to compare, nothing that names a machine."""

from __future__ import annotations

import os
import platform
from importlib import metadata

PACKAGES = (
    "spectracnn",
    "numpy",
    "h5py",
    "keras",
    "tensorflow-cpu",
    "tensorflow",
    "PySide6-Essentials",
    "pyqtgraph",
    "lapy",
)


def describe() -> dict[str, object]:
    """Return system, cores and versions."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "qt_platform": qt_platform(),
        "versions": versions,
    }


def qt_platform() -> str:
    """Return the Qt platform that the windows are measured on."""
    chosen = os.environ.get("QT_QPA_PLATFORM")
    if chosen:
        return chosen
    linux = platform.system() == "Linux"
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return "offscreen" if linux and not display else "native"
