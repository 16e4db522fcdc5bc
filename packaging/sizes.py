"""Lists what takes the space in the frozen folder, and compares it with what it stands on.

The measure is TensorFlow, Qt, NumPy and h5py as installed, counting only what the application
really imports: the files of their imported modules and the shared libraries that are loaded.
By itself: ``python packaging/sizes.py dist/SpectraCNN``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURE = ("tensorflow", "PySide6", "shiboken6", "numpy", "numpy.libs", "h5py", "h5py.libs")
TARGET = 1.15
_LARGEST = 16

# Run in two processes, as in the application: the engine's, and the window's.
_ENGINE = """
from spectracnn.nn.backend import load_keras
load_keras()
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model
open_model(default_model()).warm_up()
"""
_WINDOW = """
from PySide6.QtWidgets import QApplication
import PySide6.QtSvg, spectracnn.gui.start.app, spectracnn.gui.window.main_window
QApplication([])
"""
_REPORT = """
import json, sys
files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
if sys.platform == "linux":
    with open("/proc/self/maps") as maps:
        files |= {line.split(None, 5)[5].strip() for line in maps if "/" in line}
print(json.dumps(sorted(filter(None, files))))
"""


def folder_sizes(folder: Path) -> Counter[str]:
    """Return bytes by what is directly below the folder, and of the program itself."""
    sizes: Counter[str] = Counter()
    inside = folder / "_internal"
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_symlink():
                continue
            top = path.relative_to(inside).parts[0] if inside in path.parents else name
            if top.endswith(".libs"):
                top = top.removesuffix(".libs")
            sizes["libraries of the system" if ".so" in top else top] += path.stat().st_size
    return sizes


def imported_bytes() -> Counter[str]:
    """Return bytes as installed and imported, by package of `MEASURE`."""
    files: set[str] = set()
    for code in (_ENGINE, _WINDOW):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-c", code + _REPORT]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment
        )
        files.update(json.loads(done.stdout.splitlines()[-1]))
    sizes: Counter[str] = Counter()
    for path in map(Path, files):
        if "site-packages" not in path.parts or not path.is_file():
            continue
        top = path.parts[path.parts.index("site-packages") + 1]
        if top in MEASURE:
            sizes[top] += path.stat().st_size
    return sizes


def report(folder: Path) -> float:
    """Print the list, and return how many times the measure the folder takes."""
    sizes = folder_sizes(folder)
    total = sum(sizes.values())
    print(f"{folder.name}: {total / 1e6:.0f} MB")
    for name, size in sizes.most_common(_LARGEST):
        print(f"  {size / 1e6:7.1f} MB  {name}")
    rest = total - sum(size for _, size in sizes.most_common(_LARGEST))
    print(f"  {rest / 1e6:7.1f} MB  all else")
    imported = imported_bytes()
    measure = sum(imported.values())
    parts = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in imported.most_common())
    ratio = total / measure
    print(f"Imported as installed: {measure / 1e6:.0f} MB ({parts})")
    print(f"Ratio: {ratio:.2f} (target: at most {TARGET})")
    return ratio


if __name__ == "__main__":
    sys.exit(0 if report(Path(sys.argv[1])) <= TARGET else 1)
