"""What a reader hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from spectracnn.errors import FileFormatError
from spectracnn.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.spectrum import Spectrum

Orientation = Literal["rows", "columns"]
"""Whether each shape of a two-dimensional table is one row or one column."""


EITHER_WAY = "The other way fits as well."
"""Ends the note about a table whose orientation was assumed."""


@dataclass(frozen=True)
class ReadResult:
    """The spectra of one file, and what a person should know about how it was read.

    Parameters
    ----------
    spectra : tuple of Spectrum
        In the file's order; at least one.
    notes : tuple of str
        Sentences about the file as a whole, such as which columns were skipped. Remarks about
        one spectrum are in its own ``notes``.
    assumed_orientation : {'rows', 'columns'} or None
        How a two-dimensional table was read; None where the question does not arise.
    ambiguous : bool
        Whether the other orientation fits the numbers as well.
    """

    spectra: tuple[Spectrum, ...]
    notes: tuple[str, ...] = ()
    assumed_orientation: Orientation | None = None
    ambiguous: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(map(printable, self.notes)))


def require_some(
    path: object, spectra: Sequence[Spectrum], notes: list[str], what: str = "spectrum"
) -> None:
    """Refuse a file of whose columns or rows none is left.

    Raises
    ------
    FileFormatError
        If there is no spectrum.
    """
    if not spectra:
        found = "only skipped ones (" + " ".join(notes) + ")" if notes else "none"
        raise FileFormatError(str(path), f"no {what}: {found}", "at least one with finite numbers")
