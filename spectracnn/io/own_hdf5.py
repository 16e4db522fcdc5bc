"""The layouts of this program's own HDF5 files, read: spectra and traces."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.result import ReadResult, require_some

if TYPE_CHECKING:
    from collections.abc import Callable

    import h5py
    from numpy.typing import NDArray

    from spectracnn.io.source import Source

SPECTRA_FORMAT = "spectracnn-spectra"
SPECTRA_VERSION = 1


def read_spectra_file(source: Source, file: h5py.File) -> ReadResult:
    """Read what ``write_hdf5`` wrote, bit for bit."""
    version = int(file.attrs.get("version", 0))
    if version != SPECTRA_VERSION:
        raise FileFormatError(source.label, f"version {version}", f"version {SPECTRA_VERSION}")
    table = _table(file["eigenvalues"])
    counts = file["count"][()].tolist()
    texts = {key: _texts(file[key]) for key in ("name", "kind", "normalisation", "key", "source")}
    for key in ("subject", "structure"):  # files of older versions have neither
        texts[key] = _texts(file[key]) if key in file else [""] * len(table)
    metadata = _parsed(file["metadata"], json.loads)
    notes = _parsed(file["notes"], lambda text: tuple(json.loads(text)))
    areas, volumes = file["area"][()].tolist(), file["volume"][()].tolist()
    kinds = {text: Kind(text) for text in set(texts["kind"])}
    normalisations = {text: Normalisation(text) for text in set(texts["normalisation"])}
    spectra = [
        Spectrum(
            name=texts["name"][at],
            eigenvalues=table[at, : counts[at]],
            kind=kinds[texts["kind"][at]],
            area=_size(areas[at]),
            volume=_size(volumes[at]),
            source=source.path,
            key=texts["key"][at] or f"eigenvalues[{at}]",
            metadata=with_origin(metadata[at], texts["source"][at]),
            normalisation=normalisations[texts["normalisation"][at]],
            notes=notes[at],
            subject=texts["subject"][at],
            structure=texts["structure"][at],
        )
        for at in range(len(table))
    ]
    require_some(source.label, spectra, [])
    return ReadResult(tuple(spectra))


def read_trace_file(source: Source, file: h5py.File) -> ReadResult:
    """Read the spectra of a file of traces or attributions; all else is left alone."""
    group = file["spectra"]
    table = _table(group["eigenvalues"])
    counts = group["count"][()] if "count" in group else _lengths(table)
    names, origins = _texts(group["name"]), _texts(group["source"])
    subjects = _texts(group["subject"]) if "subject" in group else [""] * len(table)
    structures = _texts(group["structure"]) if "structure" in group else [""] * len(table)
    spectra = [
        Spectrum(
            name=names[at],
            eigenvalues=table[at, : counts[at]],
            source=source.path,
            key=f"spectra/eigenvalues[{at}]",
            metadata=with_origin({}, origins[at]),
            subject=subjects[at],
            structure=structures[at],
        )
        for at in range(len(table))
    ]
    require_some(source.label, spectra, [])
    kind = "a trace" if "layers" in file else "a file of attributions"
    return ReadResult(tuple(spectra), (f"This is {kind}: only its spectra were read.",))


def with_origin(metadata: dict[str, str], origin: str) -> dict[str, str]:
    """Keep where the values first came from, beside the file that holds them now."""
    return {"original_source": origin, **metadata} if origin else metadata


def _lengths(table: NDArray[np.float64]) -> list[int]:
    """Return where the NaN padding of each row begins."""
    finite = ~np.isnan(table)
    return [int(row.nonzero()[0][-1]) + 1 if row.any() else 0 for row in finite]


def _table(dataset: Any) -> NDArray[np.float64]:
    """Return all rows, read-only: then each spectrum is a view of its row, and not a copy."""
    table: NDArray[np.float64] = np.asarray(dataset[()], np.float64)
    table.flags.writeable = False
    return table


def _parsed(dataset: Any, parse: Callable[[str], Any]) -> list[Any]:
    """Parse each text; most are the same, and those only once."""
    texts = _texts(dataset)
    parsed = {text: parse(text) for text in set(texts)}
    return [parsed[text] for text in texts]


def _texts(dataset: Any) -> list[str]:
    return [
        item.decode("utf-8", "surrogateescape") if isinstance(item, bytes) else str(item)
        for item in dataset[()]
    ]


def _size(value: float) -> float | None:
    return None if math.isnan(value) else value


def origin(spectrum: Spectrum) -> str:
    """Return the path to write as a spectrum's origin; empty when it is unknown."""
    if "original_source" in spectrum.metadata:
        return ""  # already kept with the metadata, and older
    return str(Path(spectrum.source)) if spectrum.source is not None else ""
