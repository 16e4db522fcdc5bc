"""Lets the program walk through itself (``--smoke-test``), and checks what it reports."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from running import PATIENCE, WrongError, nothing_left

if TYPE_CHECKING:
    from running import Place

FORMATS = {"png", "svg", "pdf", "csv", "npz", "h5"}
PICTURES = ("window.png", "window-dark.png", "about.png")
_SMALLEST = 100
_SMALLEST_PICTURE = 3_000
_STORED = ".config/SpectraCNN/SpectraCNN.conf"
_SPOILT = b"[General\nfolder=x\0\0"


def walk(
    place: Place, samples: list[Path], seen: Path, environment: dict[str, str]
) -> dict[str, Any]:
    """Start the program, let it end by itself, and look at the result."""
    command = place.command("--smoke-test", seen, *samples)
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=place.folder, env=environment, timeout=PATIENCE,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise WrongError(f"it did not end within {PATIENCE} s") from error
    seconds = time.monotonic() - start
    output = done.stdout + done.stderr
    try:
        report = json.loads((seen / "smoke.json").read_text(encoding="utf-8"))
    except OSError:
        report = {"failure": "it left no report"}
    if done.returncode or report["failure"]:
        raise WrongError(f"exit code {done.returncode}: {report['failure']}\n{output}")
    if "Traceback" in output:
        raise WrongError(f"it printed a traceback:\n{output}")
    if not report["frozen"]:
        raise WrongError("it does not run frozen")
    if report["spectra"] != len(samples):
        raise WrongError(f"{report['spectra']} spectra are open of {len(samples)} files")
    check_files(report, seen)
    if not any(part.lower().startswith("tensorflow") for part in report["parts"]):
        raise WrongError(f"Help > About does not know its parts: {report['parts']}")
    nothing_left(place.folder)
    return report | {"took": seconds}


def check_files(report: dict[str, Any], seen: Path) -> None:
    """Check that every panel was exported in every format, and that the pictures show something."""
    stems: dict[str, set[str]] = {suffix: set() for suffix in FORMATS}
    for path in map(Path, report["exported"]):
        stems.setdefault(path.suffix[1:], set()).add(path.stem)
        at_least(seen / path, _SMALLEST)
    panels = stems["png"]
    if set(stems) != FORMATS or any(found != panels for found in stems.values()):
        raise WrongError(f"the formats hold different panels: {report['exported']}")
    # The spectrum and the prediction stand beside the layers.
    if not report["layers"] or len(panels) < len(report["layers"]) + 2:
        raise WrongError(f"only {sorted(panels)} were exported of layers {report['layers']}")
    for name in (*PICTURES, *(f"tool-{tool}.png" for tool in report["tools"])):
        at_least(seen / name, _SMALLEST_PICTURE)


def at_least(path: Path, size: int) -> None:
    """Check that a file is there, with so many bytes."""
    if not path.is_file() or path.stat().st_size < size:
        raise WrongError(f"the file {path.name} is missing or empty")


def spoil_settings(home: Path) -> None:
    """Leave a settings file that cannot be read, as a power cut may."""
    path = home / _STORED
    path.parent.mkdir(parents=True)
    path.write_bytes(_SPOILT)


def settings_were_renewed(home: Path, report: dict[str, Any]) -> None:
    """Check that the file was set aside with a note, and that what happened is stored anew."""
    path = home / _STORED
    aside = path.with_name(f"{path.name}.unreadable-1")
    if not aside.is_file() or aside.read_bytes() != _SPOILT:
        raise WrongError("a settings file that cannot be read was not set aside")
    if not any("settings" in note for note in report["messages"]):
        raise WrongError(f"there was no note about the settings, only {report['messages']}")
    if not path.is_file() or "a sample" not in path.read_text(encoding="utf-8"):
        raise WrongError("recent files are not stored")


def settings_were_reset(home: Path) -> None:
    """Check that nothing is stored of an earlier run."""
    path = home / _STORED
    if path.is_file() and "sample" in path.read_text(encoding="utf-8"):
        raise WrongError("--reset leaves settings of an earlier run")
