"""Writers: ``.ev``, CSV and HDF5. Each re-reads bit for bit, and leaves no half file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.spectrum import Kind, Normalisation
from spectracnn.errors import ExportError
from spectracnn.io.own_csv import FIELDS, kept_whose
from spectracnn.io.own_hdf5 import SPECTRA_FORMAT, SPECTRA_VERSION, origin
from spectracnn.io.steady_file import new_hdf5

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

_WHOLE_KEYS = ("Refine", "Degree", "Dimension", "Elements", "DoF", "EulerChar")
_LAPY_KEYS = {"Creator", "File", "User", "NumEW", "BLength", *_WHOLE_KEYS}


def write_ev(
    spectrum: Spectrum, path: str | Path, eigenvectors: NDArray[np.float64] | None = None
) -> None:
    """Write one spectrum as ``.ev``, which LaPy reads as well.

    LaPy's reader cannot take text in ``Creator``, ``File`` and ``User``, so these lines are left
    out; fields that the format lacks (``Name``, ``Kind``) are lines that LaPy skips.

    Parameters
    ----------
    spectrum : Spectrum
        Any.
    path : str or Path
        The file to write.
    eigenvectors : ndarray, shape (n_vertices, n), optional
        Written behind the eigenvalues.

    Raises
    ------
    ExportError
        If it cannot be written; nothing is left behind.
    """
    lines = [f" Name: {_one_line(spectrum.name)}"]
    if spectrum.kind is not Kind.UNKNOWN:
        lines.append(f" Kind: {spectrum.kind.value}")
    if spectrum.normalisation is not Normalisation.UNKNOWN:
        lines.append(f" Normalisation: {spectrum.normalisation.value}")
    for key, value in spectrum.metadata.items():
        if _is_writable(key, value):
            lines.append(f" {key}: {_one_line(value)}")
    lines.append(f" NumEW: {len(spectrum)}")
    if spectrum.area is not None:
        lines.append(f" Area: {float(spectrum.area)!r}")
    if spectrum.volume is not None:
        lines.append(f" Volume: {float(spectrum.volume)!r}")
    values = " ; ".join(map(repr, spectrum.eigenvalues.tolist()))
    text = "\n".join([*lines, "", "Eigenvalues:", f"{{ {values} }}", ""])
    with atomic_path(Path(path)) as temporary:
        temporary.write_bytes(text.encode("utf-8", "surrogateescape"))
        if eigenvectors is not None:
            with temporary.open("a", encoding="ascii") as stream:
                _write_vectors(stream, eigenvectors)


def _write_vectors(stream: TextIO, vectors: NDArray[np.float64]) -> None:
    """Write eigenvectors as LaPy does, one in brackets after the other."""
    stream.write(f"Eigenvectors:\nsizes: {len(vectors)} {vectors.shape[1]}\n{{ ")
    for place, vector in enumerate(vectors.T):
        stream.write(" ;\n" if place else "")
        stream.write(f"({','.join(map(repr, vector.tolist()))})")
    stream.write(" }\n")


def write_csv(spectra: Collection[Spectrum], path: str | Path) -> None:
    """Write spectra as CSV, one per row, with every field.

    Raises
    ------
    ExportError
        If it cannot be written; nothing is left behind.
    """
    longest = max((len(spectrum) for spectrum in spectra), default=0)
    with (
        atomic_path(Path(path)) as temporary,
        temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream,
    ):
        # This line end makes the writer quote both of its characters inside a name.
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*FIELDS, *(f"ev{place}" for place in range(longest))])
        for spectrum in spectra:
            writer.writerow(
                [
                    _no_nul(spectrum.name),
                    spectrum.kind.value,
                    _size(spectrum.area),
                    _size(spectrum.volume),
                    spectrum.normalisation.value,
                    _no_nul(spectrum.key),
                    _no_nul(origin(spectrum)),
                    json.dumps(kept_whose(spectrum)),
                    json.dumps(list(spectrum.notes)),
                    len(spectrum),
                    *map(repr, spectrum.eigenvalues.tolist()),
                ]
            )


def write_hdf5(spectra: Sequence[Spectrum], path: str | Path) -> None:
    """Write spectra as HDF5, one per row of ``/eigenvalues``, NaN-padded, with every field.

    ``/count`` holds how many values of each row are the spectrum's.

    Raises
    ------
    ExportError
        If it cannot be written; nothing is left behind.
    """
    import h5py

    longest = max((len(spectrum) for spectrum in spectra), default=0)
    table = np.full((len(spectra), longest), np.nan)
    for row, spectrum in zip(table, spectra, strict=True):
        row[: len(spectrum)] = spectrum.eigenvalues
    texts = {
        "name": [spectrum.name for spectrum in spectra],
        "kind": [spectrum.kind.value for spectrum in spectra],
        "normalisation": [spectrum.normalisation.value for spectrum in spectra],
        "key": [spectrum.key for spectrum in spectra],
        "source": [origin(spectrum) for spectrum in spectra],
        "metadata": [json.dumps(dict(spectrum.metadata)) for spectrum in spectra],
        "notes": [json.dumps(list(spectrum.notes)) for spectrum in spectra],
        "subject": [spectrum.subject for spectrum in spectra],
        "structure": [spectrum.structure for spectrum in spectra],
    }
    with atomic_path(Path(path)) as temporary:
        try:
            with new_hdf5(temporary) as file:
                file.attrs["format"] = SPECTRA_FORMAT
                file.attrs["version"] = SPECTRA_VERSION
                file["eigenvalues"] = table
                file["count"] = np.array([len(spectrum) for spectrum in spectra], np.int64)
                for key in ("area", "volume"):
                    sizes = [getattr(spectrum, key) for spectrum in spectra]
                    file[key] = np.array([np.nan if s is None else s for s in sizes], np.float64)
                for key, column in texts.items():
                    file.create_dataset(key, data=to_bytes(column), dtype=h5py.string_dtype())
        except (RuntimeError, ValueError) as error:
            raise ExportError(f"{path}: cannot be written ({error}).") from error


def to_bytes(texts: Sequence[str]) -> np.ndarray:
    """Return texts as UTF-8 bytes that HDF5 takes; file names may hold bytes that are no text."""
    if "\0" in "".join(texts):
        texts = [_no_nul(text) for text in texts]
    encoded = [text.encode("utf-8", "surrogateescape") for text in texts]
    array = np.empty(len(encoded), object)
    array[:] = encoded
    return array


def _no_nul(text: str) -> str:
    return text.replace("\0", "\ufffd")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _size(value: float | None) -> str:
    return "" if value is None or np.isnan(value) else repr(float(value))


def _is_writable(key: str, value: str) -> bool:
    """Whether a line of this key reads back in LaPy and here."""
    word = key.strip()
    if not word or ":" in word or "\n" in word or word.lower().startswith("eigenv"):
        return False
    if word in {"Name", "Kind", "Normalisation", "Area", "Volume"}:
        return False
    if word in _WHOLE_KEYS:
        return value.strip().lstrip("+-").isdecimal()
    return word not in _LAPY_KEYS
