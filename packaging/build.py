"""Builds the application for the system it runs on: ``make package``, or ``python build.py``.

Into ``dist/``: a folder that needs no Python; on Linux a ``.deb`` as well, on macOS a bundle. The
Windows installer is made from the folder by Inno Setup (``packaging/windows/spectracnn.iss``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_WORTH_STRIPPING = 5 << 20


def main(arguments: list[str] | None = None) -> int:
    """Build; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--folder-only", action="store_true", help="no .deb")
    options = parser.parse_args(arguments)
    out, work = options.out.resolve(), ROOT / "build"
    sys.path[:0] = [str(ROOT), str(HERE)]
    import icons
    import licences

    from spectracnn import __version__

    start = time.monotonic()
    icons.draw(work / "icons")
    folder = freeze(out, work)
    licences.collect(folder / "_internal")
    say(f"{folder} after {time.monotonic() - start:.0f} s")
    if sys.platform.startswith("linux"):
        strip(folder)
        if not options.folder_only and shutil.which("dpkg-deb"):
            import deb

            package = deb.build(folder, work / "icons", __version__, out)
            say(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    import sizes

    sizes.report(folder)
    say(f"done after {time.monotonic() - start:.0f} s")
    return 0


def freeze(out: Path, work: Path) -> Path:
    """Run PyInstaller; return the folder."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(out), "--workpath", str(work), str(HERE / "spectracnn.spec")]
    # PyInstaller imports Qt to look at it; that needs no screen.
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return out / "SpectraCNN"


def strip(folder: Path) -> None:
    """Take the names for debuggers out of TensorFlow's libraries: a quarter of their size."""
    if not shutil.which("strip"):
        say("there is no strip (binutils): the folder is 200 MB larger than it need be")
        return
    for path in (folder / "_internal" / "tensorflow").rglob("*.so*"):
        if path.stat().st_size > _WORTH_STRIPPING and not path.is_symlink():
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)


def say(text: str) -> None:
    """Tell how it goes."""
    print(f"build: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
