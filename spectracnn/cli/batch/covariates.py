"""Columns of a table beside the results of a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spectracnn.cli.item_block import spectra_of
from spectracnn.cli.network import BATCH, chunks
from spectracnn.core.site_step import with_site
from spectracnn.io.joining import Joiner
from spectracnn.io.participants import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.core.participants import ParticipantsTable
    from spectracnn.nn.loaded_model import LoadedModel


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
        self._noted = False

    def located(
        self, network: LoadedModel, items: Iterable[InputSpectrum]
    ) -> Iterator[InputSpectrum]:
        """Give each spectrum its site, where the network was trained on harmonised ones.

        A table without the column that the card names leaves all as they are.
        """
        step = network.description.card.preprocessing.harmony
        if step is None or step.column not in self.table.names:
            yield from items
            return
        text = self.table.column(step.column).text
        for chunk in chunks(items, BATCH):
            rows = self._joiner.rows([item.spectrum for item in chunk])
            for item, row in zip(chunk, rows.tolist(), strict=True):
                site = "" if row < 0 else str(text[row])
                yield replace(item, spectrum=with_site(item.spectrum, site))

    def columns(self, items: Sequence[InputSpectrum], taken: Sequence[str] = ()) -> dict[str, Any]:
        """Return every column for some spectra: numbers, or texts with None where missing.

        Parameters
        ----------
        items : sequence of InputSpectrum
            The spectra.
        taken : sequence of str
            Names that other columns have; ours get ``table.`` before them.
        """
        rows = self._joiner.rows(spectra_of(items))
        if items and not (rows >= 0).any() and not self.remarks:
            name = items[0].spectrum.name
            self.remarks.append((str(self.table.path), f"no row for spectra such as {name}."))
        note = self._joiner.note
        if note and not self._noted:
            self._noted = True
            self.remarks.append((str(self.table.path), note))
        found: dict[str, Any] = {}
        for column in self.table.columns:
            own = column.select(rows)
            name = f"table.{column.name}" if column.name in taken else column.name
            if own.numbers is not None and own.codes is None:
                found[name] = own.numbers
            else:
                found[name] = [text or None for text in own.text.tolist()]
        return found
