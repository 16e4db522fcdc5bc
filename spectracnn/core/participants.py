"""A table of who is who: typed columns of labels and covariates, one row per participant."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from spectracnn.core.naming import listed, meant
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ColumnKind = Literal["numeric", "categorical"]


@dataclass(frozen=True, eq=False)
class Column:
    """One column: numbers, or a code into its levels for every row.

    Parameters
    ----------
    name : str
        The header, without blanks around it.
    numbers : ndarray, shape (n,), float64, or None
        NaN where a cell is missing; None if a cell is neither missing nor a number.
    codes : ndarray, shape (n,), int32, or None
        Index into ``levels``, -1 where a cell is missing. None for numbers whose text is plain.
    levels : tuple of str
        The distinct texts in order of first appearance.
    strays : tuple of (int, str)
        Where most cells are numbers: the first few that are none, by row from 1.
    """

    name: str
    numbers: NDArray[np.float64] | None
    codes: NDArray[np.int32] | None = None
    levels: tuple[str, ...] = ()
    strays: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        for values in (self.numbers, self.codes):
            if values is not None:
                values.flags.writeable = False

    def __len__(self) -> int:
        values = self.codes if self.codes is not None else self.numbers
        return 0 if values is None else len(values)

    @property
    def kind(self) -> ColumnKind:
        """Numeric if every cell that is not missing is a number."""
        return "categorical" if self.numbers is None else "numeric"

    @cached_property
    def text(self) -> NDArray[np.object_]:
        """Every cell as text, empty where missing: shape (n,), object."""
        if self.codes is not None:
            return np.array([*self.levels, ""], dtype=object)[self.codes]
        assert self.numbers is not None
        return np.array([number_text(value) for value in self.numbers], dtype=object)

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells are missing: shape (n,)."""
        if self.numbers is not None:
            return np.asarray(np.isnan(self.numbers))
        assert self.codes is not None
        return np.asarray(self.codes < 0)

    def select(self, rows: NDArray[np.int64]) -> Column:
        """Return the cells of these rows; a row of -1 is a missing cell."""
        absent = rows < 0
        place = np.where(absent, 0, rows)
        numbers = codes = None
        if self.numbers is not None:
            source = self.numbers if len(self.numbers) else np.full(1, np.nan)
            numbers = np.where(absent, np.nan, source[place])
        if self.codes is not None:
            known = self.codes if len(self.codes) else np.full(1, -1, np.int32)
            codes = np.where(absent, -1, known[place]).astype(np.int32)
        return Column(self.name, numbers, codes, self.levels, self.strays)


@dataclass(frozen=True, eq=False)
class ParticipantsTable:
    """Typed columns of one file.

    Parameters
    ----------
    path : Path
        The file.
    columns : tuple of Column
        As many cells in each.
    notes : tuple of str
        What a person should know of the reading: a sentence each.
    """

    path: Path
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The headers."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its header, or by its header whatever the capitals if that is unique.

        Raises
        ------
        StudyError
            If there is none; the nearest header is named.
        """
        exact = [column for column in self.columns if column.name == name]
        alike = exact or [c for c in self.columns if c.name.casefold() == name.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        raise StudyError(
            f"{self.path}: found no column '{name}', expected one of {listed(self.names)}."
            f"{meant(name, self.names)}"
        )

    def numeric(self, name: str) -> Column:
        """Return a column of numbers.

        Raises
        ------
        StudyError
            If there is none of this name, or a cell is no number.
        """
        column = self.column(name)
        if column.numbers is None:
            row, text = column.strays[0] if column.strays else self._first_text(column)
            raise StudyError(
                f"{self.path}: column '{column.name}': found {text!r} in row {row}, "
                "expected a number."
            )
        return column

    def _first_text(self, column: Column) -> tuple[int, str]:
        assert column.codes is not None
        row = int(np.argmax(column.codes >= 0))
        return row + 1, str(column.text[row])


def number_text(value: float) -> str:
    """Return a cell's number as a person would write it; empty for NaN.

    Examples
    --------
    >>> number_text(7.0), number_text(0.25), number_text(float("nan"))
    ('7', '0.25', '')
    """
    number = float(value)
    if np.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def misspelt(column: Column) -> tuple[str, ...]:
    """Return a sentence for every rare level that looks like a frequent one with a typing error.

    Parameters
    ----------
    column : Column
        A categorical one; numbers are never taken for misspelt.
    """
    if column.codes is None or column.numbers is not None:
        return ()
    if len(column.levels) > 200:  # such a column is no label
        return ()
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    found = []
    for place, level in enumerate(column.levels):
        common = [
            other for at, other in enumerate(column.levels) if counts[at] >= 5 * counts[place] > 0
        ]
        near = difflib.get_close_matches(
            level.casefold(), [other.casefold() for other in common], 1, 0.84
        )
        same = [o for o in column.levels if o != level and o.casefold() == level.casefold()]
        target = next((o for o in common if near and o.casefold() == near[0]), "")
        target = target or next((o for o in same if column.levels.index(o) < place), "")
        if target and not _numbered(level, target):
            other = counts[column.levels.index(target)]
            found.append(
                f"Column '{column.name}': {level!r} ({_rows(counts[place])}) looks like "
                f"{target!r} ({_rows(other)})."
            )
    return tuple(found)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _numbered(first: str, second: str) -> bool:
    """Whether two labels differ in digits only, such as site1 and site2."""

    def bare(text: str) -> str:
        return "".join(letter for letter in text.casefold() if not letter.isdigit())

    return bare(first) == bare(second) and first.casefold() != second.casefold()
