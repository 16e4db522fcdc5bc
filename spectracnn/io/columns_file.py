"""Rows of named columns: parts in Parquet, the whole as CSV, Parquet or HDF5."""

from __future__ import annotations

import csv
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.columns import Coded, Joined, Repeated
from spectracnn.errors import ExportError
from spectracnn.io.csv_lines import csv_lines
from spectracnn.io.digits import as_printed
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

SUFFIXES = (".csv", ".parquet", ".h5", ".hdf5")
_ROWS = 8192
_GROUP = 1 << 15
"""Rows that are written together."""


class ColumnsWriter:
    """Appends rows to a new Parquet file; it appears under its name when the block succeeds.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ExportError
        If it cannot be written; nothing is left behind.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tables: list[Any] = []
        self._waiting = 0
        self._writer: Any = None
        self._context: AbstractContextManager[Path] = atomic_path(path)
        self._temporary: Any = None

    def __enter__(self) -> Self:
        self._temporary = self._context.__enter__()
        return self

    def append(self, columns: Mapping[str, Any]) -> None:
        """Append rows.

        Parameters
        ----------
        columns : mapping of str to sequence
            Of n texts, numbers or lists of numbers each, always the same names in the same order.
        """
        self._tables.append(as_table(columns))
        self._waiting += self._tables[-1].num_rows
        if self._waiting >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self._tables:
            return
        try:
            table = pa.concat_tables(self._tables, promote_options="permissive")
            if self._writer is None:
                self._writer = pq.ParquetWriter(
                    self._temporary, table.schema, **_options(table.schema)
                )
            self._writer.write_table(table.cast(self._writer.schema))
        except (OSError, pa.ArrowException) as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error
        self._tables, self._waiting = [], 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
            if self._writer is not None:
                self._writer.close()
        except BaseException as failure:
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._context.__exit__(kind, error, traceback)


def _options(schema: Any) -> dict[str, Any]:
    """Return how columns are written: texts by their kinds, numbers as they are.

    A dictionary of numbers that are all different is given up, after it has cost its time.
    """
    import pyarrow as pa

    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return {"use_dictionary": texts or False}


def as_table(columns: Mapping[str, Any]) -> Any:
    """Return an Arrow table, each column of one type whatever a batch happens to hold."""
    import pyarrow as pa

    whole = _printed_together(columns)
    return pa.table({encodable(name): _array(name, cells) for name, cells in whole.items()})


def _printed_together(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns with single precision numbers by their digits: 0.1, and not 0.10000000149."""
    import pyarrow as pa

    single = {
        name: cells
        for name, cells in columns.items()
        if isinstance(cells, np.ndarray) and cells.dtype == np.float32
    }
    if not single:
        return dict(columns)
    values = np.stack([np.ma.getdata(cells) for cells in single.values()])
    printed = as_printed(values.ravel()).reshape(values.shape)
    found = dict(columns)
    for (name, cells), row in zip(single.items(), printed, strict=True):
        mask = np.ma.getmaskarray(cells) if isinstance(cells, np.ma.MaskedArray) else None
        found[name] = pa.array(row, mask=mask)
    return found


_NUMBERS = frozenset(
    {"probability", "typicality", "raw_probability", "low", "high", "value", "logit"}
    | {"baseline_logit", "completeness_error"}
)
"""Columns that are numbers even where a batch knows none."""


def _array(name: str, cells: Any) -> Any:
    import pyarrow as pa

    if isinstance(cells, pa.Array):
        return cells
    if isinstance(cells, np.ndarray):
        return pa.array(cells, pa.float64(), from_pandas=True)
    if isinstance(cells, (Coded, Joined, Repeated)):
        return _few_texts(cells)
    if cells and isinstance(cells[0], str) and name not in _NUMBERS:
        with suppress(pa.ArrowTypeError, pa.ArrowInvalid):  # where not all of them are texts
            return pa.array(cells, pa.string())
    known = [cell for cell in cells if cell is not None and cell != ""]
    if known and isinstance(known[0], list):
        return pa.array(cells)
    numeric = all(isinstance(cell, (int, float)) for cell in known)
    if numeric and (known or name in _NUMBERS):
        return pa.array([None if cell == "" else cell for cell in cells], pa.float64())
    return pa.array([cell if cell is None else str(cell) for cell in cells], pa.string())


def _few_texts(cells: Coded | Joined | Repeated) -> Any:
    """Return texts of few kinds as plain texts, without making an object of each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(cells, Repeated):
        return pa.repeat(pa.scalar(cells.value, pa.string()), len(cells))
    taken = pa.array(cells.texts, pa.string()).take(pa.array(cells.codes, pa.int64()))
    if isinstance(cells, Coded):
        return taken
    offsets = pa.array(np.concatenate([[0], cells.ends]), pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(offsets, taken), cells.BETWEEN)


def merge_columns(parts: Sequence[Path], out: Path) -> None:
    """Write the rows of Parquet files into one file, whose format its suffix says.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    import pyarrow as pa

    writers = {".csv": _csv, ".parquet": _parquet, ".pq": _parquet, ".h5": _hdf5, ".hdf5": _hdf5}
    try:
        with atomic_path(out) as temporary:
            writers[out.suffix.lower()](parts, temporary)
    except (OSError, RuntimeError, pa.ArrowException) as error:
        raise ExportError(f"{out}: cannot be written ({error}).") from error


def _schema(parts: Sequence[Path]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schemas = [pq.read_schema(part) for part in parts]
    return pa.unify_schemas(schemas, promote_options="permissive")


def _batches(parts: Sequence[Path], rows: int = _ROWS) -> Iterator[Any]:
    """Give pieces of all parts as tables of one schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(parts)
    for part in parts:
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches(rows):
                table = pa.Table.from_batches([batch])
                names = set(table.column_names)
                for field in schema:
                    if field.name not in names:
                        table = table.append_column(field, pa.nulls(table.num_rows, field.type))
                yield table.select(schema.names).cast(schema)


def _parquet(parts: Sequence[Path], path: Path) -> None:
    import pyarrow.parquet as pq

    schema = _schema(parts)
    with pq.ParquetWriter(path, schema, **_options(schema)) as writer:
        for table in _batches(parts, _GROUP):
            writer.write_table(table)


def _csv(parts: Sequence[Path], path: Path) -> None:
    with path.open("wb") as stream:
        head = StringIO()
        csv.writer(head, lineterminator="\n").writerow(_schema(parts).names)
        stream.write(head.getvalue().encode())
        for table in _batches(parts):
            stream.write(csv_lines(table))


def _texts(cells: list[Any]) -> list[Any]:
    return [
        " ".join(map(str, cell)) if isinstance(cell, list) else "" if cell is None else cell
        for cell in cells
    ]


def _hdf5(parts: Sequence[Path], path: Path) -> None:
    import h5py
    import pyarrow as pa

    with h5py.File(path, "w") as file:
        file.attrs.update({"format": "spectracnn-columns", "version": 1})
        at = 0
        for table in _batches(parts):
            for name, column in zip(table.column_names, table.columns, strict=True):
                text = not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type))
                if text:
                    cells = _texts(column.to_pylist())
                    values: Any = np.array([str(cell).encode() for cell in cells], dtype=object)
                else:
                    values = column.cast(pa.float64()).to_numpy()  # NaN where one is missing
                key = name.replace("/", "_") or "_"
                if key not in file:
                    kind = h5py.string_dtype() if text else np.float64
                    file.create_dataset(key, (0,), kind, maxshape=(None,), chunks=(4096,))
                file[key].resize(at + len(values), axis=0)
                file[key][at:] = values
            at += table.num_rows
