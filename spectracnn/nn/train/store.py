"""A run on the disk: what is needed to go on after a crash, and the table of all runs."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.runs import RUN_COLUMNS, RUNS_TABLE, read_runs
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.training_plan import TrainingPlan

PLAN = "plan.json"
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class RunStore:
    """The folder ``NAME.training`` beside ``NAME.keras``; it is gone when the run is done.

    Parameters
    ----------
    out : Path
        The model's file.
    plan : TrainingPlan
        What is done.
    data_sha256 : str
        Of the data; a run on other data is another run.
    """

    def __init__(self, out: Path, plan: TrainingPlan, data_sha256: str) -> None:
        self.folder = out.with_name(f"{out.stem}.training")
        self._record = {"plan": plan.to_json(), "data_sha256": data_sha256}

    def begin(self) -> bool:
        """Make the folder; return whether it holds the beginning of this very run.

        Raises
        ------
        ExportError
            If it cannot be made.
        """
        try:
            found = json.loads((self.folder / PLAN).read_text(encoding="utf-8"))
            if found == json.loads(json.dumps(self._record)):
                return any(self.folder.glob("*.npz"))
        except (OSError, ValueError):
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise ExportError(f"{self.folder}: cannot be made ({error.strerror}).") from error
        with atomic_path(self.folder / PLAN) as temporary:
            temporary.write_text(json.dumps(self._record), encoding="utf-8")
        return False

    def save(self, name: str, arrays: dict[str, NDArray[Any]]) -> Path:
        """Write arrays under a name, whole or not at all."""
        path = self.folder / f"{name}.npz"
        with atomic_path(path) as temporary, temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        return path

    def load(self, name: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays of a name; None where there are none, or they are damaged."""
        try:
            with np.load(self.folder / f"{name}.npz", allow_pickle=False) as arrays:
                return dict(arrays.items())
        except _DAMAGE:
            return None

    def forget(self, name: str) -> None:
        """Remove the arrays of a name."""
        (self.folder / f"{name}.npz").unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the folder: the run is done."""
        shutil.rmtree(self.folder, ignore_errors=True)


def append_run(folder: Path, row: dict[str, Any]) -> Path:
    """Add a line to the table of runs that lies beside the models.

    Parameters
    ----------
    folder : Path
        Of the models.
    row : dict
        A value for each of `RUN_COLUMNS`, or for some.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    path = folder / RUNS_TABLE
    rows = read_runs(folder)
    rows.append({key: str(row.get(key, "")) for key in RUN_COLUMNS})
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, RUN_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
