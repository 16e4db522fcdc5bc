"""What follows the pointer: receptive fields as bands, the marked sample, the readout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.document import current_entry
from spectracnn.state.selection import SPECTRUM, LayerMode, Sample, Selection
from spectracnn.view.dependents import dependent_ranges
from spectracnn.view.joined import is_joined, run_names, sample_name
from spectracnn.view.layers import index_positions, layer_edges, shown_values
from spectracnn.view.ordering import channel_order
from spectracnn.view.pictures import LayerMarks, Range, SpectrumMarks
from spectracnn.view.planes import sample_plane
from spectracnn.view.spectra import input_positions, shown_mode, spectrum_picture
from spectracnn.view.wavelengths import wavelength_words

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.state.document import Document
    from spectracnn.view.planes import Plane
    from spectracnn.view.scales import AxisScale


def field_bands(description: ModelDescription, trace: Trace, sample: Sample) -> tuple[Range, ...]:
    """Return the exact receptive field of a sample as ranges of the index axis.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Says where the input samples lie in the file.
    sample : Sample
        Of a layer.

    Returns
    -------
    tuple of (float, float)
        First and last index of each run; empty where no claim is made.
    """
    info = description.layers[sample.layer]
    axis = input_positions(trace.positions)
    if info.planar is not None:
        runs = info.planar.columns.runs(sample.step % info.output_shape[1])
        return tuple((float(axis[a]), float(axis[b])) for a, b in runs)
    if info.field is None:
        return ()
    step = sample.step if sample.step < info.field.steps else 0
    return tuple((float(axis[a]), float(axis[b])) for a, b in info.field.runs(step))


def read_eigenvalues(description: ModelDescription, trace: Trace, sample: Sample) -> str:
    """Return the receptive field of a sample in words, such as ``3-7, 9``; empty for no claim."""
    field = description.layers[sample.layer].field
    if field is not None and is_joined(description):
        step = sample.step if sample.step < field.steps else 0
        return run_names(description, trace.positions, field.runs(step))
    bands = field_bands(description, trace, sample)
    runs = ", ".join(f"{a:.0f}\u2013{b:.0f}" if a != b else f"{a:.0f}" for a, b in bands[:4])
    return f"{runs} \u2026" if len(bands) > 4 else runs


def read_structures(description: ModelDescription, sample: Sample) -> str:
    """Return which structures a sample of an image depends on; empty for no claim, or one."""
    info = description.layers[sample.layer]
    if info.planar is None or len(description.input_shape) != 3:
        return ""
    names = description.structures
    parts = []
    for first, last in info.planar.rows.runs(sample.step // info.output_shape[1]):
        ends = [
            names[place] if names and names[place] else f"row {place}" for place in (first, last)
        ]
        parts.append(ends[0] if first == last else f"{ends[0]} to {ends[1]}")
    return ", ".join(parts)


def sample_index(description: ModelDescription, trace: Trace, sample: Sample) -> float | None:
    """Return where on the index axis a layer's sample stands."""
    info = description.layers[sample.layer]
    if info.planar is not None:
        column = sample.step % info.output_shape[1]
        centre = info.planar.columns.centres[column : column + 1]
        return float(index_positions(trace.positions, centre)[0])
    if info.field is None or not info.is_sequence or sample.step >= info.field.steps:
        return None
    centre = info.field.centres[sample.step : sample.step + 1]
    return float(index_positions(trace.positions, centre)[0])


def spectrum_marks(document: Document, selection: Selection) -> SpectrumMarks:
    """Return what to mark on the spectrum plot."""
    chosen = selection.index_range
    span = None if chosen is None else (float(chosen[0]), float(chosen[1]))
    marks = _pointer_marks(document, selection)
    held = selection.hovered is None and selection.pinned is not None
    pinned = None if held else _pinned_index(document, selection)
    return replace(marks, chosen=span, held=held, pinned=pinned)


def _pinned_index(document: Document, selection: Selection) -> float | None:
    """Return where the pinned sample stands while another one is under the pointer."""
    sample, entry = selection.pinned, current_entry(document, selection)
    if sample is None or entry is None:
        return None
    if sample.layer == SPECTRUM:
        return float(sample.step)
    trace = document.traces.get(entry.id)
    if trace is None or document.model is None:
        return None
    return sample_index(document.model, trace, sample)


def _pointer_marks(document: Document, selection: Selection) -> SpectrumMarks:
    sample, entry = selection.sample, current_entry(document, selection)
    if sample is None or entry is None:
        return SpectrumMarks()
    if sample.layer == SPECTRUM:
        point = _point(document, selection, sample.step)
        return SpectrumMarks(index=float(sample.step), point=point)
    trace = document.traces.get(entry.id)
    if trace is None or document.model is None:
        return SpectrumMarks()
    index = sample_index(document.model, trace, sample)
    return SpectrumMarks(field_bands(document.model, trace, sample), index)


def _point(document: Document, selection: Selection, index: int) -> tuple[float, float] | None:
    """Return index and value of the current spectrum, as it is drawn."""
    curve = next((c for c in spectrum_picture(document, selection).curves if c.emphasised), None)
    if curve is None:
        return None
    place = int(np.searchsorted(curve.x, index))
    if place >= curve.x.size or curve.x[place] != index:
        return None
    return float(index), float(curve.y[place])


