"""Requests about one open spectrum and the model, made from document and selection.

Here and in `group_requests`, `prediction_requests` and `cohort_requests`, and nowhere else, so that
the companions of a model of several structures, muted filters and edits of the model's input cannot
be forgotten by one view.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.core.requests import (
    AttributeSpectrum,
    MapsOnShape,
    OpenModel,
    TraceSpectrum,
    WeightsOf,
)
from spectracnn.state.request_parts import Made, Muted, seen_entry
from spectracnn.state.selection import ChannelOrder
from spectracnn.state.subjects import companion_entries

if TYPE_CHECKING:
    from collections.abc import Hashable

    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.core.card import ModelCard
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection

ASSUMED_LENGTH = 50
"""A network that reads any number of values is shown with as many as BrainPrint computes; the
dialog about its card asks how many it was trained with."""


def opening_request(
    path: str,
    card: ModelCard | None = None,
    *,
    memory_limit: int | None = None,
    time_limit: float | None = None,
    sha256: str = "",
) -> OpenModel:
    """Return the request that opens a model.

    Parameters
    ----------
    path : str
        The file.
    card : ModelCard, optional
        Instead of what is found.
    memory_limit : int or None
        Bytes; None for no limit.
    time_limit : float or None
        Seconds; None for no limit.
    sha256 : str
        What the file's must be; anything if empty.
    """
    return OpenModel(
        path,
        card,
        memory_limit=memory_limit,
        time_limit=time_limit,
        length=ASSUMED_LENGTH,
        sha256=sha256,
    )


def trace_request(
    document: Document, selection: Selection, entry_id: int | None = None, *, mute: Muted = ()
) -> Made[TraceSpectrum] | None:
    """Return the request for every layer's output of one spectrum, as it is shown.

    Parameters
    ----------
    document, selection : Document, Selection
        What is open and chosen.
    entry_id : int, optional
        Which spectrum; the current one without it.
    mute : tuple of (int, int)
        Layers and channels that are set to 0 beside those that are muted already.

    Returns
    -------
    Made or None
        None without a model or such a spectrum.
    """
    seen = seen_entry(
        document, selection, selection.current if entry_id is None else entry_id, mute
    )
    if seen is None:
        return None
    request = TraceSpectrum(
        seen.spectrum,
        seen.companions,
        seen.muted,
        input_edits=seen.entry.edits,
        weight_edits=selection.weight_edits,
        contributions=not mute,
        similarity=not mute and selection.channel_order is ChannelOrder.SIMILARITY,
        flows=not mute and selection.overview,
    )
    return Made(request, ("trace", request.similarity, request.flows, *seen.key), (seen.entry,))


def original_trace_request(document: Document, selection: Selection) -> Made[TraceSpectrum] | None:
    """Return the request for the current spectrum through the model's own weights."""
    return trace_request(document, replace(selection, weight_edits=()))


def attribution_request(
    document: Document,
    selection: Selection,
    method: Method,
    target: int | None,
    options: AttributionOptions,
) -> Made[AttributeSpectrum] | None:
    """Return the request for the attribution of what is shown; None while nothing is."""
    seen = seen_entry(document, selection, selection.current)
    if seen is None:
        return None
    request = AttributeSpectrum(
        seen.spectrum,
        method,
        target,
        options,
        seen.companions,
        muted=seen.muted,
        input_edits=seen.entry.edits,
        weight_edits=selection.weight_edits,
    )
    return Made(request, ("attribution", method, target, options, *seen.key), (seen.entry,))


def shape_maps_request(
    document: Document, entry_id: int | None, path: str, count: int, target: int | None = None
) -> Made[MapsOnShape] | None:
    """Return the request for the maps of a decision on the shape of an entry.

    They are of the network as it is: muted filters and changed weights do not count.

    Parameters
    ----------
    document : Document
        What is open.
    entry_id : int or None
        Whose shape it is.
    path : str
        The mesh.
    count : int
        How many eigenvalues are computed of it.
    target : int, optional
        Which class; the predicted one without it.
    """
    entry = document.entry(entry_id)
    if entry is None or document.model is None:
        return None
    members = companion_entries(document, entry)
    request = MapsOnShape(
        path, count, target, entry.spectrum, tuple(member.spectrum for member in members)
    )
    about = tuple((member.id, member.revision) for member in members)
    key = ("shape maps", document.opened, (entry.id, entry.revision), about, path, count, target)
    return Made(request, key, (entry,))


def seen_key(document: Document, selection: Selection) -> Hashable:
    """Return what the network's view of the current spectrum depends on; None for nothing."""
    seen = seen_entry(document, selection, selection.current)
    return None if seen is None else seen.key


def weights_request(
    document: Document, layer: int, edits: tuple[WeightEdit, ...] = ()
) -> Made[WeightsOf] | None:
    """Return the request for the weights of one layer of the current model.

    Parameters
    ----------
    document : Document
        What is open.
    layer : int
        Which layer.
    edits : tuple of WeightEdit
        Those of the selection, for the weights as they are shown; none for the model's own.
    """
    if document.model is None:
        return None
    mine = tuple(edit for edit in edits if edit.layer == layer)
    return Made(WeightsOf(layer, mine), ("weights", document.opened, layer, mine))
