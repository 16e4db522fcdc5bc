"""Large tables of text with named columns, read some lines at a time by Arrow.

Only plain tables are read so: a header that names eigenvalues, one shape a line, and numbers that
Arrow reads as the table's own reader does. That reader reads the first lines too; where both do
not agree, and for any other table, it reads all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io import table
from spectracnn.io.fields import IDENTITY, NAME
from spectracnn.io.result import ReadResult
from spectracnn.io.source import Source
from spectracnn.io.table_shapes import EIGENVALUE_NAME, Lines, make_spectra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum

_SUFFIXES = (".csv", ".tsv", ".txt")
_SEPARATORS = (",", "\t", ";")
_LOOKED_AT = 32
_HEAD = 1 << 20
_BLOCK = 4 << 20
_LEAST_EIGENVALUES = 2


@dataclass(frozen=True)
class _Layout:
    """Which columns there are.

    Parameters
    ----------
    separator : str
        Between cells.
    names : tuple of str
        All headings.
    texts : tuple of int
        Places of the columns of text.
    """

    separator: str
    names: tuple[str, ...]
    texts: tuple[int, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Places of the columns of numbers."""
        return tuple(place for place in range(len(self.names)) if place not in self.texts)


class TextRows:
    """A table that is read from its beginning, and again from there to go back.

    Parameters
    ----------
    source : Source
        The file.
    layout : _Layout
        Its columns.

    Raises
    ------
    pyarrow.ArrowException
        If a line has another number of cells, or a number is none.
    """

    def __init__(self, source: Source, layout: _Layout) -> None:
        assert source.path is not None
        self._source, self._path, self._layout = source, source.path, layout
        self._batches: Iterator[Any] = iter(())
        self._batch: Any = None
        self._first = 0
        self.count = sum(batch.num_rows for batch in self._open())

    def _open(self) -> Iterator[Any]:
        import pyarrow as pa
        from pyarrow import csv

        layout = self._layout
        kinds = {
            name: pa.string() if place in layout.texts else pa.float64()
            for place, name in enumerate(layout.names)
        }
        reader = csv.open_csv(
            self._path,
            read_options=csv.ReadOptions(block_size=_BLOCK, use_threads=False),
            parse_options=csv.ParseOptions(delimiter=layout.separator, quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types=kinds, null_values=[""], strings_can_be_null=False
            ),
        )
        with reader:
            yield from reader

    def read(self, start: int, stop: int) -> ReadResult:
        """Return the spectra of these lines."""
        stop = min(stop, self.count)
        if self._batch is None or start < self._first:
            self._batches, self._batch, self._first = self._open(), None, 0
        pieces, place = [], start
        while place < stop:
            if self._batch is None or place >= self._first + self._batch.num_rows:
                self._first += 0 if self._batch is None else self._batch.num_rows
                self._batch = next(self._batches)
                continue
            inside = place - self._first
            pieces.append(self._batch.slice(inside, stop - place))
            place += pieces[-1].num_rows
        notes: list[str] = []
        spectra = [item for piece in pieces for item in self._spectra(piece, notes)]
        return ReadResult(tuple(spectra), tuple(notes))

    def _spectra(self, batch: Any, notes: list[str]) -> list[Spectrum]:
        layout = self._layout
        columns = [batch.column(place) for place in layout.numbers]
        values = np.column_stack([c.to_numpy(zero_copy_only=False) for c in columns])
        blank = np.zeros(values.shape, bool)
        for place, column in enumerate(columns):
            if column.null_count:
                blank[:, place] = column.is_null().to_numpy(zero_copy_only=False)
        texts = [
            (layout.names[place], [cell.strip() for cell in batch.column(place).to_pylist()])
            for place in layout.texts
        ]
        names = [layout.names[place] for place in layout.numbers]
        return make_spectra(self._source, Lines(values, blank, names, texts[0][1], texts), notes)

    def close(self) -> None:
        """Close the file."""
        self._batches, self._batch = iter(()), None


def open_text_rows(source: Source) -> TextRows | None:
    """Open a large plain table; None for any other file."""
    import pyarrow as pa

    path = source.path
    if path is None or source.compressed or path.suffix.lower() not in _SUFFIXES:
        return None
    head = _head(path)
    layout = _layout(head)
    if layout is None:
        return None
    try:
        few = Source(path, source.name, head, head, size=len(head))
        first = table.read(few)
        found = TextRows(source, layout)
        mine = found.read(0, len(first.spectra)).spectra
    except (FileFormatError, pa.ArrowException, OSError, StopIteration, UnicodeDecodeError):
        return None
    plain = not first.notes and first.assumed_orientation == "rows" and not first.ambiguous
    alike = len(mine) == len(first.spectra) and all(map(_equal, mine, first.spectra))
    return found if plain and alike else None


def _head(path: Path) -> bytes:
    """Return the first whole lines of a file."""
    with path.open("rb") as stream:
        lines = stream.read(_HEAD).split(b"\n")
    return b"\n".join(lines[: _LOOKED_AT + 1][:-1] if len(lines) <= _LOOKED_AT else
                      lines[: _LOOKED_AT + 1])  # fmt: skip


def _layout(head: bytes) -> _Layout | None:
    """Return the columns of a table whose header names eigenvalues and the shapes; else None."""
    try:
        lines = head.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None
    if len(lines) < 3 or '"' in head.decode("utf-8") or lines[0].startswith(("#", "\ufeff")):
        return None
    separator = max(_SEPARATORS, key=lines[0].count)
    names = tuple(name.strip() for name in lines[0].split(separator))
    rows = [line.split(separator) for line in lines[1:]]
    if any(len(row) != len(names) for row in rows) or len(set(names)) < len(names):
        return None
    texts = tuple(place for place in range(len(names)) if not all(_number(r[place]) for r in rows))
    eigen = sum(bool(EIGENVALUE_NAME.fullmatch(name.lower())) for name in names)
    if eigen < _LEAST_EIGENVALUES or not texts:
        return None
    # Names that a column gives need not be looked for in all of the file.
    return _Layout(separator, names, texts) if names[texts[0]].lower() in NAME | IDENTITY else None


def _number(cell: str) -> bool:
    try:
        return not cell.strip() or bool(np.isfinite(float(cell)))
    except ValueError:
        return False


def _equal(one: Spectrum, other: Spectrum) -> bool:
    same = np.array_equal(one.eigenvalues, other.eigenvalues, equal_nan=True)
    names = ("name", "key", "area", "volume", "subject", "structure", "notes")
    fields = all(getattr(one, name) == getattr(other, name) for name in names)
    return same and fields and dict(one.metadata) == dict(other.metadata)
