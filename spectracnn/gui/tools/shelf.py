"""Where the tools are: tabs under the prediction, and windows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from spectracnn.gui.tools.registry import TOOLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu

    from spectracnn.gui.tools.context import ToolContext
    from spectracnn.gui.tools.registry import ToolInfo


class _Place(QWidget):
    """An empty tab until its tool is made."""

    def __init__(self, info: ToolInfo) -> None:
        super().__init__()
        self.info = info
        self.tool: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def fill(self, tool: QWidget) -> None:
        """Put the tool here."""
        self.tool = tool
        self._layout.addWidget(tool)


class Tools(QObject):
    """Makes tools when they are first asked for, and brings them to the front.

    Parameters
    ----------
    context : ToolContext
        What each tool is given.
    tabs : QTabWidget
        Where those without a window go.
    menu : QMenu
        Gets an entry for each.
    window : QMainWindow
        Parent of the tools' windows.
    infos : sequence of ToolInfo
        Which tools there are.
    """

    def __init__(
        self,
        context: ToolContext,
        tabs: QTabWidget,
        menu: QMenu,
        window: QMainWindow,
        infos: Sequence[ToolInfo] = TOOLS,
    ) -> None:
        super().__init__(window)
        self._context, self._tabs, self._window = context, tabs, window
        self._windows: dict[str, QWidget] = {}
        self._infos = {info.name: info for info in infos}
        for info in infos:
            if not info.window:
                place = tabs.addTab(_Place(info), info.title)
                tabs.setTabToolTip(place, info.tip)
            action = QAction(info.text, window)
            action.setData(info.name)
            action.setStatusTip(info.tip)
            if info.shortcut:
                action.setShortcut(QKeySequence(info.shortcut))
            action.triggered.connect(self._on_action_triggered)
            menu.addAction(action)
        tabs.currentChanged.connect(self._on_tabs_currentChanged)
        tabs.setVisible(tabs.count() > 0)

    def open(self, name: str) -> QWidget:
        """Make a tool if need be, bring it to the front and return it."""
        if self._infos[name].window:
            return self._open_window(name)
        place = next(p for p in self._places() if p.info.name == name)
        self._fill(place)
        self._tabs.setCurrentWidget(place)
        assert place.tool is not None
        return place.tool

    @property
    def names(self) -> tuple[str, ...]:
        """Which tools there are."""
        return tuple(self._infos)

    def made(self, name: str) -> QWidget | None:
        """Return a tool that was made, else None."""
        if name in self._windows:
            return self._windows[name]
        return next((p.tool for p in self._places() if p.info.name == name), None)

    def show_current(self) -> None:
        """Make the tool of the tab that is in front; at launch this waits until there is time."""
        self._on_tabs_currentChanged(self._tabs.currentIndex())

    def close_windows(self) -> None:
        """Hide the windows; they keep what they show."""
        for window in self._windows.values():
            window.close()

    def _places(self) -> list[_Place]:
        widgets = [self._tabs.widget(index) for index in range(self._tabs.count())]
        return [widget for widget in widgets if isinstance(widget, _Place)]

    def _fill(self, place: _Place) -> None:
        if place.tool is None:
            place.fill(place.info.make(self._context))

    def _open_window(self, name: str) -> QWidget:
        window = self._windows.get(name)
        if window is None:
            window = self._infos[name].make(self._context)
            window.setParent(self._window, Qt.WindowType.Window)
            window.setWindowTitle(f"{self._infos[name].title} \u2013 SpectraCNN")
            self._windows[name] = window
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    @Slot()
    def _on_action_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.open(action.data())

    @Slot(int)
    def _on_tabs_currentChanged(self, index: int) -> None:
        place = self._tabs.widget(index)
        if isinstance(place, _Place):
            self._fill(place)
