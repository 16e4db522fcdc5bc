"""One page with the whole network: maps of all layers, and the flow of the class's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from spectracnn.core.flows import INPUT
from spectracnn.gui.panels.mini_map import thumbnail
from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.overview import Band, Node, Page, node_words, page
from spectracnn.view.palettes import sign_colours

if TYPE_CHECKING:
    from spectracnn.core.flows import Flows
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.gui.theme import Theme
    from spectracnn.state.document import Document
    from spectracnn.view.contents import Contents
    from spectracnn.view.pictures import LayerPicture

_EDGE = 5.0
_MARGIN, _CAPTION, _SECOND = 16, 22, 10
_CELLS = (64, 96)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Overview(QWidget):
    """Draws the page; keeps nothing but what it draws.

    Parameters
    ----------
    theme : Theme
        Colours.

    Signals
    -------
    layerRequested : int
        A layer was clicked; -1 for the spectrum.
    """

    layerRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model: ModelDescription | None = None
        self._trace: Trace | None = None
        self._contents: Contents | None = None
        self._images: dict[int, tuple[LayerPicture, QImage]] = {}
        self._hovered: int | None = None
        self._focused = INPUT
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Overview of the network")
        self.setFont(number_font(self.font()))

    @property
    def page(self) -> Page | None:
        """What is drawn, in pixels from the inner corner; None without a model."""
        if self._model is None:
            return None
        room = self.visibleRegion().boundingRect().size()
        parent = self.parentWidget()
        high = room.height() if parent is None else parent.height()
        width = self.width() - 2 * _MARGIN
        return page(
            self._model,
            self._trace,
            float(max(width, 200)),
            float(high - 2 * _MARGIN - _CAPTION - _SECOND),
        )

    @property
    def flows(self) -> Flows | None:
        """The flows that are drawn, as far as they are known."""
        insight = self._trace.insight if self._trace is not None else None
        return None if insight is None else insight.flows

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._images.clear()
        self.update()

    def set_contents(self, contents: Contents, document: Document, current: int | None) -> None:
        """Show what is given."""
        trace = document.traces.get(current) if current is not None else None
        changed = document.model is not self._model or trace is not self._trace
        changed = changed or self._contents is None or contents.layers != self._contents.layers
        self._model, self._trace, self._contents = document.model, trace, contents
        if changed:
            self._fit()
            self.update()

    def clear(self) -> None:
        """Let go of what was shown, while another page is."""
        self._trace = self._contents = None
        self._images.clear()

    def _fit(self) -> None:
        found = self.page
        if found is not None:
            self.setMinimumHeight(int(found.height) + 2 * _MARGIN + _CAPTION + _SECOND)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.ground))
        found = self.page
        if found is None or self._contents is None:
            painter.setPen(QColor(self._theme.muted))
            text = "The whole network appears here as soon as it has been opened."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        self._paint_caption(painter)
        painter.translate(_MARGIN, _MARGIN + _CAPTION)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bands(painter, found)
        for node in found.nodes:
            self._paint_node(painter, node)

    def _paint_caption(self, painter: QPainter) -> None:
        """Say what the bands mean, in their colours."""
        against, favour = sign_colours(self._theme.dark)
        model, flows = self._model, self.flows
        target = "the class"
        if flows is not None and model is not None and flows.target < len(model.classes):
            target = model.classes[flows.target]
        muted, ink = self._theme.muted, self._theme.ink
        parts = [("The score's way through the network is being followed \u2026", muted)]
        if flows is not None:
            parts = [
                ("Bands: what of the score of ", muted),
                (target, ink),
                (" passes from channel to channel,  ", muted),
                ("\u25a0", favour),
                (" for it,  ", muted),
                ("\u25a0", against),
                (" against it", muted),
            ]
        x = float(_MARGIN)
        for text, colour in parts:
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(x, _MARGIN + 4.0), text)
            x += painter.fontMetrics().horizontalAdvance(text)

    def _paint_bands(self, painter: QPainter, found: Page) -> None:
        against, favour = (QColor(c) for c in sign_colours(self._theme.dark))
        for band in found.bands:
            near = self._hovered in (None, band.source, band.target)
            if band.value == 0:
                colour = QColor(self._theme.line)
            else:
                colour = QColor(favour if band.value > 0 else against)
                colour.setAlpha(_band_alpha(self._theme.dark) if near else 20)
            if band.wraps:
                self._paint_wrap(painter, band, colour)
            else:
                painter.fillPath(_path(band), colour)

    def _paint_wrap(self, painter: QPainter, band: Band, colour: QColor) -> None:
        """Paint the beginning and the end of a band that goes on in the next line."""
        for x, (top, bottom), way in (
            (band.start[0], band.start[1:], 1.0),
            (band.end[0], band.end[1:], -1.0),
        ):
            half = (bottom - top) / 2
            tip = QPointF(x + way * 14, top + half)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([QPointF(x, top), tip, QPointF(x, bottom)]))

    def _paint_node(self, painter: QPainter, node: Node) -> None:
        box = QRectF(node.box.x, node.box.y, node.box.width, node.box.height)
        inner = box.adjusted(_EDGE, 0, -_EDGE, 0) if node.segments else box
        painter.fillRect(box, QColor(self._theme.ground))
        if node.layer == INPUT:
            self._paint_spectrum(painter, inner)
        else:
            self._paint_map(painter, node.layer, inner)
        self._paint_segments(painter, node)
        marked = node.layer in (self._hovered, self._focused if self.hasFocus() else None)
        pen = QPen(QColor(self._theme.accent if marked else self._theme.line))
        pen.setWidthF(1.5 if marked else 1.0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        self._paint_words(painter, node, box)

    def _paint_map(self, painter: QPainter, layer: int, box: QRectF) -> None:
        contents = self._contents
        picture = None if contents is None else contents.layers[layer].picture
        if picture is None or not picture.image.size:
            painter.fillRect(box, QColor(self._theme.raised))
            return
        known = self._images.get(layer)
        if known is None or known[0] is not picture:
            image = thumbnail(picture, self._theme.dark, _CELLS)
            if picture.vector:  # units from top to bottom, as channels stand
                image = thumbnail_of_vector(image)
            known = self._images[layer] = (picture, image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(box, known[1])

    def _paint_spectrum(self, painter: QPainter, box: QRectF) -> None:
        trace = self._trace
        painter.fillRect(box, QColor(self._theme.raised))
        if trace is None:
            return
        values = np.asarray(trace.input, np.float64).reshape(trace.input.shape[0], -1)[:, 0]
        known = np.isfinite(values)
        if known.sum() < 2:
            return
        low, high = values[known].min(), values[known].max()
        x = np.linspace(box.left() + 2, box.right() - 2, values.size)[known]
        share = (values[known] - low) / ((high - low) or 1.0)
        y = box.bottom() - 4 - share * (box.height() - 8)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        points = [QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        painter.drawPolyline(QPolygonF(points))

    def _paint_segments(self, painter: QPainter, node: Node) -> None:
        against, favour = (QColor(c) for c in sign_colours(self._theme.dark))
        painter.setPen(Qt.PenStyle.NoPen)
        for segment in node.segments:
            group = segment.group
            colour = QColor(self._theme.muted)
            if group is not None:
                colour = QColor(favour if group.contribution >= 0 else against)
                colour.setAlpha(255 if len(group.channels) == 1 else 120)
            high = max(segment.bottom - segment.top, 0.5)
            for x in (node.box.x, node.box.right - _EDGE):
                painter.fillRect(QRectF(x, segment.top, _EDGE, high), colour)

    def _paint_words(self, painter: QPainter, node: Node, box: QRectF) -> None:
        model, contents = self._model, self._contents
        if model is None or contents is None:
            return
        metrics = QFontMetrics(painter.font())
        room = box.adjusted(-14, 0, 14, 0)
        if node.layer == INPUT:
            title, foot = "input", " \u00d7 ".join(map(str, model.input_shape))
        else:
            info = model.layers[node.layer]
            title, foot = info.name, "\u00d7".join(map(str, info.output_shape))
            if node.layer == len(model.layers) - 1 and contents.prediction.headline:
                foot = contents.prediction.headline.replace("  ", "\n")  # class and share
        lines = foot.splitlines()
        below = [(line, box.bottom() + 1 + 15 * at) for at, line in enumerate(lines)]
        for text, top in ((title, box.top() - 18), *below):
            painter.setPen(QColor(self._theme.ink if text is title else self._theme.muted))
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            where = QRectF(room.left(), top, room.width(), 16)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, short)

    # --- pointer and keys --------------------------------------------------------------------

    def node_at(self, position: QPointF) -> Node | None:
        """Return the layer at a place of the widget."""
        found = self.page
        if found is None:
            return None
        return found.at(position.x() - _MARGIN, position.y() - _MARGIN - _CAPTION)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        hovered = None if node is None else node.layer
        if hovered != self._hovered:
            self._hovered = hovered
            shape = (
                Qt.CursorShape.ArrowCursor if node is None else Qt.CursorShape.PointingHandCursor
            )
            self.setCursor(shape)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        if node is not None and event.button() is Qt.MouseButton.LeftButton:
            self.layerRequested.emit(node.layer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._model is not None:
            last = len(self._model.layers) - 1
            self._focused = min(max(self._focused + step, INPUT), last)
            found = self.page
            if found is not None:
                self.setAccessibleDescription(
                    node_words(self._model, found.nodes[self._focused + 1], self.flows)
                )
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.layerRequested.emit(self._focused)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            node = self.node_at(QPointF(event.pos()))
            if node is not None and self._model is not None:
                words = node_words(self._model, node, self.flows)
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


class OverviewPage(QScrollArea):
    """The page, which scrolls where the network is long."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.overview = Overview(theme)
        self.setWidget(self.overview)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def thumbnail_of_vector(image: QImage) -> QImage:
    """Return a strip of units turned, so that they stand from top to bottom."""
    from PySide6.QtGui import QTransform

    return image.transformed(QTransform().rotate(90))


def _band_alpha(dark: bool) -> int:
    """Return how dense a band is, of 255: on a dark ground a thin colour is hardly one."""
    return 130 if dark else 80


def _path(band: Band) -> QPainterPath:
    (x0, top0, bottom0), (x1, top1, bottom1) = band.start, band.end
    middle = (x0 + x1) / 2
    path = QPainterPath(QPointF(x0, top0))
    path.cubicTo(QPointF(middle, top0), QPointF(middle, top1), QPointF(x1, top1))
    path.lineTo(QPointF(x1, bottom1))
    path.cubicTo(QPointF(middle, bottom1), QPointF(middle, bottom0), QPointF(x0, bottom0))
    path.closeSubpath()
    return path
