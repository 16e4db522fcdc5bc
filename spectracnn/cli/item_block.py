"""Input spectra of one file without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from spectracnn.cli.inputs import InputSpectrum
from spectracnn.cli.predictions import remark
from spectracnn.core.block import SpectraBlock, column_of
from spectracnn.core.columns import Repeated
from spectracnn.printable import encodable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum


class ItemBlock(Sequence[InputSpectrum]):
    """Spectra of one file, none of them with a remark.

    Parameters
    ----------
    file : str
        As given.
    spectra : SpectraBlock
        As read.
    """

    __slots__ = ("file", "spectra")

    def __init__(self, file: str, spectra: SpectraBlock) -> None:
        self.file, self.spectra = file, spectra

    def __len__(self) -> int:
        return len(self.spectra)

    @overload
    def __getitem__(self, row: int) -> InputSpectrum: ...
    @overload
    def __getitem__(self, row: slice) -> ItemBlock: ...
    def __getitem__(self, row: int | slice) -> InputSpectrum | ItemBlock:
        if isinstance(row, slice):
            return ItemBlock(self.file, self.spectra[row])
        return InputSpectrum(self.file, self.spectra[row])


def take(items: Sequence[InputSpectrum], rows: NDArray[np.int64]) -> Sequence[InputSpectrum]:
    """Return some of the items."""
    if isinstance(items, ItemBlock):
        return ItemBlock(items.file, items.spectra.take(rows))
    return [items[row] for row in rows.tolist()]


def spectra_of(items: Sequence[InputSpectrum]) -> Sequence[Spectrum]:
    """Return the spectra."""
    return items.spectra if isinstance(items, ItemBlock) else [item.spectrum for item in items]


def files_of(items: Sequence[InputSpectrum]) -> Sequence[str]:
    """Return the file of each, fit to be written."""
    if isinstance(items, ItemBlock):
        return Repeated(encodable(items.file), len(items))
    return [encodable(item.file) for item in items]


def texts_of(items: Sequence[InputSpectrum], field: str) -> Sequence[str]:
    """Return a field of each spectrum that is text, fit to be written."""
    return _encodable(column_of(spectra_of(items), field))


def remarks_of(items: Sequence[InputSpectrum]) -> Sequence[str]:
    """Return what must stand beside whatever is said of each spectrum."""
    if isinstance(items, ItemBlock):
        return Repeated("", len(items))
    return [encodable(remark(item)) for item in items]


def _encodable(texts: Sequence[Any]) -> Sequence[str]:
    if isinstance(texts, Repeated):
        return Repeated(encodable(texts.value), len(texts))
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return [encodable(text) for text in texts]
    return texts
