"""Walks through an open HDF5 file: its groups, datasets and single values, nothing outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.hdf5_requests import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import h5py

_DEEPEST = 100


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


def text_attribute(file: h5py.File, name: str) -> str:
    """Return an attribute of the file as text; empty without one."""
    value = file.attrs.get(name, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def looks_like_matlab(file: h5py.File) -> bool:
    """Return whether MATLAB wrote a file, by its first objects."""
    import h5py

    for place, name in enumerate(file):
        if place >= 20:
            break
        hard = isinstance(file.get(name, getlink=True), h5py.HardLink)
        if hard and "MATLAB_class" in file[name].attrs:
            return True
    return False


def attribute_entries(group: str, item: Any) -> Iterator[Listed]:
    """Give the single values that stand as attributes of a group or of the file."""
    for name, value in item.attrs.items():
        array = np.asarray(value)
        if array.size == 1 and array.dtype.kind in "iufUSO" and not name.startswith("MATLAB"):
            text = array.astype(str) if array.dtype.kind == "O" else array
            key = f"{group}/{name}" if group else name
            kind = "text" if text.dtype.kind in "US" else "number"
            yield Listed(key, text.shape, kind, text.nbytes, array=text)
