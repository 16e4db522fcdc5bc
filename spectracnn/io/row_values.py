"""The numbers of some rows of a file whose form is known already, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path  # noqa: TC003  (in a NamedTuple's place)
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.regular import open_regular
from spectracnn.io import npz_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Read = Callable[[int, int], list[NDArray[np.float64]]]


@dataclass(frozen=True)
class Place:
    """Where in a file the numbers of its spectra are.

    Parameters
    ----------
    form : {'plain', 'npy', 'npz', 'parquet', ''}
        What kind of file it is; plain where the rows stand one after the other as in memory. Empty
        where rows cannot be read so.
    key : str
        The array with a row for each spectrum.
    offset : int
        Of plain rows: where the first begins.
    dtype : str
        Their type.
    length : int
        How many numbers each has.
    """

    form: str
    key: str = ""
    offset: int = 0
    dtype: str = ""
    length: int = 0


def open_values(path: Path, place: Place) -> tuple[Read, Callable[[], None]]:
    """Open a file for reading numbers by rows.

    Parameters
    ----------
    path : Path
        A file that was read before, so that it is known to be whole.
    place : Place
        From the :class:`~spectracnn.io.slices.Slices` of that reading.

    Returns
    -------
    read : callable
        ``read(start, stop)`` gives the numbers of each of these rows.
    close : callable
        Closes the file.
    """
    if place.form == "plain":
        return partial(_plain, path, place), lambda: None
    if place.form == "npy":
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        return lambda start, stop: _rows(array[start:stop]), lambda: None
    if place.form == "npz":
        archive = npz_rows.Archive(path)
        take = archive.rows(place.key)
        count = next(entry.shape[0] for entry in archive.entries if entry.key == place.key)
        return lambda start, stop: _rows(take(start, min(stop, count))), archive.close
    from spectracnn.io.parquet import ParquetSlices
    from spectracnn.io.source import Source

    table = ParquetSlices(Source.of_file(path), named=False)
    return table.values, table.close


def _plain(path: Path, place: Place, start: int, stop: int) -> list[NDArray[np.float64]]:
    dtype = np.dtype(place.dtype)
    with open_regular(path) as stream:
        stream.seek(place.offset + start * place.length * dtype.itemsize)
        flat = np.fromfile(stream, dtype, (stop - start) * place.length)
    count = flat.size // place.length
    return _rows(flat[: count * place.length].reshape(count, place.length))


def _rows(table: NDArray[Any]) -> list[NDArray[np.float64]]:
    return list(np.array(table, dtype=np.float64, order="C"))
