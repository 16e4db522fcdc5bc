"""One large file read by rows: HDF5, NumPy and Parquet files of many spectra, never as a whole."""

from __future__ import annotations

import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.block import SpectraBlock
from spectracnn.errors import FileFormatError
from spectracnn.io import hdf5, npz_rows
from spectracnn.io.fields import IDENTITY, NAME, ShapeFields, Window, naming
from spectracnn.io.hdf5_child import ERRORS
from spectracnn.io.hdf5_rows import Hdf5Rows
from spectracnn.io.named_array import NamedArray
from spectracnn.io.named_arrays import chosen_entries, usable_entries
from spectracnn.io.orientation import guess_orientation
from spectracnn.io.own_hdf5 import read_spectra_file, read_spectra_rows, read_trace_file
from spectracnn.io.parquet import ParquetSlices, is_parquet
from spectracnn.io.result import ReadResult
from spectracnn.io.row_values import Place
from spectracnn.io.source import Source
from spectracnn.io.text_rows import open_text_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from spectracnn.io.hdf5_requests import Listed
    from spectracnn.io.result import Orientation

LARGE = 1 << 22
"""Files smaller than this are read as a whole: that is quicker, and needs little memory."""
_MOST_UNPACKED = 64 << 20
"""Of a Parquet file, of which groups of rows are read as a whole."""
_SAMPLE = 4096
_STEP = 1 << 16
_FIRST_STEP = 1 << 9


@dataclass(frozen=True, eq=False)
class Slices:
    """A file that is open for reading some rows at a time.

    Parameters
    ----------
    count : int
        How many rows there are; a row without a finite number gives no spectrum.
    read : callable
        ``read(start, stop)`` returns the spectra of these rows, exactly as the whole file's reader
        makes them.
    place : Place
        Where the numbers are, for reading nothing else.
    notes : tuple of str
        About the file as a whole.
    close : callable
        Closes the file.
    direct : bool
        Whether some rows are read without unpacking all before them.
    block : callable or None
        As `read`, without making an object of each spectrum; it gives None where rows differ in
        length, and is None for files that have no such way.
    assumed_orientation, ambiguous
        As in :class:`~spectracnn.io.result.ReadResult`.
    """

    count: int
    read: Callable[[int, int], ReadResult]
    place: Place
    notes: tuple[str, ...]
    close: Callable[[], None]
    assumed_orientation: Orientation | None = None
    ambiguous: bool = False
    direct: bool = True
    block: Callable[[int, int], tuple[SpectraBlock, tuple[str, ...]] | None] | None = None


def open_slices(
    path: str | Path, orientation: Orientation | None = None, least: int = LARGE
) -> Slices | None:
    """Open a large file of many spectra by rows.

    Parameters
    ----------
    path : str or Path
        A file.
    orientation : {'rows', 'columns'}, optional
        As for reading it as a whole.
    least : int
        Files with fewer bytes are not opened.

    Returns
    -------
    Slices or None
        None for a file that is to be read as a whole: it is small, of another format, has its
        shapes in columns, or cannot be read, of which its reader finds the sentence.
    """
    path = Path(path)
    try:
        if not path.is_file() or path.stat().st_size < least:
            return None
        source = Source.of_file(path)
        if source.compressed:
            return None
        if is_parquet(source):
            table = ParquetSlices(source)
            return Slices(
                table.count,
                table.read,
                Place("parquet"),
                table.notes,
                table.close,
                direct=table.most_bytes <= _MOST_UNPACKED,
                block=table.block,
            )
        if orientation != "columns" and (text := open_text_rows(source)) is not None:
            return Slices(text.count, text.read, Place(""), (), text.close, "rows", direct=False)
        with ExitStack() as stack:
            found, form = None, ""
            if hdf5.recognise(source):
                found = _hdf5(source, orientation, stack)
            elif source.head.startswith((b"\x93NUMPY", b"PK\x03\x04")):
                found = _numpy(source, orientation, stack)
                form = "npz" if source.head.startswith(b"PK") else "npy"
            if found is None:
                return None
            place = replace(found.place, form=form or found.place.form)
            return replace(found, place=place, close=stack.pop_all().close)
    except (FileFormatError, *ERRORS, zipfile.BadZipFile):
        return None


