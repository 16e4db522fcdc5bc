"""Text to a grid of cells: comments, separators, quotes and decimal commas."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spectracnn.errors import FileFormatError
from spectracnn.io.numbers import unwrap

if TYPE_CHECKING:
    from spectracnn.io.source import Source

_COMMENT = re.compile(r"^\s*+(?:#|%|//).*|\s#.*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_BRACKETED = re.compile(r"\A\s*+(?:(?:np\.|numpy\.)?array\s*+\(\s*+)?[\[{(]")
_INNER = re.compile(r"[\[{(]([^\[\]{}()]*)[\]})]")
_BETWEEN = re.compile(r"\s*+[,;]\s*+|\s++")
_WHOLE_PAIR = re.compile(r"[+-]?\d+,\d+")


@dataclass
class Grid:
    """Cells as text.

    Parameters
    ----------
    rows : list of list of str
        Stripped cells; rows may differ in length.
    lines : list of int
        The line of the file, from 1, of each row.
    notes : list of str
        What a person should know about the splitting.
    """

    rows: list[list[str]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)


def split_text(source: Source, text: str) -> Grid:
    """Split text into rows and cells.

    Raises
    ------
    FileFormatError
        If nothing is left after the comments.
    """
    text = unwrap(text)
    if _BRACKETED.match(text):
        bracketed = _split_brackets(text)
        if bracketed is not None:
            return bracketed
    kept, lines = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if "#" in line or "%" in line or "//" in line:
            line = _COMMENT.sub("", line)
        if line and not line.isspace():
            kept.append(line)
            lines.append(number)
    if not kept:
        raise FileFormatError(source.label, "only comments", "numbers")
    separator = _separator(kept)
    if separator == " ":
        return Grid([line.split() for line in kept], lines)
    try:
        rows = list(csv.reader(kept, delimiter=separator, skipinitialspace=True))
    except csv.Error as error:
        raise FileFormatError(source.label, f"a damaged table ({error})", "cells") from error
    grid = Grid([[cell.strip() for cell in row] for row in rows], lines[: len(rows)])
    if separator in ";\t":
        _decimal_commas(grid)
    elif all(_WHOLE_PAIR.fullmatch(line.strip()) for line in kept):
        grid.notes.append(
            "Each comma was read as a separator; decimal commas need semicolons between cells."
        )
    return grid


def _split_brackets(text: str) -> Grid | None:
    """Split a list as Python, NumPy or an ``.ev`` file shows it; None if it is none."""
    rows, lines = [], []
    line, counted = 1, 0
    for match in _INNER.finditer(text):
        cells = _BETWEEN.split(match.group(1).strip().strip(",;").strip())
        if cells != [""]:
            rows.append(cells)
            line += text.count("\n", counted, match.start())
            counted = match.start()
            lines.append(line)
    outside = _INNER.sub("", text)
    if not rows or re.search(r"\d", outside.replace("float64", "").replace("float32", "")):
        return None
    return Grid(rows, lines)


def _separator(lines: list[str]) -> str:
    """Choose the separator: the strongest mark that most of the lines hold."""
    sample = lines[:1000]
    for mark in ("\t", ";", ","):
        held = sum(mark in line.strip() for line in sample)
        if held > len(sample) / 2 or (mark != "," and held and len(sample) == 1):
            return mark
        # A list of one column may have a header with commas, or one mark at the end of a line.
        if held and mark == ";":
            return mark
    return " " if any(_numbers_in(line) for line in sample) else ","


def _numbers_in(line: str) -> bool:
    """Whether blanks in the line separate numbers, and not the words of one cell."""
    return any(character.isdigit() for character in line)


def _decimal_commas(grid: Grid) -> None:
    """Turn decimal commas into points, where every comma is one and no cell has a point."""
    cells = [cell for row in grid.rows for cell in row]
    with_comma = [cell for cell in cells if "," in cell]
    matching = [cell for cell in with_comma if _DECIMAL_COMMA.fullmatch(cell)]
    if not matching:
        return
    points = any(re.fullmatch(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?", cell) for cell in cells)
    if points:
        return
    commas = set(matching)
    grid.rows = [
        [cell.replace(",", ".") if cell in commas else cell for cell in row] for row in grid.rows
    ]
    grid.notes.append("Decimal commas were read as points.")
