"""What a network said of every open spectrum, as a table and as records for a file."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from spectracnn.view.table import predicted_class, probability

if TYPE_CHECKING:
    from spectracnn.state.document import Document, Entry

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def prediction_records(document: Document) -> list[dict[str, Any]]:
    """Return one record a spectrum, in the order of the table.

    Each has ``name``, ``file``, ``subject``, ``structure``, ``edited``, ``prediction``,
    ``probability`` (None where there is none), ``error``, and under ``outputs`` a number for each
    class or value of the model.
    """
    return [_record(document, entry) for entry in document.entries]


def _record(document: Document, entry: Entry) -> dict[str, Any]:
    model, spectrum = document.model, entry.spectrum
    share = probability(entry, model)
    return {
        "name": spectrum.name,
        "file": str(spectrum.source or ""),
        "subject": spectrum.subject,
        "structure": spectrum.structure,
        "edited": entry.is_edited,
        "prediction": "" if entry.refusal else predicted_class(entry, model),
        "probability": share,
        "error": entry.refusal,
        "outputs": _outputs(document, entry),
    }


def _outputs(document: Document, entry: Entry) -> dict[str, float]:
    model = document.model
    if model is None:
        return {}
    row = entry.probabilities
    if model.reading.is_values:
        row = None if entry.outputs is None else model.reading.values(entry.outputs)
    if row is None or len(row) != len(model.classes):
        return {}
    return {name: float(value) for name, value in zip(model.classes, row, strict=True)}


def predictions_json(document: Document) -> str:
    """Return the records with the model that made them."""
    model = document.model
    about = {"name": model.name, "file": model.path, "sha256": model.sha256} if model else None
    whole = {"model": about, "spectra": prediction_records(document)}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def predictions_csv(document: Document) -> str:
    """Return a line a spectrum under one heading; a column for each class or value.

    Texts that a spreadsheet would take for a formula begin with an apostrophe.
    """
    classes = document.model.classes if document.model else ()
    plain = ("name", "file", "subject", "structure", "edited", "prediction", "probability", "error")
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*plain, *map(_cell, classes)])
    for record in prediction_records(document):
        shares = [record["outputs"].get(name, "") for name in classes]
        writer.writerow([*(_cell(record[name]) for name in plain), *shares])
    return stream.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
