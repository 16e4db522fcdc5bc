"""Runs the built program as a person's machine would, and looks at what it does.

    python packaging/smoke_test.py dist/SpectraCNN dist/*.deb --samples resources/samples/*.ev

A target is a folder, or a ``.deb``: that is unpacked into an empty folder, and with
``--clean-root`` installed by apt into a system that holds nothing else. Every program is started
from its own folder, with a PATH that leads to no Python and without variables of Python. It opens
the samples, waits for the maps, opens every tool, exports every panel, takes pictures, and quits.
On Linux it gets a virtual screen, unless ``--display`` says to use the one there is.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import commands
import walking
from running import (
    LINUX,
    Place,
    WrongError,
    bare_environment,
    nothing_left,
    program_in,
    running,
    running_from,
    screen,
    wait_for,
)


def main(arguments: list[str] | None = None) -> int:
    """Test all targets; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="+", type=Path, metavar="FOLDER|DEB")
    parser.add_argument("--samples", nargs="+", type=Path, required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, help="keep reports and pictures here")
    parser.add_argument("--display", action="store_true", help="use the display there is")
    parser.add_argument("--clean-root", type=Path, metavar="FOLDER", help="install a .deb here too")
    options = parser.parse_args(arguments)
    samples = [path.resolve() for path in options.samples]
    failed = 0
    with screen(virtual=LINUX and not options.display) as display:
        for target in map(Path.resolve, options.targets):
            try:
                test(target, samples, options.out, display)
                if target.suffix == ".deb" and options.clean_root is not None:
                    root = options.clean_root.resolve()
                    install_and_test(target, root, samples, options.out, display)
            except WrongError as error:
                failed += 1
                print(f"smoke test: {target}: {error}", file=sys.stderr)
    return 1 if failed else 0


def test(target: Path, samples: list[Path], out: Path | None, display: dict[str, str]) -> None:
    """Test one target where it lies; a package is unpacked first."""
    with tempfile.TemporaryDirectory(prefix="smoke test ", ignore_cleanup_errors=True) as name:
        room, depends = Path(name), ""
        folder = target
        if target.suffix == ".deb":
            folder, depends = unpacked(target, room / "root"), declaration(target)
        look_at(Place(program_in(folder)), room, samples, display, depends)
        keep(room, target.name, out)


def install_and_test(
    package: Path, root: Path, samples: list[Path], out: Path | None, display: dict[str, str]
) -> None:
    """Test a package as installed into a system with nothing but what it depends on."""
    import clean_root

    if reason := clean_root.why_not():
        print(f"smoke test: {package.name}: not installed into a clean system: {reason}")
        return
    came = clean_root.install(package, root)
    print(f"smoke test: {package.name}: installed into {root}; {len(came)} packages came with it")
    with tempfile.TemporaryDirectory(dir=root / "tmp", ignore_cleanup_errors=True) as name:
        place = Place(root / "usr/lib/spectracnn/spectracnn", root)
        with clean_root.with_proc(root):
            look_at(place, Path(name), samples, display)
        keep(Path(name), "clean-root", out)
    clean_root.remove(root)


def look_at(
    place: Place, room: Path, samples: list[Path], display: dict[str, str], depends: str = ""
) -> None:
    """Do all that a person does with one program; say what was seen."""
    environment = bare_environment(place, room / "home") | display
    given = [Path(shutil.copy(path, room / f"a sample {path.name}")) for path in samples]
    if LINUX:
        walking.spoil_settings(room / "home")
    done = 0
    report = walking.walk(place, given, room / "seen", environment)
    if LINUX:
        walking.settings_were_renewed(room / "home", report)
        hand_over(place, given[0], environment, depends)
        done = commands.run_all(place, given, room / "commands", environment)
        nothing_left(place.folder)
    seconds = report["seconds"]
    print(
        f"smoke test: {place.program}: passed; maps after {seconds['activation maps']:.1f} s, "
        f"{len(report['tools'])} tools, {len(report['exported'])} files exported, "
        f"{done} commands run, "
        f"all done after {report['took']:.1f} s"
    )


def keep(room: Path, name: str, out: Path | None) -> None:
    """Keep what the program has written, for people to look at."""
    if out is not None:
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.copytree(room / "seen", out / name)


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


def declaration(package: Path) -> str:
    """Return the packages that a package depends on."""
    command = ["dpkg-deb", "--field", str(package), "Depends"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def hand_over(place: Place, sample: Path, environment: dict[str, str], depends: str) -> None:
    """Start it twice: the second gives its file to the first and ends.

    The first forgets all settings as it starts. With dependencies given, see in passing that
    nothing else of the system is used.
    """
    home = Path(environment["HOME"]) if place.root is None else place.root / environment["HOME"][1:]
    with running(place, environment, "--reset") as first:
        wait_for(first, "window_shown")
        walking.settings_were_reset(home)
        # No output at all, as in a windowed program, for the second one.
        command = ["/bin/sh", "-c", 'exec "$@" >&- 2>&-', "sh", *place.command(sample)]
        second = subprocess.run(command, cwd=place.folder, env=environment, timeout=60)
        if second.returncode:
            raise WrongError(f"the second launch ended with {second.returncode}")
        wait_for(first, "first_maps")
        processes = running_from(place.folder)
        if len(processes) < 2:  # the window's and the engine's
            raise WrongError(f"only the processes {processes} are seen to run")
        if depends:
            import declared

            if found := declared.undeclared(depends, processes, place.folder):
                raise WrongError(f"libraries are used that the package does not declare: {found}")


if __name__ == "__main__":
    sys.exit(main())
