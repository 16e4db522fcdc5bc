"""Which of the open spectra belong to one subject: those of one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.state.document import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document


def subject_entries(document: Document, entry: Entry) -> tuple[Entry, ...]:
    """Return the entries of the same file in the file's order, this one among them.

    A file that was opened twice gives each structure once.
    """
    source = entry.spectrum.source
    if source is None:
        return (entry,)
    return _members([other for other in document.entries if other.spectrum.source == source], entry)


def _members(of_file: list[Entry], entry: Entry) -> tuple[Entry, ...]:
    places: dict[tuple[str, str], Entry] = {}
    # Numbers are given in the order of reading, which dragging rows does not change.
    for other in sorted(of_file, key=lambda item: item.id):
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
    if document.model is None or not document.model.structures:
        return ()
    return tuple(
        other.spectrum if other.id == entry.id else other.original or other.spectrum
        for other in subject_entries(document, entry)
    )


def whole_subjects(
    document: Document, asked: tuple[Entry, ...], model: ModelDescription | None
) -> tuple[Entry, ...]:
    """Return these entries and, where a model reads several together, all of their files.

    Parameters
    ----------
    document : Document
        What is open.
    asked : tuple of Entry
        As :attr:`Entry.unanswered` gives them; of several together only what files hold is asked.
    model : ModelDescription or None
        Who is asked.

    Returns
    -------
    tuple of Entry
        Those of one file stand together, in its order.
    """
    if model is None or not model.structures:
        return asked
    files: dict[Path, list[Entry]] = {}
    for entry in document.entries:
        if entry.spectrum.source is not None:
            files.setdefault(entry.spectrum.source, []).append(entry)
    found: dict[int, Entry] = {}
    for question in asked:
        # Of an edited spectrum with its companions the trace tells; a batch is about the files.
        if question.id in found or question.is_edited:
            continue
        source = question.spectrum.source
        of_file = files.get(source, []) if source is not None else []
        for member in _members(of_file, question) if of_file else (question,):
            found[member.id] = Entry(member.id, member.original or member.spectrum)
    return tuple(found.values())
