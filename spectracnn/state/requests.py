"""Every request about what is open: made from document and selection, here and nowhere else.

So that the companions of a model of several structures, muted filters and edits of the model's
input cannot be forgotten by one view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from spectracnn.core.requests import (
    AttributeSpectrum,
    CollectFeatures,
    MapsOnShape,
    OpenModel,
    PredictSpectra,
    TraceMean,
    TraceSpectrum,
    WeightsOf,
)
from spectracnn.core.site_step import with_site
from spectracnn.state.others import unpredicted_by
from spectracnn.state.selection import ChannelOrder
from spectracnn.state.subjects import companion_entries, whole_subjects

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.core.card import ModelCard
    from spectracnn.core.features import Axes, Reduction
    from spectracnn.core.trace import ModelDescription
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.other_model import OtherModel
    from spectracnn.state.selection import Selection

R = TypeVar("R")

# Of tens of thousands of entries, without a step of Python for each.
_SPECTRUM, _EDITS = attrgetter("spectrum"), attrgetter("edits")
_STATE = attrgetter("id", "revision")

ASSUMED_LENGTH = 50
"""A network that reads any number of values is shown with as many as BrainPrint computes; the
dialog about its card asks how many it was trained with."""

MOST_AT_ONCE = 4096
"""So many spectra are classified by one request: a study of tens of thousands takes several."""


@dataclass(frozen=True, eq=False)
class Made(Generic[R]):
    """A request with what its result depends on.

    Parameters
    ----------
    request : Request
        For the engine.
    key : hashable
        Requests of equal keys have equal results: ids and revisions of the model and the entries,
        muted filters, edits, options. What is shown is stale when the key is another.
    entries : tuple of Entry
        Whom the result is about, in its order.
    """

    request: R
    key: Hashable
    entries: tuple[Entry, ...] = ()


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
    seen = _seen(document, selection, selection.current if entry_id is None else entry_id, mute)
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
    seen = _seen(document, selection, selection.current)
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
    seen = _seen(document, selection, selection.current)
    return None if seen is None else seen.key


def mean_request(
    document: Document, selection: Selection, ids: Iterable[int]
) -> Made[TraceMean] | None:
    """Return the request for the mean of the traces of a group, through the network as shown.

    Of a model of several structures each subject counts once for each of its structures that is
    in the group, with the companions that it needs.
    """
    found = group_members(document, selection, ids)
    if found is None:
        return None
    request = TraceMean(found.spectra, **found.changes)
    return Made(request, ("mean", *found.key), found.entries)


@dataclass(frozen=True, eq=False)
class Group:
    """Some entries as the network sees them, with what a request about them depends on.

    Parameters
    ----------
    entries : tuple of Entry
        With the companions that they need.
    spectra : tuple of Spectrum
        Of these.
    changes : dict
        What is changed of the network and its input meanwhile, as `OverSpectra` has it.
    key : tuple
        What the result depends on.
    """

    entries: tuple[Entry, ...]
    spectra: tuple[Any, ...]
    changes: dict[str, Any]
    key: tuple[Hashable, ...]


def group_members(document: Document, selection: Selection, ids: Iterable[int]) -> Group | None:
    """Return the members of a group, with the companions that they need; None without any."""
    entries = _entries(document, ids)
    if document.model is None or not entries:
        return None
    members = _with_companions(document, entries)
    spectra = _spectra(document, members)
    changes, key = _changes(selection, members), _key(document, selection, members)
    return Group(members, spectra, changes, key)


def _changes(selection: Selection, members: tuple[Entry, ...]) -> dict[str, Any]:
    return {
        "muted": _muted(selection),
        "input_edits": _edits(members),
        "weight_edits": selection.weight_edits,
    }


def compare_request(
    document: Document, selection: Selection, ids: tuple[int, ...]
) -> Made[TraceSpectrum] | Made[TraceMean] | None:
    """Return the request for one side of a comparison: a spectrum's trace, or a group's mean."""
    if len(ids) == 1:
        return trace_request(document, selection, ids[0])
    return mean_request(document, selection, ids)


def compare_requests(
    document: Document, selection: Selection, sides: Iterable[tuple[int, ...]]
) -> tuple[Made[TraceSpectrum] | Made[TraceMean] | None, ...]:
    """Return the requests for the sides of a comparison, in their order."""
    return tuple(compare_request(document, selection, ids) for ids in sides)


def features_key(
    document: Document, selection: Selection, layer: int, reduction: Reduction
) -> Hashable:
    """Return the key of `features_request`, which of tens of thousands takes less to make."""
    own = document.opened, document.states, _muted(selection), selection.weight_edits
    return ("features", layer, reduction, *own)


def features_request(
    document: Document,
    selection: Selection,
    layer: int,
    reduction: Reduction,
    *,
    axes: Axes | None = None,
    most: int | None = None,
) -> Made[CollectFeatures] | None:
    """Return the request for one layer's output for all open spectra, as they are now.

    Parameters
    ----------
    document, selection : Document, Selection
        What is open and chosen.
    layer, reduction : int, Reduction
        Whose output, and how it becomes a vector.
    axes : Axes, optional
        Onto which the vectors are projected.
    most : int, optional
        Of more spectra so many are drawn at random, always the same.
    """
    if document.model is None or not document.entries:
        return None
    members = document.entries
    if most is not None and len(members) > most:
        drawn = np.random.default_rng(0).choice(len(members), most, replace=False)
        members = tuple(members[row] for row in np.sort(drawn).tolist())
    spectra = _spectra(document, members)
    changes = _changes(selection, members)
    request = CollectFeatures(spectra, layer, reduction, axes, **changes)
    key = features_key(document, selection, layer, reduction)
    return Made(request, (key, axes is None, len(members)) if axes or most else key, members)


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


def prediction_requests(document: Document) -> Made[PredictSpectra] | None:
    """Return the request for the classes of spectra that the model has said nothing about.

    Of very many these are the first; the others are asked about afterwards.

    Muted filters do not count: the table shows what the network itself says. A spectrum whose
    input was edited is classified by its trace.
    """
    if document.model is None:
        return None
    rows = document.answers.open_rows[:MOST_AT_ONCE]
    entries = document.entries
    unpredicted = tuple(item for row in rows.tolist() for item in entries[row].unanswered)
    return _predictions(document, whole_subjects(document, unpredicted, document.model), None)


def other_prediction_request(
    document: Document, other: OtherModel, model: OpenModel
) -> Made[PredictSpectra] | None:
    """Return the request for what one of the other models has not said yet.

    Parameters
    ----------
    document : Document
        What is open.
    other : OtherModel
        Who is asked.
    model : OpenModel
        How it is opened.
    """
    return _predictions(document, unpredicted_by(document, other), model, other.model)


# --- within --------------------------------------------------------------------------------------

Muted = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class _Seen:
    """One spectrum as the network sees it."""

    entry: Entry
    spectrum: Any
    companions: tuple[Any, ...]
    muted: Muted
    key: tuple[Hashable, ...]


def _seen(
    document: Document, selection: Selection, entry_id: int | None, mute: Muted = ()
) -> _Seen | None:
    entry = document.entry(entry_id)
    if entry is None or document.model is None:
        return None
    muted = tuple(sorted({*selection.muted, *mute}))
    members = companion_entries(document, entry)
    about = tuple((member.id, member.revision) for member in members)
    key = (document.opened, (entry.id, entry.revision), about, muted, selection.weight_edits)
    spectra = dict(zip(members, _spectra(document, members), strict=True))
    spectrum = spectra.get(entry) or _spectra(document, (entry,))[0]
    return _Seen(entry, spectrum, tuple(spectra.values()), muted, key)


def _entries(document: Document, ids: Iterable[int]) -> tuple[Entry, ...]:
    rows = [row for row in map(document.rows.get, ids) if row is not None]
    return tuple(map(document.entries.__getitem__, rows))


def _spectra(
    document: Document, entries: tuple[Entry, ...], reader: ModelDescription | None = None
) -> tuple[Any, ...]:
    """Return the spectra of entries, with their sites where the model harmonises those."""
    model = reader or document.model
    step = None if model is None else model.card.preprocessing.harmony
    table = document.participants
    if step is None or table is None or step.column not in table.table.names:
        return tuple(map(_SPECTRUM, entries))
    column = table.table.column(step.column)
    return tuple(with_site(entry.spectrum, table.cell(column, entry)) for entry in entries)


def _with_companions(document: Document, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return entries and those that must go in with them, each once."""
    if document.model is None or not document.model.structures:
        return entries
    found = {entry.id: entry for entry in entries}
    for entry in entries:
        for member in companion_entries(document, entry):
            found.setdefault(member.id, member)
    return tuple(found.values())


def _muted(selection: Selection) -> Muted:
    return tuple(sorted(selection.muted))


def _edits(entries: tuple[Entry, ...]) -> tuple[Any, ...]:
    """Return the edits of each entry, empty where there are none at all."""
    edits = tuple(map(_EDITS, entries))
    return edits if any(edits) else ()


def _key(document: Document, selection: Selection, entries: tuple[Entry, ...]) -> tuple[Any, ...]:
    about = tuple(map(_STATE, entries))
    return document.opened, about, _muted(selection), selection.weight_edits


def _predictions(
    document: Document,
    entries: tuple[Entry, ...],
    model: OpenModel | None,
    reader: ModelDescription | None = None,
) -> Made[PredictSpectra] | None:
    if not entries:
        return None
    about = tuple(map(_STATE, entries))
    path = None if model is None else (model.path, model.sha256)
    request = PredictSpectra(_spectra(document, entries, reader), model)
    return Made(request, ("predict", document.opened, path, about), entries)
