"""Parquet: one row a spectrum, with a list of eigenvalues or one column an eigenvalue."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.errors import FileFormatError
from spectracnn.io.fields import (
    IDENTITY,
    NAME,
    STRUCTURE,
    SUBJECT,
    ShapeFields,
    Window,
    naming,
)  # fmt: skip
from spectracnn.io.id_index import id_name
from spectracnn.io.named_array import NamedArray
from spectracnn.io.named_arrays import KEYS
from spectracnn.io.result import Orientation, ReadResult, require_some

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.block import SpectraBlock
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.source import Source

_MAGIC = b"PAR1"
_MOST_DIGITS = 10
_NUMBERED = frozenset({"", "ev", "eval", "eigenvalue", "lambda", "eig", "l"})
"""What stands before the number in the names of columns that are eigenvalues."""
_SUBJECT = frozenset({"subject", "subject_id", "participant_id", "participant", "eid"})
_EXPECTED = "a column of lists called eigenvalues, or columns such as ev0, ev1, ..."


def is_parquet(source: Source) -> bool:
    """Whether the file starts with Parquet's mark."""
    return source.head.startswith(_MAGIC)


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read all spectra."""
    table = ParquetSlices(source)
    try:
        found = table.read(0, table.count)
    finally:
        table.close()
    require_some(source.label, list(found.spectra), list(found.notes))
    return replace(found, notes=(*table.notes, *found.notes))


class ParquetSlices:
    """A Parquet file that is read by rows, a few row groups in memory at a time.

    Parameters
    ----------
    source : Source
        The file.
    named : bool
        Whether spectra are made, or only their numbers read.

    Raises
    ------
    FileFormatError
        If it is damaged, or has no column of eigenvalues.
    """

    def __init__(self, source: Source, named: bool = True) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if source.path is None or source.compressed:
            raise FileFormatError(source.label, "a Parquet file inside gzip", "Parquet")
        self._source = source
        self._errors: tuple[type[Exception], ...] = (pa.ArrowException, OSError, ValueError)
        try:
            self._file = pq.ParquetFile(source.path, memory_map=True)
        except self._errors as error:
            raise self._damaged(error) from error
        schema = self._file.schema_arrow
        self._values = _value_columns(schema)
        if not self._values:
            names = ", ".join(schema.names[:8])
            raise FileFormatError(source.label, f"the columns {names}"[:300], _EXPECTED)
        self._fields = [name for name in schema.names if name not in set(self._values)]
        self.count = int(self._file.metadata.num_rows)
        self.notes: tuple[str, ...] = ()
        groups = range(self._file.metadata.num_row_groups)
        sizes = [self._file.metadata.row_group(group).num_rows for group in groups]
        self.most_bytes = max(
            (self._file.metadata.row_group(group).total_byte_size for group in groups), default=0
        )
        self._starts = [0, *np.cumsum(sizes).tolist()]
        self._cached: tuple[int, Any] | None = None
        self._naming = self._how_named() if named else ("", "")

    def _damaged(self, error: Exception) -> FileFormatError:
        return FileFormatError(
            self._source.label, f"a damaged Parquet file ({str(error)[:80]})", "a whole file"
        )

    def _how_named(self) -> tuple[str, str]:
        distinct: dict[str, range] = {}
        for name in self._fields:
            word = name.lower()
            if word not in NAME | IDENTITY:
                continue
            hashes = np.empty(0, np.int64)
            for batch in self._file.iter_batches(columns=[name]):
                new = [hash(cell) for cell in batch.column(0).to_pylist()]
                hashes = np.unique(np.concatenate([hashes, np.array(new, np.int64)]))
                if word in NAME and len(hashes) > 1:
                    break
            distinct[name] = range(len(hashes))
        return naming(self.count, distinct)

    def read(self, start: int, stop: int) -> ReadResult:
        """Return the spectra of these rows."""
        stop = min(stop, self.count)
        try:
            table = self._rows(start, stop)
            rows = self._eigenvalues(table)
            entries = [self._entry(name, table) for name in self._fields]
        except self._errors as error:
            raise self._damaged(error) from error
        size = max((len(row) for row in rows), default=0)
        entry = NamedArray(
            "eigenvalues", (len(rows), size), "number", 8 * size, lambda: np.empty(0)
        )
        window = Window(start, self.count, self._naming)
        fields = ShapeFields(self._source, entry, [entry, *entries], many=False, window=window)
        notes: list[str] = []
        spectra = fields.spectra_of_rows(rows, notes)
        return ReadResult(tuple(map(_with_subject, spectra)), tuple(notes))

    def block(self, start: int, stop: int) -> tuple[SpectraBlock, tuple[str, ...]] | None:
        """Return the spectra of these rows without an object of each; None where they differ."""
        stop = min(stop, self.count)
        known = {name for name in self._fields if name.lower() in SUBJECT | STRUCTURE}
        words = {id_name(name) for name in self._fields if name not in known}
        if words & (_SUBJECT | {"structure"}):  # `_with_subject` decides one by one
            return None
        try:
            table = self._rows(start, stop)
            values = self._together(table)
            if values is None:
                return None
            entries = [self._entry(name, table) for name in self._fields]
        except self._errors as error:
            raise self._damaged(error) from error
        entry = NamedArray("eigenvalues", values.shape, "number", values.nbytes, lambda: values)
        window = Window(start, self.count, self._naming)
        fields = ShapeFields(self._source, entry, [entry, *entries], many=False, window=window)
        notes: list[str] = []
        return fields.block(values, notes)[0], tuple(notes)

    def _together(self, table: Any) -> NDArray[np.float64] | None:
        """Return lists of one length as a table; None where they differ or something is missing."""
        if len(self._values) > 1:
            return None
        column = table.column(self._values[0]).combine_chunks()
        if column.null_count or not hasattr(column, "offsets") or not len(column):
            return None
        ends = column.offsets.to_numpy()
        length = int(ends[1] - ends[0])
        cells = column.values.slice(ends[0], ends[-1] - ends[0])
        if length == 0 or (np.diff(ends) != length).any() or cells.null_count:
            return None
        flat = np.asarray(cells.to_numpy(zero_copy_only=False), np.float64)
        return frozen_array(flat.reshape(len(column), length), np.float64)

    def values(self, start: int, stop: int) -> list[NDArray[np.float64]]:
        """Return the numbers of each of these rows, and nothing else."""
        try:
            return self._eigenvalues(self._rows(start, min(stop, self.count)))
        except self._errors as error:
            raise self._damaged(error) from error

    def _rows(self, start: int, stop: int) -> Any:
        import pyarrow as pa

        pieces = []
        group = bisect_right(self._starts, start) - 1
        while group < len(self._starts) - 1 and self._starts[group] < stop:
            if self._cached is None or self._cached[0] != group:
                self._cached = None
                self._cached = group, self._file.read_row_group(group)
            first = self._starts[group]
            low, high = max(start - first, 0), min(stop, self._starts[group + 1]) - first
            pieces.append(self._cached[1].slice(low, high - low))
            group += 1
        return pa.concat_tables(pieces)

    def _eigenvalues(self, table: Any) -> list[NDArray[np.float64]]:
        if len(self._values) > 1:
            columns = [table.column(name).to_numpy() for name in self._values]
            whole = np.stack([np.asarray(c, np.float64) for c in columns], axis=1)
            return [row[: _filled(row)] for row in whole]
        column = table.column(self._values[0]).combine_chunks()
        rows = []
        for cell in column:
            values = [] if cell.as_py() is None else cell.values.to_numpy(zero_copy_only=False)
            rows.append(np.asarray(values, np.float64))
        return rows

    def _entry(self, name: str, table: Any) -> NamedArray:
        column = table.column(name)
        cells = ["" if cell is None else str(cell) for cell in column.to_pylist()]
        size = 64 * len(cells)
        return NamedArray(name, (len(cells),), "text", size, partial(np.array, cells, dtype=object))

    def close(self) -> None:
        """Close the file."""
        self._cached = None
        self._file.close()


def _filled(row: NDArray[np.float64]) -> int:
    """Return where the padding at the end of a row begins."""
    known = np.flatnonzero(~np.isnan(row))
    return int(known[-1]) + 1 if known.size else 0


def _value_columns(schema: Any) -> list[str]:
    """Return the column of lists, or the numbered columns in the order of their numbers."""
    import pyarrow as pa

    kinds = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    lists = [field.name for field in schema if any(kind(field.type) for kind in kinds)]
    named = sorted(
        (name for name in lists if name.lower() in KEYS), key=lambda n: KEYS.index(n.lower())
    )
    if named or len(lists) == 1:
        return (named or lists)[:1]
    numbers = (pa.types.is_floating, pa.types.is_integer)
    found = {}
    for field in schema:
        word = field.name.rstrip("0123456789")
        number = field.name[len(word) :]
        known = word.casefold().removesuffix("_").removesuffix(" ") in _NUMBERED
        if known and 0 < len(number) < _MOST_DIGITS and any(k(field.type) for k in numbers):
            found[field.name] = int(number)
    return sorted(found, key=lambda name: found[name]) if len(found) > 1 else []


def _with_subject(spectrum: Spectrum) -> Spectrum:
    """Take the subject and the structure out of the other fields."""
    subject, structure = spectrum.subject, spectrum.structure
    for key, text in spectrum.metadata.items():
        if id_name(key) in _SUBJECT:
            subject = subject or text
        elif id_name(key) == "structure":
            structure = structure or text
    if (subject, structure) == (spectrum.subject, spectrum.structure):
        return spectrum
    return replace(spectrum, subject=subject, structure=structure)
