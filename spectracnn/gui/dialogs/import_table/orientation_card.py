"""One of the two ways to read a table: a radio button over a plot of what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QRadioButton, QVBoxLayout, QWidget

from spectracnn.gui.dialogs.base import GAP, muted
from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from spectracnn.gui.dialogs.import_table.import_reader import TableReading
    from spectracnn.gui.theme import Theme

_MOST_CURVES = 12
_MOST_POINTS = 600


class OrientationCard(QFrame):
    """A choice; a click anywhere on it chooses."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("preview", True)
        self._theme = theme
        self.radio = QRadioButton(text)
        self.radio.setEnabled(False)
        self.plot = pg.PlotWidget(background=theme.ground)
        self.plot.setMinimumHeight(150)
        self.plot.setAccessibleName(f"Plot: {text}")
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.plot.getPlotItem().hideButtons()
        self.plot.getPlotItem().setMenuEnabled(False)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(QColor(theme.line))
            axis.setTextPen(QColor(theme.muted))
            axis.enableAutoSIPrefix(False)
        self.caption = muted("Reading …")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.radio)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.caption)

    def show_reading(self, reading: TableReading) -> None:
        """Draw what the file gives when it is read so."""
        self.radio.setEnabled(bool(reading.spectra))
        if not reading.spectra:
            self.caption.setText(reading.failure)
            return
        for place, spectrum in enumerate(reading.spectra[:_MOST_CURVES]):
            pen = pg.mkPen(QColor(curve_colour(place, self._theme.dark)), width=1.5)
            values = spectrum.eigenvalues[:_MOST_POINTS]
            curve = pg.PlotCurveItem(values, pen=pen, antialias=True, connect="finite")
            self.plot.addItem(curve)
        shortest = min(len(spectrum) for spectrum in reading.spectra)
        longest = max(len(spectrum) for spectrum in reading.spectra)
        length = f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
        count = len(reading.spectra)
        what = "1 spectrum" if count == 1 else f"{count} spectra"
        shown = f"; the first {_MOST_CURVES} are drawn" if count > _MOST_CURVES else ""
        self.caption.setText(f"{what} of {length} values{shown}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.radio.isEnabled():
            self.radio.setChecked(True)
            self.radio.setFocus()
