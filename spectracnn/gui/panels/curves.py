"""The curves of the spectrum plot: one graphics item a colour, however many spectra there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from spectracnn.view.tints import colour_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spectracnn.gui.panels.plot import AlignedPlot
    from spectracnn.gui.theme import Theme
    from spectracnn.view.pictures import Curve, SpectrumPicture

_FADED_ALPHA = 110
_SMOOTH_UP_TO = 24


class SpectrumCurves:
    """Draws faded curves grouped by colour, and the emphasised one on top.

    A hundred items of a curve each cost several milliseconds of Python at every repaint; a few
    items with gaps between the curves cost next to nothing.
    """

    def __init__(self, plot: AlignedPlot) -> None:
        self._plot = plot
        self._items: list[pg.PlotCurveItem] = []

    def draw(self, picture: SpectrumPicture, theme: Theme) -> None:
        """Replace what is drawn."""
        groups: dict[tuple[bool, bool, str], list[Curve]] = defaultdict(list)
        for curve in picture.curves:
            colour_name = colour_of(curve, theme.dark)
            groups[curve.emphasised, curve.ghost, colour_name].append(curve)
        while len(self._items) < len(groups):
            item = pg.PlotCurveItem(connect="finite")
            self._plot.addItem(item, ignoreBounds=True)
            self._items.append(item)
        alone = len(picture.curves) == 1
        smooth = len(picture.curves) <= _SMOOTH_UP_TO
        for item, (key, curves) in zip(self._items, groups.items(), strict=False):
            emphasised, ghost, name = key
            colour = QColor(name)
            if not (emphasised or alone):
                colour.setAlpha(_FADED_ALPHA)
            # Only lines one pixel wide are fast; the emphasised one may cost more.
            style = Qt.PenStyle.DashLine if ghost else Qt.PenStyle.SolidLine
            item.setPen(pg.mkPen(colour, width=2.5 if emphasised else 1, style=style))
            item.setZValue(10 if emphasised else 0)
            x, y = _joined(curves)
            item.setData(
                picture.index_scale.forward(x),
                picture.value_scale.forward(y),
                antialias=emphasised or smooth,
            )
        for item in self._items[len(groups) :]:
            item.setData([], [])


def _joined(curves: Iterable[Curve]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the curves one after the other, with a gap between them."""
    gap = np.array([np.nan])
    xs = [part for curve in curves for part in (curve.x, curve.x[-1:])]
    ys = [part for curve in curves for part in (curve.y, gap[: curve.y.size])]
    return np.concatenate(xs), np.concatenate(ys)
