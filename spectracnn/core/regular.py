"""Opens ordinary files only: a pipe would wait for ever, a device would never end."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader
    from pathlib import Path

_WORDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class IrregularFileError(OSError):
    """The path leads to a folder, a pipe, a socket or a device.

    Parameters
    ----------
    path : str
        The path.
    kind : str
        What it is, with its article.
    """

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(errno.EINVAL, f"it is {kind} and no ordinary file", path)
        self.kind = kind


def irregular(mode: int) -> str:
    """Return what a file of this mode is, with its article; empty for an ordinary file."""
    if stat.S_ISREG(mode):
        return ""
    return next((words for holds, words in _WORDS if holds(mode)), "a special file")


def open_regular(path: str | Path, buffering: int = -1) -> BufferedReader:
    """Open an ordinary file for reading.

    Its kind is looked at before it is opened, because opening alone can wait or do something, and
    again afterwards, because another may stand there by then.

    Parameters
    ----------
    path : str or Path
        The file; links are followed.
    buffering : int
        As for ``open``; 0 for a raw stream.

    Raises
    ------
    IrregularFileError
        If it is no ordinary file.
    OSError
        If it cannot be opened.
    """
    _require_regular(path, os.stat(path).st_mode)
    stream = open(path, "rb", buffering=buffering, opener=_opener)
    return cast("BufferedReader", stream)


def read_regular(path: str | Path, most: int) -> bytes:
    """Read an ordinary file of at most so many bytes.

    Raises
    ------
    IrregularFileError
        If it is no ordinary file.
    OSError
        If it cannot be read, or is larger.
    """
    with open_regular(path) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 20} MB", str(path))
    return data


def read_start(path: str | Path, most: int) -> tuple[bytes, int]:
    """Read the first bytes of an ordinary file, with no more than that costs.

    Parameters
    ----------
    path : str or Path
        The file; links are followed.
    most : int
        Bytes to read.

    Returns
    -------
    start : bytes
        All of a shorter file.
    size : int
        Bytes of the whole file.

    Raises
    ------
    IrregularFileError
        If it is no ordinary file.
    OSError
        If it cannot be read.
    """
    name = os.fspath(path)
    _require_regular(name, os.stat(name).st_mode)
    handle = os.open(name, _FLAGS)
    try:
        status = os.fstat(handle)
        _require_regular(name, status.st_mode)
        start = os.read(handle, most)
        while 0 < len(start) < min(most, status.st_size):  # the system may give less at a time
            piece = os.read(handle, most - len(start))
            if not piece:
                break
            start += piece
    finally:
        os.close(handle)
    return start, status.st_size


def require_file_or_nothing(path: Path) -> None:
    """Refuse a path that leads to anything but an ordinary file, or to nothing.

    Raises
    ------
    IrregularFileError
        If something else stands there: a write would replace it.
    OSError
        If that cannot be found out.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    _require_regular(path, mode)


def _opener(path: str, flags: int) -> int:
    handle = os.open(path, flags | _FLAGS)
    try:
        _require_regular(path, os.fstat(handle).st_mode)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _require_regular(path: str | Path, mode: int) -> None:
    kind = irregular(mode)
    if kind:
        raise IrregularFileError(str(path), kind)
