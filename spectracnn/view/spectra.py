"""The spectrum plot: curves, axes, and what of them cannot be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from spectracnn.core.edits import edited_input
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.core.steps import DropZeros, FixSign, Sort, Step, Working
from spectracnn.core.weak_cache import weak_cache
from spectracnn.core.weyl import weyl_eigenvalues
from spectracnn.errors import SpectraCNNError, SpectrumError
from spectracnn.state.document import current_entry
from spectracnn.state.selection import SpectrumMode
from spectracnn.view.colouring import fields
from spectracnn.view.pictures import Curve, Range, SpectrumPicture
from spectracnn.view.scales import INDEX_LOG, LINEAR, value_scale
from spectracnn.view.seams import concatenated, is_concatenated
from spectracnn.view.table import drawn_entries
from spectracnn.view.tints import NO_TINTS, Tints, tints_of
from spectracnn.view.value_range import value_range
from spectracnn.view.wavelengths import length_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.edits import Edit
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection


class Drawn(NamedTuple):
    """What of an entry is drawn; unlike the entry it stays the same when answers arrive."""

    id: int
    spectrum: Spectrum
    original: Spectrum | None
    edits: tuple[Edit, ...]


class Colours(NamedTuple):
    """What the colours of the curves mean, and what they could mean."""

    name: str
    fields: tuple[str, ...]
    tints: Tints


XY = tuple["NDArray[np.float64]", "NDArray[np.float64]"]

VALUE_LABELS = {
    SpectrumMode.RAW: "eigenvalue \u03bb",
    SpectrumMode.UNIT_AREA: "A\u00b7\u03bb (unit area)",
    SpectrumMode.WEYL: "\u03bb / Weyl's law",
    SpectrumMode.MODEL_INPUT: "model's input",
    SpectrumMode.WAVELENGTH: "wavelength 2\u03c0/\u221a\u03bb",
}


def _points(
    spectrum: Spectrum, mode: SpectrumMode, card: ModelCard | None, edits: tuple[Edit, ...]
) -> XY:
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
        return input_positions(working.positions), edited_input(working.values, edits)
    if mode is SpectrumMode.RAW:
        return np.arange(len(spectrum), dtype=np.float64), spectrum.eigenvalues
    working = Working.start(spectrum)
    if mode is SpectrumMode.WAVELENGTH:
        return _wavelengths(working, spectrum)
    return _scaled(working, spectrum, mode)


def _wavelengths(working: Working, spectrum: Spectrum) -> XY:
    """Return 2 pi / sqrt(lambda); the zeros, which have none, are left out."""
    if spectrum.normalisation is Normalisation.NORMALISED:
        raise SpectrumError(
            f"{spectrum.name}: the values are normalised, so that no wavelength can be meant."
        )
    for step in (FixSign(), Sort(), DropZeros()):
        working = step.apply(working)
    values = np.where(working.values > 0, working.values, np.nan)
    return input_positions(working.positions), 2 * np.pi / np.sqrt(values)


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
        hint = "" if solid else " (the model card's step 'estimate_area' estimates one)"
        raise SpectrumError(f"{spectrum.name}: the file gives no {lacking}{hint}.")
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


@weak_cache(4096)
def cached_points(
    spectrum: Spectrum,
    mode: SpectrumMode,
    card: ModelCard | None,
    edits: tuple[Edit, ...] = (),
) -> XY | SpectraCNNError:
    """Return the points of one spectrum, or why there are none; computed once."""
    try:
        return _points(spectrum, mode, card, edits)
    except SpectraCNNError as error:
        return error


@weak_cache(8)
def _picture(
    entries: tuple[Drawn, ...],
    current: int | None,
    mode: SpectrumMode,
    card: ModelCard | None,
    scales: tuple[bool, bool],
    full_values: bool,
    colours: Colours,
) -> SpectrumPicture:
    curves: list[Curve] = []
    refused: list[str] = []
    for place, entry in enumerate(entries):
        spectrum = entry.spectrum
        points = cached_points(spectrum, mode, card, entry.edits)
        if isinstance(points, SpectraCNNError):
            refused.append(points.message)
            continue
        tint = colours.tints.of[place] if colours.tints.of else None
        emphasised = entry.id == current
        curves.append(Curve(spectrum.name, *points, place, emphasised, entry.id, tint=tint))
        if entry.original is not None and entry.id == current:
            before = cached_points(entry.original, mode, card)
            if not isinstance(before, SpectraCNNError):
                name = f"{entry.original.name}, original"
                curves.append(Curve(name, *before, place, ghost=True, tint=tint))
    curves.sort(key=lambda curve: (curve.emphasised, curve.ghost))
    log_index, log_value = scales
    values = np.concatenate([curve.y for curve in curves]) if curves else np.zeros(0)
    scale = value_scale(values) if log_value else LINEAR
    used = used_range(entries, current, card)
    reach = value_range(curves, used, scale, full=full_values)
    return SpectrumPicture(
        curves=tuple(curves),
        mode=mode,
        index_label="eigenvalue index",
        value_label=value_label(mode, tuple(entry.spectrum for entry in entries)),
        index_scale=INDEX_LOG if log_index else LINEAR,
        value_scale=scale,
        used=used,
        values=reach.shown,
        beyond=reach.beyond,
        full_values=full_values,
        notes=_notes(refused),
        coloured_by=colours.name if colours.tints.of else "",
        colour_fields=colours.fields,
        tint_legend=colours.tints.legend,
        empty=refused[0] if refused else "Tick a spectrum in the table to draw it here.",
    )


def value_label(mode: SpectrumMode, spectra: tuple[Spectrum, ...]) -> str:
    """Return what stands beside the values' axis: of wavelengths with the unit, where all agree."""
    if mode is not SpectrumMode.WAVELENGTH:
        return VALUE_LABELS[mode]
    units = {length_unit(spectrum.source) for spectrum in spectra}
    unit = units.pop() if len(units) == 1 else ""
    return f"{VALUE_LABELS[mode]} ({unit})" if unit else VALUE_LABELS[mode]


