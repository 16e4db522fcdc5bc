"""From ids, as people write them in different places, to the rows of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column, ParticipantsTable
    from spectracnn.core.spectrum import Spectrum

ID_NAMES = (
    "participant_id",
    "subject",
    "subject_id",
    "sub",
    "sid",
    "participant",
    "eid",
    "id",
    "path",
    "file",
    "filename",
    "file_name",
    "name",
    "mesh_id",
)
"""Headers of columns that say who a row is, the surest first."""
SUBJECT_KEYS = ("subject", "participant_id", "subject_id", "mesh_id", "id")
_ENDING = re.compile(
    r"(?:\.brainprint)?\.(?:ev|csv|tsv|txt|dat|json|npy|npz|h5|hdf5|mat|pk|pkl|vtk|ply|obj|off|stl)"
    r"(?:\.gz)?\Z"
)
_BIDS = re.compile(r"(?:\A|[/\\_])(sub-[0-9A-Za-z+]+)")
TWICE = -2
"""In place of a row, while joining: several rows that differ."""


@dataclass(frozen=True, eq=False)
class IdMatch:
    """Rows, -1 or ``TWICE`` for each; and how many were found by a shortened id."""

    rows: NDArray[np.int64]
    loosely: int

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.rows != -1))


class Index:
    """From the ids of a column to rows, in three ways, each less strict than the one before."""

    def __init__(self, table: ParticipantsTable, column: Column) -> None:
        self.column = column
        self.first: dict[str, int] = {}
        again: dict[str, list[int]] = {}
        for row, text in enumerate(column.text):
            if text and self.first.setdefault(text, row) != row:
                again.setdefault(text, []).append(row)
        self.repeated = {text for text in again if _equal(table, self.first[text], again[text])}
        self.twice = set(again) - self.repeated
        self._ways: list[dict[str, str | None] | None] = [{t: t for t in self.first}, None, None]

    def find(self, values: Sequence[str]) -> IdMatch:
        """Return the row of each id, -1 without one, ``TWICE`` where several rows have it."""
        rows = np.full(len(values), -1, np.int64)
        loosely = 0
        for way, change in enumerate(_WAYS):
            places = np.flatnonzero(rows == -1)
            if not places.size:
                break
            known = self._way(way)
            for place in places.tolist():
                text = known.get(change(values[place])) if values[place] else None
                if text is not None:
                    rows[place] = TWICE if text in self.twice else self.first[text]
                    loosely += way > 0
        return IdMatch(rows, loosely)

    def _way(self, way: int) -> dict[str, str | None]:
        """Return the ids by their shortened form; None where two ids share it."""
        known = self._ways[way]
        if known is None:
            change = _WAYS[way]
            known = {}
            for text in self.first:
                short = change(text)
                known[short] = None if short in known else text
            self._ways[way] = known
        return known


def _equal(table: ParticipantsTable, first: int, others: list[int]) -> bool:
    """Whether rows say the same in every column."""
    rows = np.array([first, *others])
    for column in table.columns:
        for values in (column.numbers, column.codes):
            if values is not None:
                cells = values[rows]
                same = (cells == cells[0]) | ((cells != cells) & (cells[0] != cells[0]))
                if not same.all():
                    return False
    return True


def loosened(text: str) -> str:
    """Return an id without capitals, ``sub-``, folders and the ending of a file.

    Examples
    --------
    >>> loosened("Data/sub-A7.brainprint.csv")
    'a7'
    """
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()
    return _ENDING.sub("", last).removeprefix("sub-").strip()


def _without_zeros(text: str) -> str:
    """Return an id as :func:`loosened`, without the zeros that a spreadsheet drops."""
    return loosened(text).lstrip("0") or "0"


_WAYS: tuple[Callable[[str], str], ...] = (str, loosened, _without_zeros)


def subject_of(spectrum: Spectrum) -> str:
    """Return whose spectrum it is, from its own field, its file's fields, or its path."""
    if spectrum.subject:
        return spectrum.subject
    for key in SUBJECT_KEYS:
        if spectrum.metadata.get(key):
            return spectrum.metadata[key]
    return subject_of_path(str(spectrum.source)) if spectrum.source is not None else ""


def subject_of_path(path: str) -> str:
    """Return the ``sub-...`` of a BIDS path; empty where there is none.

    Examples
    --------
    >>> subject_of_path("derivatives/sub-01/anat/sub-01_lh.ev")
    'sub-01'
    """
    found = _BIDS.search(path)
    return found.group(1) if found else ""


def id_name(header: str) -> str:
    """Return a header in the form of :data:`ID_NAMES`."""
    return header.strip().casefold().replace(" ", "_")


def is_id_name(header: str) -> bool:
    """Whether a column of this header says who a row is."""
    return id_name(header) in ID_NAMES
