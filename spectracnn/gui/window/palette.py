"""The command palette: type a few letters of what you want, and press Enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.window.commands.table import key_texts
from spectracnn.gui.window.fuzzy import score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QIcon

    from spectracnn.gui.theme import Theme
    from spectracnn.gui.window.commands.command_set import CommandSet

_WIDTH, _ROW, _ROWS = 560, 30, 11
_ITEM = Qt.ItemDataRole.UserRole
_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


@dataclass(frozen=True)
class PaletteItem:
    """One line of the palette.

    Parameters
    ----------
    text, where : str
        What it does, and the menu or list it comes from.
    run : callable
        Does it.
    key : str
        Its shortcut.
    obstacle : str
        Why it cannot be used now; empty when it can.
    words : str
        What it is found by, beside its text.
    icon : QIcon or None
        In front of it.
    """

    text: str
    where: str
    run: Callable[[], object]
    key: str = ""
    obstacle: str = ""
    words: str = ""
    icon: QIcon | None = None


def command_items(commands: CommandSet) -> list[PaletteItem]:
    """Return a line for each command, those that can be used first."""
    commands.refresh()
    items = []
    for command in commands.commands.values():
        if command.name == "palette":
            continue
        where = command.menu.value.replace("&", "")
        if command.submenu:
            where = f"{where} \u203a {command.submenu.replace('&', '')}"
        action = commands[command.name]
        text = action.text().replace("&", "")
        items.append(
            PaletteItem(
                text=f"{text} \u2713" if action.isChecked() else text,
                where=where,
                run=action.trigger,
                key=next(iter(key_texts(command)), ""),
                obstacle=commands.obstacle(command.name),
                words=f"{command.words} {command.tip}",
                icon=action.icon() if command.icon else None,
            )
        )
    return sorted(items, key=lambda item: bool(item.obstacle))


class _Items(QAbstractListModel):
    """The lines that match, best first."""

    def __init__(self, items: Sequence[PaletteItem], parent: QObject) -> None:
        super().__init__(parent)
        self._all = list(items)
        self.shown = self._all

    def search(self, text: str) -> None:
        """Keep what matches the letters that were typed."""
        self.beginResetModel()
        rated = []
        for place, item in enumerate(self._all):
            found = score(text, item.text, f"{item.where} {item.words}")
            if found is not None:
                rated.append((bool(item.obstacle), -found, place, item))
        self.shown = [item for *_, item in sorted(rated, key=lambda row: row[:3])]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self.shown):
            return None
        item = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (item.text, item.where, item.key, item.obstacle)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.obstacle or item.words.strip()
        return item if role == _ITEM else None


class _Delegate(QStyledItemDelegate):
    """Icon, text, where it comes from, and its key at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        item, theme = index.data(_ITEM), self._theme
        rect = option.rect
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(theme.hover))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), QColor(theme.accent))
        if item.icon is not None:
            item.icon.paint(painter, rect.left() + 12, rect.center().y() - 7, 16, 16)
        middle = Qt.AlignmentFlag.AlignVCenter
        line = rect.adjusted(40, 0, -12, 0)
        painter.setPen(QColor(theme.muted if item.obstacle else theme.ink))
        painter.drawText(line, middle, item.text)
        width = painter.fontMetrics().horizontalAdvance(item.text)
        right = item.key
        if right:
            painter.setPen(QColor(theme.muted))
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, right)
        rest = line.adjusted(width + 12, 0, -painter.fontMetrics().horizontalAdvance(right) - 12, 0)
        painter.setPen(QColor(theme.muted))
        side = item.obstacle or item.where
        elided = painter.fontMetrics().elidedText(
            side, Qt.TextElideMode.ElideRight, max(0, rest.width())
        )
        painter.drawText(rest, middle, elided)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> Any:
        size = super().sizeHint(option, index)
        size.setHeight(_ROW)
        return size


class CommandPalette(QDialog):
    """A box to type into, and a list of everything that the window can do.

    Parameters
    ----------
    items : sequence of PaletteItem
        What can be chosen.
    theme : Theme
        Colours.
    parent : QWidget
        The window it stands in.
    """

    def __init__(self, items: Sequence[PaletteItem], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Find a command")
        self.setObjectName("palette")
        self._model = _Items(items, self)
        self.edit = QLineEdit(placeholderText="Type what you want to do")
        self.edit.setAccessibleName("Find a command")
        self.edit.installEventFilter(self)
        self.view = QListView()
        self.view.setAccessibleName("Commands")
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Delegate(theme, self))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.nothing = QLabel("No command matches.", alignment=Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (self.edit, self.view, self.nothing):
            layout.addWidget(widget)
        self.edit.textChanged.connect(self._on_edit_textChanged)
        self.view.clicked.connect(self._on_view_clicked)
        self._search("")
        width = min(_WIDTH, parent.width() - 32)
        self.setFixedSize(width, min(_ROWS * _ROW + 60, parent.height() - 64))
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - width) // 2, corner.y() + 48)

    @property
    def shown(self) -> list[PaletteItem]:
        """The lines that match, best first."""
        return self._model.shown

    def _search(self, text: str) -> None:
        self._model.search(text)
        self.view.setCurrentIndex(self._model.index(0))
        self.view.setVisible(bool(self.shown))
        self.nothing.setVisible(not self.shown)

    def _on_edit_textChanged(self, text: str) -> None:
        self._search(text)

    def _on_view_clicked(self, index: QModelIndex) -> None:
        self._run(index.row())

    def _run(self, row: int) -> None:
        if 0 <= row < len(self.shown) and not self.shown[row].obstacle:
            item = self.shown[row]
            self.accept()
            item.run()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.view.currentIndex().row())
                return True
            if event.key() in _KEYS:
                self.view.event(event)
                return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.reject()
