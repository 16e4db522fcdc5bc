"""From the document and the selection to everything the window shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.state.document import current_entry
from spectracnn.view.attribution import attribution_picture
from spectracnn.view.contents import Contents, LayerContents
from spectracnn.view.layers import Drawing, layer_picture
from spectracnn.view.marks import layer_marks, readout, spectrum_marks
from spectracnn.view.prediction import prediction
from spectracnn.view.spectra import spectrum_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.core.trace import LayerInfo, Trace
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.selection import Selection
    from spectracnn.view.attribution_picture import AttributionPicture
    from spectracnn.view.pictures import Range, SpectrumMarks, SpectrumPicture
    from spectracnn.view.scales import AxisScale


def resolve(document: Document, selection: Selection) -> Contents:
    """Return what every panel shows.

    Pure; parts that did not change come back as the identical objects, so that panels can tell.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        What is looked at, and how.

    Returns
    -------
    Contents
        For the panels of the window and for exported figures alike.
    """
    picture = spectrum_picture(document, selection)
    marks = spectrum_marks(document, selection)
    explained = _attribution(document)
    return Contents(
        spectrum=picture,
        spectrum_marks=marks,
        layers=_layers(document, selection, picture, marks),
        prediction=prediction(document, selection),
        readout=readout(document, selection),
        sample=selection.sample,
        index_range=_index_range(picture),
        attribution=explained,
        explaining=explained is not None or _may_be_explained(document, selection),
        fit_layers=selection.fit_layers,
    )


def preparing(document: Document, selection: Selection) -> Iterator[None]:
    """Compute a layer's picture at each step, so that `resolve` finds them all.

    For a window that shows a network of many layers: together they take longer than a frame.
    """
    trace = document.trace(selection.current)
    if document.model is None or trace is None:
        return
    scale = spectrum_picture(document, selection).index_scale
    for index in range(len(document.model.layers)):
        layer_picture(document.model, trace, index, _drawing(selection, index, scale))
        yield


def _drawing(selection: Selection, index: int, scale: AxisScale) -> Drawing:
    return Drawing(
        selection.options(index),
        selection.colour_scale,
        scale,
        selection.colour_range,
        selection.channel_order,
    )


def _attribution(document: Document) -> AttributionPicture | None:
    if document.attribution is None or document.model is None:
        return None
    return attribution_picture(document.model, document.attribution)


def _may_be_explained(document: Document, selection: Selection) -> bool:
    entry = current_entry(document, selection)
    wanted = selection.explaining and document.model is not None
    return wanted and entry is not None and not entry.refusal


def _layers(
    document: Document, selection: Selection, picture: SpectrumPicture, marks: SpectrumMarks
) -> tuple[LayerContents, ...]:
    model = document.model
    if model is None:
        return ()
    trace = document.traces.get(selection.current) if selection.current is not None else None
    missing = _missing(current_entry(document, selection))
    contents = []
    for index, info in enumerate(model.layers):
        drawing = _drawing(selection, index, picture.index_scale)
        contents.append(
            LayerContents(
                index=index,
                info=info,
                title=layer_title(info, index, selection),
                subtitle=layer_subtitle(info),
                options=drawing.options,
                picture=None if trace is None else layer_picture(model, trace, index, drawing),
                marks=layer_marks(document, selection, index, marks, picture.index_scale),
                has_before=_has_before(trace, index),
                muted=tuple(sorted(c for layer, c in selection.muted if layer == index)),
                missing="" if trace is not None else missing,
            )
        )
    return tuple(contents)


def _missing(entry: Entry | None) -> str:
    """Return why there are no feature maps."""
    if entry is None:
        return "Choose a spectrum to see what this layer makes of it."
    if entry.refusal:
        return f"No feature maps: {entry.refusal}"
    return "No feature maps yet: the network has not answered for this spectrum."


def _has_before(trace: Trace | None, index: int) -> bool:
    return trace is not None and trace.layers[index].before is not None


def layer_title(info: LayerInfo, index: int, selection: Selection) -> str:
    """Return the layer's name, and that its weights are not the model's own where that is so."""
    edited = any(edit.layer == index for edit in selection.weight_edits)
    return f"{info.name} (weights edited)" if edited else info.name


def layer_subtitle(info: LayerInfo) -> str:
    """Return class, kernel, shape and receptive field in one short line."""
    shape = " \u00d7 ".join(str(size) for size in info.output_shape)
    parts = [info.layer_class]
    if info.kernel_size is not None:
        size = " \u00d7 ".join(map(str, info.kernel_shape)) or str(info.kernel_size)
        parts.append(f"{'window' if info.pools else 'kernel'} {size}")
    if info.strides is not None and info.strides > 1:
        parts.append(f"stride {info.strides}")
    if info.dilation is not None and info.dilation > 1:
        parts.append(f"dilation {info.dilation}")
    if info.activation:
        parts.append(info.activation)
    parts.append(shape)
    if info.planar is not None:
        parts.append(f"sees {info.planar.rows.size} \u00d7 {info.planar.columns.size}")
    if info.field is not None:
        whole = info.field.covers_everything
        parts.append("sees all" if whole else f"sees {info.field.size}")
    return "  \u00b7  ".join(parts)


def _index_range(picture: SpectrumPicture) -> Range:
    """Return the index range that shows the whole input of the model, else all spectra."""
    if picture.used is not None:
        low, high = picture.used
        return min(low, 0.0) - 0.5, high + 0.5
    ends = [float(curve.x[-1]) for curve in picture.curves if curve.x.size]
    return -0.5, max(ends, default=100.0) + 0.5
