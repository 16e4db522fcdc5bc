"""NumPy ``.npy`` and ``.npz``; of an archive only the arrays that are needed are unpacked."""

from __future__ import annotations

import lzma
import tokenize
import warnings
import zipfile
import zlib
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.named_array import NamedArray, kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

_MAGIC = b"\x93NUMPY"
_ERRORS = (
    ValueError, TypeError, KeyError, EOFError, OSError, RuntimeError, NotImplementedError,
    OverflowError, MemoryError, RecursionError, zipfile.BadZipFile, zlib.error, SyntaxError,
    tokenize.TokenError, lzma.LZMAError,
)  # fmt: skip
_EXPECTED_OBJECTS = "plain numbers; objects are never unpickled here"


def recognise_npy(source: Source) -> bool:
    """Whether the file starts with NumPy's mark."""
    return source.head.startswith(_MAGIC)


def recognise_zip(source: Source) -> bool:
    """Whether the file starts as a zip archive."""
    return source.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_npy(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read an array (n,), or (shapes, n)."""
    try:
        with source.open() as stream:
            shape, dtype = _header(stream)
            _refuse_objects(source, dtype, "")
            size = int(np.prod(shape, dtype=object)) * dtype.itemsize
            start = stream.tell()
            present = stream.seek(0, 2) - start
            if size > present:
                raise FileFormatError(
                    source.label, f"{present} bytes of numbers (truncated)", f"{size} bytes"
                )
            source.claim(size, f"{size >> 20} MB of numbers")
            stream.seek(0)
            array = _read_array(stream)
    except _ERRORS as error:
        raise FileFormatError(
            source.label, f"a damaged .npy file ({str(error)[:80]})", "a whole one"
        ) from error
    entry = NamedArray.of_array("", array)
    return read_arrays(source, [entry], orientation, any_name=True)


def read_zip(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the arrays of eigenvalues in an ``.npz``; refuse other archives by name."""
    if source.path is None or source.compressed:
        raise FileFormatError(source.label, "a zip archive", "an .npz file")
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
            _refuse_other_archives(source, names)
            entries = [_entry(source, archive, name) for name in names if name.endswith(".npy")]
    except _ERRORS as error:
        raise _damaged(source, error) from error
    result: ReadResult
    try:
        result = read_arrays(source, entries, orientation)
    except FileFormatError:
        pickled = [entry.key for entry in entries if entry.kind == "pickled"]
        if pickled:
            raise FileFormatError(
                source.label, "pickled objects", _EXPECTED_OBJECTS, pickled[0]
            ) from None
        raise
    return result


def _refuse_other_archives(source: Source, names: list[str]) -> None:
    found, hint = "", ""
    if "model.weights.h5" in names or ("metadata.json" in names and "config.json" in names):
        found, hint = "a Keras model", "Open it as a model."
    elif any(name.startswith(("xl/", "word/", "ppt/")) for name in names):
        found, hint = "an Office document", "Save the table as CSV."
    elif not any(name.endswith(".npy") for name in names):
        found, hint = "a zip archive without NumPy arrays", "Unpack it and drop the files."
    if found:
        raise FileFormatError(source.label, found, "a file of eigenvalues", hint=hint)


def _entry(source: Source, archive: zipfile.ZipFile, name: str) -> NamedArray:
    key = name.removesuffix(".npy")
    with archive.open(name) as stream:
        try:
            shape, dtype = _header(stream)
        except (ValueError, SyntaxError, tokenize.TokenError) as error:
            raise FileFormatError(
                source.label, f"a damaged array ({str(error)[:60]})", "a NumPy array", key
            ) from error
    kind = "pickled" if dtype.hasobject else kind_of(dtype)
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    return NamedArray(key, shape, kind, size, partial(_load, source, name))


def _load(source: Source, name: str) -> NDArray[Any]:
    assert source.path is not None
    try:
        with zipfile.ZipFile(source.path) as archive, archive.open(name) as stream:
            return _read_array(stream)
    except _ERRORS as error:
        raise _damaged(source, error) from error


def _read_array(stream: IO[bytes]) -> NDArray[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        return array


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of headers that Python 2 wrote
        return _read_header(stream)


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read(stream)
    return shape, dtype


def _refuse_objects(source: Source, dtype: np.dtype[Any], key: str) -> None:
    if dtype.hasobject:
        raise FileFormatError(source.label, "pickled objects", _EXPECTED_OBJECTS, key)


def _damaged(source: Source, error: BaseException) -> FileFormatError:
    return FileFormatError(
        source.label, f"a truncated or damaged archive ({str(error)[:80]})", "a whole .npz file"
    )
