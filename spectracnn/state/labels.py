"""Labels of the open spectra: those of their files, and those that a person typed. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry

LABEL = "label"
"""Under which readers keep the label that a file holds."""


def label_of(document: Document, entry: Entry) -> str:
    """Return the label that counts: the typed one, else the file's; empty for none."""
    typed = document.labels.get(entry.id)
    if typed is not None:
        return typed
    return entry.spectrum.metadata.get(LABEL, "")


def with_labels(document: Document, labels: Mapping[int, str]) -> Document:
    """Return the document with these labels typed beside those before.

    Parameters
    ----------
    labels : mapping of int to str
        By entry; an empty one takes the file's own away as well.
    """
    known = {item: text for item, text in labels.items() if item in document.rows}
    return document.with_shown(labels=MappingProxyType({**document.labels, **known}))


def known_labels(document: Document) -> list[str]:
    """Return the labels there are, in alphabetical order."""
    return sorted({text for entry in document.entries if (text := label_of(document, entry))})


def are_labelled(document: Document) -> bool:
    """Whether typed labels, files or folders' names tell classes of the open spectra apart."""
    if len(known_labels(document)) > 1:
        return True
    sources = [entry.spectrum.source for entry in document.entries if entry.spectrum.source]
    folders = {source.parent for source in sources}
    return 1 < len(folders) <= len(sources) / 2


def training_labels(
    document: Document, entries: Iterable[Entry] | None = None
) -> tuple[tuple[str, str, str], ...]:
    """Return file, name and label of each spectrum that has a file and a label."""
    chosen = document.entries if entries is None else entries
    found = []
    for entry in chosen:
        spectrum = entry.original or entry.spectrum
        label = label_of(document, entry)
        if spectrum.source is not None and label:
            found.append((str(spectrum.source), spectrum.name, label))
    return tuple(found)
