"""The first rows of the table: meshes whose spectra are being computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.elided import ElidedLabel
from spectracnn.view.shape_words import doctor_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.gui.workspace.mesh_solver import MeshRow

_MOST = 6
_MARGIN, _GAP, _BAR = 16, 8, 36


class _Row(QWidget):
    """One mesh: its name, how far it is, and a button that stops it."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.name, self.state = ElidedLabel(), QLabel()
        self.state.setProperty("muted", True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 100)
        self.bar.setFixedSize(_BAR, 6)
        self.cancel_button = tool_button("\u00d7", "Stop computing this spectrum", quiet=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _GAP, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.name, 1)
        row.addWidget(self.state)
        row.addWidget(self.bar)
        row.addWidget(self.cancel_button)

    def show_row(self, row: MeshRow) -> None:
        self.number = row.number
        self.name.setText(row.path.name)
        self.state.setText("computing" if row.running else "waiting")
        self.bar.setValue(round(100 * row.share))
        self.bar.setVisible(row.running)
        lines = [str(row.path), doctor_words(row.report) if row.report is not None else ""]
        self.setToolTip("\n".join(filter(None, lines)))
        self.setAccessibleName(
            f"{row.path.name}: {self.state.text()}"
            + (f", {100 * row.share:.0f} %" if row.running else "")
        )


class MeshRows(QFrame):
    """Shows what is on its way; hidden while there is nothing.

    Signals
    -------
    cancelRequested : int
        The number of a row.
    cancelAllRequested : ()
    """

    cancelRequested = Signal(int)
    cancelAllRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Spectra being computed")
        self._rows: list[_Row] = []
        self.more = QLabel()
        self.more.setProperty("muted", True)
        self.all_button = tool_button("Stop all", "Stop computing all of these", quiet=True)
        self.all_button.clicked.connect(self.cancelAllRequested)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(2)
        last = QHBoxLayout()
        last.setContentsMargins(_MARGIN, 0, _GAP, 0)
        last.addWidget(self.more, 1)
        last.addWidget(self.all_button)
        self._column.addLayout(last)
        self.hide()

    @property
    def rows(self) -> list[_Row]:
        """Those that are shown."""
        return [row for row in self._rows if not row.isHidden()]

    def show_rows(self, rows: Sequence[MeshRow]) -> None:
        """Show these: those that are computed first."""
        ordered = sorted(rows, key=lambda row: not row.running)[:_MOST]
        while len(self._rows) < len(ordered):
            fresh = _Row()
            fresh.cancel_button.clicked.connect(self._on_cancel_clicked)
            self._column.insertWidget(len(self._rows), fresh)
            self._rows.append(fresh)
        for place, widget in enumerate(self._rows):
            if place < len(ordered):
                widget.show_row(ordered[place])
            widget.setVisible(place < len(ordered))
        left = len(rows) - len(ordered)
        self.more.setText(f"and {left:,} more" if left else "")
        self.more.setVisible(len(rows) > 1)
        self.all_button.setVisible(len(rows) > 1)
        self.setVisible(bool(rows))

    def _on_cancel_clicked(self) -> None:
        button = self.sender()
        for row in self._rows:
            if row.cancel_button is button:
                self.cancelRequested.emit(row.number)
                return
