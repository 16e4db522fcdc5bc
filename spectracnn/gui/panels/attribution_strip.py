"""The attribution under the spectrum plot: bars, up for the class, down against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from spectracnn.gui.panels.plot import LEFT_AXIS_WIDTH, AlignedPlot
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.palettes import MISSING, sign_colours

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.attribution_picture import AttributionPicture
    from spectracnn.view.contents import Contents

_HEIGHT = 76


class AttributionStrip(QFrame):
    """Title line and bars; empty while an answer is on its way, hidden while nobody asks.

    Signals
    -------
    hoverRequested, pinRequested : Sample or None
    """

    hoverRequested = Signal(object)
    pinRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self._contents: Contents | None = None
        self._picture: AttributionPicture | None = None
        self.title = QLabel("Attribution")
        self.title.setProperty("muted", True)
        self.title.setContentsMargins(LEFT_AXIS_WIDTH, 4, 8, 0)
        # A title wider than the plot is cut, not allowed to widen the window.
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.plot = AlignedPlot(own_wheel=True)
        self.plot.setAccessibleName("Attribution")
        self.plot.bottom_axis.setStyle(showValues=False, tickLength=0)
        self.plot.bottom_axis.setHeight(1)
        self.plot.setFixedHeight(_HEIGHT)
        self._bars = [pg.BarGraphItem(x0=[], x1=[], height=[]) for _ in range(2)]
        self._zero = pg.InfiniteLine(0, angle=0, movable=False)
        self._missing = pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[])
        for item in (*self._bars, self._missing, self._zero):
            self.plot.addItem(item, ignoreBounds=True)
        self.plot.getViewBox().setMouseEnabled(x=True, y=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self.plot)
        self.plot.pointerMoved.connect(self._on_plot_pointerMoved)
        self.plot.pointerLeft.connect(self._on_plot_pointerLeft)
        self.plot.pointerClicked.connect(self._on_plot_pointerClicked)
        self.apply_theme(theme)
        self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.plot.apply_theme(theme)
        self._zero.setPen(pg.mkPen(QColor(theme.line)))
        if self._contents is not None and self._picture is not None:
            self._draw(self._picture, self._contents)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        before, self._contents = self._contents, contents
        picture = contents.attribution
        scale = contents.spectrum.index_scale
        rescaled = before is None or scale != before.spectrum.index_scale
        # It keeps its place while an answer is on its way: the plots must not jump at each edit.
        self.setVisible(contents.explaining)
        if picture is not self._picture or rescaled:
            self._picture = picture
            if picture is None:
                self._clear()
            else:
                self._draw(picture, contents)
        if contents.explaining:
            self.plot.mark(scale, contents.spectrum_marks)

    def _clear(self) -> None:
        self.title.setText("Attribution")
        for item in self._bars:
            item.setOpts(x0=[], x1=[], height=[])
        self._missing.setOpts(x0=[], x1=[], y0=[], y1=[])
        self.plot.left_axis.setTicks([[(0.0, "0")]])

    def _draw(self, picture: AttributionPicture, contents: Contents) -> None:
        scale = contents.spectrum.index_scale
        self.title.setText(picture.caption)
        left, right = scale.forward(picture.at - 0.42), scale.forward(picture.at + 0.42)
        colours = sign_colours(self._theme.dark)
        for item, positive, colour in zip(self._bars, (False, True), colours, strict=True):
            chosen = np.isfinite(picture.values) & ((picture.values > 0) == positive)
            brush = pg.mkBrush(colour)
            item.setOpts(
                x0=left[chosen], x1=right[chosen], height=picture.values[chosen], brush=brush,
                pen=pg.mkPen(None),
            )  # fmt: skip
        self.plot.bottom_axis.set_axis_scale(scale)
        finite = picture.values[np.isfinite(picture.values)]
        low, high = float(finite.min(initial=0)), float(finite.max(initial=0))
        ticks = [
            (value, f"{value:.2g}".replace("-", "\u2212"))
            for value in (low, high)
            if abs(value) > 0.3 * picture.top
        ]
        self.plot.left_axis.setTicks([[(0.0, "0"), *ticks]])
        margin = 0.12 * (high - low or 1.0)
        self.plot.getViewBox().setYRange(low - margin, high + margin, padding=0)
        missing = ~np.isfinite(picture.values)
        ends = np.full(int(missing.sum()), low - margin), np.full(int(missing.sum()), high + margin)
        shade = QBrush(QColor(MISSING[self._theme.dark]), Qt.BrushStyle.BDiagPattern)
        self._missing.setOpts(
            x0=left[missing], x1=right[missing], y0=ends[0], y1=ends[1], brush=shade,
            pen=pg.mkPen(None),
        )  # fmt: skip

    def _sample_at(self, x: float) -> Sample | None:
        if self._picture is None or self._contents is None:
            return None
        index = float(self._contents.spectrum.index_scale.inverse(x))
        nearest = int(np.argmin(np.abs(self._picture.at - index)))
        return Sample(SPECTRUM, int(self._picture.at[nearest]))

    def _on_plot_pointerMoved(self, x: float, _y: float) -> None:
        self.hoverRequested.emit(self._sample_at(x))

    def _on_plot_pointerLeft(self) -> None:
        self.hoverRequested.emit(None)

    def _on_plot_pointerClicked(self, x: float, _y: float) -> None:
        sample = self._sample_at(x)
        if sample is not None:
            self.pinRequested.emit(sample)
