"""What the reading thread does with each file: its spectra, part by part, or a sentence."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.core.progress import Progress
from spectracnn.errors import FileFormatError, SpectraCNNError
from spectracnn.io.result import EITHER_WAY, ReadResult
from spectracnn.jobs.attempt import attempt
from spectracnn.jobs.errors import UnexpectedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.result import Orientation

LARGEST_BATCH = 1024
"""So many are shown without a pause that is felt; more wait until these are shown."""


@dataclass(frozen=True, eq=False)
class ReadJob:
    """Files and folders to read, as they were dropped, or text that was pasted."""

    paths: tuple[Path, ...]
    orientation: Orientation | None = None
    text: str = ""
    progress: Progress = field(default_factory=Progress)


@dataclass(eq=False)
class ReadBatch:
    """What came out of some of a job's files."""

    spectra: list[Spectrum] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ambiguous: list[tuple[Path, str]] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    models: list[Path] = field(default_factory=list)
    meshes: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class StudyFiles:
    """What paths stand for.

    Parameters
    ----------
    files : tuple of Path
        To be read, in order.
    tables : tuple of Path
        Of participants: they stand beside the spectra and hold none.
    """

    files: tuple[Path, ...]
    tables: tuple[Path, ...] = ()


def files_of(paths: Iterable[Path]) -> StudyFiles:
    """Return these files, those in folders, those of patterns, and those that tables list."""
    from spectracnn import io
    from spectracnn.io.study import (
        is_participants_name,
        listed_files,
        matching,
        participants_beside,
    )

    files: list[Path] = []
    tables: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = list(io.find_files(path))
            beside = participants_beside(path)
            tables += [beside] if beside is not None else []
        elif matched := matching(str(path)):
            found = [Path(name) for name in matched]
        elif listed := listed_files(str(path)):
            tables.append(path)
            found = [Path(name) for name in listed]
        else:
            found = [path]
        tables += [item for item in found if is_participants_name(item)]
        files += [item for item in found if not is_participants_name(item)]
    return StudyFiles(tuple(files), tuple(dict.fromkeys(tables)))


def is_model(path: Path) -> bool:
    """Whether a file is a network."""
    from spectracnn import io

    return io.is_model(path)


def is_mesh(path: Path) -> bool:
    """Whether a file is a mesh, whose spectrum must be computed."""
    from spectracnn.geometry.formats import is_mesh

    try:
        return is_mesh(path)
    except (OSError, ValueError, SpectraCNNError):  # its reader says so in a sentence
        return False


def read_text(batch: ReadBatch, text: str) -> None:
    """Add the spectra of pasted text, or say why there are none."""
    from spectracnn import io

    try:
        batch.spectra.extend(io.read_text(text, name="pasted numbers").spectra)
    except SpectraCNNError as error:
        batch.failures.append(f"The clipboard cannot be read as a spectrum: {error.message}")


def parts_of(path: Path, job: ReadJob) -> Iterator[ReadResult]:
    """Give what is in a file, of a large one of many spectra some rows at a time.

    Values of large files stay there; of many small ones they go to a file of ours.
    """
    from spectracnn import io
    from spectracnn.io.store import spectrum_store

    store = spectrum_store()
    slices = io.open_slices(path, job.orientation)
    if slices is None:
        whole = io.read_file(path, orientation=job.orientation)
        for start in range(0, len(whole.spectra), LARGEST_BATCH):
            job.progress.update(0)
            part = tuple(store.kept(whole.spectra[start : start + LARGEST_BATCH]))
            yield ReadResult(part) if start else replace(whole, spectra=part)
        return
    with closing(slices):
        parts = store.parts_of(slices, path, LARGEST_BATCH)
        for number, (spectra, notes) in enumerate(parts):
            job.progress.update(0)
            if number:
                yield ReadResult(tuple(spectra), notes)
            else:
                lies = (slices.assumed_orientation, slices.ambiguous)
                yield ReadResult(tuple(spectra), (*slices.notes, *notes), *lies)


def _next_part(path: Path, parts: Iterator[ReadResult]) -> ReadResult | None:
    try:
        return next(parts, None)
    except OSError as error:
        reason = error.strerror or error
        raise SpectraCNNError(f"{path.name}: cannot be read ({reason}).") from error


def read_into(batch: ReadBatch, path: Path, parts: Iterator[ReadResult]) -> bool:
    """Add the next part of a file, or say why there is none; return whether there may be more."""
    result = attempt(partial(_next_part, path, parts), f"Reading {path}")
    if isinstance(result, SpectraCNNError):
        named = isinstance(result, FileFormatError | UnexpectedError)
        words = f"{path.name}: {result.message} {result.hint}".strip() if named else result.message
        batch.failures.append(words)
        return False
    if result is None:
        batch.read.append(path)
        return False
    batch.spectra.extend(result.spectra)
    # Of a table that could lie either way, the window says so with a button.
    notes = [note for note in result.notes if not note.endswith(EITHER_WAY)]
    batch.notes.extend(f"{path.name}: {note}" for note in notes)
    if result.ambiguous:
        batch.ambiguous.append((path, result.assumed_orientation or "columns"))
    return True
