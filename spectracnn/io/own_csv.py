"""The program's own CSV, read: one spectrum per row, every field kept."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.numbers import to_size
from spectracnn.io.own_hdf5 import text_mapping, text_tuple, with_origin
from spectracnn.io.result import Orientation, ReadResult, require_some

if TYPE_CHECKING:
    from spectracnn.io.source import Source

FIELDS = (
    "name", "kind", "area", "volume", "normalisation", "key", "source", "metadata", "notes", "n",
)  # fmt: skip
_FIRST_LINE = ",".join(FIELDS).encode()
FIELD_LIMIT = 1 << 24
SUBJECT_FIELD, STRUCTURE_FIELD = "spectracnn:subject", "spectracnn:structure"
"""Kept among the metadata, so that older versions read the file as well."""


def recognise(source: Source) -> bool:
    """Whether the header is the one ``write_csv`` writes."""
    return source.head.removeprefix(b"\xef\xbb\xbf").startswith(_FIRST_LINE)


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read what ``write_csv`` wrote, bit for bit."""
    text = source.bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    longest = max(map(len, text.split("\n")), default=0)
    source.claim(6 * len(text) + 70 * longest, "a table of long rows")
    source.claim_spectra(text.count("\n"))
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
    spectra: list[Spectrum] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
            if number > 1 and row:
                spectra.append(_spectrum(source, row))
    except (ValueError, KeyError, IndexError, TypeError, csv.Error) as error:
        raise FileFormatError(
            source.label, f"a damaged row ({str(error)[:80]})", "a row of our CSV", f"row {number}"
        ) from error
    require_some(source.label, spectra, [])
    return ReadResult(tuple(spectra))


def kept_whose(spectrum: Spectrum) -> dict[str, str]:
    """Return the metadata to write, with subject and structure where they are known."""
    pairs = ((SUBJECT_FIELD, spectrum.subject), (STRUCTURE_FIELD, spectrum.structure))
    return {**spectrum.metadata, **{key: text for key, text in pairs if text}}


def _spectrum(source: Source, row: list[str]) -> Spectrum:
    fields = dict(zip(FIELDS, row, strict=False))
    count = int(fields["n"])
    values = row[len(FIELDS) : len(FIELDS) + count]
    if len(values) != count:
        raise ValueError(f"{len(values)} eigenvalues, n is {count}")
    metadata = with_origin(text_mapping(fields["metadata"]), fields["source"])
    return Spectrum(
        name=fields["name"],
        eigenvalues=np.array([float(value) for value in values], np.float64),
        kind=Kind(fields["kind"]),
        area=to_size(fields["area"]),
        volume=to_size(fields["volume"]),
        source=source.path,
        key=fields["key"],
        subject=metadata.pop(SUBJECT_FIELD, ""),
        structure=metadata.pop(STRUCTURE_FIELD, ""),
        metadata=metadata,
        normalisation=Normalisation(fields["normalisation"]),
        notes=text_tuple(fields["notes"]),
    )
