"""Which reader takes which file: by content first, by name second."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import FileFormatError, SpectrumError
from spectracnn.io import (
    brainlife,
    brainprint,
    ev,
    hdf5,
    mat,
    mindboggle,
    numpy_files,
    own_csv,
    parquet,
    pickles,
    table,
)
from spectracnn.io.folders import walk_files
from spectracnn.io.refusals import refuse_known
from spectracnn.io.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.result import Orientation, ReadResult

TEXT_SUFFIXES = (".ev", ".csv", ".tsv", ".txt", ".dat", ".json")
BINARY_SUFFIXES: tuple[str, ...] = (
    ".npy",
    ".npz",
    ".h5",
    ".hdf5",
    ".mat",
    ".p",
    ".pk",
    ".pkl",
    ".pickle",
)
BINARY_SUFFIXES += (".parquet", ".pq")


@dataclass(frozen=True)
class Format:
    """One format.

    Parameters
    ----------
    name : str
        For people.
    recognise : callable
        Whether a source is of it.
    read : callable
        The reader.
    """

    name: str
    recognise: Callable[[Source], bool]
    read: Callable[[Source, Orientation | None], ReadResult]


BINARY_FORMATS = (
    Format("MATLAB .mat", mat.recognise, mat.read),
    Format("NumPy .npy", numpy_files.recognise_npy, numpy_files.read_npy),
    Format("NumPy .npz", numpy_files.recognise_zip, numpy_files.read_zip),
    Format("HDF5", hdf5.recognise, hdf5.read),
    Format("Parquet", parquet.is_parquet, parquet.read),
)
TEXT_FORMATS = (
    Format("ShapeDNA .ev", ev.recognise_cut, ev.read),
    Format("SpectraCNN CSV", own_csv.recognise, own_csv.read),
    Format("Mindboggle table", mindboggle.recognise, mindboggle.read),
    Format("BrainPrint table", brainprint.recognise, brainprint.read),
    Format("JSON", brainlife.recognise, brainlife.read),
)
_PICKLE = Format("pickle", pickles.recognise, pickles.read)
_LEFT_OVER = Format("text table", lambda source: True, table.read)


def choose(source: Source) -> tuple[Source, Format]:
    """Find the format of a source.

    Returns
    -------
    source : Source
        The same, in UTF-8 if it is text.
    format : Format
        How to read it.

    Raises
    ------
    FileFormatError
        If it is of a kind that holds no spectrum, such as a mesh or an image.
    """
    # The commonest first: a line that starts with 'Eigenvalues:' stands in no other file.
    if ev.recognise(source):
        return source, TEXT_FORMATS[0]
    for candidate in BINARY_FORMATS:
        if candidate.recognise(source):
            return source, candidate
    refuse_known(source)
    if _PICKLE.recognise(source):
        return source, _PICKLE
    source = source.as_utf8()
    if not source.head.removeprefix(b"\xef\xbb\xbf").strip() and not source.text().strip():
        raise FileFormatError(source.label, "only blanks", "numbers")
    for candidate in TEXT_FORMATS:
        if candidate.recognise(source):
            return source, candidate
    if source.file_name.endswith(".ev") and source.data is None:
        return source, TEXT_FORMATS[0]
    return source, _LEFT_OVER


def read_source(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read an opened source.

    Raises
    ------
    FileFormatError
        If it holds no spectrum; the only expected error.
    """
    try:
        source, form = choose(source)
        # Infinite and huge numbers are kept and flagged, not warned of.
        with np.errstate(over="ignore", invalid="ignore"):
            return form.read(source, orientation)
    except SpectrumError as error:
        raise FileFormatError(
            source.label, "no finite number", "at least one finite eigenvalue"
        ) from error
    except (MemoryError, RecursionError, OverflowError, SystemError, struct.error) as error:
        raise FileFormatError(
            source.label, f"values that do not fit ({type(error).__name__})", "a spectrum"
        ) from error
    except OSError as error:
        raise FileFormatError(
            source.label, f"a file that cannot be read ({error.strerror or error})", "a whole file"
        ) from error


def read_file(path: str | Path, *, orientation: Orientation | None = None) -> ReadResult:
    """Read all spectra of a file, with what a person should know about the reading.

    Parameters
    ----------
    path : str or Path
        Any format of ``docs/formats.md``.
    orientation : {'rows', 'columns'}, optional
        How the shapes of a two-dimensional table lie; found out when not given.

    Returns
    -------
    ReadResult
        At least one spectrum.

    Raises
    ------
    FileFormatError
        If the file cannot be read, or holds no spectrum.
    """
    path = path if isinstance(path, Path) else Path(path)
    return read_source(Source.of_file(path), orientation)


def read(path: str | Path) -> list[Spectrum]:
    """Read all spectra of a file.

    Values are exactly those of the file, in its order.

    Raises
    ------
    FileFormatError
        If the file cannot be read, or holds no spectrum.
    """
    return list(read_file(path).spectra)


def read_text(
    text: str | bytes, name: str = "pasted numbers", orientation: Orientation | None = None
) -> ReadResult:
    """Read spectra from text, such as the clipboard's; bytes are decoded as a file's.

    Raises
    ------
    FileFormatError
        If the text holds no spectrum; its ``path`` is the name.
    """
    if not text.strip():
        raise FileFormatError(name, "no text", "numbers")
    return read_source(Source.of_text(text, name), orientation)


def is_supported_suffix(path: str | Path) -> bool:
    """Whether a file's name is one of a spectrum file; a model's card is none."""
    name = Path(path).name.lower()
    if name.endswith(".card.json"):
        return False
    if name.endswith(".gz"):
        return name.removesuffix(".gz").endswith(TEXT_SUFFIXES)
    return name.endswith(TEXT_SUFFIXES + BINARY_SUFFIXES)


def is_study_file(name: str) -> bool:
    """Whether a file of this name describes a study in the manner of BIDS, and holds no spectra."""
    lower = name.lower()
    return lower.removesuffix(".gz").rpartition(".")[0] in {
        "participants",
        "dataset_description",
    } or lower.endswith(("_sessions.tsv", "_scans.tsv"))


def find_files(folder: str | Path) -> Iterator[Path]:
    """Give the spectrum files in a folder and the folders in it, sorted.

    Hidden files and folders are left out, and links to folders are not followed.
    """
    for path in walk_files(folder):
        name = os.path.basename(path)
        if not name.startswith(".") and is_supported_suffix(name) and not is_study_file(name):
            yield Path(path)
