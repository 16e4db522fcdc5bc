"""Requests about several spectra: a group's mean, the sides of a comparison, features of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.requests import CollectFeatures, TraceMean, TraceSpectrum
from spectracnn.state.request_parts import (
    Made,
    edits_of,
    entries_of,
    key_of,
    muted_filters,
    spectra_of,
    with_companions,
)
from spectracnn.state.requests import trace_request

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from spectracnn.core.features import Axes, Reduction
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection


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
    entries = entries_of(document, ids)
    if document.model is None or not entries:
        return None
    members = with_companions(document, entries)
    spectra = spectra_of(document, members)
    changes, key = _changes(selection, members), key_of(document, selection, members)
    return Group(members, spectra, changes, key)


def _changes(selection: Selection, members: tuple[Entry, ...]) -> dict[str, Any]:
    return {
        "muted": muted_filters(selection),
        "input_edits": edits_of(members),
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
    own = document.opened, document.states, muted_filters(selection), selection.weight_edits
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
    spectra = spectra_of(document, members)
    changes = _changes(selection, members)
    request = CollectFeatures(spectra, layer, reduction, axes, **changes)
    key = features_key(document, selection, layer, reduction)
    return Made(request, (key, axes is None, len(members)) if axes or most else key, members)
