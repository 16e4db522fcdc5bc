"""Arguments to spectra: folders are opened, files are read one by one, failures are reported."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn import io
from spectracnn.errors import FileFormatError, SpectraCNNError
from spectracnn.geometry.formats import is_mesh, is_mesh_name
from spectracnn.io.folders import walk_files
from spectracnn.io.study import listed_files, matching

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from spectracnn.cli.reporting import Reporter
    from spectracnn.core.spectrum import Spectrum

STDIN = "-"


@dataclass(frozen=True, eq=False)
class InputSpectrum:
    """A spectrum, and the file as the person wrote it.

    Parameters
    ----------
    file : str
        As given.
    spectrum : Spectrum
        As read.
    reason : str
        Why it is plainly no spectrum, where it is taken all the same.
    reader : str
        Which network read it, where it was not the usual one.
    """

    file: str
    spectrum: Spectrum
    reason: str = ""
    reader: str = ""


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every command that reads spectra."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILES",
        help="files of spectra in any format, or meshes, whose spectra are computed; folders are "
        "searched; - reads text from stdin",
    )
    parser.add_argument(
        "--orientation",
        choices=("rows", "columns"),
        help="whether rows or columns are shapes (default: detected, reported if ambiguous)",
    )


def is_input(argument: str) -> bool:
    """Return whether an argument names something to read: stdin, what exists, or a pattern."""
    return argument == STDIN or os.path.exists(argument) or bool(matching(argument))


def expand(arguments: Sequence[str], reporter: Reporter) -> list[str]:
    """Return the files that the arguments name, those of folders included."""
    files: list[str] = []
    for argument in arguments:
        if argument == STDIN or not os.path.isdir(argument):
            files += matching(argument) or listed_files(argument) or [argument]
            continue
        found = [str(path) for path in io.find_files(argument)] or mesh_files(argument)
        if not found:
            reporter.fail(argument, "the folder holds no file of spectra.")
        files += found
    return files


def read_all(
    files: Sequence[str],
    orientation: io.Orientation | None,
    reporter: Reporter,
    advance: Callable[[int], None] = lambda steps: None,
) -> Iterator[InputSpectrum]:
    """Read file after file as the spectra are asked for.

    Parameters
    ----------
    files : sequence of str
        From :func:`expand`.
    orientation : {'rows', 'columns'} or None
        For tables; None finds out.
    reporter : Reporter
        Told of each file that cannot be read.
    advance : callable
        Called with 1 after each file.

    Yields
    ------
    Item
        One a spectrum.
    """
    for file in files:
        try:
            result = _read(file, orientation)
        except SpectraCNNError as error:
            reporter.fail(file, f"{error} {error.hint}")
            advance(1)
            continue
        if result.ambiguous and orientation is None and result.assumed_orientation:
            reporter.note(file, assumption(result.assumed_orientation))
        for note in result.notes:
            reporter.note(file, note)
        reported: set[str] = set()
        for spectrum in result.spectra:
            for note in spectrum.notes:
                if note == spectrum.cut_off:
                    reporter.doubt(file, f"{spectrum.name}: {note}")
                elif note not in reported:  # a table of thousands says the same of each
                    reported.add(note)
                    reporter.note(file, f"{spectrum.name}: {note}")
            yield InputSpectrum(file, spectrum)
        advance(1)


def mesh_files(folder: str) -> list[str]:
    """Return the files in a folder and the folders in it that are called like meshes, sorted."""
    return [path for path in walk_files(folder) if is_mesh_name(os.path.basename(path))]


def _computed(file: str) -> io.ReadResult:
    """Compute the spectrum of a mesh, with the options of ``spectracnn spectrum``."""
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.solve import as_spectrum

    found = compute(SolveRequest(Path(file), SolveOptions(), fit=True))
    remarks = (*found.report.repairs, *found.report.warnings)
    return io.ReadResult((as_spectrum(found),), remarks)


def _read(file: str, orientation: io.Orientation | None) -> io.ReadResult:
    if file != STDIN and is_mesh(file):
        return _computed(file)
    if file == STDIN:
        return io.read_text(_stdin_text(), "stdin", orientation)
    return io.read_file(Path(file), orientation=orientation)


def _stdin_text() -> str | bytes:
    """Return all of stdin, and no more than is read of a file: it may have no end."""
    stream = getattr(sys.stdin, "buffer", sys.stdin)
    data: str | bytes = stream.read(io.TEXT_LIMIT + 1)
    if len(data) > io.TEXT_LIMIT:
        raise FileFormatError(
            STDIN, f"more than {io.TEXT_LIMIT >> 20} MB of text", "a smaller table"
        )
    return data


def assumption(assumed: io.Orientation) -> str:
    """Return the remark that says which way a table was read."""
    other = "columns" if assumed == "rows" else "rows"
    return (
        f"each {assumed.removesuffix('s')} of the table was read as one shape; "
        f"give --orientation {other} for the other way."
    )