class _Rows:
    """Some rows of all arrays of one of our own files, as its reader wants them."""

    def __init__(self, file: Hdf5Rows, start: int, stop: int) -> None:
        self.opened, self._file = file.opened, file
        self._start, self._stop = start, stop

    def __contains__(self, key: str) -> bool:
        return key in self._file

    def load(self, key: str) -> NDArray[Any]:
        return self._file.rows(key, self._start, self._stop)


def _hdf5(source: Source, orientation: Orientation | None, stack: ExitStack) -> Slices | None:
    """Open an HDF5 file by rows, which a process of its own reads."""
    assert source.path is not None
    file = Hdf5Rows(source.path, source.size)
    stack.callback(file.close)
    opened = file.opened
    if opened.keras or opened.matlab or source.head.startswith(b"MATLAB"):
        return None
    if not opened.form:
        entries = [_listed(file, listed) for listed in opened.entries]
        found = _of_entries(source, entries, orientation, lambda key: partial(_h5_rows, file, key))
        return found and _where(found, opened.entries)
    own = opened.form == "spectracnn-spectra"
    reader = read_spectra_file if own else read_trace_file
    count = file.count("eigenvalues" if own else "spectra/eigenvalues")

    def read(start: int, stop: int) -> ReadResult:
        with _sentences(source):
            result = reader(source, _Rows(file, start, min(stop, count)), start)
            return replace(result, notes=())

    def block(start: int, stop: int) -> tuple[SpectraBlock, tuple[str, ...]] | None:
        with _sentences(source):
            found = read_spectra_rows(source, _Rows(file, start, min(stop, count)), start)
            return (found, ()) if isinstance(found, SpectraBlock) else None

    notes = reader(source, _Rows(file, 0, 1), 0).notes
    way = block if own else None
    return Slices(count, read, Place(""), notes, file.close, direct=False, block=way)


def _where(slices: Slices, entries: Sequence[Listed]) -> Slices:
    """Say where the numbers stand; those in chunks are read through libhdf5 only."""
    listed = next(entry for entry in entries if entry.key == slices.place.key)
    shape, kind = listed.stored
    if listed.offset is None or len(shape) != 2:
        return replace(slices, direct=False)
    return replace(slices, place=Place("plain", listed.key, listed.offset, kind, shape[1]))


def _listed(file: Hdf5Rows, listed: Listed) -> NamedArray:
    def load() -> NDArray[Any]:
        if listed.array is not None:
            return listed.array
        return _h5_rows(file, listed.key, 0, max(listed.shape[:1], default=0))

    return NamedArray(listed.key, listed.shape, listed.kind, listed.nbytes, load)


def _h5_rows(file: Hdf5Rows, key: str, start: int, stop: int) -> NDArray[Any]:
    values = file.rows(key, start, stop)
    return values.astype(str) if values.dtype.kind == "O" else values


def _numpy(source: Source, orientation: Orientation | None, stack: ExitStack) -> Slices | None:
    assert source.path is not None
    if source.head.startswith(b"\x93NUMPY"):
        array = np.load(source.path, mmap_mode="r", allow_pickle=False)
        entry = replace(
            NamedArray.of_array("", np.empty(0)), shape=array.shape, nbytes=array.nbytes
        )
        rows = partial(npz_rows.memory_rows, array)
        return _of_entries(source, [entry], orientation, lambda key: rows, any_name=True)
    archive = npz_rows.Archive(source.path)
    stack.callback(archive.close)
    if not archive.whole:  # an array of objects or in Fortran's order: the reader says what it is
        return None
    found = _of_entries(source, archive.entries, orientation, archive.rows)
    return found and replace(found, direct=archive.mapped)


