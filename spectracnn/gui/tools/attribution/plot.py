"""The model's input, coloured by what each sample says for the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from spectracnn.gui.panels.plot import AlignedPlot
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.palettes import signed_colours

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.theme import Theme
    from spectracnn.view.attribution_picture import AttributionPicture
    from spectracnn.view.contents import Contents
    from spectracnn.view.scales import AxisScale

_LEFT_AXIS_WIDTH, _BOTTOM_AXIS_HEIGHT = 36, 20
_NAMES_WIDTH, _NAME = 84, 12
"""Of the axis with structures' names, and letters of one."""

_MOST_ROW_NAMES = 6


class InputPlot(AlignedPlot):
    """A line through the input, over bars from zero in the colours of signed maps.

    Of a network that reads an image, a cell for each structure and eigenvalue in these colours.

    Signals
    -------
    hoverRequested, pinRequested : Sample or None
    """

    HEIGHT = 120
    hoverRequested = Signal(object)
    pinRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(own_wheel=False, parent=parent)
        self.setAccessibleName("Model's input, coloured by attribution")
        self.setFixedHeight(self.HEIGHT)
        self.left_axis.setWidth(_LEFT_AXIS_WIDTH)
        self.bottom_axis.setHeight(_BOTTOM_AXIS_HEIGHT)
        self.getViewBox().setMouseEnabled(x=False, y=False)
        self._contents: Contents | None = None
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._line = pg.PlotDataItem()
        self._zero = pg.InfiniteLine(0, angle=0, movable=False)
        for item in (self._bars, self._zero, self._line):
            self.addItem(item, ignoreBounds=True)
        self.pointerMoved.connect(self._on_pointerMoved)
        self.pointerLeft.connect(self._on_pointerLeft)
        self.pointerClicked.connect(self._on_pointerClicked)
        self.apply_theme(theme)

    @property
    def picture(self) -> AttributionPicture | None:
        """What is drawn."""
        return None if self._contents is None else self._contents.attribution

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._theme = theme
        self._zero.setPen(pg.mkPen(QColor(theme.line)))
        self._line.setPen(pg.mkPen(QColor(theme.muted), width=1))
        if self._contents is not None:
            self._draw(self._contents)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given; redraws only what changed."""
        before, self._contents = self._contents, contents
        if (
            before is None
            or contents.attribution is not before.attribution
            or contents.spectrum.index_scale != before.spectrum.index_scale
        ):
            self._draw(contents)
        self.mark(contents.spectrum.index_scale, contents.spectrum_marks)

    def _draw(self, contents: Contents) -> None:
        picture, scale = contents.attribution, contents.spectrum.index_scale
        if picture is None:
            self._bars.setOpts(x0=[], x1=[], y0=0, height=[], brushes=None)
            self._line.setData([], [])
            return
        if picture.image is not None:
            self._draw_image(picture, scale)
            return
        self.left_axis.setTicks(None)
        self.left_axis.setWidth(_LEFT_AXIS_WIDTH)
        self.getViewBox().invertY(False)
        colours = signed_colours(picture.values, picture.top, self._theme.dark)
        # Neighbours touch: a gap of a fraction of a pixel would look like a pattern.
        left, right = scale.forward(picture.at - 0.5), scale.forward(picture.at + 0.5)
        self._bars.setOpts(
            x0=left,
            x1=right,
            y0=0,
            height=picture.inputs,
            brushes=[pg.mkBrush(*(int(part) for part in colour)) for colour in colours],
            pen=pg.mkPen(None),
        )
        self._line.setData(scale.forward(picture.at), picture.inputs)
        self.bottom_axis.set_axis_scale(scale)
        self.set_index_range(float(left[0]), float(right[-1]))
        low, high = float(picture.inputs.min(initial=0)), float(picture.inputs.max(initial=0))
        margin = 0.08 * (high - low or 1.0)
        self.getViewBox().setYRange(low - margin, high + margin, padding=0)

    def _draw_image(self, picture: AttributionPicture, scale: AxisScale) -> None:
        """Paint a cell for each structure and eigenvalue; the first structure is at the top."""
        assert picture.image is not None
        rows, steps = picture.image.shape
        left, right = scale.forward(picture.at - 0.5), scale.forward(picture.at + 0.5)
        colours = signed_colours(picture.image.reshape(-1), picture.image_top, self._theme.dark)
        self._bars.setOpts(
            x0=np.tile(left, rows),
            x1=np.tile(right, rows),
            y0=np.repeat(np.arange(rows, dtype=float), steps),
            height=np.ones(rows * steps),
            brushes=[pg.mkBrush(*(int(part) for part in colour)) for colour in colours],
            pen=pg.mkPen(None),
        )
        self._line.setData([], [])
        every = max(1, -(-rows // _MOST_ROW_NAMES))
        names = [(row + 0.5, picture.row_names[row][:_NAME]) for row in range(0, rows, every)]
        self.left_axis.setTicks([names])
        self.left_axis.setWidth(_NAMES_WIDTH)
        self.bottom_axis.set_axis_scale(scale)
        self.set_index_range(float(left[0]), float(right[-1]))
        self.getViewBox().invertY(True)
        self.getViewBox().setYRange(0, rows, padding=0)

    def _sample_at(self, x: float) -> Sample | None:
        picture = self.picture
        if picture is None or self._contents is None:
            return None
        index = float(self._contents.spectrum.index_scale.inverse(x))
        nearest = int(np.argmin(np.abs(picture.at - index)))
        return Sample(SPECTRUM, int(picture.at[nearest]))

    def _on_pointerMoved(self, x: float, _y: float) -> None:
        self.hoverRequested.emit(self._sample_at(x))

    def _on_pointerLeft(self) -> None:
        self.hoverRequested.emit(None)

    def _on_pointerClicked(self, x: float, _y: float) -> None:
        sample = self._sample_at(x)
        if sample is not None:
            self.pinRequested.emit(sample)
