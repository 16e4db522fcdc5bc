"""A slim colour bar with its two ends in numbers, which can be dragged to change the range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.state.selection import RangeKind
from spectracnn.view.numbers import MINUS
from spectracnn.view.palettes import Palette, colour_table
from spectracnn.view.pictures import Clipped
from spectracnn.view.ranges import clipped_words

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.pictures import LayerPicture

_BAR_WIDTH, _BAR_HEIGHT, _GAP, _TIP = 72, 8, 6, 6
_KEY_STEP = 1.1
_NARROWEST = 1e-4  # of the full range: a range of nothing could not be dragged back


@dataclass(frozen=True)
class _Drag:
    """Which end is dragged, and what the range was and where the bar stood when it began.

    The numbers at the ends grow wider and narrower on the way, and the bar moves with them;
    measured from where it stands now, the end would jump away from the pointer.
    """

    upper: bool
    levels: tuple[float, float]
    left: float


class ColourBar(QWidget):
    """Shows what the colours of a map mean, and how much lies beyond its ends.

    Drag an end to change the range, double-click for the full one; the context menu has both and
    the robust one. With the keyboard: Left and Right, End for the full range, Home for the robust.

    Signals
    -------
    levelsRequested : (float, float)
        Ends that the person dragged to.
    kindRequested : RangeKind
        Robust or full.
    """

    levelsRequested = Signal(float, float)
    kindRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._colours = (QColor("grey"), QColor("grey"))
        self._ends = ("", "")
        self._levels = (0.0, 1.0)
        self._full = 1.0
        self._signed = False
        self._kind = RangeKind.ROBUST
        self.clipped = Clipped()
        self._drag: _Drag | None = None
        self._line = QColor("grey")
        self._width = 0
        self.adjustable = False
        self.setAccessibleName("Colour bar")
        self.setFont(number_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def ends(self) -> tuple[str, str]:
        """The numbers at the left and right end."""
        return self._ends

    def set_adjustable(self) -> None:
        """Let the ends be dragged."""
        self.adjustable = True
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, picture: LayerPicture, theme: Theme) -> None:
        """Show the colours of a layer's map, what is clipped, and how the range was found."""
        self.clipped, self._kind = picture.clipped, picture.colour_range.kind
        self._full = picture.full_top
        self.set_range(picture.palette, picture.levels, picture.normalised, theme)

    def set_range(
        self, palette: Palette, levels: tuple[float, float], normalised: bool, theme: Theme
    ) -> None:
        """Show a map and its range; ``normalised`` ends are shares of each row's own maximum."""
        table = colour_table(palette, theme.dark)
        width = len(table)
        self._image = QImage(
            table.tobytes(), width, 1, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        self._colours = (QColor(*table[0].tolist()), QColor(*table[-1].tolist()))
        self._levels, self._signed = levels, palette is Palette.SIGNED
        self._ends = _share_texts(levels) if normalised else _number_texts(levels)
        self._line = QColor(theme.line if self._signed else theme.muted)
        self._describe(normalised)
        needed = self._needed_width()
        if needed > self._width:  # never narrower again, so that the title line does not jump
            self._width = needed
            self.updateGeometry()
        self.update()

    def _describe(self, normalised: bool) -> None:
        low, high = self._ends
        words = clipped_words(self.clipped, low, high)
        lines = [
            f"Each map has its own range ({low} to {high})."
            if normalised
            else f"Colours run from {low} to {high}."
        ]
        if words:
            lines.append(f"Clipped: {words}; the largest magnitude is {_text(self._full)}.")
        if self.adjustable:
            lines.append("Drag an end to change the range. Double-click: full range.")
        self.setToolTip("\n".join(lines))
        self.setAccessibleDescription(" ".join(lines))

    def _needed_width(self) -> int:
        text = sum(self.fontMetrics().horizontalAdvance(end) for end in self._ends)
        return text + _BAR_WIDTH + 2 * (_GAP + _TIP)

    def sizeHint(self) -> QSize:
        return QSize(self._width, self.fontMetrics().height() + 2)

    def bar(self) -> QRectF:
        """Return where the colours are."""
        left = self.fontMetrics().horizontalAdvance(self._ends[0]) + _GAP + _TIP
        return QRectF(left, (self.height() - _BAR_HEIGHT) / 2, _BAR_WIDTH, _BAR_HEIGHT)

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, self._ends[0])
        bar = self.bar()
        text = self.rect().adjusted(int(bar.right()) + _GAP + _TIP, 0, 0, 0)
        painter.drawText(text, middle | Qt.AlignmentFlag.AlignLeft, self._ends[1])
        painter.drawImage(bar, self._image)
        painter.setPen(self._line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.clipped.below:
            self._paint_tip(painter, bar.left(), -_TIP, self._colours[0])
        if self.clipped.above:
            self._paint_tip(painter, bar.right(), _TIP, self._colours[1])
        if self.hasFocus():
            painter.setPen(self.palette().highlight().color())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_tip(self, painter: QPainter, at: float, reach: int, colour: QColor) -> None:
        """Paint the arrow that says that there is more beyond an end."""
        top, half = (self.height() - _BAR_HEIGHT) / 2 - 1, _BAR_HEIGHT / 2 + 1
        painter.setPen(self.palette().placeholderText().color())
        painter.setBrush(colour)
        painter.drawPolygon(
            QPolygonF(
                [QPointF(at, top), QPointF(at + reach, top + half), QPointF(at, top + 2 * half)]
            )
        )

    # --- changing the range ------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.adjustable or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        bar = self.bar()
        upper = event.position().x() > bar.center().x()
        left = self.mapToGlobal(bar.topLeft()).x()
        self._drag = _Drag(upper, self._levels, left)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.adjustable:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        if self._drag is None:
            super().mouseMoveEvent(event)
            return
        low, high = self._drag.levels
        share = (event.globalPosition().x() - self._drag.left) / _BAR_WIDTH
        self._request(low + share * (high - low), upper=self._drag.upper)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        if self.adjustable:
            self.kindRequested.emit(RangeKind.FULL)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        high = self._levels[1]
        match Qt.Key(event.key()) if self.adjustable else None:
            case Qt.Key.Key_Left:
                self._request(high / _KEY_STEP, upper=True)
            case Qt.Key.Key_Right:
                self._request(high * _KEY_STEP, upper=True)
            case Qt.Key.Key_End:
                self.kindRequested.emit(RangeKind.FULL)
            case Qt.Key.Key_Home:
                self.kindRequested.emit(RangeKind.ROBUST)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.adjustable:
            super().contextMenuEvent(event)
            return
        menu = self.menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Return the choices of a range."""
        menu = QMenu(self)
        names = {
            RangeKind.ROBUST: "Robust range (single large values clipped)",
            RangeKind.FULL: "Full range",
        }
        for kind, name in names.items():
            action = QAction(name, menu, checkable=True, checked=self._kind is kind)
            action.setData(kind)
            menu.addAction(action)
        menu.triggered.connect(self._on_menu_triggered)
        return menu

    def _on_menu_triggered(self, action: QAction) -> None:
        self.kindRequested.emit(RangeKind(action.data()))

    def _request(self, value: float, *, upper: bool) -> None:
        least = _NARROWEST * self._full
        if self._signed:
            top = min(max(value if upper else -value, least), self._full)
            self.levelsRequested.emit(-top, top)
            return
        low, high = self._levels
        if upper:
            high = min(max(value, low + least), self._full)
        else:
            low = min(max(value, 0.0), high - least)
        if low < high:
            self.levelsRequested.emit(low, high)


def _text(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)


def _number_texts(levels: tuple[float, float]) -> tuple[str, str]:
    return _text(levels[0]), _text(levels[1])


def _share_texts(levels: tuple[float, float]) -> tuple[str, str]:
    """Return ends that are shares of each row's own maximum."""

    def share(value: float) -> str:
        if value == 0:
            return "0"
        sign = MINUS if value < 0 else ""
        return f"{sign}max" if abs(value) == 1 else f"{sign}{abs(value):.2g} max"

    return share(levels[0]), share(levels[1])
