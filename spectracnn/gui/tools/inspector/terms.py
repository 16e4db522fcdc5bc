"""A ranked list of terms, each with its parts, a bar from zero and its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.tools.inspector.paint import Scaled, draw_bar, figures, sign_colour
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import aligned

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.inspect.terms import Term, TermList

_TITLE, _ROW, _TALL, _BAR = 20, 24, 38, 6


class TermView(QWidget):
    """Draws a list of terms.

    Signals
    -------
    placeRequested : int
        An input channel was chosen.
    sampleRequested : Sample
        A term that comes from a sample was chosen.
    """

    placeRequested = Signal(int)
    sampleRequested = Signal(object)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list: TermList | None = None
        self._chosen: int | None = None
        self._row = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_terms(self, terms: TermList | None, chosen: int | None, theme: Theme) -> None:
        """Show these; the one of the chosen place is marked."""
        before = self.sizeHint()
        self._list, self._chosen, self._theme = terms, chosen, theme
        self.setVisible(terms is not None)
        rows = terms.terms if terms is not None else ()
        pick = any(map(_leads_somewhere, rows))
        places = [term.place for term in rows]
        self._row = places.index(chosen) if chosen is not None and chosen in places else -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pick else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription("; ".join(f"{t.label} {t.value:.6g}" for t in rows))
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def _terms(self) -> tuple[Term, ...]:
        return self._list.terms if self._list is not None else ()

    def _at_row(self) -> Term | None:
        return self._terms()[self._row] if 0 <= self._row < len(self._terms()) else None

    def _row_height(self) -> int:
        return _TALL if any(term.detail for term in self._terms()) else _ROW

    def sizeHint(self) -> QSize:
        return QSize(200, _TITLE + self._row_height() * len(self._terms()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._list is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures(self))
        painter.setPen(QColor(self._theme.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        title = painter.fontMetrics().elidedText(
            self._list.title, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(QRectF(0, 0, self.width(), _TITLE), middle, title)
        texts = aligned((term.value for term in self._terms()), 4)
        width = max((painter.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        for row, (term, text) in enumerate(zip(self._terms(), texts, strict=True)):
            height = self._row_height()
            room = QRectF(0, _TITLE + row * height, self.width(), height)
            self._paint_row(painter, term, text, room, width + 4)

    def _paint_row(
        self, painter: QPainter, term: Term, text: str, room: QRectF, number: int
    ) -> None:
        assert self._list is not None
        chosen = term.place is not None and term.place == self._chosen
        if chosen or (self.hasFocus() and term is self._at_row()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.hover))
            painter.drawRoundedRect(room, 4, 4)
        line = room.adjusted(4, 0, -4, 0)
        if term.detail:
            line.setHeight(20)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, text)
        label_width = line.width() - number - 8
        if not term.detail:
            label_width = min(label_width, max(76.0, 0.3 * line.width()))
        linked = term.sample is not None
        painter.setPen(QColor(self._theme.accent if linked else self._theme.ink))
        label = painter.fontMetrics().elidedText(
            term.label, Qt.TextElideMode.ElideMiddle, int(label_width)
        )
        painter.drawText(QRectF(line.left(), line.top(), label_width, line.height()), middle, label)
        if term.detail:
            self._paint_below(painter, term, room.adjusted(4, 20, -4, 0))
            return
        left = line.left() + label_width + 4
        right = line.right() - number - 8
        if self._list.terms[0].strip is not None:
            parts = QRectF(left, line.top() + 3, min(72.0, (right - left) / 2), line.height() - 6)
            self._paint_parts(painter, term, parts)
            left = parts.right() + 8
        self._paint_bar(painter, term.value, QRectF(left, line.top(), right - left, line.height()))

    def _paint_below(self, painter: QPainter, term: Term, room: QRectF) -> None:
        """Draw what a tall row has in its second line: how it comes about, and the bar."""
        painter.setPen(QColor(self._theme.muted))
        split = 0.45 * room.width()
        line = QRectF(room.left(), room.top(), split, 14)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, term.detail)
        self._paint_bar(painter, term.value, QRectF(room.left() + split, room.top(), split, 14))

    def _paint_parts(self, painter: QPainter, term: Term, room: QRectF) -> None:
        if term.strip is None or self._list is None:
            return
        width = room.width() / term.strip.size
        scaled = Scaled(self._list.strip_top, signed=True)
        for column, value in enumerate(term.strip):
            cell = QRectF(room.left() + column * width + 0.5, room.top(), width - 1, room.height())
            draw_bar(painter, cell, float(value), scaled, self._theme)

    def _paint_bar(self, painter: QPainter, value: float, room: QRectF) -> None:
        """Draw a bar from zero, which is in the middle where there are negative terms."""
        assert self._list is not None
        if room.width() < 12 or value != value:
            return
        signed = any(term.value < 0 for term in self._terms())
        zero = room.center().x() if signed else room.left()
        reach = room.width() / 2 if signed else room.width()
        length = reach * min(abs(value) / self._list.top, 1.0)
        left = zero - length if value < 0 else zero
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(sign_colour(value, self._list.top, self._theme))
        painter.drawRect(QRectF(left, room.center().y() - _BAR / 2, length, _BAR))
        painter.setPen(QPen(QColor(self._theme.muted), 1))
        painter.drawLine(QPointF(zero, room.top() + 4), QPointF(zero, room.bottom() - 4))

    # --- choosing ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int((event.position().y() - _TITLE) // self._row_height())
        if 0 <= row < len(self._terms()):
            self._choose(self._terms()[row])

    def _choose(self, term: Term) -> None:
        if term.sample is not None:
            self.sampleRequested.emit(term.sample)
        elif term.place is not None:
            self.placeRequested.emit(term.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        rows = [row for row, term in enumerate(self._terms()) if _leads_somewhere(term)]
        if move is not None and rows:
            at = rows.index(self._row) + move if self._row in rows else 0
            self._row = rows[min(max(at, 0), len(rows) - 1)]
            if self._terms()[self._row].sample is None:
                self._choose(self._terms()[self._row])
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._row in rows:
            self._choose(self._terms()[self._row])
        else:
            super().keyPressEvent(event)


def _leads_somewhere(term: Term) -> bool:
    return term.sample is not None or term.place is not None
