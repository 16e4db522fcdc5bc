"""Runs the frozen program as a person's machine would, and looks at what it does.

    python packaging/smoke_test.py dist/SpectraCNN dist/*.deb --sample resources/samples/ant.ev

Every target, a folder or a ``.deb`` that is first unpacked into an empty folder, is started from
its own folder, with a PATH that leads to no Python and without variables of Python. It opens the
sample, waits for the maps, exports every panel, takes a picture of its window, and quits. On Linux
it gets a virtual screen, unless ``--display`` says to use the one there is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 240
LINUX = sys.platform.startswith("linux")
_KEPT = ("SYSTEMROOT", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS", "LANG", "LC_ALL")
_FORMATS = 6


class WrongError(Exception):
    """What is wrong, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Test all targets; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="+", type=Path, metavar="FOLDER|DEB")
    parser.add_argument("--sample", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="keep reports and screenshots here")
    parser.add_argument("--display", action="store_true", help="use the display there is")
    options = parser.parse_args(arguments)
    failed = 0
    with screen(virtual=LINUX and not options.display) as display:
        for target in options.targets:
            try:
                test(target.resolve(), options.sample.resolve(), options.out, display)
            except WrongError as error:
                failed += 1
                print(f"smoke test: {target}: {error}", file=sys.stderr)
    return 1 if failed else 0


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


def test(target: Path, sample: Path, out: Path | None, display: dict[str, str]) -> None:
    """Test one target; say what was seen."""
    with tempfile.TemporaryDirectory(prefix="smoke test ", ignore_cleanup_errors=True) as name:
        room = Path(name)
        root = unpacked(target, room / "root") if target.suffix == ".deb" else target
        program = program_in(root)
        environment = bare_environment(room / "home") | display
        given = Path(shutil.copy(sample, room / f"a sample{sample.suffix}"))
        report = walk(program, given, room / "seen", environment)
        if LINUX:
            depends = declaration(target) if target.suffix == ".deb" else ""
            hand_over(program, given, environment, depends)
            nothing_left(program.parent)
        if out is not None:
            kept = out / target.name
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(room / "seen", kept)
    seconds = report["seconds"]
    print(
        f"smoke test: {target.name}: passed; maps after {seconds['activation maps']:.1f} s, "
        f"{len(report['exported'])} files exported, all done after {report['took']:.1f} s"
    )


def unpacked(package: Path, root: Path) -> Path:
    """Unpack a package into an empty folder, and check what the desktop reads of it."""
    root.mkdir()
    subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
    share = root / "usr/share"
    for name in (
        "applications/spectracnn.desktop",
        "mime/packages/spectracnn.xml",
        "icons/hicolor/16x16/apps/spectracnn.png",
        "icons/hicolor/scalable/apps/spectracnn.svg",
    ):
        if not (share / name).is_file():
            raise WrongError(f"the package lacks {name}")
    if "%F" not in (share / "applications/spectracnn.desktop").read_text(encoding="utf-8"):
        raise WrongError("the desktop entry takes no files")
    if not (root / "usr/bin/spectracnn").resolve().is_file():
        raise WrongError("usr/bin/spectracnn leads nowhere")
    return root / "usr/lib/spectracnn"


def program_in(folder: Path) -> Path:
    """Return the program of a folder or a bundle."""
    for name in ("spectracnn", "SpectraCNN.exe", "SpectraCNN", "Contents/MacOS/SpectraCNN"):
        if (folder / name).is_file():
            return folder / name
    raise WrongError("there is no program in it")


def bare_environment(home: Path) -> dict[str, str]:
    """Return the environment of a person who has never heard of Python."""
    empty = home / "bin"
    empty.mkdir(parents=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    return kept | {
        "PATH": os.environ.get("SYSTEMROOT", str(empty)),
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home),
        "LOCALAPPDATA": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "QT_LOGGING_RULES": "qt.qpa.*=false",
    }


def walk(program: Path, sample: Path, seen: Path, environment: dict[str, str]) -> dict:
    """Let the program walk through itself, and look at the result."""
    command = [str(program), "--smoke-test", str(seen), str(sample)]
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=program.parent, env=environment, timeout=PATIENCE,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise WrongError(f"it did not end within {PATIENCE} s") from error
    took = time.monotonic() - start
    said = done.stdout + done.stderr
    try:
        report = json.loads((seen / "smoke.json").read_text(encoding="utf-8"))
    except OSError:
        report = {"failure": "it left no report"}
    if done.returncode or report["failure"]:
        raise WrongError(f"exit code {done.returncode}: {report['failure']}\n{said}")
    if "Traceback" in said:
        raise WrongError(f"it printed a traceback:\n{said}")
    if not report["frozen"]:
        raise WrongError("it does not run frozen")
    panels = len(report["layers"]) + 2  # the spectrum and the prediction
    if not report["layers"] or len(report["exported"]) != panels * _FORMATS:
        raise WrongError(f"{len(report['exported'])} files were exported for {panels} panels")
    small = [name for name in report["exported"] if (seen / name).stat().st_size < 100]
    if small:
        raise WrongError(f"these files are empty: {small}")
    if (seen / "window.png").stat().st_size < 20_000:
        raise WrongError("the picture of the window is empty")
    if not any(part.lower().startswith("tensorflow") for part in report["parts"]):
        raise WrongError(f"Help > About does not know its parts: {report['parts']}")
    nothing_left(program.parent)
    return report | {"took": took}


def declaration(package: Path) -> str:
    """Return the packages that a package depends on."""
    command = ["dpkg-deb", "--field", str(package), "Depends"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def hand_over(program: Path, sample: Path, environment: dict[str, str], depends: str) -> None:
    """Start it twice: the second gives its file to the first and ends.

    With dependencies given, see in passing that nothing else of the system is used.
    """
    timed = environment | {"SPECTRACNN_TIMING": "1"}
    # No output at all, as in a windowed program, for the second one.
    first = subprocess.Popen(
        [str(program)], cwd=program.parent, env=timed, stderr=subprocess.PIPE, text=True
    )
    watchdog = threading.Timer(PATIENCE, first.kill)
    watchdog.start()
    try:
        wait_for(first, "window_shown")
        second = subprocess.run(
            ["/bin/sh", "-c", 'exec "$0" "$1" >&- 2>&-', str(program), str(sample)],
            cwd=program.parent, env=timed, timeout=60,
        )  # fmt: skip
        if second.returncode:
            raise WrongError(f"the second launch ended with {second.returncode}")
        wait_for(first, "first_maps")
        if depends:
            import declared

            running = running_from(program.parent)
            if found := declared.undeclared(depends, running, program.parent):
                raise WrongError(f"libraries are used that the package does not declare: {found}")
    finally:
        watchdog.cancel()
        first.terminate()
        first.wait()
        if first.stderr is not None:
            first.stderr.close()


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


if __name__ == "__main__":
    sys.exit(main())
