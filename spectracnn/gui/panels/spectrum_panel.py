"""The spectrum plot: overlaid curves, the model's range, receptive field, crosshair, legend."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from spectracnn.gui.panels.colour_by import ColourByButton
from spectracnn.gui.panels.curves import SpectrumCurves
from spectracnn.gui.panels.items import Bands
from spectracnn.gui.panels.plot import LEFT_AXIS_WIDTH, AlignedPlot
from spectracnn.gui.panels.range_drag import RangeDrag
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.palettes import tint_colour
from spectracnn.view.tints import colour_of

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents
    from spectracnn.view.palettes import Tint
    from spectracnn.view.pictures import Curve, SpectrumMarks, SpectrumPicture

_NEAREST = 1e-3
"""The lowest view of the values, as a share of their whole height."""
MOST_IN_LEGEND = 7
_SQUARE, _DASHES = "\u25a0", "\u2505"


class SpectrumPanel(QFrame):
    """Draws the spectra; keeps no state but what it draws.

    Signals
    -------
    hoverRequested, pinRequested : Sample or None
    rangeRequested : (int, int)
        First and last eigenvalue that were dragged over with Shift held.
    viewRequested : dict
        Fields of `Selection` to change.
    """

    hoverRequested = Signal(object)
    pinRequested = Signal(object)
    rangeRequested = Signal(object)
    viewRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self._picture: SpectrumPicture | None = None
        self._label = ("", "")
        self.plot = AlignedPlot(own_wheel=True)
        self.plot.setAccessibleName("Spectrum plot")
        self.plot.bottom_axis.setStyle(showValues=False)
        self.plot.bottom_axis.setHeight(8)
        self._curves = SpectrumCurves(self.plot)
        self._unused = Bands()
        self._unused.setZValue(-20)
        self._chosen = Bands()
        self._chosen.setZValue(-12)
        self.range_drag = RangeDrag(self.plot)
        self._point = pg.ScatterPlotItem(size=9, pen=None)
        self._point.setZValue(30)
        self._level = pg.InfiniteLine(angle=0, movable=False)
        self._level.setVisible(False)
        for item in (self._unused, self._chosen, self._point, self._level):
            self.plot.addItem(item, ignoreBounds=True)
        self.legend = QLabel(textFormat=Qt.TextFormat.RichText)
        self.legend.setAccessibleName("Legend")
        self.legend.setContentsMargins(LEFT_AXIS_WIDTH, 6, 8, 0)
        # A legend wider than the plot is cut, not allowed to widen the window.
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.legend.installEventFilter(self)
        self.beyond_button = tool_button(
            "", "Show all values, or those near the current spectrum", quiet=True
        )
        self.beyond_button.setMinimumWidth(48)  # its words must not move the columns either
        self.beyond_button.hide()
        self.beyond_button.clicked.connect(self._on_beyond_button_clicked)
        self.colour_button = ColourByButton()
        self.colour_button.fieldRequested.connect(self._on_colour_button_fieldRequested)
        self._note = QLabel(wordWrap=True)
        self._note.setProperty("warning", True)
        self._note.setContentsMargins(68, 2, 8, 2)
        self._empty = QLabel(self.plot, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._empty.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self.legend, 1)
        head.addWidget(self.colour_button)
        head.addWidget(self.beyond_button)
        layout.addLayout(head)
        layout.addWidget(self._note)
        layout.addWidget(self.plot, 1)
        self.plot.pointerMoved.connect(self._on_plot_pointerMoved)
        self.plot.pointerLeft.connect(self._on_plot_pointerLeft)
        self.plot.pointerClicked.connect(self._on_plot_pointerClicked)
        self.range_drag.dragged.connect(self._on_range_drag_dragged)
        self.apply_theme(theme)

    @property
    def drawn(self) -> tuple[Curve, ...]:
        """The curves on the screen."""
        return self._picture.curves if self._picture is not None else ()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.plot.apply_theme(theme)
        veil = QColor(theme.raised)
        self._unused.set_colour(veil)
        shade, edge = QColor(theme.good), QColor(theme.good)
        shade.setAlpha(40)
        self._chosen.set_colour(shade, edge)
        self._level.setPen(pg.mkPen(QColor(theme.accent), width=1, style=Qt.PenStyle.DotLine))
        self._point.setBrush(QColor(theme.accent))
        if self._picture is not None:
            self._draw(self._picture)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given; redraws only what changed."""
        if contents.spectrum is not self._picture:
            self._picture = contents.spectrum
            self._draw(contents.spectrum)
        self._mark(contents.spectrum, contents.spectrum_marks)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._empty.setGeometry(self.plot.rect().adjusted(80, 0, -24, 0))

    # --- drawing -----------------------------------------------------------------------------

    def _draw(self, picture: SpectrumPicture) -> None:
        self.plot.left_axis.set_axis_scale(picture.value_scale)
        label = (picture.value_label, self._theme.muted)
        if label != self._label:
            self._label = label
            self.plot.left_axis.setLabel(label[0], color=label[1])
        self.plot.bottom_axis.set_axis_scale(picture.index_scale)
        self._note.setText(" ".join(picture.notes))
        self._note.setVisible(bool(picture.notes))
        self._empty.setText(picture.empty)
        self._empty.setVisible(not picture.curves)
        self._curves.draw(picture, self._theme)
        self._fill_legend(picture)
        self._veil_unused(picture)
        self.plot.set_seams(picture.seams, picture.index_scale, named=True)
        self._fit_values(picture)

    def _fill_legend(self, picture: SpectrumPicture) -> None:
        """Name as many as the row has room for, whole, and count the others."""
        dark, tints = self._theme.dark, _titled(picture)
        shown = picture.curves[::-1]
        if tints:  # what colours mean says more than whose curves they are
            shown = tuple(curve for curve in shown if curve.emphasised or curve.ghost)
        names = [curve.name for curve in shown] + [word for word, _ in tints]
        room = self._room_for(names[:MOST_IN_LEGEND], len(names))
        if room == 1 and shown:
            shown = (replace(shown[0], name=self._cut(names)), *shown[1:])
        parts = [_named(curve, dark) for curve in shown[:room]]
        parts += [_meaning(word, tint_colour(tint, dark)) for word, tint in tints][
            : room - len(parts)
        ]
        if len(names) > room:
            parts.append(f"+ {len(names) - room} more")
        self.colour_button.offer(picture.colour_fields, picture.coloured_by)
        self.legend.setText("&nbsp;&nbsp; ".join(parts))
        self.legend.setVisible(bool(parts))

    def _room_for(self, names: list[str], count: int) -> int:
        """Return how many of these names have room beside each other; the first has always."""
        measure, room = self._metrics().horizontalAdvance, self._legend_width()
        widths = [measure(f"{_SQUARE}\u00a0{name}\u00a0\u00a0 ") for name in names]
        while len(widths) > 1:
            more = measure(f"+ {count - len(widths)} more") if count > len(widths) else 0
            if sum(widths) + more <= room:
                break
            widths.pop()
        return len(widths)

    def _cut(self, names: list[str]) -> str:
        """Return the first name, shortened where it has no room beside the count of others."""
        others = (
            f"{_SQUARE}\u00a0\u00a0\u00a0 + {len(names) - 1} more" if len(names) > 1 else _SQUARE
        )
        room = self._legend_width() - self._metrics().horizontalAdvance(others)
        return self._metrics().elidedText(names[0], Qt.TextElideMode.ElideMiddle, max(room, 40))

    def _metrics(self) -> QFontMetrics:
        font = self.legend.font()
        font.setBold(True)  # as the widest name is
        return QFontMetrics(font)

    def _legend_width(self) -> int:
        margins = self.legend.contentsMargins()
        return self.legend.width() - margins.left() - margins.right()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._picture is not None:
            self._fill_legend(self._picture)
        return False

    def _veil_unused(self, picture: SpectrumPicture) -> None:
        if picture.used is None:
            self._unused.set_ranges(())
            return
        low, high = picture.index_scale.forward(np.add(picture.used, (-0.5, 0.5)))
        far = float(picture.index_scale.forward(1e6))
        near = float(picture.index_scale.forward(-1e6))
        self._unused.set_ranges(((near, float(low)), (float(high), far)))

    def fit_values(self) -> None:
        """Show the whole height of the curves, wherever the view was zoomed to."""
        if self._picture is not None:
            self._fit_values(self._picture)

    def _fit_values(self, picture: SpectrumPicture) -> None:
        # Said beside the legend, where it is seen; a click shows everything, or most, again.
        self.beyond_button.setVisible(bool(picture.beyond) or picture.full_values)
        hint = (
            f"\u25b4 {picture.beyond}" if picture.beyond else "\u25be Fit to the current spectrum"
        )
        self.beyond_button.setText(hint)
        if picture.values is None:
            return
        ends = picture.value_scale.forward(picture.values)
        margin = 0.06 * float(np.ptp(ends)) or 0.5
        bottom, top = float(ends[0]) - margin, float(ends[1]) + margin
        box, span = self.plot.getViewBox(), top - bottom
        box.setLimits(
            yMin=bottom - 2 * span,
            yMax=top + 2 * span,
            minYRange=span * _NEAREST,
            maxYRange=5 * span,
        )
        box.setYRange(bottom, top, padding=0)

    def _mark(self, picture: SpectrumPicture, marks: SpectrumMarks) -> None:
        scale = picture.index_scale
        bands = tuple(
            (float(scale.forward(a - 0.5)), float(scale.forward(b + 0.5))) for a, b in marks.bands
        )
        self.plot.bands.set_ranges(bands)
        chosen = () if marks.chosen is None else (marks.chosen,)
        self._chosen.set_ranges(
            [(float(scale.forward(a - 0.5)), float(scale.forward(b + 0.5))) for a, b in chosen]
        )
        self.plot.place_cursor(
            None if marks.index is None else float(scale.forward(marks.index)), held=marks.held
        )
        self.plot.place_pin(None if marks.pinned is None else float(scale.forward(marks.pinned)))
        self._point.setSize(11 if marks.held else 9)
        self._point.setSymbol("d" if marks.held else "o")
        if marks.point is None:
            self._point.setData([], [])
            self._level.setVisible(False)
            return
        x, y = (
            float(scale.forward(marks.point[0])),
            float(picture.value_scale.forward(marks.point[1])),
        )
        self._point.setData([x], [y])
        self._level.setValue(y)
        self._level.setVisible(True)

    # --- pointer -----------------------------------------------------------------------------

    def _sample_at(self, x: float) -> Sample | None:
        if self._picture is None or not self._picture.curves:
            return None
        index = round(float(self._picture.index_scale.inverse(x)))
        curve = self._picture.curves[-1]
        if not curve.x.size:
            return None
        return Sample(SPECTRUM, int(np.clip(index, curve.x[0], curve.x[-1])))

    def _on_plot_pointerMoved(self, x: float, _y: float) -> None:
        self.hoverRequested.emit(self._sample_at(x))

    def _on_plot_pointerLeft(self) -> None:
        self.hoverRequested.emit(None)

    def _on_plot_pointerClicked(self, x: float, _y: float) -> None:
        sample = self._sample_at(x)
        if sample is not None:
            self.pinRequested.emit(sample)

    def _on_beyond_button_clicked(self) -> None:
        if self._picture is not None:
            self.viewRequested.emit({"full_values": not self._picture.full_values})

    def _on_colour_button_fieldRequested(self, field: str) -> None:
        self.viewRequested.emit({"coloured_by": field})

    def _on_range_drag_dragged(self, start: float, end: float) -> None:
        if self._picture is None or not self._picture.curves:
            return
        shown = self._picture.curves[-1].x
        ends = self._picture.index_scale.inverse(sorted((start, end)))
        if shown.size and ends[1] >= shown[0] - 0.5 and ends[0] <= shown[-1] + 0.5:
            first, last = np.clip(np.round(ends), shown[0], shown[-1]).astype(int).tolist()
            self.rangeRequested.emit((first, last))


def _named(curve: Curve, dark: bool) -> str:
    """Return a curve's mark and name for the legend."""
    name = f"<b>{escape(curve.name)}</b>" if curve.emphasised else escape(curve.name)
    mark = _DASHES if curve.ghost else _SQUARE
    return f'<span style="color:{colour_of(curve, dark)}">{mark}</span>&nbsp;{name}'


def _meaning(word: str, colour: str) -> str:
    """Return a colour and what it means for the legend."""
    return f'<span style="color:{colour}">{_SQUARE}</span>&nbsp;{escape(word)}'


def _titled(picture: SpectrumPicture) -> tuple[tuple[str, Tint], ...]:
    """Return the meaning of the colours; numbers begin with the name of their column."""
    tints = picture.tint_legend
    if not any(tint.share >= 0 for _, tint in tints):
        return tints
    (word, tint), *others = tints
    return (f"{picture.coloured_by} {word}", tint), *others
