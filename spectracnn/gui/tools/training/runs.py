"""Earlier trainings beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from spectracnn.core.runs import read_runs

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN = ("time", "model", "architecture", "spectra", "epochs", "metric", "mean", "sd", "seed")


class RunsTable(QTableWidget):
    """The table of runs of a folder, the latest first."""

    def __init__(self) -> None:
        super().__init__(0, len(_SHOWN))
        self.setHorizontalHeaderLabels(list(_SHOWN))
        self.setAccessibleName("Trainings that were written into this folder")
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)

    def show_folder(self, folder: Path) -> None:
        """Show what was written into a folder."""
        rows = read_runs(folder)[::-1]
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, name in enumerate(_SHOWN):
                self.setItem(place, column, QTableWidgetItem(_short(name, row[name])))
        self.setSortingEnabled(True)
        self.resizeColumnsToContents()


def _short(name: str, text: str) -> str:
    """Return a cell as it is shown: times to the minute, figures to three digits."""
    if name == "time":
        return text[:16].replace("T", " ")
    try:
        return f"{float(text):.3f}" if name in ("mean", "sd") else text
    except ValueError:  # no cross-validation, no figure
        return text
