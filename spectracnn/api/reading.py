"""Reading spectra for notebooks and scripts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn import io
from spectracnn.errors import FileFormatError
from spectracnn.geometry.formats import is_mesh
from spectracnn.resources import sample_spectra

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spectracnn.core.spectrum import Spectrum


def read(
    path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    orientation: io.Orientation | None = None,
) -> list[Spectrum]:
    """Read the spectra of a file, of all files in a folder, or of several of these.

    Parameters
    ----------
    path : path, or iterable of paths
        Files in any of the formats of ``docs/formats.md``, and folders. The spectrum of a mesh is
        computed.
    orientation : {'rows', 'columns'}, optional
        Where the spectra of a plain table of numbers stand, which it may not say itself.

    Returns
    -------
    list of Spectrum
        In the order of the files, and of the spectra in them.

    Raises
    ------
    SpectraCNNError
        If a file cannot be read; the sentence names file and place.
    OSError
        If there is no such file.

    Examples
    --------
    >>> import spectracnn as sc
    >>> len(sc.read(sc.samples()[:3]))
    3
    """
    paths = [path] if isinstance(path, str | os.PathLike) else path
    found: list[Spectrum] = []
    for item in map(Path, paths):
        for file in io.find_files(item) if item.is_dir() else [item]:
            found += _read(file, orientation)
    return found


def pick(path: str | os.PathLike[str], wanted: Sequence[tuple[str, str]]) -> list[Spectrum]:
    """Read single spectra of a file that holds several.

    Parameters
    ----------
    path : path
        The file.
    wanted : sequence of (str, str)
        Name and key of each spectrum, as `Spectrum` has them.

    Returns
    -------
    list of Spectrum
        In this order.

    Raises
    ------
    SpectraCNNError
        If the file cannot be read, or does not hold one of them.
    OSError
        If there is no such file.

    Examples
    --------
    >>> import spectracnn as sc
    >>> first = sc.read(sc.samples()[0])[0]
    >>> sc.pick(first.source, [(first.name, first.key)])[0].name == first.name
    True
    """
    file = Path(path)
    orientations: tuple[io.Orientation | None, ...] = (None, "rows", "columns")
    for orientation in orientations:  # a table may have been read the other way
        try:
            known = {(one.name, one.key): one for one in _read(file, orientation)}
        except FileFormatError:
            if orientation is None:
                raise
            continue
        if all(pair in known for pair in wanted):
            return [known[pair] for pair in wanted]
    names = ", ".join(name for name, _ in wanted[:3])
    raise FileFormatError(file, "no such spectrum", f"the spectra {names}")


def _read(file: Path, orientation: io.Orientation | None) -> Sequence[Spectrum]:
    if not is_mesh(file):
        return io.read_file(file, orientation=orientation).spectra
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.solve import as_spectrum

    return (as_spectrum(compute(SolveRequest(file, SolveOptions(), fit=True))),)


def samples() -> list[Path]:
    """Return the files of the bundled sample spectra."""
    return sample_spectra()
