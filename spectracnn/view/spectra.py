"""The spectrum plot: curves, axes, and what of them cannot be drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.steps import DropZeros, FixSign, Sort, Step, Working
from spectracnn.core.weyl import weyl_eigenvalues
from spectracnn.errors import SpectraCNNError, SpectrumError
from spectracnn.view.contents import Curve, Range, SpectrumPicture
from spectracnn.view.scales import INDEX_LOG, LINEAR, value_scale
from spectracnn.view.selection import SpectrumMode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.view.document import Document
    from spectracnn.view.selection import Selection

XY = tuple["NDArray[np.float64]", "NDArray[np.float64]"]

VALUE_LABELS = {
    SpectrumMode.RAW: "eigenvalue \u03bb",
    SpectrumMode.UNIT_AREA: "A\u00b7\u03bb (unit area)",
    SpectrumMode.WEYL: "\u03bb / Weyl's law",
    SpectrumMode.MODEL_INPUT: "model's input",
}


def _points(spectrum: Spectrum, mode: SpectrumMode, card: ModelCard | None) -> XY:
    """Return index and value of each point to draw.

    Raises
    ------
    SpectraCNNError
        If this spectrum lacks what the mode needs.
    """
    if mode is SpectrumMode.MODEL_INPUT:
        if card is None:
            raise SpectrumError(f"{spectrum.name}: no model is open yet.")
        working = card.preprocessing.apply(spectrum)
        return input_positions(working.positions), working.values
    working = Working.start(spectrum)
    if mode is SpectrumMode.RAW:
        return working.positions.astype(np.float64), working.values
    return _scaled(working, spectrum, mode)


def _scaled(working: Working, spectrum: Spectrum, mode: SpectrumMode) -> XY:
    steps: tuple[Step, ...] = (FixSign(), Sort())
    if mode is SpectrumMode.WEYL:
        steps = (*steps, DropZeros())
    for step in steps:
        working = step.apply(working)
    solid = spectrum.kind is Kind.SOLID
    size = spectrum.volume if solid else spectrum.area
    if size is None or not size > 0:
        lacking = "volume" if solid else "area"
        raise SpectrumError(f"{spectrum.name}: the file gives no {lacking}.")
    index = input_positions(working.positions)
    if mode is SpectrumMode.UNIT_AREA:
        return index, working.values * (size ** (2 / 3) if solid else size)
    mode_number = np.maximum(working.mode, 1)
    expected = weyl_eigenvalues(mode_number, size, Kind.SOLID if solid else Kind.SURFACE)
    return index, working.values / expected


def input_positions(positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the index-axis position of each sample of a processed spectrum, ascending.

    Where the file was sorted, this is the eigenvalue's index in the file. A file in another order
    was sorted first, so samples stand at their rank instead, after the values that were dropped.

    Parameters
    ----------
    positions : ndarray, shape (n,), int64
        Index in the file of each sample.

    Returns
    -------
    ndarray, shape (n,), float64
        Strictly ascending.
    """
    ascending = positions.astype(np.float64)
    if (np.diff(positions) > 0).all():
        return ascending
    return np.arange(positions.size, dtype=np.float64) + float(positions.min())


@lru_cache(maxsize=4096)
def cached_points(
    spectrum: Spectrum, mode: SpectrumMode, card: ModelCard | None
) -> XY | SpectraCNNError:
    """Return the points of one spectrum, or why there are none; computed once."""
    try:
        return _points(spectrum, mode, card)
    except SpectraCNNError as error:
        return error


@lru_cache(maxsize=8)
def _picture(
    spectra: tuple[tuple[int, Spectrum], ...],
    current: int | None,
    mode: SpectrumMode,
    card: ModelCard | None,
    scales: tuple[bool, bool],
) -> SpectrumPicture:
    curves: list[Curve] = []
    refused: list[str] = []
    for place, (entry_id, spectrum) in enumerate(spectra):
        points = cached_points(spectrum, mode, card)
        if isinstance(points, SpectraCNNError):
            refused.append(points.message)
        else:
            curves.append(Curve(spectrum.name, *points, place, entry_id == current, entry_id))
    curves.sort(key=lambda curve: curve.emphasised)
    log_index, log_value = scales
    values = np.concatenate([curve.y for curve in curves]) if curves else np.zeros(0)
    return SpectrumPicture(
        curves=tuple(curves),
        mode=mode,
        index_label="eigenvalue index",
        value_label=VALUE_LABELS[mode],
        index_scale=INDEX_LOG if log_index else LINEAR,
        value_scale=value_scale(values) if log_value else LINEAR,
        used=used_range(spectra, current, card),
        notes=_notes(refused),
        empty=refused[0] if refused else "Tick a spectrum in the table to draw it here.",
    )


def used_range(
    spectra: tuple[tuple[int, Spectrum], ...], current: int | None, card: ModelCard | None
) -> Range | None:
    """Return the first and last index that the model reads of the current spectrum."""
    spectrum = next((item for entry_id, item in spectra if entry_id == current), None)
    if spectrum is None or card is None:
        return None
    points = cached_points(spectrum, SpectrumMode.MODEL_INPUT, card)
    if isinstance(points, SpectraCNNError):
        return None
    return float(points[0][0]), float(points[0][-1])


def _notes(refused: list[str]) -> tuple[str, ...]:
    if len(refused) <= 1:
        return tuple(refused)
    return (f"{len(refused)} spectra cannot be drawn so; the first: {refused[0]}",)


def spectrum_picture(document: Document, selection: Selection) -> SpectrumPicture:
    """Return the spectrum plot: the overlaid entries and the current one.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        What is looked at, and how.

    Returns
    -------
    SpectrumPicture
        The identical object while nothing in it changed.
    """
    spectra = _drawn(document, selection.overlaid, selection.current)
    card = document.model.card if document.model else None
    scales = (selection.log_index, selection.log_value)
    return _picture(spectra, selection.current, selection.spectrum_mode, card, scales)


@lru_cache(maxsize=4)
def _drawn(
    document: Document, overlaid: frozenset[int], current: int | None
) -> tuple[tuple[int, Spectrum], ...]:
    # Cached because thousands of entries would otherwise be walked at every move of the pointer.
    return tuple(
        (entry.id, entry.spectrum)
        for entry in document.entries
        if entry.id in overlaid or entry.id == current
    )
