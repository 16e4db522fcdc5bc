"""Solved meshes on disk while ``spectracnn spectrum`` runs: a line each, and eigenfunctions."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from spectracnn.cli.batch.journal import sidecar
from spectracnn.cli.stems import unique_stem
from spectracnn.core.atomic import atomic_path
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.errors import ExportError
from spectracnn.io.steady_file import new_hdf5
from spectracnn.io.write import write_ev

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from spectracnn.geometry.solve import Solution

SHAPES = ".shapes.h5"
"""Ending of a part's file of vertices, cells and eigenfunctions."""

_KEYS = ("vertices", "cells", "eigenfunctions")


def record_of(file: str, solution: Solution) -> dict[str, Any]:
    """Return what the JSON says of a mesh."""
    report = solution.report
    return {
        "file": file,
        "n": len(solution.eigenvalues),
        "area": report.area,
        "volume": report.volume,
        "kind": solution.mesh.kind.value,
        "n_vertices": report.n_vertices,
        "repairs": list(report.repairs),
        "warnings": list(report.warnings),
        "seconds": solution.seconds,
    }


def spectrum_line(
    spectrum: Spectrum, about: Mapping[str, Any], cells: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a line of a part: the spectrum, what is printed of it, and its row of the table."""
    return {
        "about": about,
        "table": cells,
        "name": spectrum.name,
        "kind": spectrum.kind.value,
        "area": spectrum.area,
        "volume": spectrum.volume,
        "source": str(spectrum.source) if spectrum.source is not None else "",
        "metadata": dict(spectrum.metadata),
        "eigenvalues": spectrum.eigenvalues.tolist(),
    }


def spectrum_of(record: Mapping[str, Any]) -> Spectrum:
    """Return the spectrum of a line; the table's cells stand among its metadata."""
    cells = {name: str(cell) for name, cell in record["table"].items() if cell not in (None, "")}
    return Spectrum(
        name=record["name"],
        eigenvalues=np.array(record["eigenvalues"]),
        kind=Kind(record["kind"]),
        area=record["area"],
        volume=record["volume"],
        source=Path(record["source"]) if record["source"] else None,
        metadata={**cells, **record["metadata"]},
        normalisation=Normalisation.RAW,
    )


def records(parts: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Give the lines of all parts."""
    for part in parts:
        with part.open(encoding="ascii") as stream:
            yield from map(json.loads, stream)


class PartSpectra(Collection[Spectrum]):
    """The spectra of parts, read again each time that they are gone through."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self._parts = parts
        self._count = sum(1 for _ in records(parts))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Spectrum]:
        return map(spectrum_of, records(self._parts))

    def __contains__(self, item: object) -> bool:
        return any(spectrum is item for spectrum in self)


class LinesWriter:
    """Writes a part's lines; the file appears under its name when the block succeeds.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        temporary = self._stack.enter_context(atomic_path(self._path))
        self._stream = self._stack.enter_context(temporary.open("w", encoding="ascii"))
        return self

    def append(self, line: Mapping[str, Any]) -> None:
        """Write a line.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        try:
            self._stream.write(f"{json.dumps(line)}\n")
            self._stream.flush()
        except OSError as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)


class ShapesWriter:
    """Writes eigenfunctions with their meshes, one after the other.

    Parameters
    ----------
    path : Path
        The file, which appears under its name when the block succeeds.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()
        self._count = 0

    def __enter__(self) -> Self:
        temporary = self._stack.enter_context(atomic_path(self._path))
        self._file = self._stack.enter_context(new_hdf5(temporary))
        return self

    def append(self, solution: Solution) -> None:
        """Write one mesh.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        arrays = (solution.mesh.vertices, solution.mesh.cells, solution.eigenfunctions)
        try:
            for key, array in zip(_KEYS, arrays, strict=True):
                self._file[f"shapes/{self._count}/{key}"] = array
        except (OSError, RuntimeError) as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error
        self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)


def write_folder(parts: Sequence[Path], out: Path, *, with_shapes: bool) -> None:
    """Write ``NAME.ev`` of each spectrum."""
    taken: set[str] = set()
    for part in parts:
        with ExitStack() as stack:
            shapes = None
            if with_shapes:
                import h5py

                shapes = stack.enter_context(h5py.File(sidecar(part, SHAPES), "r"))
            for place, spectrum in enumerate(PartSpectra([part])):
                vectors: NDArray[np.float64] | None = None
                if shapes is not None:
                    vectors = shapes[f"shapes/{place}/eigenfunctions"][()]
                write_ev(spectrum, out / f"{unique_stem(spectrum.name, taken)}.ev", vectors)


def add_shapes(out: Path, parts: Sequence[Path]) -> None:
    """Put the eigenfunctions of all parts into a file of their spectra.

    Raises
    ------
    ExportError
        If the disk does not take them.
    """
    import h5py

    try:
        with h5py.File(out, "a") as file:
            place = 0
            for part in parts:
                with h5py.File(sidecar(part, SHAPES), "r") as shapes:
                    for own in range(len(shapes["shapes"])):
                        shapes.copy(f"shapes/{own}", file, name=f"shapes/{place}")
                        place += 1
    except (OSError, RuntimeError) as error:
        raise ExportError(f"{out}: cannot be written ({error}).") from error


def takes_an_input(out: Path, files: Sequence[str], stems: Sequence[str]) -> str:
    """Return an input that the files of a folder would replace; empty if none is."""
    known = {os.path.realpath(file): file for file in files}
    taken: set[str] = set()
    for stem in stems:
        found = known.get(os.path.realpath(out / f"{unique_stem(stem, taken)}.ev"))
        if found is not None:
            return found
    return ""