def _of_entries(
    source: Source,
    entries: list[NamedArray],
    orientation: Orientation | None,
    rows_of: Callable[[str], Callable[[int, int], NDArray[Any]]],
    any_name: bool = False,
) -> Slices | None:
    """Return rows of the only table of eigenvalues among arrays; None if there is another form."""
    chosen = entries if any_name else chosen_entries(usable_entries(entries), [])
    if len(chosen) != 1 or len(chosen[0].shape) != 2 or 1 in chosen[0].shape:
        return None
    entry = chosen[0]
    read_rows = rows_of(entry.key)
    whole = ShapeFields(source, entry, entries, many=False)
    lies, unsure = _orientation(whole.count(entry.shape), entry.shape, orientation, read_rows)
    if lies == "columns":
        return None
    count = entry.shape[0]
    window = Window(0, count, _naming(whole.siblings, count, rows_of))

    def block(start: int, stop: int) -> tuple[SpectraBlock, tuple[str, ...]]:
        stop = min(stop, count)
        with _sentences(source):
            table = np.ascontiguousarray(read_rows(start, stop), dtype=np.float64)
            part = [
                _part(other, count, start, stop, rows_of) for other in entries if other is not entry
            ]
            here = replace(entry, shape=table.shape)
            notes: list[str] = []
            fields = ShapeFields(
                source, here, [here, *part], many=False, window=replace(window, start=start)
            )
            # Nobody else has this table, so that it need not be copied to stay as it is.
            table.flags.writeable = False
            return fields.block(table, notes)[0], tuple(notes)

    def read(start: int, stop: int) -> ReadResult:
        spectra, notes = block(start, stop)
        return ReadResult(tuple(spectra), notes)

    note = "Each shape was taken to be one of the rows of the table. The other way fits as well."
    place = Place("", entry.key)
    return Slices(
        count, read, place, (note,) if unsure else (), lambda: None, "rows", unsure, block=block
    )


def _orientation(
    length: int | None,
    shape: tuple[int, ...],
    orientation: Orientation | None,
    read_rows: Callable[[int, int], NDArray[Any]],
) -> tuple[Orientation, bool]:
    if orientation is not None:
        return orientation, False
    if length is not None:
        return ("rows" if length == shape[0] else "columns"), False
    sample = np.asarray(read_rows(0, min(_SAMPLE, shape[0])), np.float64)
    return guess_orientation(sample, fallback="rows")


def _part(
    other: NamedArray,
    count: int,
    start: int,
    stop: int,
    rows_of: Callable[[str], Callable[[int, int], NDArray[Any]]],
) -> NamedArray:
    """Return the rows of an array that has one value a shape; another array as it is."""
    if other.kind == "other" or other.squeezed != (count,) or not other.shape:
        return other
    read_rows = rows_of(other.key)
    size = max(1, other.nbytes * (stop - start) // max(count, 1))
    return replace(
        other,
        shape=(stop - start,),
        nbytes=min(size, 4096 * (stop - start)),
        load=lambda: read_rows(start, stop).reshape(stop - start),
    )


def _naming(
    siblings: list[NamedArray],
    count: int,
    rows_of: Callable[[str], Callable[[int, int], NDArray[Any]]],
) -> tuple[str, str]:
    """Decide for all rows how shapes are called, looking at some rows at a time."""
    distinct: dict[str, range] = {}
    for other in siblings:
        key, word = other.key.rpartition("/")[2], other.name
        if other.squeezed == (count,) and other.shape and word in NAME | IDENTITY:
            enough = 2 if word in NAME else count
            distinct[key] = range(_n_distinct(rows_of(other.key), count, enough))
    return naming(count, distinct)


def _n_distinct(read_rows: Callable[[int, int], NDArray[Any]], count: int, enough: int) -> int:
    """Count distinct values by their hashes, until there are enough."""
    hashes = np.empty(0, np.int64)
    start, step = 0, _FIRST_STEP  # most often the first rows say enough
    while start < count:
        stop = min(start + step, count)
        texts = read_rows(start, stop).ravel().tolist()
        new = np.fromiter((hash(text) for text in texts), np.int64, len(texts))
        hashes = np.unique(np.concatenate([hashes, new]))
        if len(hashes) >= enough or (enough == count and len(hashes) < stop):
            break
        start, step = stop, _STEP
    return len(hashes)


@contextmanager
def _sentences(source: Source) -> Iterator[None]:
    """Turn the errors of a damaged file into its sentence."""
    try:
        yield
    except FileFormatError:
        raise
    except (*ERRORS, zipfile.BadZipFile) as error:
        raise FileFormatError(
            source.label, f"a damaged file ({str(error)[:80]})", "a whole file"
        ) from error
