"""Join spectra with the rows of a table: what matched, what did not, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.block import SpectraBlock
from spectracnn.core.naming import MOST_NAMED, listed, nearest
from spectracnn.errors import StudyError
from spectracnn.io.id_index import (
    ID_NAMES,
    SUBJECT_KEYS,
    TWICE,
    IdMatch,
    Index,
    id_name,
    loosened,
    subject_of,
    subject_of_path,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column, ParticipantsTable
    from spectracnn.core.spectrum import Spectrum


@dataclass(frozen=True, eq=False)
class Joined:
    """Which row of a table belongs to which spectrum.

    Parameters
    ----------
    table : ParticipantsTable
        The table.
    rows : ndarray, shape (n,), int64
        The row of each spectrum; -1 where none belongs to it.
    id_column : str
        The column that says who a row is.
    key : {'subject', 'name', 'path'}
        What of the spectra it was compared with.
    unmatched : tuple of str
        Spectra without a row, by that key.
    unused : tuple of str
        Rows without a spectrum, by their id.
    twice : tuple of str
        Ids of several rows that differ; no spectrum gets any of these rows.
    notes : tuple of str
        All of it in sentences.
    """

    table: ParticipantsTable
    rows: NDArray[np.int64]
    id_column: str
    key: str
    unmatched: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def matched(self) -> NDArray[np.bool_]:
        """Which spectra have a row: shape (n,)."""
        return self.rows >= 0

    def column(self, name: str) -> Column:
        """Return a column with one cell for each spectrum, missing where no row belongs to it.

        Raises
        ------
        StudyError
            If the table has no such column.
        """
        return self.table.column(name).select(self.rows)

    def numeric(self, name: str) -> Column:
        """Return a column of numbers with one cell for each spectrum.

        Raises
        ------
        StudyError
            If the table has no such column, or a cell is no number.
        """
        return self.table.numeric(name).select(self.rows)


def join(
    spectra_or_names: Sequence[Spectrum | str],
    table: ParticipantsTable,
    id_column: str | None = None,
) -> Joined:
    """Find each spectrum's row.

    Ids are compared as they stand, then without capitals, ``sub-``, folders and endings of files,
    then without leading zeros, which spreadsheets drop; only where that is unambiguous.

    Parameters
    ----------
    spectra_or_names : sequence of Spectrum or str
        A name may be a subject, a spectrum's name or a path.
    table : ParticipantsTable
        From :func:`spectracnn.io.participants.read_table`.
    id_column : str, optional
        Which column says who a row is; found out when not given: the one that matches most.

    Returns
    -------
    Joined
        With a row, or -1, for each.

    Raises
    ------
    StudyError
        If there is no such column, or if no spectrum matches any row.
    """
    keys = _keys(spectra_or_names)
    candidates = [table.column(id_column)] if id_column else _candidates(table)
    best: tuple[Index, str, IdMatch] | None = None
    for column in candidates:
        index = Index(table, column)
        for key, values in keys.items():
            found = index.find(values)
            if best is None or found.count > best[2].count:
                best = index, key, found
        if best is not None and best[2].count == len(spectra_or_names):
            break
    if best is None or not best[2].count:
        raise StudyError(_nothing(keys, table, candidates))
    index, key, found = best
    return _report(table, index, key, keys[key], found)


def _keys(spectra: Sequence[Spectrum | str]) -> dict[str, list[str]]:
    """Return what a row's id may be compared with, one list a kind."""
    keys: dict[str, list[str]] = {"subject": [], "name": [], "path": []}
    if isinstance(spectra, SpectraBlock) and not spectra.about & set(SUBJECT_KEYS):
        path = str(spectra.column("source")[0] or "") if len(spectra) else ""
        known = subject_of_path(path)
        subjects = [subject or known for subject in spectra.column("subject")]
        keys = {"subject": subjects, "name": list(spectra.column("name"))}
        keys["path"] = [path] * len(spectra)
        return {key: values for key, values in keys.items() if any(values)}
    for item in spectra:
        if isinstance(item, str):
            path, name, subject = item, item, subject_of_path(item)
        else:
            path = str(item.source) if item.source is not None else ""
            name, subject = item.name, subject_of(item)
        for key, value in zip(keys, (subject, name, path), strict=True):
            keys[key].append(value)
    return {key: values for key, values in keys.items() if any(values)}


