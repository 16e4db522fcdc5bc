"""Requests about groups of what is open, made from document and selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.core.cohort_requests import CollectAttributions, CollectLayers, CollectMoments
from spectracnn.state.group_requests import group_members
from spectracnn.state.request_parts import Made

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection


def moments_request(
    document: Document, selection: Selection, ids: Iterable[int]
) -> Made[CollectMoments] | None:
    """Return the request for mean and spread of all maps of a group; None without members."""
    found = group_members(document, selection, ids)
    if found is None:
        return None
    request = CollectMoments(found.spectra, **found.changes)
    return Made(request, ("moments", *found.key), found.entries)


def layers_request(
    document: Document, selection: Selection, ids: Iterable[int]
) -> Made[CollectLayers] | None:
    """Return the request for every layer's output of some spectra; None without any."""
    found = group_members(document, selection, ids)
    if found is None:
        return None
    request = CollectLayers(found.spectra, **found.changes)
    return Made(request, ("layers", *found.key), found.entries)


def attributions_request(
    document: Document,
    selection: Selection,
    ids: Iterable[int],
    method: Method,
    target: int,
    options: AttributionOptions,
) -> Made[CollectAttributions] | None:
    """Return the request for what drives a class in a group; None without members."""
    found = group_members(document, selection, ids)
    if found is None:
        return None
    request = CollectAttributions(found.spectra, method, target, options, **found.changes)
    key: tuple[Any, ...] = ("attributions", method, target, options, *found.key)
    return Made(request, key, found.entries)
