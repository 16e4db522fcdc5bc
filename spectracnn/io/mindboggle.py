"""Mindboggle ``label_shapes.csv`` and ``sulcus_shapes.csv``: one shape per row.

Their spectra lack the zero eigenvalue and are already multiplied by the area and divided by the
index.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import NORMALISED_BY, Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.costs import claim_cells
from spectracnn.io.numbers import to_floats, to_size
from spectracnn.io.result import Orientation, ReadResult, require_some

if TYPE_CHECKING:
    from spectracnn.io.source import Source

_COLUMN = "laplace-beltrami spectrum"


def recognise(source: Source) -> bool:
    """Whether the first line names a column ``Laplace-Beltrami spectrum: component ...``."""
    return _COLUMN.encode() in source.head.split(b"\n", 1)[0].lower()


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read one spectrum per row that is not all zero."""
    claim_cells(source)
    try:
        rows = [row for row in csv.reader(source.text().split("\n")) if row]
    except csv.Error as error:
        raise FileFormatError(source.label, f"a damaged table ({error})", "a CSV table") from error
    header = [cell.strip() for cell in rows[0]]
    places = [at for at, name in enumerate(header) if name.lower().startswith(_COLUMN)]
    spectra: list[Spectrum] = []
    notes: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise FileFormatError(
                source.label,
                f"{len(row)} cells",
                f"{len(header)}, as in the header",
                f"row {number}",
            )
        values = to_floats(row[at] for at in places)
        if any(value is None for value in values):
            bad = row[places[values.index(None)]]
            raise FileFormatError(source.label, repr(bad[:40]), "a number", f"row {number}")
        fields = {
            name: cell.strip()
            for at, (name, cell) in enumerate(zip(header, row, strict=True))
            if name and at not in places
        }
        name = fields.pop("name", "") or f"{source.name} row {number - 1}"
        numbers = np.array(values, np.float64)
        if not np.isfinite(numbers).any() or not np.nan_to_num(numbers).any():
            notes.append(f"{name} was skipped: its row is empty, so the label is missing.")
            continue
        spectra.append(_spectrum(source, name, numbers, fields))
    require_some(source.label, spectra, notes, "label")
    return ReadResult(tuple(spectra), tuple(notes))


def _spectrum(source: Source, name: str, values: np.ndarray, fields: dict[str, str]) -> Spectrum:
    return Spectrum(
        name=name,
        eigenvalues=values,
        kind=Kind.SURFACE,
        area=to_size(fields.pop("area", "")),
        volume=to_size(fields.pop("volume", "")),
        source=source.path,
        key=fields.get("ID", name),
        metadata={**fields, NORMALISED_BY: "area, index"},
        normalisation=Normalisation.NORMALISED,
    )
