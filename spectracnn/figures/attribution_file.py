"""One attribution as an HDF5 file of ``spectracnn explain``, with the origin in full."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ExportError
from spectracnn.figures.provenance import versions
from spectracnn.io.attribution_hdf5 import AttributionWriter
from spectracnn.state.document import current_entry

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection


def write_attribution(
    document: Document, selection: Selection, path: Path, origin: dict[str, Any]
) -> None:
    """Write what is shown as the command would, so that one script reads both.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        Which spectrum is shown.
    path : Path
        The file to write.
    origin : dict
        Goes in as JSON under ``provenance``: edits and muted filters, which the command has not.

    Raises
    ------
    ExportError
        If there is no attribution, or the file cannot be written.
    """
    entry, model = current_entry(document, selection), document.model
    shown = document.attribution
    if entry is None or model is None or shown is None:
        raise ExportError("There is no attribution to export; none was requested.")
    about = (model, shown.method, shown.options, versions())
    with AttributionWriter(path, *about) as writer:
        writer.append([str(entry.spectrum.source or "")], [entry.spectrum], [shown])
        writer.add_text("provenance", json.dumps(origin, ensure_ascii=False))
