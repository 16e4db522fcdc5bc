"""BrainPrint ``<subject>.brainprint.csv`` and its older form: one structure per column.

The rows ``area`` and ``volume`` are always raw; whether the rows of eigenvalues were normalised
or reweighted is not recorded.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.costs import claim_cells
from spectracnn.io.numbers import to_floats
from spectracnn.io.refusals import refuse_sidecar
from spectracnn.io.result import Orientation, ReadResult, require_some

if TYPE_CHECKING:
    from spectracnn.io.source import Source

_NEW = re.compile(rb"\A(?:\xef\xbb\xbf)?,[^\n]*\n\"?area\"?,[^\n]*\n\"?volume\"?,")
_OLD_NAME = re.compile(r"\.brainprint_[^.]*\.csv$")
_SIDECAR_NAME = re.compile(r"\.brainprint\.(?:evecs-.*|asymmetry)\.csv$")


def recognise(source: Source) -> bool:
    """Whether the first column is nameless, ``area``, ``volume``; or the name is the old one."""
    head = source.head[: 1 << 14].replace(b"\r\n", b"\n")
    return bool(
        _NEW.match(head)
        or _OLD_NAME.search(source.file_name)
        or _SIDECAR_NAME.search(source.file_name)
    )


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read one spectrum per column that is not all NaN."""
    claim_cells(source)
    try:
        rows = [row for row in csv.reader(source.text().split("\n")) if row]
    except csv.Error as error:
        raise FileFormatError(source.label, f"a damaged table ({error})", "a CSV table") from error
    refuse_sidecar(source, rows[0] if rows else [], len(rows) - 1)
    new = len(rows) > 2 and rows[1][0] == "area" and rows[2][0] == "volume"
    names = rows[0][1:] if new else rows[0]
    if len(rows) < 4:
        raise FileFormatError(
            source.label, f"{len(rows)} rows", "a header, area, volume and rows of eigenvalues"
        )
    table = _table(source, rows, len(names), new)
    longest = max(np.flatnonzero(np.isfinite(table[2:]).any(axis=1)), default=-1) + 1
    subject = source.name.split(".brainprint")[0]
    version = "BrainPrint >= 0.4" if new else "BrainPrint < 0.4"
    spectra: list[Spectrum] = []
    notes: list[str] = []
    for name, column in zip(names, table.T, strict=True):
        area, volume, values = column[0], column[1], column[2:]
        finite = np.flatnonzero(np.isfinite(values))
        if not finite.size:
            notes.append(f"{name} was skipped: all its eigenvalues are NaN.")
            continue
        # Trailing NaN are padding only where another structure goes on.
        end = int(finite[-1]) + 1
        padded = end < longest
        values = values[:end] if padded else values
        spectra.append(
            Spectrum(
                name=name,
                eigenvalues=np.ascontiguousarray(values),
                # The old program also had a mode for solids, which its tables do not name.
                kind=Kind.SURFACE if new else Kind.UNKNOWN,
                area=float(area) if np.isfinite(area) else None,
                volume=float(volume) if np.isfinite(volume) else None,
                source=source.path,
                key=name,
                metadata={"subject": subject, "format": version},
                subject=subject,
                structure=name,
                notes=("NaN at the end was left out: padding.",) if padded else (),
            )
        )
    require_some(source.label, spectra, notes, "structure")
    return ReadResult(tuple(spectra), tuple(notes))


def _table(source: Source, rows: list[list[str]], width: int, new: bool) -> np.ndarray:
    table = np.empty((len(rows) - 1, width), np.float64)
    for number, row in enumerate(rows[1:], 2):
        cells = row[1:] if new else row
        if len(cells) != width:
            raise FileFormatError(
                source.label, f"{len(cells)} cells", f"{width}, as in the header", f"row {number}"
            )
        for place, value in enumerate(to_floats(cells)):
            if value is None:
                raise FileFormatError(
                    source.label, repr(cells[place][:40]), "a number", f"row {number}"
                )
            table[number - 2, place] = value
    return table
