"""Pickles, opened without ever running what they name.

The unpickler admits arrays, their types and plain containers, and builds the arrays itself from
their raw bytes: NumPy's own reconstruction trusts flags in the file that can make it read
arbitrary memory. By hand, because Python's own unpickler can only refuse classes by name, and the
constructors of those that are admitted would still run.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.named_arrays import walk
from spectracnn.io.pickle_depth import ShallowUnpickler, require_shallow

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

_ERRORS = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError, KeyError,
    ImportError, OverflowError, MemoryError, RecursionError, struct.error, ArithmeticError,
    AssertionError, NotImplementedError, BufferError,
)  # fmt: skip
_SUFFIXES = (".p", ".pk", ".pkl", ".pickle")
_OLD_STARTS = (b"(dp", b"(lp", b"}q\0", b"]q\0", b"cnumpy.", b"ccollections\n")
_PLAIN_TYPE = re.compile(r"[<>=|]?[biufcSU]\d{0,6}")
_MOST_ITEMS = 5_000_000
_EXPECTED = "only arrays, numbers, text and plain containers"


def recognise(source: Source) -> bool:
    """Whether the content starts as a pickle of any protocol, or is named as one."""
    head = source.head
    binary = head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")
    return binary or head.startswith(_OLD_STARTS) or source.file_name.endswith(_SUFFIXES)


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the arrays of a pickle; with no known name among the keys, all of them.

    It is opened in a process of its own, with limits: tuples nested deeply enough crash even the
    hashing of a key, and a few bytes can ask for any amount of memory.
    """
    from spectracnn.io.guarded import read_guarded

    return read_guarded(read_here, source, orientation)


