"""Lets the person say which way the spectra lie in a table, seeing both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.dialogs.base import (
    GAP,
    MARGIN,
    Dialog,
    button_row,
    heading,
    muted,
    named,
    primary,
    secondary,
)
from spectracnn.gui.dialogs.import_table.import_reader import (
    ORIENTATIONS,
    ImportReader,
    TableReading,
)
from spectracnn.gui.dialogs.import_table.orientation_card import OrientationCard
from spectracnn.gui.theme import number_font
from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.gui.theme import Theme
    from spectracnn.io import Orientation

_TABLE_ROWS, _TABLE_COLUMNS = 8, 8
_SWATCH = 10
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ImportPreview(Dialog):
    """Shows the first numbers of a table and the spectra that each reading gives.

    Parameters
    ----------
    path : Path
        The file.
    theme : Theme
        For the plots.
    parent : QWidget, optional
        The main window.
    """

    def __init__(self, path: Path, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("How are the spectra arranged?", parent)
        self._theme = theme
        self._readings: dict[str, TableReading] = {}
        self._chosen: Orientation = "columns"
        self.cards = {
            "rows": OrientationCard("Each row is a spectrum", theme),
            "columns": OrientationCard("Each column is a spectrum", theme),
        }
        self._group = QButtonGroup(self)
        for place, orientation in enumerate(ORIENTATIONS):
            self._group.addButton(self.cards[orientation].radio, place)
        self.table = named(QTableWidget(), "The first numbers of the file")
        self._set_up_table()
        self.read_button = primary("Read so")
        self.read_button.setEnabled(False)
        self.cancel_button = secondary("Cancel")
        self._arrange(path)
        self._group.idToggled.connect(self._on_group_idToggled)
        self.read_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._reader = ImportReader(path)
        self._reader.readingFinished.connect(self._on_reader_readingFinished)
        self._reader.start()

    def _set_up_table(self) -> None:
        table = self.table
        table.setProperty("framed", True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFont(number_font(table.font()))
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setDefaultSectionSize(24)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _arrange(self, path: Path) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(MARGIN)
        for card in self.cards.values():
            cards.addWidget(card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(heading(path.name))
        layout.addWidget(muted("The right reading gives curves that rise from left to right."))
        layout.addLayout(cards, 1)
        layout.addSpacing(GAP)
        layout.addWidget(heading("First numbers"))
        layout.addWidget(self.table)
        layout.addSpacing(GAP)
        layout.addLayout(button_row(self.cancel_button, self.read_button))
        self.resize(760, 600)

    @property
    def orientation(self) -> Orientation:
        """What was chosen."""
        return self._chosen

    def done(self, result: int) -> None:
        self._reader.readingFinished.disconnect(self._on_reader_readingFinished)
        self._reader.leave()
        super().done(result)

    @Slot(str, object)
    def _on_reader_readingFinished(self, orientation: str, reading: TableReading) -> None:
        if orientation in self.cards:
            self._readings[orientation] = reading
            self.cards[orientation].show_reading(reading)
        elif reading.assumed in self.cards:
            self._chosen = reading.assumed  # type: ignore[assignment]
        if len(self._readings) == len(ORIENTATIONS):
            self._offer()

    def _offer(self) -> None:
        if not self._readings[self._chosen].spectra:
            self._chosen = "rows" if self._chosen == "columns" else "columns"
        if self._readings[self._chosen].spectra:
            self.cards[self._chosen].radio.setChecked(True)
            self.cards[self._chosen].radio.setFocus()
            self.read_button.setEnabled(True)
        self._fill_table()

    @Slot(int, bool)
    def _on_group_idToggled(self, place: int, on: bool) -> None:
        if on:
            self._chosen = ORIENTATIONS[place]
            self._fill_table()

    def _fill_table(self) -> None:
        rows = self._chosen == "rows"
        spectra = self._readings[self._chosen].spectra
        if not spectra:
            return
        lines = spectra[: _TABLE_ROWS if rows else _TABLE_COLUMNS]
        longest = max(len(line) for line in lines)
        length = min(longest, _TABLE_COLUMNS if rows else _TABLE_ROWS)
        self.table.clear()
        self.table.setRowCount(len(lines) if rows else length)
        self.table.setColumnCount(length if rows else len(lines))
        names = [line.name for line in lines]
        numbers = [str(index) for index in range(length)]
        self.table.setVerticalHeaderLabels(names if rows else numbers)
        self.table.setHorizontalHeaderLabels(numbers if rows else names)
        for place, line in enumerate(lines):
            self._mark_header(place, rows=rows)
            for index, value in enumerate(line.eigenvalues[:length]):
                item = QTableWidgetItem(f"{value:.5g}".replace("-", "−"))
                item.setTextAlignment(_RIGHT)
                self.table.setItem(*((place, index) if rows else (index, place)), item)
        self.table.horizontalHeader().setDefaultAlignment(_RIGHT)
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + 24 * self.table.rowCount() + 2)

    def _mark_header(self, place: int, *, rows: bool) -> None:
        """Show the colour of the spectrum's curve beside its name."""
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(QColor(curve_colour(place, self._theme.dark)))
        table = self.table
        item = table.verticalHeaderItem(place) if rows else table.horizontalHeaderItem(place)
        if item is not None:
            item.setIcon(QIcon(swatch))
