"""The table of participants that belongs to the open spectra. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import StudyError
from spectracnn.io.joining import Joiner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column, ParticipantsTable
    from spectracnn.state.entry import Entry


@dataclass(frozen=True, eq=False)
class Participants:
    """A table, and the row of each entry.

    Parameters
    ----------
    table : ParticipantsTable
        As read.
    id_column : str
        Which column says who a row is; empty for whichever matches.
    rows : mapping of int to int
        The row of each entry that has one, by id.
    seen : frozenset of int
        The entries that were looked for.
    """

    table: ParticipantsTable
    id_column: str = ""
    rows: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    seen: frozenset[int] = frozenset()

    def with_entries(self, entries: Sequence[Entry]) -> Participants:
        """Return the same with the rows of those entries that were not looked for yet."""
        new = [entry for entry in entries if entry.id not in self.seen]
        if not new:
            return self
        spectra = [entry.original or entry.spectrum for entry in new]
        rows = Joiner(self.table, self.id_column or None).rows(spectra).tolist()
        found = {entry.id: row for entry, row in zip(new, rows, strict=True) if row >= 0}
        seen = self.seen | {entry.id for entry in new}
        return replace(self, rows=MappingProxyType({**self.rows, **found}), seen=seen)

    def cell(self, column: Column, entry: Entry) -> str:
        """Return an entry's cell as text; empty where it is missing."""
        row = self.rows.get(entry.id, -1)
        return "" if row < 0 else str(column.text[row])

    def number(self, column: Column, entry: Entry) -> float:
        """Return an entry's number; NaN where it is missing, or no number."""
        row = self.rows.get(entry.id, -1)
        return float("nan") if row < 0 or column.numbers is None else float(column.numbers[row])

    def column_for(self, name: str, ids: NDArray[np.int64]) -> Column:
        """Return a column with a cell for each of some entries.

        Parameters
        ----------
        name : str
            Its header.
        ids : ndarray, shape (n,), int64
            The entries.

        Raises
        ------
        StudyError
            If there is no such column.
        """
        known = ids < len(self._row_of)
        rows = np.where(known, self._row_of[np.where(known, ids, 0)], -1)
        return self.table.column(name).select(rows)

    @cached_property
    def _row_of(self) -> NDArray[np.int64]:
        """The row of each id from 0, -1 where there is none: ids are small numbers."""
        found = np.full(max(self.rows, default=0) + 1, -1, np.int64)
        found[list(self.rows)] = list(self.rows.values())
        return found


def require_rows(participants: Participants) -> None:
    """Refuse a table of which no row belongs to any entry.

    Raises
    ------
    StudyError
        If none does.
    """
    if participants.seen and not participants.rows:
        raise StudyError(f"{participants.table.path}: no open spectrum has a row.")
