"""Which spectra belong to one subject."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum

_NUMBERED = re.compile(r"subject \d+")

SubjectKey = tuple[str, "Path | None"]


def numbered_subject(place: int) -> str:
    """Return what to call a subject whose name the file does not give; the first is 1."""
    return f"subject {place + 1}"


def subject_keys(spectra: Sequence[Spectrum]) -> list[SubjectKey]:
    """Return for each spectrum what it has in common with those of the same subject only.

    Without a name of the subject, spectra of one file belong together. With one, those of one file
    do too, if there are several; a subject may also have a file for each structure. Numbers are
    names within one file.

    Parameters
    ----------
    spectra : sequence of Spectrum
        From any number of files.

    Returns
    -------
    list of (str, Path or None)
        Parallel to the spectra.
    """
    counts = Counter((spectrum.subject, spectrum.source) for spectrum in spectra)
    keys: list[SubjectKey] = []
    for spectrum in spectra:
        own = (spectrum.subject, spectrum.source)
        apart = not spectrum.subject or counts[own] > 1 or _NUMBERED.fullmatch(spectrum.subject)
        keys.append(own if apart else (spectrum.subject, None))
    return keys
