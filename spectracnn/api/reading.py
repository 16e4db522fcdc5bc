"""Reading spectra for notebooks and scripts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn import io
from spectracnn.resources import sample_spectra

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        Files in any of the formats of ``docs/formats.md``, and folders.
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
            found += io.read_file(file, orientation=orientation).spectra
    return found


def samples() -> list[Path]:
    """Return the files of the bundled sample spectra."""
    return sample_spectra()
