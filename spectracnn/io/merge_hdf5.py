"""Several HDF5 files of one writer, put after each other in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BYTES = 1 << 25
CONSTANT = frozenset({"classes"})
"""Datasets that are the same in all parts."""


def merge_hdf5(parts: Sequence[Path], out: Path) -> None:
    """Write the rows of all parts into one file.

    Parameters
    ----------
    parts : sequence of Path
        In order; with the same datasets, whose first axis counts spectra. Eigenvalues may be
        longer in some: the rest is NaN.
    out : Path
        The file, which appears when it is whole.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    import h5py

    try:
        with atomic_path(out) as temporary, h5py.File(temporary, "w") as target:
            shapes = _shapes(parts)
            with h5py.File(parts[0], "r") as first:
                _prepare(first, target, shapes)
            at = dict.fromkeys(shapes, 0)
            for part in parts:
                with h5py.File(part, "r") as source:
                    for name in shapes:
                        at[name] += _append(source[name], target[name], at[name])
    except (OSError, RuntimeError, KeyError) as error:
        raise ExportError(f"{out}: cannot be written ({error}).") from error


def _shapes(parts: Sequence[Path]) -> dict[str, list[int]]:
    """Return the shape of each dataset in the whole: rows added, other axes the longest."""
    import h5py

    shapes: dict[str, list[int]] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and name not in CONSTANT:
            known = shapes.setdefault(name, [0, *item.shape[1:]])
            known[0] += item.shape[0]
            known[1:] = [max(a, b) for a, b in zip(known[1:], item.shape[1:], strict=True)]

    for part in parts:
        with h5py.File(part, "r") as source:
            source.visititems(visit)
    return shapes


def _prepare(first: Any, target: Any, shapes: dict[str, list[int]]) -> None:
    target.attrs.update(first.attrs.items())
    for name in CONSTANT:
        if name in first:
            first.copy(name, target)
    for name, shape in shapes.items():
        like = first[name]
        filters = {"compression": like.compression} if like.compression else {}
        made = target.create_dataset(
            name,
            tuple(shape),
            like.dtype,
            maxshape=(None, *(None if size is None else shape[1:][at] for at, size in _free(like))),
            chunks=(like.chunks[0], *(max(1, size) for size in shape[1:])) if like.chunks else True,
            fillvalue=np.nan if like.dtype.kind == "f" else None,
            **filters,
        )
        made.attrs.update(like.attrs.items())


def _free(dataset: Any) -> list[tuple[int, int | None]]:
    return list(enumerate(dataset.maxshape[1:]))


def _append(source: Any, target: Any, at: int) -> int:
    """Copy all rows; return how many."""
    count = source.shape[0]
    row = int(np.prod(source.shape[1:], dtype=np.int64)) * max(source.dtype.itemsize, 16)
    step = max(1, _BYTES // max(row, 1))
    chunk = target.chunks[0] if target.chunks else 1
    step = max(chunk, step // chunk * chunk)
    inner = tuple(slice(0, size) for size in source.shape[1:])
    done = 0
    while done < count:
        # The first piece ends where a chunk of the target does, so that none is written twice.
        size = min(step - (at + done) % chunk, count - done)
        target[(slice(at + done, at + done + size), *inner)] = source[done : done + size]
        done += size
    return int(count)
