"""The table that ``explain --check`` writes beside its attributions."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.output import print_table, short
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.core.attribution import Attribution
    from spectracnn.core.attribution_checks import AttributionChecks
    from spectracnn.io.columns_file import ColumnsWriter
    from spectracnn.nn.loaded_model import LoadedModel

CHECKS = ".checks.parquet"
"""Ending of a part's table."""

_AREAS = (
    "completeness_error", "deletion_area", "random_deletion_area", "insertion_area",
    "random_insertion_area",
)  # fmt: skip
_SHOWN = 1000
"""Rows that are printed; the table has all."""


def checks_path(out: Path) -> Path:
    """Return the table beside a file of attributions: ``NAME.checks.csv``."""
    return out.with_name(f"{out.stem}.checks.csv")


class CheckWriter:
    """Checks attributions, and writes a row of each.

    Parameters
    ----------
    writer : ColumnsWriter
        Of the table.
    """

    def __init__(self, writer: ColumnsWriter) -> None:
        self._writer = writer

    def append(
        self, network: LoadedModel, items: Sequence[InputSpectrum], found: Sequence[Attribution]
    ) -> None:
        """Check the attributions of some spectra."""
        from spectracnn.nn.attribution.checks import check_attribution

        checked = [check_attribution(network.scores, one) for one in found]
        classes = network.description.classes
        columns: dict[str, Any] = {
            "file": [encodable(item.file) for item in items],
            "name": [encodable(item.spectrum.name) for item in items],
            "class": [_class(classes, one.target) for one in checked],
            "method": [str(one.method) for one in checked],
        }
        rows = [_numbers(one) for one in checked]
        for name in dict.fromkeys(name for row in rows for name in row):
            cells = [row.get(name) for row in rows]
            columns[name] = np.array([np.nan if cell is None else cell for cell in cells])
        self._writer.append(columns)


def _class(classes: Sequence[str], target: int) -> str:
    return encodable(classes[target]) if target < len(classes) else str(target)


def _numbers(checks: AttributionChecks) -> dict[str, float | None]:
    areas = (
        checks.completeness_error,
        checks.deletion_area,
        float(checks.random_deletion.mean()),
        checks.insertion_area,
        float(checks.random_insertion.mean()),
    )
    agreed = {f"agreement {method}": value for method, value in checks.agreement.items()}
    return {**dict(zip(_AREAS, areas, strict=True)), **agreed}


def print_areas(path: Path) -> None:
    """Print the areas of a table, of a long one the first rows."""
    shown = ("name", "class", *_AREAS)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(islice(csv.DictReader(stream), _SHOWN + 1))
    lines = [[row["name"], row["class"], *(_short(row[name]) for name in _AREAS)] for row in rows]
    header = [name.replace("_", " ") for name in shown]
    print_table(header, lines[:_SHOWN], set(range(2, len(shown))))
    if len(rows) > _SHOWN:
        print(f"... and more in {path}")


def _short(text: str) -> str:
    return short(float(text) if text else None)
