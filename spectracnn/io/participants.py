"""Read a table of participants (CSV, TSV, Parquet, Excel), and join it with spectra."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.participants import Column, ParticipantsTable, misspelt
from spectracnn.errors import FileFormatError
from spectracnn.io.id_index import is_id_name
from spectracnn.io.joining import Joined, join

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "TABLE_SUFFIXES",
    "Column",
    "Joined",
    "ParticipantsTable",
    "is_table_suffix",
    "join",
    "read_table",
]

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
TABLE_SUFFIXES = (*TEXT_SUFFIXES, ".parquet", ".pq", ".xlsx", ".xlsm")
_EXPECTED = "a CSV, TSV, Parquet or Excel table"
_LOOKED_AT = 100
_MISSING = frozenset({"", "na", "n/a", "nan", "none", "null", "#n/a", "<na>", "-nan", "nat", "."})
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?\Z")
_MOSTLY = 0.5
"""A column in which more than this share of the cells are numbers was meant to be numeric."""
_N_STRAYS = 3


def is_table_suffix(path: str | Path) -> bool:
    """Whether a file's name is one of a table."""
    return str(path).lower().removesuffix(".gz").endswith(TABLE_SUFFIXES)


def read_table(path: str | Path) -> ParticipantsTable:
    """Read a table with a header and one row per participant.

    A column is numeric if all its cells that are not missing are numbers; decimal commas are
    understood where semicolons or tabs separate. ``n/a``, ``NA``, ``NaN``, ``null``, ``None``,
    ``.`` and empty cells are missing.

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.tsv``, ``.txt``, ``.parquet`` or ``.xlsx``; text may be gzipped.

    Returns
    -------
    Table
        With a sentence for each thing that a person should know.

    Raises
    ------
    FileFormatError
        If it is missing, no such table, empty, or has a header that names a column twice.
    """
    path = Path(path)
    _require_file(path)
    notes: list[str] = []
    try:
        frame, decimal_comma = _frame(path, notes)
    except (FileFormatError, MemoryError):
        raise
    except Exception as error:  # each of four readers has its own errors
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise FileFormatError(path, f"a damaged table ({reason})", _EXPECTED) from error
    names = _headers(path, [str(name).strip() for name in frame.columns], notes)
    if not len(frame):
        raise FileFormatError(path, "a table without a row", "one row per participant")
    _require_names(path, frame, names)
    columns = [
        _column(name, frame.iloc[:, place], decimal_comma)
        for place, name in enumerate(names)
        if name
    ]
    notes += [note for column in columns for note in (*_stray_notes(column), *misspelt(column))]
    return ParticipantsTable(path, tuple(columns), tuple(notes))


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise FileFormatError(path, "a folder", _EXPECTED)
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except FileNotFoundError as error:
        raise FileFormatError(path, "no such file", _EXPECTED) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileFormatError(
            path, f"a file that cannot be opened ({reason})", _EXPECTED
        ) from error
    if empty:
        raise FileFormatError(path, "an empty file", _EXPECTED)
    if not is_table_suffix(path):
        raise FileFormatError(
            path, f"a name that ends in {path.suffix or 'nothing'}", ", ".join(TABLE_SUFFIXES)
        )


def _frame(path: Path, notes: list[str]) -> tuple[Any, bool]:
    """Return all cells, and whether a comma may be a decimal one."""
    import pandas as pd

    lower = path.name.lower()
    if lower.endswith((".parquet", ".pq")):
        frame = pd.read_parquet(path)
        named = [name for name in frame.index.names if name]
        return (frame.reset_index() if named else frame), False
    if lower.endswith((".xlsx", ".xlsm")):
        with pd.ExcelFile(path) as book:
            if len(book.sheet_names) > 1:
                notes.append(f"The first of {len(book.sheet_names)} sheets was read.")
            return pd.read_excel(book, dtype=object, na_filter=False), False
    encoding = _encoding(path)
    separator = _separator(path, encoding)
    frame = pd.read_csv(
        path,
        sep=separator,
        dtype="string[pyarrow]",
        keep_default_na=False,
        encoding=encoding,
        header=None,
        skipinitialspace=True,
        index_col=False,
    )
    header = [str(cell) for cell in frame.iloc[0]]
    frame = frame.iloc[1:]
    frame.columns = pd.Index(header)
    return frame, separator != ","


def _opened(path: Path) -> Any:
    if path.suffix.lower() == ".gz":
        import gzip

        return gzip.open(path, "rb")
    return path.open("rb")


