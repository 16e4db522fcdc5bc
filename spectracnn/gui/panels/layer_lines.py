"""The line view of a layer: chosen channels, and for pooling also what was pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.gui.panels.plot import AlignedPlot
    from spectracnn.gui.theme import Theme
    from spectracnn.view.pictures import Curve, LayerPicture

_LEGEND_TOP = 4
_MOST_NAMED = 6
"""Lines in the legend, which is one row: it must leave the plot to the lines."""


class LayerLines:
    """Curves, steps and bars on a plot, reused from one spectrum to the next."""

    def __init__(self, plot: AlignedPlot) -> None:
        self._plot = plot
        self._curves: list[pg.PlotCurveItem] = []
        self._bars: pg.BarGraphItem | None = None
        self._legend = plot.getPlotItem().addLegend(
            offset=(-8, _LEGEND_TOP), colCount=_MOST_NAMED + 1, labelTextSize="8pt"
        )
        self._zero = pg.InfiniteLine(0, angle=0, movable=False)
        plot.addItem(self._zero, ignoreBounds=True)
        self.clear()

    def clear(self) -> None:
        """Take everything off the plot."""
        if not self._curves and self._bars is None and not self._zero.isVisible():
            return  # emptying a legend lays it out anew, which every heat map would pay for
        for item in self._curves:
            self._plot.removeItem(item)
        self._curves.clear()
        if self._bars is not None:
            self._plot.removeItem(self._bars)
            self._bars = None
        self._legend.clear()
        self._legend.setVisible(False)
        self._zero.setVisible(False)

    def draw(self, picture: LayerPicture, theme: Theme) -> None:
        """Draw the picture's curves; a vector becomes bars."""
        self.clear()
        self._zero.setPen(pg.mkPen(QColor(theme.line)))
        self._zero.setVisible(True)
        self._plot.left_axis.setTicks(None)
        box = self._plot.getViewBox()
        box.invertY(False)
        low, high = _range(picture)
        if picture.vector:
            box.setYRange(low, high, padding=0)
            self._draw_bars(picture, theme)
            return
        self._legend.setLabelTextColor(QColor(theme.ink))
        for curve in picture.pooled:
            self._add(curve, theme, width=1, faded=True, picture=picture)
        for curve in picture.curves:
            self._add(curve, theme, width=1.6, faded=False, picture=picture)
        self._legend.setVisible(True)
        box.setYRange(low, high + self._headroom(box.height()) * (high - low), padding=0)

    def _headroom(self, height: float) -> float:
        """Return how much more room, as a share, keeps the legend off the curves."""
        needed = self._legend.boundingRect().height() + _LEGEND_TOP
        return needed / (height - needed) if height > 2 * needed else 0.0

    def _add(
        self, curve: Curve, theme: Theme, *, width: float, faded: bool, picture: LayerPicture
    ) -> None:
        colour = QColor(curve_colour(curve.colour, theme.dark))
        x = picture.index_scale.forward(curve.x)
        style = Qt.PenStyle.DotLine if faded else Qt.PenStyle.SolidLine
        # Pooled outputs are steps as wide as the window that each summarises.
        steps = bool(picture.pooled) and not faded and x.size > 1
        item = pg.PlotCurveItem(
            _edges(x) if steps else x,
            curve.y,
            pen=pg.mkPen(colour, width=width, style=style),
            antialias=True,
            stepMode="center" if steps else None,
            connect="all" if steps else "finite",
        )
        self._plot.addItem(item, ignoreBounds=True)
        self._curves.append(item)
        drawn = len(self._legend.items)
        if not faded and drawn < _MOST_NAMED:
            self._legend.addItem(item, curve.name.removeprefix("channel "))
        elif not faded and drawn == _MOST_NAMED:
            more = len(picture.curves) - _MOST_NAMED
            self._legend.addItem(pg.PlotCurveItem(pen=None), f"+ {more} more")

    def _draw_bars(self, picture: LayerPicture, theme: Theme) -> None:
        colour = QColor(curve_colour(0, theme.dark))
        self._bars = pg.BarGraphItem(
            x=np.arange(picture.values.size),
            height=np.nan_to_num(picture.values, posinf=0.0, neginf=0.0),
            width=0.8,
            brush=colour,
            pen=None,
        )
        self._plot.addItem(self._bars, ignoreBounds=True)

    def nearest_channel(self, picture: LayerPicture, step: int, y: float) -> int:
        """Return the drawn channel, or row of an image, whose value at this step is nearest."""
        if picture.plane is not None:
            drawn = [curve.colour for curve in picture.curves]
        else:
            drawn = [int(curve.name.removeprefix("channel ")) for curve in picture.curves]
        if not drawn:
            return 0
        distances = np.abs(picture.values[step, drawn] - y)
        return drawn[int(np.argmin(np.nan_to_num(distances, nan=np.inf)))]


def _edges(x: NDArray[np.float64]) -> NDArray[np.float64]:
    middles = (x[1:] + x[:-1]) / 2
    return np.concatenate(([2 * x[0] - middles[0]], middles, [2 * x[-1] - middles[-1]]))


def _range(picture: LayerPicture) -> tuple[float, float]:
    if picture.vector:
        values = picture.values.astype(np.float64)
    else:
        values = np.concatenate([curve.y for curve in (*picture.curves, *picture.pooled)])
    values = values[np.isfinite(values)]
    low = min(0.0, float(values.min(initial=0)))
    high = max(0.0, float(values.max(initial=0)))
    margin = 0.06 * (high - low) or 0.5
    return low - (margin if low < 0 else margin / 2), high + margin