def _candidates(table: ParticipantsTable) -> list[Column]:
    """Return the columns that may say who a row is: those with a known name, else all."""
    named = [
        column for name in ID_NAMES for column in table.columns if id_name(column.name) == name
    ]
    return named or list(table.columns)


def _nothing(keys: dict[str, list[str]], table: ParticipantsTable, candidates: list[Column]) -> str:
    """Say that not one spectrum has a row, with an example of both sides."""
    ours = next((value for values in keys.values() for value in values if value), "")
    columns = listed([f"'{column.name}'" for column in candidates])
    column = candidates[0]
    theirs = next((str(text) for text in column.text if text), "")
    return (
        f"{table.path}: no spectrum has a row: found ids such as '{theirs}' in column {columns}, "
        f"expected some such as '{ours}'. Name the right column with --id."
    )


def _report(
    table: ParticipantsTable, index: Index, key: str, values: list[str], found: IdMatch
) -> Joined:
    rows = np.where(found.rows == TWICE, -1, found.rows)
    unmatched = list(dict.fromkeys(values[place] for place in np.flatnonzero(found.rows == -1)))
    select = set(rows[rows >= 0].tolist())
    hit = {values[place] for place in np.flatnonzero(found.rows == TWICE)}
    loose = {loosened(text) for text in hit}
    unused = [
        text
        for text, row in index.first.items()
        if row not in select and text not in hit and loosened(text) not in loose
    ]
    twice = sorted(index.twice)
    name = index.column.name
    count = int(np.count_nonzero(rows >= 0))
    notes = [f"{count:,} of {len(rows):,} spectra have a row, by {key} in column '{name}'."]
    if found.loosely:
        notes.append(
            f"{found.loosely:,} of them by an id that differs in capitals, 'sub-', folder, "
            "ending or leading zeros."
        )
    if twice:
        notes.append(_of_several_rows(twice))
    if index.repeated:
        notes.append(f"{_ids(sorted(index.repeated))} in several equal rows; one was used.")
    if unmatched:
        notes.append(f"No row for {_with_nearest(unmatched, unused)}.")
    if unused:
        notes.append(f"No spectrum for {listed(unused)}.")
    return Joined(
        table, rows, name, key, tuple(unmatched), tuple(unused), tuple(twice), tuple(notes)
    )


def _of_several_rows(ids: list[str]) -> str:
    return f"{_ids(ids)} in several rows that differ; none of these rows was used."


def _ids(ids: list[str]) -> str:
    return f"{listed(ids)} {'is' if len(ids) == 1 else 'are'}"


def _with_nearest(unmatched: list[str], unused: list[str]) -> str:
    """Name the first spectra without a row, each with the row that is most like it."""
    named = []
    for place, name in enumerate(unmatched):
        near = nearest(name, unused) if unused and place < MOST_NAMED else ""
        named.append(f"{name} (nearest: {near})" if near else name)
        if place + 1 >= MOST_NAMED:
            named += unmatched[place + 1 :]
            break
    return listed(named)


class Joiner:
    """Joins spectra batch by batch, for studies that are never in memory as a whole.

    Parameters
    ----------
    table : ParticipantsTable
        The table.
    id_column : str, optional
        Which column says who a row is; else the one that matches most of the first batch that
        matches at all.

    Raises
    ------
    StudyError
        If there is no such column.
    """

    def __init__(self, table: ParticipantsTable, id_column: str | None = None) -> None:
        self.table = table
        columns = [table.column(id_column)] if id_column else _candidates(table)
        self._indices = [Index(table, column) for column in columns]

    @property
    def note(self) -> str:
        """Which ids have several rows that differ; empty while no column was chosen yet."""
        twice = sorted(self._indices[0].twice) if len(self._indices) == 1 else []
        return _of_several_rows(twice) if twice else ""

    def rows(self, spectra: Sequence[Spectrum | str]) -> NDArray[np.int64]:
        """Return each spectrum's row, -1 without one or with several that differ."""
        keys = _keys(spectra)
        best = np.full(len(spectra), -1, np.int64)
        chosen = None
        for index in self._indices:
            rows = np.full(len(spectra), -1, np.int64)
            for values in keys.values():
                left = np.flatnonzero(rows == -1)  # what one key finds, no other looks for
                rows[left] = index.find([values[place] for place in left.tolist()]).rows
            if np.count_nonzero(rows != -1) > np.count_nonzero(best != -1):
                best, chosen = rows, index
        if chosen is not None:
            self._indices = [chosen]
        return np.where(best == TWICE, -1, best)
