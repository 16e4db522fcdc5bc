"""Plain text tables: what is a header, an index, a label, and what are eigenvalues.

By hand, because readers of tables (csv.Sniffer, pandas) guess separators and types of columns, not
which way spectra lie and which numbers are indices; and no remark of theirs names the cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.costs import claim_cells
from spectracnn.io.grid import Grid, split_text
from spectracnn.io.numbers import MISSING, to_floats
from spectracnn.io.orientation import guess_orientation
from spectracnn.io.refusals import refuse_binary_text, refuse_sidecar
from spectracnn.io.result import EITHER_WAY, Orientation, ReadResult
from spectracnn.io.table_shapes import EIGENVALUE_NAME, FIELD_NAMES, Lines, make_spectra
from spectracnn.io.wide_columns import structures_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.io.source import Source


_INDEX_WORDS = frozenset({"index", "idx", "#", "i", "k", "n", "no", "nr", "mode", "unnamed: 0"})


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read a list of numbers, or a table with one shape per row or per column."""
    refuse_binary_text(source)
    claim_cells(source)
    grid = split_text(source, source.text())
    refuse_sidecar(source, grid.rows[0], len(grid.rows) - 1)
    table = _parse(source, grid)
    notes = list(grid.notes)
    wrapped = _wrapped(table, orientation)
    if wrapped is not None:
        notes.append("The rows were read as one list that goes on from line to line.")
        lines = Lines(wrapped[None], np.zeros((1, wrapped.size), bool), [""], [], [])
        return ReadResult(
            tuple(make_spectra(source, lines, notes)), tuple(notes), ambiguous=table.full
        )
    lies, certain, ambiguous = _orientation(table, orientation)
    if not certain:
        other = f" {EITHER_WAY}" if ambiguous else ""
        notes.append(f"Each shape was taken to be one of the {lies}.{other}")
    spectra = make_spectra(source, table.lines(lies), notes)
    if not spectra:
        raise FileFormatError(source.label, "no finite number", "at least one finite eigenvalue")
    single = 1 in table.values.shape
    return ReadResult(tuple(spectra), tuple(notes), None if single else lies, ambiguous)


