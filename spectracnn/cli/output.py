"""Results on stdout: aligned tables and pure JSON; and whether a file can be written at all."""

from __future__ import annotations

import json
import math
import re
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from spectracnn.core.regular import require_file_or_nothing
from spectracnn.errors import ExportError
from spectracnn.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


_WIDEST = 200
"""Letters of a cell in a table on the terminal."""

# JSON itself escapes those below 0x20; terminals obey these as well. Half a surrogate stands for a
# byte of a file's name that is no text, and cannot be written as UTF-8.
_ESCAPED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def print_json(value: Any) -> None:
    """Print JSON in valid UTF-8, no character of which a terminal obeys.

    What is no finite number becomes null.
    """
    encoder = json.JSONEncoder(indent=2, ensure_ascii=False, allow_nan=False)
    for piece in encoder.iterencode(plain(value)):
        sys.stdout.write(_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", piece))
    sys.stdout.write("\n")


def plain(value: Any) -> Any:
    """Return the value with None for every number that JSON does not know."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: set[int]) -> None:
    """Print columns that line up.

    Parameters
    ----------
    header : sequence of str
        Above the columns.
    rows : sequence of sequence of str
        The cells.
    right : set of int
        Columns of numbers, which are aligned at the right.
    """
    lines = [
        list(header),
        *(["" if cell is None else printable(cell, _WIDEST) for cell in row] for row in rows),
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for cells in lines:
        padded = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        print("  ".join(padded).rstrip())


def short(value: float | None) -> str:
    """Return a number for a table."""
    return "-" if value is None else f"{value:.6g}"


def require_writable(path: Path) -> None:
    """Refuse a file that could not be written, before any long work begins.

    Raises
    ------
    ExportError
        If there is no such folder, nothing can be written in it, or the path is a folder, a pipe or
        a device, which a write would replace.
    """
    try:
        require_file_or_nothing(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ExportError(f"{path}: cannot be written ({reason}).", "Name a file.") from error
    require_folder(path.parent)


def require_not_input(path: Path, files: Sequence[str]) -> None:
    """Refuse to write over one of the files that are read.

    Raises
    ------
    ExportError
        If the path is one of the files, by whatever name.
    """
    for file in files:
        try:
            same = path.samefile(file)
        except OSError:  # either is not there
            continue
        if same:
            raise ExportError(f"{path}: is one of the inputs; name another file.")


def require_folder(folder: Path, *, create: bool = False) -> None:
    """Refuse a folder in which nothing can be written.

    Raises
    ------
    ExportError
        If it is none, cannot be made, or takes no file.
    """
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".spectracnn."):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{folder}: nothing can be written there ({reason}).") from error
