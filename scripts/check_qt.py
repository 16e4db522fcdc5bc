"""Tell whether a window can open here, and if not, what to install.

Qt's wheels bring Qt itself but not the libraries of the system that it stands on. When one is
missing, Qt says "could not load the platform plugin" and ends the process; this script names the
package instead. It uses the standard library only and is run by the Makefile.

Exit codes: 0 a window can open, 1 something must be installed, 3 there is no display.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

OPENS, LACKS, HEADLESS = 0, 1, 3

# What Qt loads: (library, Debian and Ubuntu package, Fedora package).
BASE = [
    ("libEGL.so.1", "libegl1", "libglvnd-egl"),
    ("libGL.so.1", "libgl1", "libglvnd-glx"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    ("libfreetype.so.6", "libfreetype6", "freetype"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libgthread-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libX11.so.6", "libx11-6", "libX11"),
    ("libz.so.1", "zlib1g", "zlib"),
    ("libzstd.so.1", "libzstd1", "libzstd"),
]
XCB = [
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    ("libxcb.so.1", "libxcb1", "libxcb"),
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    ("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    ("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    ("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    ("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
]
WAYLAND = [
    ("libwayland-client.so.0", "libwayland-client0", "libwayland-client"),
    ("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor"),
]
PLATFORMS = {"xcb": XCB, "wayland": WAYLAND}

OPEN_QT = "from PySide6.QtGui import QGuiApplication; import PySide6.QtWidgets; QGuiApplication([])"


def platform() -> str:
    """Return the name of the Qt platform that would be used; empty when there is no display."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen:
        return chosen
    if not sys.platform.startswith("linux"):
        return "native"
    # Qt tries Wayland when the session says so and X11 otherwise.
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else ""


def missing(name: str) -> list[tuple[str, str, str]]:
    """Return the libraries that this platform needs and the system lacks."""
    if not sys.platform.startswith("linux"):
        return []
    return [entry for entry in BASE + PLATFORMS.get(name, []) if not _loads(entry[0])]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _plugin_error(name: str) -> str:
    """Return why the platform plugin does not load: catches what the tables above do not know."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return "PySide6 is not installed in this environment."
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{name}.so"
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return ""


def _names(packages: list[str]) -> str:
    return " ".join(sorted(set(packages)))


def report_missing(entries: list[tuple[str, str, str]]) -> None:
    """Say what to install, in the words of the two package managers that most people have."""
    libraries = ", ".join(entry[0] for entry in entries)
    print(f"Qt needs system libraries that are not installed: {libraries}.", file=sys.stderr)
    print(f"  Debian, Ubuntu: sudo apt install {_names([e[1] for e in entries])}", file=sys.stderr)
    print(f"  Fedora:         sudo dnf install {_names([e[2] for e in entries])}", file=sys.stderr)


def _no_display(reason: str) -> int:
    print(
        f"{reason}, so no window opens: run this on a desktop, or with xvfb-run on a virtual"
        " screen. Here is what the command line says of the same spectra.",
        file=sys.stderr,
    )
    return HEADLESS


def main(arguments: list[str]) -> int:
    """Check for the display at hand, or with ``--offscreen`` for the tests."""
    offscreen = "--offscreen" in arguments
    name = "offscreen" if offscreen else platform()
    if not name:
        return _no_display("There is no display")
    lacking = missing(name)
    if lacking:
        report_missing(lacking)
        return LACKS
    if sys.platform.startswith("linux"):
        error = _plugin_error(name)
        if error:
            print(f"Qt's {name} plugin does not load: {error}", file=sys.stderr)
            return LACKS
    # A display can be named and yet not answer. Qt would end the process, so another one asks.
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"} if offscreen else None
    answer = subprocess.run(
        [sys.executable, "-c", OPEN_QT], env=environment, capture_output=True, text=True
    )
    if answer.returncode == 0:
        return OPENS
    lines = answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"]
    if name in PLATFORMS and "Traceback" not in answer.stderr:
        return _no_display("The display does not answer")
    print(f"Qt does not start: {lines[-1]}", file=sys.stderr)
    return LACKS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
