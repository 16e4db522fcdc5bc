"""What is shown, as a Python script that computes it again with the package's own API."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.edits import Space
from spectracnn.errors import ExportError
from spectracnn.state.subjects import subject_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.edits import Edit
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection


def python_script(
    document: Document, selection: Selection, sides: Sequence[Sequence[int]] = ()
) -> str:
    """Return a script that computes what is shown: traces, attribution and the figure.

    Parameters
    ----------
    document, selection : Document, Selection
        What is open and chosen.
    sides : sequence of sequence of int, optional
        Entries of the two sides of a comparison, whose difference is computed as well.

    Returns
    -------
    str
        It leaves ``spectra``, ``model``, ``traces``, ``probabilities``, ``figure``, with an
        attribution ``attributions``, and of a comparison ``differences``.

    Raises
    ------
    ExportError
        If no spectrum is shown, or weights were set by hand.
    """
    entry = document.entry(selection.current)
    if entry is None:
        raise ExportError("There is no spectrum to compute.", "Open a spectrum first.")
    if selection.weight_edits:
        raise ExportError(
            "Weights that were set by hand cannot be copied as Python.",
            "Save them as a new model first, and open that.",
        )
    lines = ["import numpy as np", "", "import spectracnn as sc", ""]
    lines += _spectra("spectra", _members(document, entry))
    lines += _current(document, entry)
    lines.append(f"edits = {_edits(entry.edits)}")
    if document.model is None:
        lines += ["spectrum = sc.edited(spectra[current], edits)"]
        lines += ['figure = sc.figure([spectrum], panel="spectrum")']
        return "\n".join(lines) + "\n"
    names = [layer.name for layer in document.model.layers]
    muted = [(names[layer], channel) for layer, channel in sorted(selection.muted)]
    lines += [f"muted = {muted!r}", "", f"model = sc.open_model({document.model.path!r})"]
    lines += ["traces = model.trace(spectra, current=current, edits=edits, muted=muted)"]
    lines += ["probabilities = traces.probabilities[0]", ""]
    how = ""
    if document.attribution is not None:
        how = _method(document.attribution)
        lines += [
            "attributions = model.explain(",
            f"    spectra, current=current, edits=edits, muted=muted, {how},",
            ")",
            "",
        ]
    if sides:
        lines += _comparison(document, sides)
    panel = '"layers"' if document.attribution is None else '"all"'
    extra = f", {how}" if how else ""
    lines += [
        "figure = sc.figure(",
        f"    spectra, model, {panel}, current=current, edits=edits, muted=muted{extra}",
        ")",
    ]
    return "\n".join(lines) + "\n"


def _members(document: Document, entry: Entry) -> list[Entry]:
    """Return what goes into the model together with an entry, itself among them."""
    if document.model is None or not document.model.structures:
        return [entry]
    return list(subject_entries(document, entry))


def _spectra(name: str, entries: Sequence[Entry]) -> list[str]:
    """Return lines that make a list of spectra as they were read, in the entries' order."""
    lines = [f"{name} = []"]
    read: list[str] = []
    for entry in entries:
        spectrum = entry.original or entry.spectrum
        if spectrum.source is None:
            values = ", ".join(repr(float(value)) for value in spectrum.eigenvalues)
            lines.append(
                f"{name}.append(sc.Spectrum({spectrum.name!r}, np.array([{values}]), "
                f"area={spectrum.area!r}, key={spectrum.key!r}))"
            )
            continue
        path = str(spectrum.source)
        if path not in read:
            read.append(path)
            lines.append(f"file_{name}_{len(read)} = sc.read({path!r})")
        wanted = (spectrum.name, spectrum.key)
        lines.append(
            f"{name}.append(next(s for s in file_{name}_{read.index(path) + 1} "
            f"if (s.name, s.key) == {wanted!r}))"
        )
    return lines


def _current(document: Document, entry: Entry) -> list[str]:
    members = _members(document, entry)
    place = next(i for i, member in enumerate(members) if member.id == entry.id)
    return [f"current = {place}"]


def _edits(edits: Sequence[Edit]) -> str:
    return "[" + ", ".join(_edit(edit) for edit in edits) + "]"


def _edit(edit: Edit) -> str:
    words = []
    for item in fields(edit):
        value = getattr(edit, item.name)
        if value != item.default if not isinstance(value, np.ndarray) else True:
            words.append(f"{item.name}={_code(value)}")
    return f"sc.{type(edit).__name__}({', '.join(words)})"


def _code(value: Any) -> str:
    if isinstance(value, Space):
        return f"sc.Space.{value.name}"
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, np.ndarray):
        return f"np.array([{', '.join(repr(float(item)) for item in value)}])"
    if isinstance(value, np.generic):
        return repr(value.item())
    return repr(value)


def _method(attribution: Attribution) -> str:
    options = attribution.options
    words = [f'method="{attribution.method.value}"', f"target={int(attribution.target)}"]
    for item in fields(options):
        value = getattr(options, item.name)
        if value != item.default:
            words.append(f"{item.name}={_code(value)}")
    return ", ".join(words)


def _comparison(document: Document, sides: Sequence[Sequence[int]]) -> list[str]:
    lines = ["means = []"]
    for number, ids in enumerate(sides, 1):
        entries = [entry for i in ids if (entry := document.entry(i)) is not None]
        lines.append("side = []")
        for place, entry in enumerate(entries, 1):
            name = f"members_{number}_{place}"
            members = _members(document, entry)
            at = next(i for i, member in enumerate(members) if member.id == entry.id)
            lines += _spectra(name, members)
            lines.append(
                f"side.append(model.trace({name}, current={at}, edits={_edits(entry.edits)}, "
                "muted=muted))"
            )
        lines.append(
            "means.append({n: np.mean([t.layer(n)[0] for t in side], axis=0) "
            "for n in traces.layer_names})"
        )
    lines.append("differences = {n: means[0][n] - means[1][n] for n in traces.layer_names}")
    return [*lines, ""]
