"""BrainPrint ``<subject>.brainprint.asymmetry.csv``: one distance a pair of structures."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.numbers import to_floats
from spectracnn.io.source import Source

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(?i)\.asymmetry\.csv(?:\.gz)?\Z")


@dataclass(frozen=True)
class Asymmetry:
    """The distances of one subject.

    Parameters
    ----------
    subject : str
        From the file's name.
    distances : dict of str to float
        By pair, such as ``Left-Caudate_Right-Caudate``; NaN where BrainPrint had none.
    """

    subject: str
    distances: dict[str, float]


def is_asymmetry(path: str | Path) -> bool:
    """Whether a file's name is one of BrainPrint's distances."""
    return bool(_NAME.search(str(path)))


def read_asymmetry(path: Path) -> Asymmetry:
    """Read the distances between left and right that BrainPrint computed.

    Raises
    ------
    FileFormatError
        If it is no table of a header and one row of numbers.
    """
    source = Source.of_file(path)
    rows = [row for row in csv.reader(source.text().split("\n")) if row]
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        raise FileFormatError(
            path, f"{len(rows)} rows", "a header of pairs and one row of as many distances"
        )
    header, cells = rows
    if not header[0].strip():  # the index of a data frame
        header, cells = header[1:], cells[1:]
    values = to_floats(cells)
    for name, cell, value in zip(header, cells, values, strict=True):
        if value is None:
            raise FileFormatError(path, repr(cell[:40]), "a distance", f"column {name}")
    distances = {
        name.strip(): np.nan if value is None else float(value)
        for name, value in zip(header, values, strict=True)
    }
    subject = path.name.split(".brainprint")[0] if ".brainprint" in path.name else path.stem
    return Asymmetry(subject.removesuffix(".asymmetry"), distances)
