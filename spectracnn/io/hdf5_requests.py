"""What crosses between a process and the child that looks into HDF5 files for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.io.named_array import ArrayEntry

if TYPE_CHECKING:
    from numpy.typing import NDArray

OWN_FORMATS = ("spectracnn-spectra", "spectracnn-trace", "spectracnn-attribution")


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
