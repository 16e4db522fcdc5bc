"""A study of 50,000 spectra in the window: opening, memory, scrolling, filtering, sorting.

Each form of the study is opened in a window of its own: one HDF5 file, one NPZ, one CSV table, and
a folder of 10,000 files. Times are the processor's, of the whole process for opening and of the GUI
thread for steps and turns, so that what else the machine does is left out.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from benchmarks.gui_child import run_child

COUNT, FILES, LENGTH = 50_000, 10_000, 200


def run(count: int = COUNT, files: int = FILES) -> dict[str, Any]:
    """Measure."""
    found: dict[str, Any] = {"name": "cohort_window", "spectra": count, "files": files}
    with tempfile.TemporaryDirectory() as folder:
        for form, write in FORMS.items():
            path = Path(folder, form)
            number = files if form == "folder" else count
            write(path, number)
            result = run_child("benchmarks.cohort_window_child", str(path), str(number))
            word = form.partition(".")[2] or form
            found |= {f"{word}_{key}": value for key, value in result.items()}
    return found


def study(count: int) -> tuple[np.ndarray[Any, Any], dict[str, np.ndarray[Any, Any]]]:
    """Return perturbed spectra of the samples, and what is known of each."""
    from spectracnn import io
    from spectracnn.resources import sample_spectra

    known = [s.eigenvalues for path in sample_spectra() for s in io.read(path)]
    base = np.array([np.sort(np.abs(row[:LENGTH])) for row in known if len(row) >= LENGTH])
    draw = np.random.default_rng(0)
    kind = draw.integers(0, len(base), count)
    values = base[kind] * (1 + 0.01 * draw.standard_normal((count, LENGTH)))
    values = np.sort(values, axis=1)
    values[:, 0] = 0
    names = np.array([f"sub-{number:05d}" for number in range(count)])
    return values, {"name": names, "subject": names, "label": kind, "area": 1 + draw.random(count)}


def _hdf5(path: Path, count: int) -> None:
    values, fields = study(count)
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = values
        for name, column in fields.items():
            file[name] = column.astype("S") if column.dtype.kind == "U" else column


def _npz(path: Path, count: int) -> None:
    values, fields = study(count)
    np.savez(path, eigenvalues=values, **fields)


def _csv(path: Path, count: int) -> None:
    values, fields = study(count)
    with path.open("w", encoding="utf-8") as stream:
        heads = [*(f"ev{place}" for place in range(values.shape[1]))]
        stream.write(",".join(["name", *heads]) + "\n")
        for name, row in zip(fields["name"], values, strict=True):
            stream.write(f"{name}," + ",".join(f"{value:.9g}" for value in row) + "\n")


def _folder(path: Path, count: int) -> None:
    values, fields = study(count)
    path.mkdir()
    for name, row in zip(fields["name"], values, strict=True):
        np.savetxt(path / f"{name}.txt", row)


FORMS = {"study.h5": _hdf5, "study.npz": _npz, "study.csv": _csv, "folder": _folder}


if __name__ == "__main__":
    print(run(*map(int, sys.argv[1:])))