def used_range(
    entries: tuple[Drawn, ...], current: int | None, card: ModelCard | None
) -> Range | None:
    """Return the first and last index that the model reads of the current spectrum."""
    entry = next((item for item in entries if item.id == current), None)
    if entry is None or card is None:
        return None
    points = cached_points(entry.spectrum, SpectrumMode.MODEL_INPUT, card)
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
    entries = _drawn(document, selection.overlaid, selection.current)
    card = document.model.card if document.model else None
    scales = (selection.log_index, selection.log_value)
    mode = shown_mode(document, selection)
    colours = _colours(document, selection.coloured_by, tuple(item.id for item in entries))
    picture = _picture(
        entries, selection.current, mode, card, scales, selection.full_values, colours
    )
    trace = document.traces.get(selection.current) if selection.current is not None else None
    if document.model is None or trace is None or not is_concatenated(document.model):
        return picture
    structures = tuple((entry.id, entry.spectrum.structure) for entry in entries)
    return concatenated(picture, document.model, trace, structures)


def prepare_points(document: Document, selection: Selection) -> Iterator[None]:
    """Compute the points of one curve at each step, and keep them."""
    card = document.model.card if document.model else None
    mode = shown_mode(document, selection)
    for entry in _drawn(document, selection.overlaid, selection.current):
        cached_points(entry.spectrum, mode, card, entry.edits)
        yield


def shown_mode(document: Document, selection: Selection) -> SpectrumMode:
    """Return what the spectrum plot shows: values as read where there is no model's input yet.

    The model's input is the first thing that is shown, so there is none of it while no model is
    open, or where the open one cannot read the current spectrum; the table says why.
    """
    mode, entry = selection.spectrum_mode, current_entry(document, selection)
    if mode is not SpectrumMode.MODEL_INPUT or entry is None:
        return mode
    if document.model is None:
        return SpectrumMode.RAW
    points = cached_points(entry.spectrum, mode, document.model.card, entry.edits)
    return SpectrumMode.RAW if isinstance(points, SpectraCNNError) else mode


@weak_cache(4)
def _drawn(document: Document, overlaid: frozenset[int], current: int | None) -> tuple[Drawn, ...]:
    # Cached because thousands of entries would otherwise be walked at every move of the pointer.
    ids = drawn_entries(document, overlaid, current)
    entries = map(document.entries.__getitem__, map(document.rows.__getitem__, ids))
    return tuple(Drawn(entry.id, entry.spectrum, entry.original, entry.edits) for entry in entries)


@weak_cache(4)
def _colours(document: Document, name: str, ids: tuple[int, ...]) -> Colours:
    entries = [document.entries[document.rows[item]] for item in ids]
    tints = tints_of(document, name, entries) if name else NO_TINTS
    return Colours(name, tuple(fields(document)), tints)