@dataclass
class ParsedTable:
    """A grid whose parts are known.

    Parameters
    ----------
    values, blank : ndarray, shape (rows, columns)
        The numbers, and where the file has no text at all in their place.
    header, left : list of str
        Names of the columns and of the rows; empty strings where there are none.
    text_columns, text_rows : list of (str, list of str)
        Columns and rows of text, with their names.
    """

    values: NDArray[np.float64]
    blank: NDArray[np.bool_]
    header: list[str]
    left: list[str]
    text_columns: list[tuple[str, list[str]]] = field(default_factory=list)
    text_rows: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether no cell is blank."""
        return not self.blank.any()

    def lines(self, orientation: Orientation) -> Lines:
        """Return the table with one shape per row."""
        if orientation == "rows":
            return Lines(self.values, self.blank, self.header, self.left, self.text_columns)
        return Lines(self.values.T, self.blank.T, self.left, self.header, self.text_rows)


def _parse(source: Source, grid: Grid) -> ParsedTable:
    """Tell numbers from text, and set header, index and labels apart."""
    width = max(len(row) for row in grid.rows)
    rows = grid.rows
    source.claim(40 * width * len(rows), f"{len(rows)} rows, one of them of {width} cells")
    shape = (len(rows), width)
    values = np.full(shape, np.nan)
    text, blank, missing = np.zeros(shape, bool), np.ones(shape, bool), np.ones(shape, bool)
    for at, row in enumerate(rows):
        numbers = to_floats(row)
        text[at, : len(row)] = [value is None for value in numbers]
        values[at, : len(row)] = [np.nan if value is None else value for value in numbers]
        blank[at, : len(row)] = [not cell for cell in row]
        missing[at, : len(row)] = [cell.lower() in MISSING for cell in row]
        row += [""] * (width - len(row))
    if (text | missing).all():
        first = next((cell for row in rows for cell in row if cell), "")
        raise FileFormatError(
            source.label, f"a table without numbers (first {first[:30]!r})", "numbers"
        )
    top = 1 if _has_header(rows, text, values, blank) else 0
    header = rows[0] if top else [""] * width
    body = np.arange(top, len(rows))
    # A row of text, such as the labels of columns, says nothing about which columns are text.
    text_row = (text | missing)[body].all(axis=1) & (text[body].sum(axis=1) > 1)
    plain = body[~text_row]
    text_column = text[plain].sum(axis=0) * 2 > (~missing[plain]).sum(axis=0)
    keep = np.flatnonzero(~text_column & ~(blank[plain].all(axis=0)))
    if keep.size == 0:
        raise FileFormatError(source.label, "a table without numbers", "numbers")
    stray = np.argwhere(text[np.ix_(plain, keep)])
    if stray.size:
        at, column = int(plain[stray[0][0]]), int(keep[stray[0][1]])
        raise FileFormatError(
            source.label, repr(rows[at][column][:40]), "a number", f"line {grid.lines[at]}"
        )
    left = [""] * plain.size
    if _is_index(values[np.ix_(plain, keep)], header[keep[0]]):
        left = [rows[at][keep[0]] for at in plain]
        keep = keep[1:]
    columns = [(header[at], [rows[row][at] for row in plain]) for at in np.flatnonzero(text_column)]
    if columns:
        left = columns[0][1]
    text_rows = [
        (
            next((c for c in rows[r] if c), "") if text_column.any() else "",
            [rows[r][c] for c in keep],
        )
        for r in body[text_row]
    ]
    return ParsedTable(
        values[np.ix_(plain, keep)],
        blank[np.ix_(plain, keep)],
        [header[at] for at in keep],
        left,
        columns,
        text_rows,
    )


def _has_header(
    rows: list[list[str]],
    text: NDArray[np.bool_],
    values: NDArray[np.float64],
    blank: NDArray[np.bool_],
) -> bool:
    """Whether the first row names the columns: by words, or by their numbers as pandas does."""
    if len(text) < 2:
        return False
    if text[0].any():
        numeric_below = (np.isfinite(values[1:]) & ~text[1:]).any(axis=0)
        if (text[0] & numeric_below).any():
            return True
        # A title above a column of words, and numbers that count, as pandas writes them.
        titled = rows[0][0].lower() in FIELD_NAMES and bool(text[1:, 0].all())
        return titled and _counts(values[0][1:]) and not _names_fields([r[0] for r in rows[1:]])
    counting = values[0][1:] if blank[0, 0] else values[0]
    if counting.size < 2:
        return False
    counts = _counts(counting)
    fractions = bool((values[1:] % 1 > 0).any())
    return counts and (bool(blank[0, 0]) or (fractions and counting.size > 2))


def _is_index(values: NDArray[np.float64], name: str) -> bool:
    """Whether the first column counts the rows."""
    if values.shape[1] < 2:
        return False
    word = name.strip().lower()
    if word:  # a title tells; eigenvalues of a small integer spectrum may count as well
        return word in _INDEX_WORDS
    return len(values) > 1 and _counts(values[:, 0])


def _counts(numbers: NDArray[np.float64]) -> bool:
    """Whether these are 0, 1, 2, ... or 1, 2, 3, ..."""
    return any(np.array_equal(numbers, np.arange(s, s + numbers.size)) for s in (0, 1))


def _wrapped(table: ParsedTable, orientation: Orientation | None) -> NDArray[np.float64] | None:
    """Return the values of one list that was broken into lines; None if this is none."""
    rows, columns = table.values.shape
    bare = not any(table.header) and not any(table.left) and not table.text_columns
    if orientation is not None or not bare or rows < 2 or columns < 2 or table.text_rows:
        return None
    short_end = not table.blank[:-1].any() and bool(table.blank[-1].any())
    if not short_end and not (table.full and rows > 2):
        return None
    values = table.values[~table.blank]
    if np.isnan(values).any() or (np.diff(values) < -1e-9 * np.abs(values).max()).any():
        return None
    # Columns of like shapes also ascend from line to line, but each starts with its own zero.
    zeros = np.abs(values) < 1e-3 * np.abs(values).max() / values.size
    return values if short_end or (np.count_nonzero(zeros) <= 1 and columns > 2) else None


def _orientation(table: ParsedTable, wanted: Orientation | None) -> tuple[Orientation, bool, bool]:
    """Return how the shapes lie, whether that is certain, and whether it is ambiguous."""
    rows, columns = table.values.shape
    if rows == 1:
        return "rows", True, False
    if columns == 1:
        return "columns", True, False
    if wanted is not None:
        return wanted, True, False
    across = _names_fields(table.header) or bool(structures_of(table.header))
    down = _names_fields(table.left) or bool(structures_of(table.left))
    if across != down:
        return ("rows" if across else "columns"), True, False
    if table.blank.any():
        tails: tuple[Orientation, bool] | None = _by_padding(table.blank)
        if tails is not None:
            return tails[0], False, tails[1]
    lies, ambiguous = guess_orientation(table.values)
    return lies, False, ambiguous


def _names_fields(names: list[str]) -> bool:
    """Whether these names are of eigenvalues and fields, and so not of shapes."""
    words = [name.strip().lower() for name in names if name]
    return any(re.fullmatch(EIGENVALUE_NAME, word) for word in words) or any(
        word in FIELD_NAMES for word in words
    )


def _by_padding(blank: NDArray[np.bool_]) -> tuple[Orientation, bool] | None:
    """Blanks only at the ends of rows mean shapes in rows; only at the bottom, in columns."""
    tails_right = bool((np.diff(blank.astype(int), axis=1) >= 0).all())
    tails_down = bool((np.diff(blank.astype(int), axis=0) >= 0).all())
    if tails_right == tails_down:
        return None
    return ("rows" if tails_right else "columns"), False
