"""Looks into HDF5 files inside a process of its own: libhdf5 hangs or crashes on damaged ones.

Only what the parent asks for crosses the pipe, as plain arrays; what they mean is decided there.
Large arrays go into memory that both processes see, so that nothing is copied.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from spectracnn.errors import FileFormatError
from spectracnn.io.hdf5_arrays import (
    load_char,
    load_number,
    load_own_text,
    load_text,
    offset,
    read_shared,
)
from spectracnn.io.hdf5_requests import (
    OWN_FORMATS,
    Close,
    Listed,
    Load,
    LoadRows,
    Open,
    Opened,
)
from spectracnn.io.hdf5_walk import attribute_entries, looks_like_matlab, text_attribute, walk
from spectracnn.io.keras_content import keras_content
from spectracnn.jobs.limits import limited_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import h5py
    from numpy.typing import NDArray

_MOST_OBJECTS = 20_000
_SENT_AT_ONCE = 1 << 16
_SENT_IN_ALL = 1 << 21
ERRORS = (
    OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, OverflowError, RecursionError,
)  # fmt: skip


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
        form = text_attribute(self.file, "format")
        form = form if form in OWN_FORMATS else ""
        matlab = not form and (request.matlab or looks_like_matlab(self.file))
        version = int(self.file.attrs.get("version", 0)) if form else 0
        entries, room = [], _SENT_IN_ALL
        for entry in self._entries(self.file, matlab, bool(form)):
            if entry.key in self.loads and entry.nbytes <= min(_SENT_AT_ONCE, room):
                array = self.loads[entry.key]()
                room -= array.nbytes
                entry = replace(entry, array=array)
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
        return read_shared(self.datasets[request.key], request.shared)

    def _load_rows(self, request: LoadRows) -> NDArray[Any] | bool:
        rows = slice(request.start, request.stop)
        if request.shared is not None:
            return read_shared(self.datasets[request.key], request.shared, rows)
        load = self.loads[request.key]
        return load(rows=rows)

    def _entries(self, file: h5py.File, matlab: bool, own: bool) -> Iterator[Listed]:
        import h5py

        yield from attribute_entries("", file)
        for name, item in walk(file, self.path):
            if isinstance(item, h5py.Dataset):
                yield self._dataset_entry(name, item, matlab, own)
            else:
                yield from attribute_entries(name, item)

    def _dataset_entry(self, name: str, dataset: h5py.Dataset, matlab: bool, own: bool) -> Listed:
        import h5py

        shape = dataset.shape if dataset.shape is not None else (0,)
        shown = shape[::-1] if matlab else shape
        dtype = dataset.dtype
        if matlab and dataset.attrs.get("MATLAB_class") == b"char":
            self.loads[name] = partial(load_char, dataset)
            return Listed(name, (), "text", dataset.nbytes)
        if h5py.check_string_dtype(dtype) is not None:
            self.loads[name] = partial(load_own_text if own else load_text, dataset)
            return Listed(name, shown, "text", 64 * int(dataset.size or 0))
        if dtype.kind not in "iufc":
            return Listed(name, shown, "other", dataset.nbytes)
        self.loads[name] = partial(load_number, dataset)
        self.datasets[name] = dataset
        stored = (shape, dtype.str)
        return Listed(name, shown, "number", dataset.nbytes, stored, offset=offset(dataset))


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
