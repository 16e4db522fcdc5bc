"""The table that ``explain --check`` writes beside its attributions."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from spectracnn.cli.output import print_table, short
from spectracnn.core.atomic import atomic_path
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.core.attribution import Attribution
    from spectracnn.core.attribution_checks import AttributionChecks
    from spectracnn.nn.loaded_model import LoadedModel

COLUMNS = (
    "file", "name", "class", "method", "completeness_error", "deletion_area",
    "random_deletion_area", "insertion_area", "random_insertion_area",
)  # fmt: skip


class CheckTable:
    """Gathers the checks of attributions.

    Parameters
    ----------
    out : Path
        The attributions' file; the table is ``NAME.checks.csv`` beside it.
    classes : sequence of str
        Names of the classes.
    """

    def __init__(self, out: Path, classes: Sequence[str]) -> None:
        self.path = out.with_name(f"{out.stem}.checks.csv")
        self._classes = classes
        self._rows: list[dict[str, Any]] = []
        self._methods: dict[str, None] = {}

    def add(
        self, network: LoadedModel, items: Sequence[InputSpectrum], found: Sequence[Attribution]
    ) -> None:
        """Check the attributions of some spectra."""
        from spectracnn.nn.attribution.checks import check_attribution

        for item, attribution in zip(items, found, strict=True):
            self._rows.append(self._row(item, check_attribution(network.scores, attribution)))

    def _row(self, item: InputSpectrum, checks: AttributionChecks) -> dict[str, Any]:
        agreed = {f"agreement {method}": value for method, value in checks.agreement.items()}
        self._methods |= dict.fromkeys(agreed)
        named = checks.target < len(self._classes)
        return {
            "file": item.file,
            "name": item.spectrum.name,
            "class": self._classes[checks.target] if named else checks.target,
            "method": str(checks.method),
            "completeness_error": checks.completeness_error,
            "deletion_area": checks.deletion_area,
            "random_deletion_area": float(checks.random_deletion.mean()),
            "insertion_area": checks.insertion_area,
            "random_insertion_area": float(checks.random_insertion.mean()),
            **agreed,
        }

    def write(self) -> None:
        """Write the table, and print its areas.

        Raises
        ------
        ExportError
            If it cannot be written.
        """
        if not self._rows:
            return
        header = [*COLUMNS, *self._methods]
        with (
            atomic_path(self.path) as temporary,
            temporary.open("w", encoding="utf-8", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([_cell(row.get(name)) for name in header] for row in self._rows)
        shown = ("name", "class", *COLUMNS[4:])
        lines = [[_word(row[name]) for name in shown] for row in self._rows]
        print_table([name.replace("_", " ") for name in shown], lines, set(range(2, len(shown))))


def _cell(value: Any) -> Any:
    return "" if value is None else encodable(value) if isinstance(value, str) else value


def _word(value: Any) -> str:
    return value if isinstance(value, str) else short(value)
