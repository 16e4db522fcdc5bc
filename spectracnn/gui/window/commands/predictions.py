"""Saves what the network said of the open spectra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.gui.messages import Message
from spectracnn.view.prediction_table import predictions_csv, predictions_json

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_CSV, _JSON = "Comma-separated values (*.csv)", "JSON (*.json)"


def save_predictions(scope: Scope) -> None:
    """Ask where to, and write a table of all predictions."""
    start = str(Path(scope.settings.folder or Path.home()) / "predictions.csv")
    name, kind = QFileDialog.getSaveFileName(
        scope.window, "Save predictions", start, f"{_CSV};;{_JSON}"
    )
    if not name:
        return
    path = Path(name)
    if path.suffix.lower() not in (".csv", ".json"):
        path = path.with_name(path.name + (".json" if kind == _JSON else ".csv"))
    document = scope.workspace.document
    as_json = path.suffix.lower() == ".json"
    text = predictions_json(document) if as_json else predictions_csv(document)
    try:
        with atomic_path(path) as part:
            part.write_text(text, encoding="utf-8")
    except ExportError as error:
        scope.report(Message(error.message, error.hint))
        return
    scope.settings.folder = str(path.parent)
    count = len(document.entries)
    what = "1 spectrum" if count == 1 else f"{count} spectra"
    scope.ui.status.showMessage(f"Saved the predictions of {what} to {path.name}.", 8000)
