"""Looks into HDF5 files inside a process of its own: libhdf5 hangs or crashes on damaged ones.

Only what the parent asks for crosses the pipe, as plain arrays; what they mean is decided there.
Large arrays go into memory that both processes see, so that nothing is copied.
"""

from __future__ import annotations

import mmap
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.keras_content import keras_content
from spectracnn.io.named_array import ArrayEntry
from spectracnn.jobs.limits import limited_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import h5py
    from numpy.typing import NDArray

OWN_FORMATS = ("spectracnn-spectra", "spectracnn-trace", "spectracnn-attribution")
_MOST_OBJECTS = 20_000
_DEEPEST = 100
_SENT_AT_ONCE = 1 << 16
_SENT_IN_ALL = 1 << 21
ERRORS = (
    OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Hdf5Limits:
    """What one request may take.

    Parameters
    ----------
    memory : int
        Bytes beyond what the process has.
    seconds : int
        Of the processor.
    """

    memory: int
    seconds: int


@dataclass(frozen=True)
class Open:
    """A request: open a file and list what it holds."""

    path: str
    limits: Hdf5Limits
    matlab: bool = False


@dataclass(frozen=True)
class Load:
    """A request: one array of the file that was opened last.

    Parameters
    ----------
    key : str
        Which.
    shared : tuple of (int, int) or None
        The parent's process id and the number of its file in memory to read into.
    """

    key: str
    limits: Hdf5Limits
    shared: tuple[int, int] | None = None


@dataclass(frozen=True)
class LoadRows:
    """A request: some rows of one array of the file that was opened last.

    Parameters
    ----------
    key : str
        Which array.
    start, stop : int
        Which rows.
    shared : tuple of (int, int) or None
        As for :class:`Load`.
    """

    key: str
    limits: Hdf5Limits
    start: int
    stop: int
    shared: tuple[int, int] | None = None


@dataclass(frozen=True)
class Close:
    """A request: close the file."""


@dataclass(frozen=True, eq=False)
class Listed(ArrayEntry):
    """One dataset, or one single value, as it crosses from the process that looks into the file.

    Parameters
    ----------
    key, shape, kind, nbytes
        As of `ArrayEntry`.
    stored : tuple of (tuple of int, str)
        Shape and type as they are in the file, of numbers.
    array : ndarray or None
        Its values, where they are few.
    offset : int or None
        Where in the file all its bytes stand in a row as they are in memory, if they do.
    """

    stored: tuple[tuple[int, ...], str] = ((), "")
    array: NDArray[Any] | None = None
    offset: int | None = None


@dataclass(frozen=True, eq=False)
class Opened:
    """What a file holds.

    Parameters
    ----------
    form : str
        One of ``OWN_FORMATS``; empty for other files.
    version : int
        Of the form.
    keras : {'', 'model', 'weights'}
        What it holds of Keras.
    matlab : bool
        Whether MATLAB wrote it, with the axes in its order.
    entries : tuple of Listed
        All arrays; none where the file is of Keras.
    whole : bool
        Whether all their values are here, so that the file is closed.
    """

    form: str = ""
    version: int = 0
    keras: str = ""
    matlab: bool = False
    entries: tuple[Listed, ...] = ()
    whole: bool = False


@dataclass
class _Reader:
    """Does the requests; at most one file is open."""

    file: Any = None
    path: str = ""
    opened: Opened = field(default_factory=Opened)
    loads: dict[str, Callable[..., NDArray[Any]]] = field(default_factory=dict)
    datasets: dict[str, Any] = field(default_factory=dict)

    def __call__(self, request: Any, reporter: Any) -> Any:
        if isinstance(request, Close):
            self.close()
            return None
        limit_processor(request.limits.seconds)
        try:
            with limited_memory(request.limits.memory):
                if isinstance(request, LoadRows):
                    return self._load_rows(request)
                return self._open(request) if isinstance(request, Open) else self._load(request)
        except ERRORS as error:
            if not isinstance(request, LoadRows):  # the other rows of the file may be whole
                self.close()
            raise damaged(self.path, error) from error
        finally:
            limit_processor(None)

    def close(self) -> None:
        file, self.file = self.file, None
        self.loads.clear()
        self.datasets.clear()
        if file is not None:
            with suppress(*ERRORS):
                file.close()

    def _open(self, request: Open) -> Opened:
        import h5py

        self.close()
        self.path = request.path
        self.file = h5py.File(request.path, "r")
        keras = keras_content(self.file)
        if keras:
            self.close()
            return Opened(keras=keras, whole=True)
        form = _text_attribute(self.file, "format")
        form = form if form in OWN_FORMATS else ""
        matlab = not form and (request.matlab or _looks_like_matlab(self.file))
        version = int(self.file.attrs.get("version", 0)) if form else 0
        entries, room = [], _SENT_IN_ALL
        for entry in self._entries(self.file, matlab, bool(form)):
            if entry.key in self.loads and entry.nbytes <= min(_SENT_AT_ONCE, room):
                array = self.loads[entry.key]()
                room -= array.nbytes
                entry = _with_array(entry, array)
            entries.append(entry)
            if len(entries) > _MOST_OBJECTS:
                break
        whole = all(entry.array is not None for entry in entries if entry.key in self.loads)
        if whole:
            self.close()
        return Opened(form, version, "", matlab, tuple(entries), whole)

    def _load(self, request: Load) -> NDArray[Any] | bool:
        """Return the array, or whether it was read into the shared memory."""
        if request.shared is None:
            return self.loads[request.key]()
        return _read_shared(self.datasets[request.key], request.shared)

    def _load_rows(self, request: LoadRows) -> NDArray[Any] | bool:
        rows = slice(request.start, request.stop)
        if request.shared is not None:
            return _read_shared(self.datasets[request.key], request.shared, rows)
        load = self.loads[request.key]
        return load(rows=rows)

    def _entries(self, file: h5py.File, matlab: bool, own: bool) -> Iterator[Listed]:
        import h5py

        yield from _attribute_entries("", file)
        for name, item in walk(file, self.path):
            if isinstance(item, h5py.Dataset):
                yield self._dataset_entry(name, item, matlab, own)
            else:
                yield from _attribute_entries(name, item)

    def _dataset_entry(self, name: str, dataset: h5py.Dataset, matlab: bool, own: bool) -> Listed:
        import h5py

        shape = dataset.shape if dataset.shape is not None else (0,)
        shown = shape[::-1] if matlab else shape
        dtype = dataset.dtype
        if matlab and dataset.attrs.get("MATLAB_class") == b"char":
            self.loads[name] = partial(_load_char, dataset)
            return Listed(name, (), "text", dataset.nbytes)
        if h5py.check_string_dtype(dtype) is not None:
            self.loads[name] = partial(_load_own_text if own else _load_text, dataset)
            return Listed(name, shown, "text", 64 * int(dataset.size or 0))
        if dtype.kind not in "iufc":
            return Listed(name, shown, "other", dataset.nbytes)
        self.loads[name] = partial(_load_number, dataset)
        self.datasets[name] = dataset
        stored = (shape, dtype.str)
        return Listed(name, shown, "number", dataset.nbytes, stored, offset=_offset(dataset))


def make_reader() -> _Reader:
    """Return what does the requests, in the child."""
    import h5py

    h5py.get_config()
    return _Reader()


def limit_processor(seconds: int | None) -> None:
    """Let the kernel end this process when it has computed for so many seconds more.

    A loop in native code hears of nothing else. Where the system has no such limit, only the
    parent's clock counts.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = hard if seconds is None else int(time.process_time()) + 1 + seconds
    if hard != resource.RLIM_INFINITY and soft != hard:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def damaged(path: str, error: BaseException) -> FileFormatError:
    """Return the refusal of a file that libhdf5 cannot read."""
    return FileFormatError(
        path, f"a truncated or damaged HDF5 file ({str(error)[:80]})", "a whole file"
    )


def walk(file: h5py.File, path: str) -> Iterator[tuple[str, Any]]:
    """Give all groups and datasets by name, each once; refuse what leads out of the file.

    Raises
    ------
    FileFormatError
        If there is a link to another file, or a dataset that takes its values from one.
    """
    import h5py

    seen = set()
    waiting: list[tuple[str, Any]] = [("", file)]
    while waiting:
        group_name, group = waiting.pop()
        below = []
        for name in group:
            if name.startswith("#") and not group_name:  # MATLAB's own references
                continue
            key = f"{group_name}/{name}" if group_name else name
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise outward(path, key, "a link to another file")
            if isinstance(link, h5py.SoftLink):
                continue
            item = group[name]
            place = h5py.h5o.get_info(item.id).addr
            if place in seen:
                continue
            seen.add(place)
            if isinstance(item, h5py.Dataset) and (item.is_virtual or item.external):
                raise outward(path, key, "values that lie in another file")
            if isinstance(item, (h5py.Dataset, h5py.Group)):
                yield key, item
            if isinstance(item, h5py.Group) and key.count("/") < _DEEPEST:
                below.append((key, item))
        waiting += reversed(below)


def outward(path: str, key: str, found: str) -> FileFormatError:
    """Return the refusal of an entry that leads out of the file."""
    return FileFormatError(path, found, "all values in the file itself", key[:80])


def _with_array(entry: Listed, array: NDArray[Any]) -> Listed:
    return replace(entry, array=array)


def _text_attribute(file: h5py.File, name: str) -> str:
    value = file.attrs.get(name, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _looks_like_matlab(file: h5py.File) -> bool:
    import h5py

    for place, name in enumerate(file):
        if place >= 20:
            break
        hard = isinstance(file.get(name, getlink=True), h5py.HardLink)
        if hard and "MATLAB_class" in file[name].attrs:
            return True
    return False


def _attribute_entries(group: str, item: Any) -> Iterator[Listed]:
    for name, value in item.attrs.items():
        array = np.asarray(value)
        if array.size == 1 and array.dtype.kind in "iufUSO" and not name.startswith("MATLAB"):
            text = array.astype(str) if array.dtype.kind == "O" else array
            key = f"{group}/{name}" if group else name
            kind = "text" if text.dtype.kind in "US" else "number"
            yield Listed(key, text.shape, kind, text.nbytes, array=text)


def _offset(dataset: h5py.Dataset) -> int | None:
    """Return where the values lie in the file, if they lie there as NumPy has them."""
    import h5py

    contiguous = dataset.id.get_create_plist().get_layout() == h5py.h5d.CONTIGUOUS
    if not contiguous or dataset.id.get_type() != h5py.h5t.py_create(dataset.dtype):
        return None
    offset = dataset.id.get_offset()
    return None if offset is None else int(offset)


def _read_shared(dataset: h5py.Dataset, shared: tuple[int, int], rows: Any = ()) -> bool:
    """Read values into the parent's memory; return whether the system has such a way."""
    parent, number = shared
    try:
        handle = os.open(f"/proc/{parent}/fd/{number}", os.O_RDWR)
    except OSError:
        return False  # a system without such files, or one that hides them
    try:
        size = os.fstat(handle).st_size
        count = size // max(dataset.nbytes // max(dataset.shape[0], 1), 1)
        shape = dataset.shape if rows == () else (count, *dataset.shape[1:])
        memory = np.frombuffer(mmap.mmap(handle, size), dataset.dtype).reshape(shape)
        dataset.read_direct(memory, None if rows == () else rows)
    finally:
        os.close(handle)
    return True


def _load_number(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    return np.asarray(dataset[rows])


def _load_text(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    # Objects, because an array of letters gives each text the room of the longest.
    return np.asarray(dataset.asstr(errors="replace")[rows])


def _load_own_text(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    """Return text as objects: file names in it may hold bytes that are no text."""
    found = dataset[rows]
    items = np.empty(np.shape(found), object)
    items[...] = [
        item.decode("utf-8", "surrogateescape") if isinstance(item, bytes) else str(item)
        for item in found
    ]
    return items


def _load_char(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    codes = np.asarray(dataset[()]).T.ravel()
    return np.array("".join(chr(int(code)) for code in codes))