def read_here(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read a pickle in this process."""
    try:
        data = source.bytes()
        plain = _has_text_strings(data)
        if not plain:
            require_shallow(data)
        record = (_TextUnpickler if plain else _Unpickler)(source).load()
        entries = walk(_Plain()(record))
    except FileFormatError:
        raise
    except _ERRORS as error:
        reason = f"{type(error).__name__}: {error}"[:80]
        raise FileFormatError(
            source.label, f"a damaged pickle ({reason})", "a whole one"
        ) from error
    return read_arrays(source, entries, orientation, any_name=True)


def _has_text_strings(data: bytes) -> bool:
    """Whether this is of protocol 0 or 1, whose quoted strings may hold any byte.

    Such a string cannot be listed by `pickletools`, so nothing can be checked beforehand; the
    unpickler in Python looks at the nesting as it goes, and its memo is a dictionary.
    """
    return data[:1] != b"\x80"


class _Dtype:
    """Stands for ``numpy.dtype``: only numbers and text."""

    def __init__(self, code: Any = "f8", *_: Any) -> None:
        self.code = code.decode("latin-1") if isinstance(code, bytes) else str(code)
        self.order = "|"

    def __setstate__(self, state: Any) -> None:
        order = state[1]
        self.order = order.decode("latin-1") if isinstance(order, bytes) else str(order)

    def real(self) -> np.dtype[Any]:
        if not _PLAIN_TYPE.fullmatch(self.code):
            raise ValueError(f"an array of type {self.code!r}")
        dtype = np.dtype(self.code)
        if self.order == ">":
            return dtype.newbyteorder(">")
        return dtype.newbyteorder("<") if self.order == "<" else dtype


class _Array:
    """Stands for ``numpy.ndarray`` until its raw bytes are known."""

    def __init__(self, *_: Any) -> None:
        self.value: Any = None

    def __setstate__(self, state: Any) -> None:
        shape, dtype, fortran, raw = state[-4:]
        if isinstance(raw, list):  # an array of objects: kept as the list it is
            self.value = raw
            return
        self.value = _array(raw, dtype, shape, "F" if fortran else "C")


def _array(raw: Any, dtype: Any, shape: Any, order: str) -> np.ndarray:
    flat = np.frombuffer(_bytes(raw), dtype=dtype.real())
    return flat.reshape(shape, order="F" if order == "F" else "C")


def _bytes(raw: Any = b"", encoding: str = "latin-1") -> bytes:
    """Stand for ``bytes``; a number would ask for that much memory."""
    if isinstance(raw, int):
        raise TypeError("bytes made from a number")
    return raw.encode(encoding) if isinstance(raw, str) else bytes(raw)


def _from_buffer(raw: Any, dtype: Any, shape: Any, order: str = "C") -> Any:
    return _array(raw, dtype, shape, order)


def _scalar(dtype: Any, raw: Any = b"") -> Any:
    return _array(raw, dtype, (), "C")[()]


def _encode(text: str, encoding: str = "latin-1") -> bytes:
    """Stands for ``_codecs.encode``, by which protocol 2 writes bytes."""
    if encoding.lower() not in {"latin1", "latin-1", "utf-8", "ascii"}:
        raise ValueError(f"the encoding {encoding!r}")
    return str(text).encode(encoding)


def _admitted() -> dict[tuple[str, str], Callable[..., Any]]:
    table: dict[tuple[str, str], Callable[..., Any]] = {
        ("numpy", "ndarray"): _Array,
        ("numpy", "dtype"): _Dtype,
        ("_codecs", "encode"): _encode,
        ("collections", "OrderedDict"): OrderedDict,
    }
    for package in ("numpy.core", "numpy._core"):
        table[f"{package}.multiarray", "_reconstruct"] = _Array
        table[f"{package}.multiarray", "scalar"] = _scalar
        table[f"{package}.numeric", "_frombuffer"] = _from_buffer
    for module in ("builtins", "__builtin__"):
        for kind in (dict, list, tuple, set, frozenset, complex):
            table[module, kind.__name__] = kind
        table[module, "bytearray"] = table[module, "bytes"] = _bytes
    return table


class _Restricted:
    """Knows only what arrays and plain containers need. Python 2's text is Latin-1."""

    _label: str
    _table: dict[tuple[str, str], Callable[..., Any]]

    def find_class(self, module: str, name: str) -> Any:
        known = self._table.get((module, name))
        if known is None:
            raise FileFormatError(
                self._label,
                f"the name {module}.{name} in a pickle",
                _EXPECTED,
                hint="Nothing of the file was run. Save the values as .npz or .csv.",
            )
        return known

    def persistent_load(self, pid: Any) -> Any:
        raise FileFormatError(self._label, "a reference to outside in a pickle", _EXPECTED)


class _Unpickler(_Restricted, pickle.Unpickler):
    def __init__(self, source: Source) -> None:
        super().__init__(io.BytesIO(source.bytes()), encoding="latin-1")
        self._label, self._table = source.label, _admitted()


class _TextUnpickler(_Restricted, ShallowUnpickler):
    """The same in Python, for the old protocols."""

    def __init__(self, source: Source) -> None:
        super().__init__(io.BytesIO(source.bytes()), encoding="latin-1")
        self._label, self._table = source.label, _admitted()


class _Plain:
    """Replaces the stand-ins by their arrays, in nested containers of a bounded size."""

    def __init__(self) -> None:
        self._left = _MOST_ITEMS

    def __call__(self, record: Any, depth: int = 0) -> Any:
        self._left -= 1
        if depth > 50 or self._left < 0:
            raise ValueError("containers nested too deep or too large")
        if isinstance(record, _Array):
            return self(record.value, depth + 1)
        if isinstance(record, dict):
            return {_key(key): self(value, depth + 1) for key, value in record.items()}
        if isinstance(record, list | tuple):
            return [self(value, depth + 1) for value in record]
        if isinstance(record, bytes | bytearray):
            return record.decode("latin-1")
        return None if isinstance(record, _Dtype) else record


def _key(key: Any) -> str:
    return key.decode("latin-1") if isinstance(key, bytes) else str(key)
