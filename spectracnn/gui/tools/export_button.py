"""The button that exports a view, with a menu that says how wide its figures are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QTabWidget, QToolButton

from spectracnn.core.journal import JOURNAL_MM
from spectracnn.gui.widgets.icons import command_icon

if TYPE_CHECKING:
    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.workspace.context import ToolContext

_WIDTHS = {
    0: "As wide as usual, 190 mm",
    JOURNAL_MM["column"]: f"Journal column, {JOURNAL_MM['column']} mm",
    JOURNAL_MM["page"]: f"Journal page, {JOURNAL_MM['page']} mm",
}


class ExportButton(QToolButton):
    """Says *Export…*, or shows an icon alone where there is no room.

    Signals
    -------
    exportRequested : ()
        The button, or the first line of its menu.
    """

    exportRequested = Signal()

    def __init__(self, context: ToolContext) -> None:
        super().__init__()
        self._settings: Settings = context.settings
        self.setText("Export\u2026")
        self.set_compact(False)
        self.setToolTip("Export this view or its numbers")
        self.setAccessibleName("Export this view or its numbers")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.export_action = menu.addAction("Export\u2026", self.exportRequested.emit)
        self.export_action.setToolTip("Write this view or its numbers")
        widths = menu.addMenu("Width of a &figure")
        self.width_actions = self._add_widths(widths)
        self.setMenu(menu)
        self.clicked.connect(self.exportRequested)
        self.apply_theme(context.themes.theme)
        context.themes.themeChanged.connect(self.apply_theme)

    def _add_widths(self, menu: QMenu) -> dict[int, QAction]:
        group, actions = QActionGroup(self), {}
        for width, text in _WIDTHS.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose_width, width))
            group.addAction(action)
            actions[width] = action
        menu.aboutToShow.connect(self._show_width)
        return actions

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone, or the word alone."""
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if compact else style.ToolButtonTextOnly)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw the icon in the theme's ink."""
        self.setIcon(command_icon("export", theme))

    @Slot()
    def _show_width(self) -> None:
        self.width_actions[self._settings.view_width].setChecked(True)

    def _choose_width(self, width: int, _checked: bool = True) -> None:
        self._settings.view_width = width


class FitsCorner(QObject):
    """Makes the button in the corner of tabs compact while their titles need its room."""

    def __init__(self, tabs: QTabWidget, button: ExportButton) -> None:
        super().__init__(tabs)
        self._tabs, self._button = tabs, button
        button.set_compact(False)
        button.ensurePolished()
        self._wide = button.sizeHint().width()
        tabs.installEventFilter(self)
        self._fit()

    def _fit(self) -> None:
        bar = self._tabs.tabBar()
        wanted = sum(bar.tabSizeHint(place).width() for place in range(bar.count()))
        self._button.set_compact(wanted + self._wide > self._tabs.width())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._fit()
        return False