def layer_marks(
    document: Document, selection: Selection, index: int, marks: SpectrumMarks, scale: AxisScale
) -> LayerMarks:
    """Return what to mark on one layer's panel; bands and cursor are those of the spectrum."""
    sample, model = selection.sample, document.model
    trace = document.traces.get(selection.current) if selection.current is not None else None
    if model is None or trace is None:
        return LayerMarks()
    span = selection.index_range
    depend = None if span is None else dependent_ranges(model, trace, index, span, scale)
    if sample is None:
        return LayerMarks(dependents=depend)
    cell = _marked_cell(model, trace, selection, sample, index, scale)
    pin_cell = None
    if selection.pinned is not None and selection.pinned != sample:
        pin_cell = _marked_cell(model, trace, selection, selection.pinned, index, scale)
    window = None
    if sample.layer not in (SPECTRUM, index) and index in model.layers[sample.layer].sources:
        window = _window(model, trace, sample, index, scale)
    whole = sample.layer != SPECTRUM and _sees_all(model, sample)
    bands = () if whole else marks.bands
    return LayerMarks(bands, marks.index, cell, window, depend, marks.held, marks.pinned, pin_cell)


def _marked_cell(
    model: ModelDescription,
    trace: Trace,
    selection: Selection,
    sample: Sample,
    index: int,
    scale: AxisScale,
) -> tuple[float, float, int] | None:
    """Return edges and row of a sample on a layer's panel; None where it is of another layer."""
    if sample.layer != index:
        return None
    options = selection.options(index)
    cell = _cell(model, trace, sample, scale, sample_plane(model, trace, sample, options))
    order = channel_order(model, trace, index, selection.channel_order)
    if cell is not None and order is not None and options.mode is LayerMode.HEAT_MAP:
        cell = (*cell[:2], int(np.flatnonzero(order == sample.channel)[0]))
    return cell


def _sees_all(model: ModelDescription, sample: Sample) -> bool:
    """Tell whether a band would cover whole panels and so say nothing there."""
    field = model.layers[sample.layer].field
    return field is not None and not field.jump


def _cell(
    model: ModelDescription, trace: Trace, sample: Sample, scale: AxisScale, plane: Plane | None
) -> tuple[float, float, int] | None:
    info = model.layers[sample.layer]
    if plane is not None:
        if sample.channel != plane.channel:
            return None
        row, along = plane.place(sample.step)
        steps = info.output_shape[0 if plane.turned else 1]
        edges = scale.forward(layer_edges(info, trace.positions, steps))
        return float(edges[along]), float(edges[along + 1]), row
    if not info.is_sequence:
        return sample.step - 0.5, sample.step + 0.5, 0
    edges = layer_edges(info, trace.positions)
    if sample.step + 1 >= edges.size:
        return None
    left, right = scale.forward(edges[sample.step : sample.step + 2])
    return float(left), float(right), sample.channel


def _window(
    model: ModelDescription, trace: Trace, sample: Sample, source: int, scale: AxisScale
) -> Range | None:
    """Return the source layer's samples that this sample reads directly."""
    reader, info = model.layers[sample.layer], model.layers[source]
    if not info.is_sequence or reader.kernel_size is None or info.field is None:
        return None
    if reader.field is None or not reader.is_sequence:
        return None
    span = model_span(reader.kernel_size, reader.dilation or 1) * max(info.field.jump, 1.0)
    centre = reader.field.centres[sample.step]
    ends = index_positions(trace.positions, np.array([centre - span / 2, centre + span / 2]))
    left, right = scale.forward(ends)
    return float(left), float(right)


def model_span(kernel_size: int, dilation: int) -> int:
    """Return how many neighbouring samples a dilated kernel spans."""
    return (kernel_size - 1) * dilation + 1


def readout(document: Document, selection: Selection) -> str:
    """Return one line that names the marked sample: index, value, layer and channel."""
    sample, entry = selection.sample, current_entry(document, selection)
    if sample is None or entry is None:
        return ""
    trace = document.traces.get(entry.id)
    if sample.layer == SPECTRUM and document.model is not None and is_joined(document.model):
        return "" if trace is None else _joined_readout(document.model, trace, sample.step)
    if sample.layer == SPECTRUM:
        point = _point(document, selection, sample.step)
        value = (
            "" if point is None else f"   {shown_mode(document, selection).value}: {point[1]:.6g}"
        )
        length = wavelength_words(entry.spectrum, sample.step)
        return f"{entry.spectrum.name}   eigenvalue {sample.step}{value}   {length}".rstrip()
    if trace is None or document.model is None:
        return ""
    return _layer_readout(document.model, trace, selection, sample)


def _joined_readout(model: ModelDescription, trace: Trace, index: int) -> str:
    place = int(np.searchsorted(input_positions(trace.positions), index))
    if place >= trace.positions.size:
        return ""
    value = float(trace.input[place, 0])
    return f"{sample_name(model, trace.positions, place)}   model's input: {value:.6g}"


def _layer_readout(
    model: ModelDescription, trace: Trace, selection: Selection, sample: Sample
) -> str:
    info = model.layers[sample.layer]
    values = shown_values(trace.layers[sample.layer], selection.options(sample.layer))
    if values.ndim == 1:
        unit = f"unit {sample.step}"
        if values.size == len(model.classes):
            unit = f"{unit} ({model.classes[sample.step]})"
        return f"{info.name}   {unit}   value {values[sample.step]:.6g}"
    flat = values.reshape(-1, values.shape[-1])
    runs = read_eigenvalues(model, trace, sample)
    reads = f"   reads eigenvalues {runs}" if runs else ""
    structures = read_structures(model, sample)
    reads += f" of {structures}" if structures else ""
    value = flat[sample.step, sample.channel]
    place = f"channel {sample.channel}   step {sample.step}"
    plane = sample_plane(model, trace, sample, selection.options(sample.layer))
    if plane is not None:
        row, along = plane.place(sample.step)
        place = f"channel {sample.channel}   {plane.rows[row]}   step {along}"
    return f"{info.name}   {place}   value {value:.6g}{reads}"
