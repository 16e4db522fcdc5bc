"""The table of trainings that is kept beside the models."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RUNS_TABLE = "training-runs.csv"
RUN_COLUMNS = (
    "time", "model", "task", "architecture", "data", "spectra", "classes", "eigenvalues", "seed",
    "epochs", "folds", "metric", "mean", "sd", "mae", "parameters", "cpu_seconds", "data_sha256",
)  # fmt: skip


def read_runs(folder: Path) -> list[dict[str, str]]:
    """Return the table of runs, the oldest first; empty where there is none."""
    try:
        with (folder / RUNS_TABLE).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            return [{key: row.get(key) or "" for key in RUN_COLUMNS} for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
