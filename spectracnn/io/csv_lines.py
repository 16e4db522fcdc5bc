"""Tables as lines of CSV, made by Arrow column by column, as Python's own writer does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLEST, _LARGEST = 1e-4, 1e9
"""Between them Arrow and Python write numbers that are not whole in the same way."""


def csv_lines(table: Any) -> memoryview:
    """Return the rows of an Arrow table of two columns or more, each ended by a line feed.

    Parameters
    ----------
    table : pyarrow.Table
        Of texts, numbers and lists, which are written with spaces between; what is missing is
        empty.
    """
    import pyarrow.compute as pc

    if not table.num_rows:
        return memoryview(b"")
    columns = [_cells(column.combine_chunks()) for column in table.columns]
    missing: dict[str, Any] = {"null_handling": "replace", "null_replacement": ""}
    columns[-1] = pc.binary_join_element_wise(columns[-1], "", "\n", **missing)
    lines = pc.binary_join_element_wise(*columns, ",", **missing)
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, np.int32)
    return memoryview(data)[ends[lines.offset] : ends[lines.offset + len(lines)]]


def _cells(column: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_float64(column.type):
        return _numbers(column)
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    if pa.types.is_string(column.type):
        return _quoted(column)
    cells = [
        " ".join(map(str, cell)) if isinstance(cell, list) else None if cell is None else str(cell)
        for cell in column.to_pylist()
    ]
    return _quoted(pa.array(cells, pa.string()))


def _numbers(column: Any) -> Any:
    """Return numbers as Python writes them: 1e-05, and not 0.00001; 3.0, and not 3."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values: NDArray[np.float64] = column.to_numpy(zero_copy_only=False)
    size = np.abs(values)
    other = (size < _SMALLEST) | (size >= _LARGEST) | (values == np.rint(values))
    texts = column.cast(pa.string())
    if not other.any():
        return texts
    own = pa.array(map(repr, values[other].tolist()), pa.string())
    return pc.replace_with_mask(texts, pa.array(other), own)


def _quoted(column: Any) -> Any:
    """Return texts, in quotes where they hold what parts cells or lines."""
    import pyarrow.compute as pc

    special = pc.match_substring_regex(column, '[,"\r\n]')
    if not pc.any(special).as_py():
        return column
    inside = pc.replace_substring(column, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', inside, '"', ""), column)
