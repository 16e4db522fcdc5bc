"""What a study is made of: patterns, and tables that list files."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.errors import SpectraCNNError
from spectracnn.io.id_index import id_name
from spectracnn.io.participants import is_table_suffix, read_table

if TYPE_CHECKING:
    from spectracnn.core.participants import ParticipantsTable

PATH_NAMES = ("path", "file", "filename", "file_name", "filepath", "file_path")
"""Headers of columns that list files."""
_HEAD = 1 << 14
PARTICIPANTS = "participants.tsv"
_LEVELS = 2
"""Derivatives in BIDS lie so deep in a study: ``derivatives/brainprint``."""


def is_participants_name(path: Path) -> bool:
    """Whether a file is called as the table of participants of a study in BIDS is."""
    return path.stem.casefold() == "participants" and is_table_suffix(str(path))


def participants_beside(folder: Path) -> Path | None:
    """Return the table of participants in a folder, or of the study whose derivatives it holds."""
    for here in (folder, *folder.resolve().parents[:_LEVELS]):
        found = here / PARTICIPANTS
        if found.is_file():
            return found
    return None


def matching(pattern: str) -> list[str]:
    """Return the files that a pattern such as ``sub-*/*.ev`` stands for, sorted.

    Empty where it is no pattern, or a file of that very name is there.
    """
    if not glob.has_magic(pattern) or os.path.lexists(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True))


def listed_files(path: str) -> list[str] | None:
    """Return the files that a table lists, relative to the table or to where we are.

    Parameters
    ----------
    path : str
        Any file.

    Returns
    -------
    list of str or None
        None where it is no table with a column of paths, such as a table of eigenvalues. Files
        that are not there are listed too: whoever reads them says so.
    """
    if not is_table_suffix(path) or not os.path.isfile(path) or not _may_list(path):
        return None
    try:
        table = read_table(path)
    except SpectraCNNError:
        return None
    column = _path_column(table)
    if column is None:
        return None
    folder = Path(path).parent
    files = []
    for text in dict.fromkeys(str(cell) for cell in table.column(column).text if cell):
        here = folder / text
        files.append(str(here) if here.exists() or not os.path.exists(text) else text)
    return files or None


def _may_list(path: str) -> bool:
    """Whether the head of a text table names such a column; others are looked into."""
    if not path.lower().endswith((".csv", ".tsv", ".txt")):
        return path.lower().endswith((".xlsx", ".xlsm", ".parquet", ".pq")) and _parquet_may(path)
    try:
        with open(path, "rb") as stream:
            first = stream.read(_HEAD).split(b"\n", 1)[0]
    except OSError:
        return False
    text = first.replace(b"\0", b"").decode("utf-8-sig", "ignore").lower()
    return any(name in text for name in ("path", "file"))


def _parquet_may(path: str) -> bool:
    if not path.lower().endswith((".parquet", ".pq")):
        return True
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return any(id_name(name) in PATH_NAMES for name in pq.read_schema(path).names)
    except (OSError, pa.ArrowException):
        return False


def _path_column(table: ParticipantsTable) -> str | None:
    """Return the column whose texts look like files of spectra, of which some are there."""
    from spectracnn.io.registry import is_supported_suffix

    folder = table.path.parent
    for column in table.columns:
        if id_name(column.name) not in PATH_NAMES or column.numbers is not None:
            continue
        texts = [str(text) for text in column.text[:200] if text]
        there = any((folder / text).exists() or os.path.exists(text) for text in texts)
        if texts and there and all(is_supported_suffix(text) for text in texts):
            return column.name
    return None
