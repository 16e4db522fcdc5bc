"""Which of the open spectra belong to one subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.subjects import subject_keys

if TYPE_CHECKING:
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry


def subject_entries(document: Document, entry: Entry) -> tuple[Entry, ...]:
    """Return the entries of the same subject in the order of reading, this one among them.

    A file that was opened twice gives each structure once. Pasted numbers without a subject stand
    alone.
    """
    spectrum = entry.spectrum
    if spectrum.source is None and not spectrum.subject:
        return (entry,)
    rows = document.near.get(spectrum.subject or spectrum.source, ())
    near = [document.entries[row] for row in rows]
    keys = subject_keys([other.spectrum for other in near])
    own = next((k for k, other in zip(keys, near, strict=True) if other.id == entry.id), None)
    found = [other for k, other in zip(keys, near, strict=True) if k == own]
    return _members(found or [entry], entry)


def _members(of_subject: list[Entry], entry: Entry) -> tuple[Entry, ...]:
    places: dict[tuple[str, str], Entry] = {}
    # Numbers are given in the order of reading, which dragging rows does not change.
    for other in sorted(of_subject, key=lambda item: item.id):
        spectrum = other.original or other.spectrum
        name = (spectrum.key, spectrum.name)
        if name not in places or other.id == entry.id:
            places[name] = other
    return tuple(places.values())


def companions(document: Document, entry: Entry) -> tuple[Spectrum, ...]:
    """Return what goes into the open model together with a spectrum.

    Parameters
    ----------
    document : Document
        What is open.
    entry : Entry
        Whose spectrum it is.

    Returns
    -------
    tuple of Spectrum
        In the file's order: this entry's own as it stands, the others as read. Empty for a model
        that reads one spectrum.
    """
    return tuple(member.spectrum for member in companion_entries(document, entry))


def companion_entries(document: Document, entry: Entry) -> tuple[Entry, ...]:
    """Return whose spectra :func:`companions` are: this entry as it stands, the others as read."""
    if document.model is None or not document.model.structures:
        return ()
    return tuple(
        other if other.id == entry.id else other.as_read
        for other in subject_entries(document, entry)
    )


def whole_subjects(
    document: Document, wanted: tuple[Entry, ...], model: ModelDescription | None
) -> tuple[Entry, ...]:
    """Return these entries and, where a model reads several together, all of their subjects.

    Parameters
    ----------
    document : Document
        What is open.
    wanted : tuple of Entry
        As :attr:`Entry.unanswered` gives them; of several together only what files hold is asked.
    model : ModelDescription or None
        Who is asked.

    Returns
    -------
    tuple of Entry
        Those of one subject stand together, in their file's order.
    """
    if model is None or not model.structures:
        return wanted
    found: dict[int, Entry] = {}
    for entry in wanted:
        # Of an edited spectrum with its companions the trace tells; a batch is about the files.
        if entry.id in found or entry.is_edited:
            continue
        for member in subject_entries(document, entry):
            found[member.id] = member.as_read
    return tuple(found.values())
