"""What is shown, as a Python script that computes it again with the package's own API."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.core.card_file import card_path
from spectracnn.core.outputs import Task
from spectracnn.errors import ExportError
from spectracnn.state.document import current_entry
from spectracnn.state.script_values import code, edits_code, method_code, spectra_lines, view_code
from spectracnn.state.subjects import subject_entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection

_MOST_WEIGHTS = 200_000
"""Numbers that a script holds; more would be a file of many megabytes in the clipboard."""
_MOST_DRAWN = 200


@dataclass(frozen=True)
class ScriptView:
    """What one view of the window adds to a script.

    Parameters
    ----------
    lines : tuple of str
        Python, after ``scene``, ``current`` and ``traces`` are there. ``<word>`` stands for the
        places of the entries of that word among ``spectra``.
    entries : mapping of str to tuple of int
        Ids of entries, by these words.
    everything : bool
        Whether the view is about all open spectra.
    alone : bool
        Whether the lines are a script of their own, which needs no spectrum and no model.
    """

    lines: tuple[str, ...]
    entries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    everything: bool = False
    alone: bool = False


def python_script(document: Document, selection: Selection, view: ScriptView | None = None) -> str:
    """Return a script that computes what is shown.

    Parameters
    ----------
    document, selection : Document, Selection
        What is open and chosen.
    view : ScriptView, optional
        A view that is shown beside the panels; its numbers and its figure are computed as well.

    Returns
    -------
    str
        It leaves ``spectra``, ``scene``, ``traces``, ``probabilities`` and ``label``, with an
        attribution ``attributions``, what the view's lines name, and ``figure``.

    Raises
    ------
    ExportError
        If no spectrum is shown, or the weights set by hand are too many for a script.
    """
    if view is not None and view.alone:
        return "\n".join(view.lines) + "\n"
    entry = current_entry(document, selection)
    if entry is None:
        raise ExportError("There is no spectrum to compute.", "Open a spectrum first.")
    entries = _needed(document, selection, entry, view)
    places = {one.id: place for place, one in enumerate(entries)}
    lines = ["import numpy as np", "", "import spectracnn as sc", ""]
    lines += spectra_lines(entries)
    lines += [f"current = {places[entry.id]}"]
    if document.model is None:
        lines += [f"edits = {edits_code(entry.edits)}"]
        lines += ["spectrum = sc.edited(spectra[current], edits)"]
        lines += ['figure = sc.figure([spectrum], panel="spectrum")']
        return "\n".join(lines) + "\n"
    lines += _scene(document, selection, entries, places)
    found = document.attribution
    how = "" if found is None else method_code(found.method, found.target, found.options)
    if how:
        lines += [f"attributions = scene.explain(current, {how})"]
    lines += _figure(selection, entries, how)
    if view is not None:
        lines += ["", *(_placed(line, view, places) for line in view.lines)]
    return "\n".join(lines) + "\n"


def _needed(
    document: Document, selection: Selection, entry: Entry, view: ScriptView | None
) -> list[Entry]:
    """Return the entries that the script reads: each once, in the order of the table."""
    if view is not None and view.everything:
        return list(document.entries)
    ids = {entry.id}
    if len(selection.overlaid) <= _MOST_DRAWN:
        ids |= selection.overlaid
    for group in () if view is None else view.entries.values():
        ids |= set(group)
    found = {}
    for one in document.entries:
        if one.id in ids:
            for member in _members(document, one):
                found[member.id] = member
    rows = document.rows
    return sorted(found.values(), key=lambda one: rows[one.id])


def _members(document: Document, entry: Entry) -> list[Entry]:
    """Return what goes into the model together with an entry, itself among them."""
    if document.model is None or not document.model.structures:
        return [entry]
    return list(subject_entries(document, entry))


def _scene(
    document: Document, selection: Selection, entries: Sequence[Entry], places: Mapping[int, int]
) -> list[str]:
    assert document.model is not None
    names = [layer.name for layer in document.model.layers]
    muted = [(names[layer], channel) for layer, channel in sorted(selection.muted)]
    lines = [_model_line(document.model), "edits = {"]
    for one in entries:
        if one.edits:
            lines.append(f"    {places[one.id]}: {edits_code(one.edits)},")
    lines += ["}", f"muted = {muted!r}", "weights = ["]
    if sum(edit.values.size for edit in selection.weight_edits) > _MOST_WEIGHTS:
        raise ExportError(
            f"More than {_MOST_WEIGHTS:,} weights were changed, too many for a script.",
            "Save them as a new model in the filter lab, and open that.",
        )
    for edit in selection.weight_edits:
        values = code(edit.values.ravel())
        caption = f", caption={edit.caption!r}" if edit.caption else ""
        lines += [
            f"    # layer {names[edit.layer]}",
            f"    sc.WeightEdit({edit.layer}, {edit.weight!r}, "
            f"{values}.reshape({edit.values.shape!r}){caption}),",
        ]
    lines += ["]", "scene = sc.Scene(spectra, model, edits=edits, muted=muted, weights=weights)"]
    lines += ["traces = scene.trace(current)", "probabilities = traces.probabilities[0]"]
    if not document.model.reading.is_values:
        lines += ["label = traces.labels[0]"]
    if selection.overview:
        lines += ["flows = scene.flows(current)"]
    return lines


def _model_line(model: ModelDescription) -> str:
    """Return how the model is opened: with the user's own card, and the threshold as it stands."""
    arguments = [repr(model.path)]
    if model.card_file and Path(model.card_file) != card_path(Path(model.path)):
        arguments.append(f"card={model.card_file!r}")
    if model.reading.single or model.task is Task.MULTILABEL:
        arguments.append(f"threshold={model.card.threshold!r}")
    return f"model = sc.open_model({', '.join(arguments)})"


def _figure(selection: Selection, entries: Sequence[Entry], how: str) -> list[str]:
    drawn = [place for place, one in enumerate(entries) if one.id in selection.overlaid]
    panel = "all" if how else "layers"
    arguments = [f'"{panel}"', "current", f"view={view_code(selection)}"]
    if drawn:
        arguments.append(f"overlaid={drawn!r}")
    if how:
        arguments.append(how)
    return ["figure = scene.figure(", *(f"    {argument}," for argument in arguments), ")"]


def _placed(line: str, view: ScriptView, places: Mapping[int, int]) -> str:
    for word, ids in view.entries.items():
        line = line.replace(f"<{word}>", repr([places[i] for i in ids if i in places]))
    return line
