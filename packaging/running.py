"""Starts the built program as a person's machine would, and finds what it leaves running."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 240
LINUX = sys.platform.startswith("linux")
_KEPT = ("SYSTEMROOT", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS", "LANG", "LC_ALL")
_NAMES = ("spectracnn", "SpectraCNN.exe", "SpectraCNN", "Contents/MacOS/SpectraCNN")


class WrongError(Exception):
    """What is wrong, in one sentence."""


@dataclass(frozen=True)
class Place:
    """Where a program lies, and the root of the system that it is to see.

    Parameters
    ----------
    program : Path
        As seen from here.
    root : Path, optional
        Of another system on this machine; the program then sees nothing outside.
    """

    program: Path
    root: Path | None = None

    @property
    def folder(self) -> Path:
        """The program's own folder."""
        return self.program.parent

    def inside(self, path: Path) -> str:
        """Return a path as the program sees it."""
        return str(path) if self.root is None else f"/{path.relative_to(self.root)}"

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command that starts the program; paths are as seen from here."""
        words = [self.program, *arguments]
        command = [self.inside(word) if isinstance(word, Path) else word for word in words]
        # By its full path: the program's own PATH leads to nothing.
        chroot = shutil.which("chroot") or "chroot"
        entering = [chroot, str(self.root), "/usr/bin/env", f"--chdir={self.inside(self.folder)}"]
        return command if self.root is None else entering + command


def program_in(folder: Path) -> Path:
    """Return the program of a folder or a bundle."""
    for name in _NAMES:
        if (folder / name).is_file():
            return folder / name
    raise WrongError("there is no program in it")


def bare_environment(place: Place, home: Path) -> dict[str, str]:
    """Return the environment of a person who has never heard of Python."""
    empty, runtime = home / "bin", home / "run"
    empty.mkdir(parents=True)
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP")
    return {
        **kept,
        **dict.fromkeys(own, place.inside(home)),
        "PATH": os.environ.get("SYSTEMROOT", place.inside(empty)),
        "XDG_RUNTIME_DIR": place.inside(runtime),
        "QT_LOGGING_RULES": "qt.qpa.*=false",
    }


@contextlib.contextmanager
def screen(*, virtual: bool) -> Iterator[dict[str, str]]:
    """Give the variables that name the display; a virtual one ends with the block."""
    if not virtual:
        names = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM")
        yield {name: os.environ[name] for name in names if name in os.environ}
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise SystemExit("smoke test: Xvfb does not start")
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def running(
    place: Place, environment: dict[str, str], *arguments: str | Path
) -> Iterator[subprocess.Popen[str]]:
    """Start the program, and end it after the block or after too long a time."""
    process = subprocess.Popen(
        place.command(*arguments), cwd=place.folder,
        env=environment | {"SPECTRACNN_TIMING": "1"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def wait_for(process: subprocess.Popen[str], mark: str) -> None:
    """Read until the program says that it is there."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.split()[:2] == ["timing", mark]:
            return
    raise WrongError(f"it ended before {mark}")


def nothing_left(folder: Path) -> None:
    """Check that no process of the program runs; Linux only, where this can be seen."""
    if not LINUX:
        return
    due = time.monotonic() + 5
    while left := running_from(folder):
        if time.monotonic() > due:
            raise WrongError(f"processes are left: {left}")
        time.sleep(0.1)


def running_from(folder: Path) -> list[int]:
    """Return the processes whose program lies in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if Path(os.readlink(entry / "exe")).is_relative_to(folder):
                    found.append(int(entry.name))
    return found
