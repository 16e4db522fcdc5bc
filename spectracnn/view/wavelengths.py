"""Eigenvalues read as wavelengths, in the unit of the shape that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind, Normalisation

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum

_IN_MM = (".gii", ".gii.gz")


def wavelength(eigenvalue: float) -> float:
    """Return 2 pi / sqrt(lambda) in the mesh's unit; infinite for a zero."""
    return float(2 * np.pi / np.sqrt(eigenvalue)) if eigenvalue > 0 else float("inf")


def length_unit(source: Path | None) -> str:
    """Return the unit of a file's coordinates: GIFTI and FreeSurfer write mm, others do not say.

    Examples
    --------
    >>> from pathlib import Path
    >>> length_unit(Path("lh.pial")), length_unit(Path("a.off"))
    ('mm', '')
    """
    if source is None:
        return ""
    name = source.name.lower()
    return "mm" if name.endswith(_IN_MM) or name.startswith(("lh.", "rh.")) else ""


def wavelength_words(spectrum: Spectrum, place: int) -> str:
    """Return the wavelength of one eigenvalue; empty for zeros and where no unit can be meant.

    Values that are known to be normalised have lost the shape's unit.
    """
    if spectrum.normalisation is Normalisation.NORMALISED or not 0 <= place < len(spectrum):
        return ""
    value = float(spectrum.eigenvalues[place])
    count = max(len(spectrum), 1)
    largest = float(np.nanmax(np.abs(spectrum.eigenvalues)))
    # Zeros of a solver are numbers of any sign; none of them has a wavelength.
    if not np.isfinite(value) or value <= 1e-3 * largest / count:
        return ""
    unit = length_unit(spectrum.source) or (
        "in the shape's unit" if spectrum.kind is not Kind.UNKNOWN else "in the file's unit"
    )
    return f"wavelength {wavelength(value):.4g} {unit}"
