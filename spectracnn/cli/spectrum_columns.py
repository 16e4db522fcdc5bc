"""Spectra of meshes as a Parquet file: one row each, the eigenvalues as a list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.solved import records
from spectracnn.io.columns_file import ColumnsWriter
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ROWS = 1024
_FIELDS = ("name", "kind", "area", "volume", "source", "eigenvalues")


def write_parquet(parts: Sequence[Path], out: Path) -> None:
    """Write the spectra of all parts, which the other commands, pandas and polars open.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    found = records(parts)
    with ColumnsWriter(out) as writer:
        while rows := list(islice(found, _ROWS)):
            writer.append(_columns(rows))


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "file": [encodable(row["about"]["file"]) for row in rows],
        **{name: _column([row[name] for row in rows]) for name in _FIELDS},
        "vertices": [row["about"]["n_vertices"] for row in rows],
        "repairs": ["; ".join(row["about"]["repairs"]) for row in rows],
        "warnings": ["; ".join(row["about"]["warnings"]) for row in rows],
    }
    for name in rows[0]["table"]:
        key = f"table.{name}" if name in columns else name
        columns[key] = _column([row["table"][name] for row in rows])
    return columns


def _column(cells: list[Any]) -> Any:
    """Return texts, lists, or numbers with NaN where they are missing."""
    if isinstance(cells[0], str):
        return [encodable(cell) or None for cell in cells]
    if isinstance(cells[0], list):
        return cells
    return np.array([np.nan if cell is None else cell for cell in cells], np.float64)
