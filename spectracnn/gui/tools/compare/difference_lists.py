"""Beside the difference maps: which filters differ most, and what that does to the logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.palettes import sign_colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.theme import Theme
    from spectracnn.view.compare import ChannelDifference, LogitDifference

_ROW = 22
_WIDTH = 300


class LogitBars(QWidget):
    """One row a class: both logits, and their difference as a bar from the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: Sequence[LogitDifference] = ()
        self.setFont(number_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Differences of the logits")

    def show_rows(self, rows: Sequence[LogitDifference], theme: Theme) -> None:
        """Show these classes."""
        self.rows, self._theme = rows, theme
        description = ", ".join(f"{row.name} {row.difference:+.2f}" for row in rows[:3])
        self.setAccessibleDescription(description)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self.rows) * _ROW)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = max((abs(row.difference) for row in self.rows), default=1.0) or 1.0
        name_width = int(0.38 * self.width())
        number_width = painter.fontMetrics().horizontalAdvance("\u221200.00") + 4
        middle = (name_width + self.width() - number_width) / 2
        reach = middle - name_width - 4
        flags = Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(self.rows):
            y = place * _ROW
            painter.setPen(QColor(self._theme.ink))
            name = painter.fontMetrics().elidedText(
                row.name, Qt.TextElideMode.ElideRight, name_width - 8
            )
            painter.drawText(QRectF(0, y, name_width, _ROW), flags, name)
            text = f"{row.difference:+.2f}".replace("-", "\u2212")
            box = QRectF(self.width() - number_width, y, number_width, _ROW)
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignRight, text)
            length = reach * row.difference / top
            colour = sign_colours(self._theme.dark)[int(length > 0)]
            bar = QRectF(min(middle, middle + length), y + 7, abs(length), _ROW - 14)
            painter.fillRect(bar, QColor(colour))
            painter.fillRect(QRectF(middle - 0.5, y, 1, _ROW), QColor(self._theme.line))


class DifferenceLists(QFrame):
    """Filters and classes.

    Signals
    -------
    channelChosen : (int, int)
        Layer and channel.
    """

    channelChosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setFixedWidth(_WIDTH)
        self._theme = theme
        self.channels = QTreeWidget()
        self.channels.setRootIsDecorated(False)
        self.channels.setUniformRowHeights(True)
        self.channels.setProperty("framed", True)
        self.channels.setHeaderLabels(["layer", "filter", "relative", "RMS"])
        self.channels.setAccessibleName("Filters that differ most")
        self.channels.setFont(number_font(self.font()))
        header = self.channels.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self.bars = LogitBars(theme)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(self.bars)
        scroll.viewport().setAutoFillBackground(False)
        self.bars.setAutoFillBackground(False)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.copy_button = QPushButton("Copy both lists")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(_title("Logits, first minus second"))
        layout.addWidget(scroll, 1)
        layout.addWidget(_title("Filters that differ most"))
        layout.addWidget(self.channels, 1)
        layout.addWidget(self.copy_button)
        self.channels.itemClicked.connect(self._on_channels_itemClicked)
        self.channels.itemActivated.connect(self._on_channels_itemClicked)
        self.copy_button.clicked.connect(self.copy)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.bars.show_rows(self.bars.rows, theme)

    def show_differences(
        self,
        model: ModelDescription,
        channels: Sequence[ChannelDifference],
        logits: Sequence[LogitDifference],
    ) -> None:
        """Show what is given."""
        self.bars.show_rows(logits, self._theme)
        self.channels.clear()
        for item in channels:
            name = model.layers[item.layer].name
            row = QTreeWidgetItem(
                [name, str(item.channel), f"{item.relative:.2f}", f"{item.rms:.3g}"]
            )
            row.setData(0, Qt.ItemDataRole.UserRole, (item.layer, item.channel))
            for column in (1, 2, 3):
                row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.channels.addTopLevelItem(row)

    def copy(self) -> None:
        """Put both lists into the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.tsv())

    def tsv(self) -> str:
        """Return both lists, tab-separated; empty before there are any."""
        if not self.bars.rows:
            return ""
        lines = ["class\tfirst\tsecond\tdifference"]
        lines += [f"{r.name}\t{r.first!r}\t{r.second!r}\t{r.difference!r}" for r in self.bars.rows]
        lines += ["", "layer\tfilter\trelative\trms"]
        for place in range(self.channels.topLevelItemCount()):
            item = self.channels.topLevelItem(place)
            if item is not None:
                lines.append("\t".join(item.text(column) for column in range(4)))
        return "\n".join(lines) + "\n"

    def _on_channels_itemClicked(self, item: QTreeWidgetItem, _column: int) -> None:
        self.channelChosen.emit(*item.data(0, Qt.ItemDataRole.UserRole))


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("title", True)
    return label
