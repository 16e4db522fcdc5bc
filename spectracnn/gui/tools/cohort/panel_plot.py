"""Draws one panel of a cohort page with pyqtgraph, and says what was clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from spectracnn.gui.panels.items import ScaledAxis
from spectracnn.gui.theme import number_font
from spectracnn.view.cohort.panels import BAD, GOOD, INK, MUTED
from spectracnn.view.palettes import Palette, colour_table, curve_colour

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.view.cohort.panels import Bars, Line, Matrix, Panel
    from spectracnn.view.theme import Theme

_MOST_IN_LEGEND = 8
_MOST_LETTERS = 20
_MANY_POINTS = 200
_BAND = 46  # of 255


class _Axis(ScaledAxis):
    """Numbers, or names; names under a matrix stand upright."""

    upright = False

    def drawPicture(self, p: QPainter, axis: Any, ticks: Any, texts: Any) -> None:
        if not self.upright:
            super().drawPicture(p, axis, ticks, texts)
            return
        super().drawPicture(p, axis, ticks, [])
        p.setFont(self.style["tickFont"] or self.font())
        p.setPen(self.textPen())
        for rect, _flags, text in texts:
            p.save()
            p.translate(rect.center().x(), rect.top())
            p.rotate(-90)
            height = rect.height() + 8
            p.drawText(
                QRectF(-400, -height / 2, 400, height),
                int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                text,
            )
            p.restore()


class PanelPlot(pg.PlotWidget):
    """One pair of axes.

    Signals
    -------
    cellClicked : (int, int)
        Row and column of a matrix.
    barClicked : int
    pointClicked : int
        What the nearest point stands for.
    """

    cellClicked = Signal(int, int)
    barClicked = Signal(int)
    pointClicked = Signal(int)

    def __init__(self, theme: Theme, name: str) -> None:
        axes = {side: _Axis(side) for side in ("left", "bottom")}
        super().__init__(axisItems=axes, viewBox=pg.ViewBox(enableMenu=False), enableMenu=False)
        self.setAccessibleName(name)
        self.setMinimumSize(220, 160)
        self.getPlotItem().hideButtons()
        self.setMouseEnabled(False, False)
        self.legend = pg.LegendItem(offset=(-8, 8), verSpacing=-8, labelTextSize="8pt")
        self.legend.setParentItem(self.getPlotItem().getViewBox())
        self.panel: Panel | None = None
        self._dots: list[tuple[NDArray[np.float64], NDArray[np.float64], QColor]] = []
        self._theme = theme
        self.scene().sigMouseClicked.connect(self._on_scene_sigMouseClicked)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self._theme = theme
        self.setBackground(QColor(theme.ground))
        for name in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(name)
            axis.setPen(QColor(theme.line))
            axis.setTextPen(QColor(theme.muted))
            axis.setStyle(tickFont=number_font(self.font()))
        if self.panel is not None:
            self.show_panel(self.panel)

    def show_panel(self, panel: Panel) -> None:
        """Draw another panel in the place of the one before."""
        self.panel = panel
        theme, item = self._theme, self.getPlotItem()
        item.clear()
        self.legend.clear()
        self.legend.setLabelTextColor(QColor(theme.ink))
        self.setTitle(f'<span style="color:{theme.ink}">{panel.title}</span>', size="9pt")
        for side, label in (("bottom", panel.x_label), ("left", panel.y_label)):
            item.setLabel(side, label or None, color=theme.muted)
            item.showLabel(side, bool(label))
            axis = item.getAxis(side)
            axis.upright = False
            axis.setStyle(tickLength=-5, hideOverlappingLabels=True)
            axis.setTicks(None)
            axis.setWidth(None) if side == "left" else axis.setHeight(None)
        named = panel.matrix is not None or panel.bars is not None
        item.getViewBox().invertY(named)
        item.showGrid(x=False, y=False)
        item.getViewBox().setAspectLocked(panel.square)
        dashes = pg.mkPen(QColor(theme.muted), style=Qt.PenStyle.DashLine)
        if panel.diagonal:
            item.addItem(pg.InfiniteLine((0, 0), 45, dashes), ignoreBounds=True)
        for value, angle in (
            *((v, 0) for v in panel.baselines),
            *((v, 90) for v in panel.verticals),
        ):
            pen = pg.mkPen(QColor(theme.muted), style=Qt.PenStyle.DashLine)
            item.addItem(pg.InfiniteLine(value, angle, pen), ignoreBounds=True)
        if panel.matrix is not None:
            self._draw_matrix(panel.matrix)
        if panel.bars is not None:
            self._draw_bars(panel.bars)
        shown = [line for line in panel.lines if line.label]
        for line in panel.lines:
            drawn = self._draw_line(line)
            if line.label and 1 < len(shown) <= _MOST_IN_LEGEND:
                self.legend.addItem(drawn, line.label)
        self._draw_dots()
        if panel.ticks:
            item.getAxis("bottom").setTicks([list(panel.ticks)])
        self._set_ranges(panel)

    def _set_ranges(self, panel: Panel) -> None:
        box = self.getPlotItem().getViewBox()
        box.enableAutoRange()
        if panel.x_range is not None:
            box.setXRange(*panel.x_range, padding=0)
        if panel.y_range is not None:
            box.setYRange(*panel.y_range, padding=0)
        if panel.matrix is not None:
            rows, columns = panel.matrix.values.shape
            box.setRange(xRange=(-0.5, columns - 0.5), yRange=(-0.5, rows - 0.5), padding=0)
        elif panel.bars is not None:
            box.setYRange(-0.6, max(len(panel.bars.names) - 0.4, 0.6), padding=0)

    # --- drawing -----------------------------------------------------------------------------

    def colour(self, code: int) -> QColor:
        """Return a colour of the records."""
        theme = self._theme
        special = {MUTED: theme.muted, INK: theme.ink, GOOD: theme.good, BAD: theme.error}
        return QColor(special.get(code) or curve_colour(code, theme.dark))

    def _draw_line(self, line: Line) -> pg.PlotCurveItem | pg.ScatterPlotItem:
        colour = self.colour(line.colour)
        faint = QColor(colour)
        if line.colour == MUTED:
            colour.setAlpha(90)
        if line.low is not None and line.high is not None:
            if line.joined:
                faint.setAlpha(_BAND)
                edges = [
                    pg.PlotCurveItem(line.x, y, pen=pg.mkPen(None)) for y in (line.low, line.high)
                ]
                for edge in edges:
                    self.addItem(edge)
                self.addItem(pg.FillBetweenItem(*edges, brush=faint))
            else:
                self.addItem(_error_bars(line, colour))
        width = 1 if line.colour == MUTED else 2
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        fill = QColor(colour)
        fill.setAlpha(110 if not line.joined and len(line.x) > _MANY_POINTS else 255)
        if not line.joined:
            points = pg.ScatterPlotItem(line.x, line.y, size=6, pen=None, brush=fill)
            self.addItem(points)
            return points
        pen = pg.mkPen(colour, width=width, style=style)
        drawn = pg.PlotCurveItem(line.x, line.y, pen=pen, connect="finite", antialias=True)
        self.addItem(drawn)
        if line.points:
            self._dots += [(line.x, line.y, fill)]
        return drawn

    def _draw_dots(self) -> None:
        """Draw the points of all curves by one item: each takes some milliseconds to make."""
        dots, self._dots = self._dots, []
        if not dots:
            return
        x, y = (np.concatenate([dot[place] for dot in dots]) for place in (0, 1))
        brushes = [brush for own, _, fill in dots for brush in [pg.mkBrush(fill)] * len(own)]
        points = pg.ScatterPlotItem(x, y, size=6, pen=None, brush=brushes)
        points.setZValue(1)
        self.addItem(points)

    def _draw_bars(self, bars: Bars) -> None:
        count = len(bars.names)
        at = np.arange(count)
        colours = bars.colours or (0,) * count
        brushes = [self.colour(code) for code in colours]
        self.addItem(
            pg.BarGraphItem(
                x0=np.zeros(count), y=at, height=0.72, width=bars.values, brushes=brushes, pen=None
            )
        )
        if bars.low is not None and bars.high is not None:
            middle = (bars.low + bars.high) / 2
            half = (bars.high - bars.low) / 2
            self.addItem(
                pg.ErrorBarItem(
                    x=middle, y=at.astype(float), left=half, right=half, beam=0.3,
                    pen=pg.mkPen(self.colour(INK), width=1.2),
                )
            )  # fmt: skip
        for place, text in enumerate(bars.texts):
            label = pg.TextItem(text, color=QColor(self._theme.muted), anchor=(0, 0.5))
            label.setFont(number_font(self.font()))
            label.setPos(float(bars.values[place]), place)
            self.addItem(label, ignoreBounds=True)
        self._name("left", bars.names)

    def _draw_matrix(self, matrix: Matrix) -> None:
        palette = Palette.SIGNED if matrix.signed else Palette.POSITIVE
        low = -matrix.limit if matrix.signed else 0.0
        image = pg.ImageItem(matrix.values, axisOrder="row-major", levels=(low, matrix.limit))
        image.setLookupTable(colour_table(palette, self._theme.dark))
        rows, columns = matrix.values.shape
        image.setRect(QRectF(-0.5, -0.5, columns, rows))
        self.addItem(image)
        font = number_font(self.font())
        for row, texts in enumerate(matrix.texts):
            for column, text in enumerate(texts):
                if text:
                    strong = abs(matrix.values[row, column]) > 0.5 * matrix.limit
                    ink = self._theme.ground if strong else self._theme.ink
                    label = pg.TextItem(text, color=QColor(ink), anchor=(0.5, 0.5))
                    label.setFont(font)
                    label.setPos(column, row)
                    self.addItem(label, ignoreBounds=True)
        self._name("left", matrix.rows)
        self._name("bottom", matrix.columns)

    def _name(self, side: str, names: tuple[str, ...]) -> None:
        """Write names in the place of numbers along an axis."""
        axis = self.getPlotItem().getAxis(side)
        short = [
            name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}\u2026"
            for name in names
        ]
        axis.setTicks([list(enumerate(short))])
        axis.setStyle(tickLength=0, hideOverlappingLabels=False)
        metrics = QFontMetricsF(number_font(self.font()))
        widest = max((metrics.horizontalAdvance(name) for name in short), default=0.0)
        label = 22 if axis.label.isVisible() else 0
        if side == "left":
            axis.setWidth(widest + 14 + label)
        else:
            axis.upright = True
            axis.setHeight(widest + 14 + label)

    # --- clicks ------------------------------------------------------------------------------

    @Slot(object)
    def _on_scene_sigMouseClicked(self, event: Any) -> None:
        panel = self.panel
        box = self.getPlotItem().getViewBox()
        if panel is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if not box.sceneBoundingRect().contains(event.scenePos()):
            return
        at = box.mapSceneToView(event.scenePos())
        row, column = round(at.y()), round(at.x())
        if panel.matrix is not None:
            rows, columns = panel.matrix.values.shape
            if 0 <= row < rows and 0 <= column < columns:
                self.cellClicked.emit(row, column)
        elif panel.bars is not None:
            if 0 <= row < len(panel.bars.names):
                self.barClicked.emit(row)
        else:
            found = self._nearest(event.scenePos())
            if found is not None:
                self.pointClicked.emit(found)

    def _nearest(self, position: Any) -> int | None:
        """Return what the nearest point within a few pixels stands for."""
        assert self.panel is not None
        box = self.getPlotItem().getViewBox()
        at, (width, height) = box.mapSceneToView(position), box.viewPixelSize()
        best, found = 12.0**2, None
        for line in self.panel.lines:
            if line.places is None or not line.x.size:
                continue
            away = ((line.x - at.x()) / width) ** 2 + ((line.y - at.y()) / height) ** 2
            away = np.where(np.isfinite(away), away, np.inf)
            place = int(np.argmin(away))
            if away[place] < best:
                best, found = float(away[place]), int(line.places[place])
        return found


def _error_bars(line: Line, colour: QColor) -> pg.ErrorBarItem:
    assert line.low is not None
    assert line.high is not None
    middle, half = (line.low + line.high) / 2, (line.high - line.low) / 2
    known = np.isfinite(middle)
    faint = QColor(colour)
    faint.setAlpha(150)
    return pg.ErrorBarItem(
        x=line.x[known],
        y=middle[known],
        height=2 * half[known],
        pen=pg.mkPen(faint, width=1),
    )
