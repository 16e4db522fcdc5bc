"""What the figures were measured with, nothing that names a machine; and how much memory."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from pathlib import Path

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


def peak_bytes() -> int:
    """Return the most memory this process ever held at once.

    On Linux not by ``getrusage``: what it tells begins with the parent's size.
    """
    if sys.platform.startswith("linux"):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
