"""MATLAB 5 to 7 files, parsed with every length checked.

SciPy's compiled reader ends the whole process on some damaged files, and holds all variables; this
one refuses, and skips large variables that cannot be eigenvalues.

References
----------
.. [1] MathWorks, "MAT-File Format", level 5.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from spectracnn.io.named_arrays import is_eigenvalue_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_NUMBERS = {
    1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
}  # fmt: skip
_MATRIX, _COMPRESSED = 14, 15
_CELL, _STRUCT, _CHAR, _SPARSE = 1, 2, 4, 5
_PLAIN = range(6, 16)
_COMPLEX = 0x800
_HEAD_BYTES = 1024
_SKIPPED_FROM = 1 << 20
_LIMIT = 1 << 30
_DEPTH = 20


class DamagedMatError(ValueError):
    """A length or a type in the file is impossible."""


@dataclass
class _Cursor:
    """Walks over the data elements in a piece of the file."""

    data: memoryview
    order: str
    at: int = 0

    def element(self) -> tuple[int, memoryview]:
        """Return the type and the bytes of the next element."""
        start = self.at
        if len(self.data) - start < 8:
            raise DamagedMatError("an element is cut")
        kind, count = struct.unpack_from(f"{self.order}II", self.data, start)
        if kind >> 16:  # a small element: up to four bytes stand in its tag
            count, kind = kind >> 16, kind & 0xFFFF
            start, self.at = start + 4, start + 8
            if count > 4:
                raise DamagedMatError("a small element is too long")
        else:
            start += 8
            self.at = start + count + (-count % 8)
        if count > len(self.data) - start:
            raise DamagedMatError("an element is longer than the file")
        return kind, self.data[start : start + count]

    def numbers(self) -> NDArray[Any]:
        """Return the next element as an array."""
        kind, data = self.element()
        if kind not in _NUMBERS:
            raise DamagedMatError(f"type {kind} where numbers belong")
        return np.frombuffer(data, dtype=self.order + _NUMBERS[kind])


def read_mat5(stream: IO[bytes], limit: int = _LIMIT) -> dict[str, Any]:
    """Return the variables of a file as nested dictionaries, lists, text and arrays.

    Parameters
    ----------
    stream : binary file
        At its start.
    limit : int
        The most bytes that a variable may unpack to.

    Raises
    ------
    DamagedMatError
        If anything in it is impossible.
    """
    head = stream.read(128)
    if len(head) < 128 or head[126:128] not in (b"IM", b"MI"):
        raise DamagedMatError("the header is cut")
    order = "<" if head[126:128] == b"IM" else ">"
    found = {}
    for kind, data in _top_elements(stream, order, min(limit, _LIMIT)):
        if kind == _MATRIX:
            name, value = _matrix(data, order, 0)
            if value is not None:
                found[name] = value
    return found


def _top_elements(stream: IO[bytes], order: str, limit: int) -> Iterator[tuple[int, memoryview]]:
    """Give the elements that may matter, decompressed; skip large arrays by their names."""
    while tag := stream.read(8):
        if len(tag) < 8:
            raise DamagedMatError("an element is cut")
        kind, count = struct.unpack(f"{order}II", tag)
        start = stream.tell()
        head = stream.read(min(count, _HEAD_BYTES))
        if kind == _COMPRESSED:
            plain = zlib.decompressobj().decompress(head, _HEAD_BYTES)
        else:
            plain = tag + head
        if not _is_skipped(plain, order):
            stream.seek(start)
            data = stream.read(count)
            if len(data) < count:
                raise DamagedMatError("an element is longer than the file")
            if kind == _COMPRESSED:
                packed = zlib.decompressobj()
                whole = packed.decompress(data, limit)
                if packed.unconsumed_tail:
                    raise DamagedMatError(f"a variable of more than {limit >> 20} MB")
                yield _Cursor(memoryview(whole), order).element()
            else:
                yield kind, memoryview(data)
        stream.seek(start + count)


def _is_skipped(plain: bytes, order: str) -> bool:
    """Whether this is the beginning of a large plain array with a name that is not ours."""
    cursor = _Cursor(memoryview(plain), order, 8)
    try:
        flags, dims = cursor.numbers(), cursor.numbers()
        name = bytes(cursor.element()[1]).decode("latin-1")
        size = int(np.prod(dims.astype(object)))
        return (
            int(flags[0]) & 0xFF in _PLAIN
            and size * 8 > _SKIPPED_FROM
            and not (is_eigenvalue_key(name))
        )
    except (DamagedMatError, IndexError):
        return False  # the full reading tells


def _matrix(data: memoryview, order: str, depth: int) -> tuple[str, Any]:
    """Return the name and the value of one array; None for what holds no numbers."""
    if depth > _DEPTH:
        raise DamagedMatError("arrays nested too deep")
    if not len(data):
        return "", None
    cursor = _Cursor(data, order)
    flags = cursor.numbers()
    dims = tuple(int(size) for size in cursor.numbers())
    name = bytes(cursor.element()[1]).decode("latin-1")
    if not flags.size or len(dims) < 2 or min(dims) < 0:
        raise DamagedMatError("an array without dimensions")
    count = int(np.prod(np.array(dims, dtype=object)))
    kind, is_complex = int(flags[0]) & 0xFF, bool(int(flags[0]) & _COMPLEX)
    if kind in _PLAIN:
        return name, _plain(cursor, dims, count, is_complex)
    if kind == _CHAR:
        return name, _text(cursor, dims)
    if kind == _CELL:
        return name, [_nested(cursor, depth) for _ in range(count)]
    if kind == _STRUCT:
        return name, _struct(cursor, count, depth)
    if kind == _SPARSE:
        return name, _diagonal(cursor, dims)
    return name, None


def _nested(cursor: _Cursor, depth: int) -> Any:
    kind, data = cursor.element()
    if kind != _MATRIX:
        raise DamagedMatError(f"type {kind} where an array belongs")
    return _matrix(data, cursor.order, depth + 1)[1]


def _plain(cursor: _Cursor, dims: tuple[int, ...], count: int, is_complex: bool) -> NDArray[Any]:
    values = cursor.numbers()
    if is_complex:
        values = values + 1j * cursor.numbers()
    if values.size != count:
        raise DamagedMatError(f"{values.size} numbers in an array of {count}")
    return values.reshape(dims, order="F")


def _text(cursor: _Cursor, dims: tuple[int, ...]) -> str | list[str]:
    kind, data = cursor.element()
    if kind in (4, 17):
        codec = "utf-16-le" if cursor.order == "<" else "utf-16-be"
    else:
        codec = "utf-8" if kind == 16 else "latin-1"
    text = bytes(data).decode(codec, "replace")
    rows = dims[0]
    # The letters stand column by column.
    return text if rows <= 1 else [text[row::rows].strip() for row in range(min(rows, len(text)))]


def _struct(cursor: _Cursor, count: int, depth: int) -> Any:
    length = cursor.numbers()
    raw = bytes(cursor.element()[1])
    width = int(length[0]) if length.size else 0
    if width < 1:
        raise DamagedMatError("a struct without lengths of names")
    names = [
        raw[at : at + width].split(b"\0")[0].decode("latin-1") for at in range(0, len(raw), width)
    ]
    if not names:
        return None
    records = []
    for _ in range(count):
        values = {name: _nested(cursor, depth) for name in names}
        records.append({name: value for name, value in values.items() if value is not None})
    return records[0] if count == 1 else records


def _diagonal(cursor: _Cursor, dims: tuple[int, ...]) -> NDArray[Any] | None:
    """Return the diagonal of a sparse matrix that has nothing else; else None."""
    rows, starts, values = cursor.numbers(), cursor.numbers(), cursor.numbers()
    ends = starts.astype(np.int64)
    lengths = ends[1:] - ends[:-1]
    filled = int(lengths.sum()) if lengths.size else 0
    if starts.size != dims[1] + 1 or (lengths < 0).any() or filled > min(rows.size, values.size):
        raise DamagedMatError("a sparse matrix of impossible lengths")
    columns = np.repeat(np.arange(dims[1]), lengths)
    rows, values = rows[:filled], values[:filled]
    if dims[0] != dims[1] or not np.array_equal(rows, columns):
        return None
    diagonal = np.zeros(dims[1])
    diagonal[columns] = values
    return diagonal
