"""Columns of a table beside the results of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.io.joining import Joiner
from spectracnn.io.participants import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.core.participants import ParticipantsTable


class Covariates:
    """Finds the rows of spectra batch by batch.

    Parameters
    ----------
    table : Path
        The table.
    id_column : str or None
        Which column says who a row is.
    """

    def __init__(self, table: Path, id_column: str | None) -> None:
        self.table: ParticipantsTable = read_table(table)
        self.remarks: list[tuple[str, str]] = []
        self._joiner = Joiner(self.table, id_column)

    def columns(self, items: Sequence[InputSpectrum], taken: Sequence[str] = ()) -> dict[str, Any]:
        """Return every column for some spectra: numbers, or texts with None where missing.

        Parameters
        ----------
        items : sequence of InputSpectrum
            The spectra.
        taken : sequence of str
            Names that other columns have; ours get ``table.`` before them.
        """
        rows = self._joiner.rows([item.spectrum for item in items])
        if items and not (rows >= 0).any() and not self.remarks:
            name = items[0].spectrum.name
            self.remarks.append((str(self.table.path), f"no row for spectra such as {name}."))
        found: dict[str, Any] = {}
        for column in self.table.columns:
            own = column.select(rows)
            name = f"table.{column.name}" if column.name in taken else column.name
            if own.numbers is not None and own.codes is None:
                found[name] = own.numbers
            else:
                found[name] = [text or None for text in own.text.tolist()]
        return found
