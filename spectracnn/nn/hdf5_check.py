"""Looks through an HDF5 file for whatever would lead Keras out of it, or fill the memory."""

from __future__ import annotations

from typing import Any

from spectracnn.errors import ModelError

_MOST_BYTES = 4 << 30
_FREE_BYTES = 16 << 20
_MOST_RATIO = 200
_DEEPEST = 60
STORE_ERRORS = (
    OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, OverflowError, RecursionError,
)  # fmt: skip
"""What h5py raises on damaged files."""


class StoreCheck:
    """Walks one file; see `check_store`."""

    def __init__(self, read: bool = False) -> None:
        self.total = 0
        self._read = read
        self._seen: set[Any] = set()

    def group(self, group: Any, depth: int = 0) -> None:
        """Check a group and all below it."""
        import h5py

        place = h5py.h5o.get_info(group.id).addr
        if place in self._seen:
            return  # hard links may form a circle
        self._seen.add(place)
        if depth > _DEEPEST:
            raise ModelError("The HDF5 groups are nested too deeply to be a model's.")
        if self._read:
            list(group.attrs.items())
        for name in group:
            link = group.get(name, getlink=True)
            called = f"{group.name.rstrip('/')}/{name}"
            if isinstance(link, (h5py.ExternalLink, h5py.SoftLink)):
                raise ModelError(f"The HDF5 entry '{called}' is a link.")
            item = group[name]
            if isinstance(item, h5py.Group):
                self.group(item, depth + 1)
            elif isinstance(item, h5py.Dataset):
                self.dataset(item, called)

    def dataset(self, item: Any, called: str) -> None:
        """Check a dataset: its values must lie in this file, and be of a size it can hold."""
        if item.is_virtual or item.external:
            raise ModelError(f"The HDF5 entry '{called}' takes its data from another file.")
        size = int(item.size or 0) * int(item.dtype.itemsize)
        self.total += size
        inflated = size > _FREE_BYTES and size > _MOST_RATIO * max(item.id.get_storage_size(), 1)
        if inflated or self.total > _MOST_BYTES:
            raise ModelError(f"The HDF5 entry '{called}' has the absurd shape {item.shape}.")
        if self._read and item.shape is not None:
            item[()]


def check_store(store: Any, *, read: bool = False) -> None:
    """Refuse an open HDF5 file with links, external or virtual data, or absurd shapes.

    Parameters
    ----------
    store : h5py.File
        Open for reading.
    read : bool
        Whether to read every value as well, to see that it can be read.

    Raises
    ------
    ModelError
        One sentence that names the entry.
    """
    StoreCheck(read).group(store)
