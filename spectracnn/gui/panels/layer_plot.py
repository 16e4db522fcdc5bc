"""The drawing area of a layer's panel: image, lines, and the marked sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QGraphicsRectItem, QLabel, QWidget

from spectracnn.gui.panels.items import Brackets, StruckRows
from spectracnn.gui.panels.layer_lines import LayerLines
from spectracnn.gui.panels.plot import LEFT_AXIS_WIDTH, AlignedPlot
from spectracnn.state.selection import LayerMode, Sample
from spectracnn.view.fitting import NAMES, names_that_fit, squeezed_rows
from spectracnn.view.palettes import MISSING, colour_table

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import LayerContents
    from spectracnn.view.pictures import LayerMarks, LayerPicture, Range

_LINE = 14


class LayerPlot(AlignedPlot):
    """Draws one layer.

    Signals
    -------
    hoverRequested, pinRequested : Sample or None
    """

    hoverRequested = Signal(object)
    pinRequested = Signal(object)

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(own_wheel=False, parent=parent)
        self._index = index
        self._theme: Theme | None = None
        self._picture: LayerPicture | None = None
        self._mode = LayerMode.HEAT_MAP
        self._missing: QLabel | None = None
        self._ticks: list[tuple[float, str]] | None = None
        self._compact = False
        self._squeezed = 0
        self.setAccessibleName(f"Feature maps of {name}")
        # The name of the first unit may reach under the left axis.
        reach = LEFT_AXIS_WIDTH
        self.bottom_axis.setStyle(showValues=False, tickLength=0, hideOverlappingLabels=reach)
        self.bottom_axis.setHeight(1)
        self.getPlotItem().layout.setContentsMargins(0, 0, 8, 0)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setZValue(-5)
        self.addItem(self.image, ignoreBounds=True)
        # Cells without a finite value are transparent, and this hatching shows through.
        self.hatch = QGraphicsRectItem()
        self.hatch.setZValue(-6)
        self.hatch.setVisible(False)
        self.addItem(self.hatch, ignoreBounds=True)
        self.lines = LayerLines(self)
        self._cell = QGraphicsRectItem()
        self._pin_cell = QGraphicsRectItem()
        self._held_cell: bool | None = None
        self._window = QGraphicsRectItem()
        for item in (self._window, self._pin_cell, self._cell):
            item.setZValue(20)
            item.setVisible(False)
            self.addItem(item, ignoreBounds=True)
        self.struck = StruckRows()
        self.brackets = Brackets()
        for marks in (self.struck, self.brackets):
            self.addItem(marks, ignoreBounds=True)
        self.cursor.setZValue(15)
        self.bands.setZValue(-4)
        self.getViewBox().setMouseEnabled(x=True, y=False)
        self.pointerMoved.connect(self._on_pointerMoved)
        self.pointerLeft.connect(self._on_pointerLeft)
        self.pointerClicked.connect(self._on_pointerClicked)

    @property
    def vector(self) -> bool:
        """Whether this plot has an axis of units instead of the index axis."""
        return self._picture is not None and self._picture.vector

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._theme = theme
        # Over a map a full shade would change what its colours say: an outline and a breath.
        shade, edge = QColor(theme.accent), QColor(theme.accent)
        shade.setAlpha(20)
        edge.setAlpha(150)
        self.bands.set_colour(shade, edge)
        self._held_cell = None
        self._pin_cell.setPen(_cell_pen(theme, held=True))
        self.struck.set_colour(QColor(theme.muted))
        self.hatch.setPen(QPen(Qt.PenStyle.NoPen))
        hatching = QBrush(QColor(MISSING[theme.dark]), Qt.BrushStyle.BDiagPattern)
        self.hatch.setBrush(hatching)
        veil = QColor(theme.ground)
        veil.setAlpha(176)
        self.brackets.set_colours(QColor(theme.good), veil)
        self._window.setPen(pg.mkPen(QColor(theme.accent), width=2))
        if self._picture is not None:
            self._draw(self._picture)

    def set_contents(self, contents: LayerContents) -> None:
        """Show what is given; redraws only what changed."""
        changed = contents.picture is not self._picture or contents.options.mode is not self._mode
        self._show_note(contents.missing)
        self._picture, self._mode = contents.picture, contents.options.mode
        if changed:
            if contents.picture is None:
                self.image.setVisible(False)
                self.hatch.setVisible(False)
                self.lines.clear()
            else:
                self._draw(contents.picture)
        shown = contents.muted if self.vector or self._mode is LayerMode.HEAT_MAP else ()
        plane = None if self._picture is None else self._picture.plane
        if self._picture is not None and not self.vector:
            shown = tuple(sorted(self._picture.row_of(channel) for channel in shown))
        if plane is not None:  # rows are no channels here: all are of the one that is shown
            muted = plane.channel in contents.muted
            shown = tuple(range(len(plane.rows))) if muted else ()
        self.struck.set_rows(shown, upright=self.vector)
        self._mark(contents.marks)

    def _show_note(self, text: str) -> None:
        """Say over the empty plot why it is empty."""
        if self._missing is None and text:
            self._missing = QLabel(self, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
            self._missing.setProperty("muted", True)
            self._missing.setGeometry(self.rect())
        if self._missing is not None:
            self._missing.setText(text)
            self._missing.setVisible(bool(text))

    # --- drawing -----------------------------------------------------------------------------

    def _draw(self, picture: LayerPicture) -> None:
        if self._theme is None:
            return
        heat_map = self._mode is LayerMode.HEAT_MAP
        self.image.setVisible(heat_map)
        self.hatch.setVisible(heat_map and bool(picture.n_not_finite))
        self.bottom_axis.set_axis_scale(picture.index_scale)
        if heat_map:
            self.lines.clear()
            self._draw_image(picture, self._theme)
        else:
            self._ticks = None
            self.lines.draw(picture, self._theme)
        self.set_seams(picture.seams, picture.index_scale)
        if picture.vector:
            low, high = picture.extent
            self.getViewBox().setXRange(low, high, padding=0)
            self._label_units(picture)
        self.getViewBox().setMouseEnabled(x=not picture.vector, y=False)

    def _draw_image(self, picture: LayerPicture, theme: Theme) -> None:
        rows = picture.image.shape[0]
        left, right = picture.extent
        self._squeezed = self._most_rows()
        shown = squeezed_rows(picture.image, self._squeezed)
        if picture.n_not_finite:
            shown = np.where(np.isfinite(shown), shown, np.float32(np.nan))
            self._fit_hatching(QRectF(left, -0.5, right - left, rows))
        self.image.setImage(
            shown,
            levels=picture.levels,
            lut=colour_table(picture.palette, theme.dark),
            autoLevels=False,
        )
        self.image.setRect(QRectF(left, -0.5, right - left, rows))
        box = self.getViewBox()
        box.invertY(True)
        box.setYRange(-0.5, rows - 0.5, padding=0)
        self._number_rows()

    def _most_rows(self) -> int:
        """Return how many rows of a map have a pixel each."""
        return max(1, round((self.height() - 1) * self.devicePixelRatioF()))

    def set_compact(self, compact: bool) -> None:
        """Leave out the numbers under a vector that has no names."""
        self._compact = compact
        if self._picture is not None and self._picture.vector:
            self._label_units(self._picture)

    def _fit_hatching(self, where: QRectF) -> None:
        """Hatch this rectangle; the lines of the pattern keep their distance in pixels."""
        self.hatch.setRect(where)
        brush = self.hatch.brush()
        inverted, possible = self.getViewBox().childGroup.transform().inverted()
        if possible:
            brush.setTransform(QTransform(inverted.m11(), 0, 0, inverted.m22(), 0, 0))
        self.hatch.setBrush(brush)

    def _number_rows(self) -> None:
        if self._picture is not None and self._mode is LayerMode.HEAT_MAP:
            ticks = [] if self.vector else _row_ticks(self._picture, self.height())
            if self._picture.plane is not None:
                ticks = _named_ticks(self._picture.plane.rows, self.height())
            if ticks != self._ticks:  # new ticks make the axis lay out all its texts again
                self._ticks = ticks
                self.left_axis.setTicks([ticks])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_picture"):  # the base class resizes itself while it is being made
            if self._missing is not None:
                self._missing.setGeometry(self.rect())
            self._number_rows()
            picture = self._picture
            if picture is not None and picture.vector:
                self._label_units(picture)
            if picture is not None and self._mode is LayerMode.HEAT_MAP:
                rows, most = picture.image.shape[0], self._most_rows()
                if min(rows, most) != min(rows, self._squeezed) and self._theme is not None:
                    self._draw_image(picture, self._theme)

    def _label_units(self, picture: LayerPicture) -> None:
        named = bool(picture.labels) or not self._compact
        self.bottom_axis.setStyle(showValues=named)
        self.bottom_axis.setHeight((NAMES if self._compact else 20) if named else 1)
        if picture.labels:
            room = max(1, self.width() - LEFT_AXIS_WIDTH - _LINE)
            metrics = QFontMetricsF(self.bottom_axis.style["tickFont"] or self.font())
            widths = [metrics.horizontalAdvance(label) for label in picture.labels]
            shown = names_that_fit(widths, np.asarray(picture.values).reshape(-1), room)
            self.bottom_axis.setTicks([[(place, picture.labels[place]) for place in shown]])

    def _mark(self, marks: LayerMarks) -> None:
        picture = self._picture
        if picture is None:
            marks = type(marks)()
        vector = self.vector
        scale = picture.index_scale if picture is not None else None
        bands: tuple[Range, ...] = ()
        cursor = pin = None
        if scale is not None and not vector:
            bands = tuple(
                (float(scale.forward(a - 0.5)), float(scale.forward(b + 0.5)))
                for a, b in marks.bands
            )
            cursor = None if marks.index is None else float(scale.forward(marks.index))
            pin = None if marks.pinned is None else float(scale.forward(marks.pinned))
        self.bands.set_ranges(bands)
        self.place_cursor(cursor, held=marks.held)
        self.place_pin(pin)
        self._mark_cell(marks)
        self.brackets.set_ranges(marks.dependents)

    def _mark_cell(self, marks: LayerMarks) -> None:
        heat_map = self._mode is LayerMode.HEAT_MAP
        low, high = self.getViewBox().viewRange()[1]
        # Pinned: a strong frame in the accent. Under the pointer: a thin one in ink.
        if marks.held is not self._held_cell and self._theme is not None:
            self._held_cell = marks.held
            self._cell.setPen(_cell_pen(self._theme, held=marks.held))
        for item, cell in ((self._cell, marks.cell), (self._pin_cell, marks.pin_cell)):
            item.setVisible(cell is not None)
            if cell is not None:
                left, right, channel = cell
                top, height = (channel - 0.5, 1.0) if heat_map else (low, high - low)
                item.setRect(QRectF(left, top, right - left, height))
        self._window.setVisible(marks.window is not None)
        if marks.window is not None:
            left, right = marks.window
            self._window.setRect(QRectF(left, low, right - left, high - low))

    # --- pointer -----------------------------------------------------------------------------

    def sample_at(self, x: float, y: float) -> Sample | None:
        """Return the sample under display coordinates."""
        picture = self._picture
        if picture is None or not picture.values.size:
            return None
        value = float(picture.index_scale.inverse(x))
        if picture.vector:
            step = round(value)
            return Sample(self._index, step) if 0 <= step < picture.values.size else None
        step = int(np.argmin(np.abs(picture.centres - value)))
        if self._mode is LayerMode.HEAT_MAP:
            row = picture.channel_at(int(np.clip(round(y), 0, picture.values.shape[1] - 1)))
        else:
            row = self.lines.nearest_channel(picture, step, y)
        plane = picture.plane
        if plane is not None:
            return Sample(self._index, plane.step(row, step), plane.channel)
        return Sample(self._index, step, row)

    def _on_pointerMoved(self, x: float, y: float) -> None:
        self.hoverRequested.emit(self.sample_at(x, y))

    def _on_pointerLeft(self) -> None:
        self.hoverRequested.emit(None)

    def _on_pointerClicked(self, x: float, y: float) -> None:
        sample = self.sample_at(x, y)
        if sample is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pinRequested.emit(sample)


def _cell_pen(theme: Theme, *, held: bool) -> QPen:
    """Return how a marked cell is framed: pinned, or only under the pointer."""
    if held:
        return pg.mkPen(QColor(theme.accent), width=3)
    return pg.mkPen(QColor(theme.ink), width=1.5)


def _row_ticks(picture: LayerPicture, height: int) -> list[tuple[float, str]]:
    """Return channel numbers about 24 pixels apart."""
    rows = picture.image.shape[0]
    room = max(1, height // 24)
    gap = next((g for g in (1, 2, 4, 8, 16, 32, 64, 128) if rows / g <= room), rows)
    return [(float(row), str(picture.channel_at(row))) for row in range(0, rows, gap)]


def _named_ticks(names: tuple[str, ...], height: int) -> list[tuple[float, str]]:
    """Return names of rows, as many as there is room for."""
    gap = max(1, -(-_LINE * len(names) // max(height, 1)))
    room = LEFT_AXIS_WIDTH - 8
    return [(float(row), _shortened(names[row], room)) for row in range(0, len(names), gap)]


def _shortened(text: str, pixels: int) -> str:
    letters = max(2, pixels // 7)
    return text if len(text) <= letters else f"{text[: letters - 1]}\u2026"