def _encoding(path: Path) -> str:
    with _opened(path) as stream:
        head = stream.read(4)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        stream.seek(0)
        while piece := stream.readlines(1 << 22):
            if any(b"\0" in line for line in piece):
                raise FileFormatError(path, "bytes that are no text", _EXPECTED)
            try:
                b"".join(piece).decode("utf-8")
            except UnicodeDecodeError:
                return "latin-1"
    return "utf-8-sig"


def _separator(path: Path, encoding: str) -> str:
    """Return what separates the header's cells: a tab, a semicolon or a comma."""
    with _opened(path) as stream:
        first = stream.read(1 << 16).decode(encoding, "ignore").lstrip("\r\n").splitlines()[:1]
    line = first[0] if first else ""
    counts = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in ("\t", ";", ",")}
    return max(counts, key=lambda mark: counts[mark]) if max(counts.values()) > 1 else ","


def _headers(path: Path, names: list[str], notes: list[str]) -> list[str]:
    """Return the headers, empty for columns that are left out."""
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileFormatError(
            path, f"{names.count(twice[0])} columns called '{twice[0]}'", "each name once", "header"
        )
    kept = ["" if name.lower().startswith("unnamed:") or name == "nan" else name for name in names]
    nameless = sum(not name for name in kept)
    if nameless == len(kept):
        raise FileFormatError(path, "no header", "a first row that names the columns")
    if nameless:
        notes.append(
            f"{nameless} column{'' if nameless == 1 else 's'} without a name "
            f"{'was' if nameless == 1 else 'were'} left out."
        )
    return kept


def _require_names(path: Path, frame: Any, names: list[str]) -> None:
    """Refuse a table whose first row is a heading over several columns and names few of them."""
    nameless = [place for place, name in enumerate(names) if not name]
    if 2 * len(nameless) <= len(names):
        return
    first = (frame.iloc[:_LOOKED_AT, place].map(_cell_text) for place in nameless)
    filled = sum(cells.str.strip().str.lower().isin(_MISSING).eq(False).any() for cells in first)
    if 2 * filled > len(names):
        known = next(name for name in names if name)
        raise FileFormatError(
            path,
            f"a first row that names {len(names) - len(nameless)} of {len(names)} columns "
            f"('{known}'), as a heading over merged cells does",
            "a name above each column",
        )


def _column(name: str, series: Any, decimal_comma: bool) -> Column:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        whole = bool(np.all(np.abs(numbers[np.isfinite(numbers)]) < 1e15))
        if whole or not pd.api.types.is_integer_dtype(series):
            return Column(name, numbers)
    texts = series.map(_cell_text, na_action="ignore") if series.dtype == object else series
    texts = texts.astype("string[pyarrow]").str.strip()
    missing = texts.isna() | texts.str.lower().isin(_MISSING)
    codes, levels = pd.factorize(texts.where(~missing))
    return _typed(name, codes.astype(np.int32), [str(level) for level in levels], decimal_comma)


def _cell_text(cell: Any) -> str:
    """Return a cell of a spreadsheet as text: a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def _typed(name: str, codes: NDArray[np.int32], levels: list[str], decimal_comma: bool) -> Column:
    """Decide by the distinct texts whether a column is numeric."""
    parsed = np.array([_number(level, decimal_comma) for level in levels], np.float64)
    wrong = ~np.isfinite(parsed)
    known = codes >= 0
    if not levels:
        return Column(name, np.full(len(codes), np.nan))
    if not wrong.any():
        numbers = np.where(known, parsed[codes], np.nan)
        plain = all(_PLAIN.match(level) for level in levels)
        return Column(name, numbers) if plain else Column(name, numbers, codes, tuple(levels))
    stray_rows = np.flatnonzero(known & wrong[codes])
    strays: tuple[tuple[int, str], ...] = ()
    if stray_rows.size < _MOSTLY * np.count_nonzero(known):
        strays = tuple((int(row) + 1, levels[codes[row]]) for row in stray_rows[:_N_STRAYS])
    return Column(name, None, codes, tuple(levels), strays)


def _number(text: str, decimal_comma: bool) -> float:
    """Return the number that a text is; NaN if it is none, or is not finite."""
    word = text.replace(",", ".") if decimal_comma and text.count(",") == 1 else text
    if "_" in word:
        return np.nan
    try:
        return float(word)
    except ValueError:
        return np.nan


def _stray_notes(column: Column) -> tuple[str, ...]:
    if not column.strays or is_id_name(column.name):
        return ()
    row, text = column.strays[0]
    return (f"Column '{column.name}' is text: row {row} holds {text!r}, most others a number.",)
