"""Runs every command of the built program on small data: none may miss a library or its source."""

from __future__ import annotations

import math
import shutil
import subprocess
from typing import TYPE_CHECKING

from running import PATIENCE, WrongError

if TYPE_CHECKING:
    from pathlib import Path

    from running import Place

_AROUND, _ALONG = 24, 12


def run_all(place: Place, samples: list[Path], room: Path, environment: dict[str, str]) -> int:
    """Run them without a display; return how many there were.

    Parameters
    ----------
    place : Place
        The program.
    samples : list of Path
        Spectra, some of each half in another group.
    room : Path
        Where everything is written.
    environment : dict
        Of the program.

    Raises
    ------
    WrongError
        If one fails, or does not write what it should.
    """
    room.mkdir()
    todo = lines(samples, room)
    without = {name: value for name, value in environment.items() if name != "DISPLAY"}
    for words, outputs in todo:
        done = subprocess.run(
            place.command(*words), cwd=place.folder, timeout=PATIENCE, env=without,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
        missing = [path.name for path in outputs if not path.exists() or not path.stat().st_size]
        if done.returncode or missing or "Traceback" in done.stderr:
            said = f"{missing} missing: {done.stderr[-2000:]}"
            raise WrongError(f"'{words[0]}' ends with {done.returncode}, {said}")
    return len(todo)


def lines(samples: list[Path], room: Path) -> list[tuple[list[str | Path], list[Path]]]:
    """Return each command's words, and the files that it writes."""
    table, mesh, labelled = room / "who.csv", room / "torus.off", room / "labelled"
    rows = [f"{path.stem},{'ab'[at % 2]},{20 + at}" for at, path in enumerate(samples)]
    table.write_text("\n".join(["name,group,age", *rows]) + "\n", encoding="utf-8")
    mesh.write_text(torus(), encoding="ascii")
    for at, path in enumerate(samples):
        (labelled / "ab"[at % 2]).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, labelled / "ab"[at % 2])
    out = {name: room / f"out.{name}" for name in ("h5", "csv", "parquet", "keras")}
    spectra, figures, attribution = room / "torus.h5", room / "figures", room / "why.csv"
    shapes = [room / f"maps.{kind}" for kind in ("vtk", "vtu", "ply", "gii")]
    given: list[str | Path] = list(samples)
    return [
        (["info", *given], []),
        (["model"], []),
        (["predict", *given, "--out", out["csv"]], [out["csv"]]),
        (["predict", *given, "--table", table, "--out", out["parquet"]], [out["parquet"]]),
        (["trace", *given, "--out", out["h5"]], [out["h5"]]),
        (["explain", given[0], "--out", attribution], [attribution]),
        (["plot", given[0], "--panels", "spectrum", "--out", figures], [figures]),
        (["spectrum", mesh, "-k", "20", "--out", spectra], [spectra]),
        *((["explain", mesh, "--surface", shape], [shape]) for shape in shapes),
        (["train", labelled, "--out", out["keras"], "--folds", "2", "--epochs", "2"],
         [out["keras"]]),
        (["stats", *given, "--table", table, "--group", "group", "--permutations", "50"], []),
        (["confounds", *given, "--table", table, "--target", "group", "--against", "age",
          "--permutations", "20"], []),
    ]  # fmt: skip


def torus() -> str:
    """Return a torus of triangles as an OFF file."""
    points, faces = [], []
    for i in range(_AROUND):
        for j in range(_ALONG):
            u, v = 2 * math.pi * i / _AROUND, 2 * math.pi * j / _ALONG
            far = 2 + math.cos(v)
            points.append(f"{far * math.cos(u):.6f} {far * math.sin(u):.6f} {math.sin(v):.6f}")
            corner = [(i + a) % _AROUND * _ALONG + (j + b) % _ALONG for a in (0, 1) for b in (0, 1)]
            faces.append(f"3 {corner[0]} {corner[2]} {corner[1]}")
            faces.append(f"3 {corner[1]} {corner[2]} {corner[3]}")
    return "\n".join(["OFF", f"{len(points)} {len(faces)} 0", *points, *faces]) + "\n"
