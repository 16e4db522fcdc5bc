"""Light and dark: colours, palette and style sheet; follows the system and switches live."""

from __future__ import annotations

import time
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from spectracnn.resources import resource
from spectracnn.view.theme import DARK, LIGHT, Theme

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "ThemeChoice",
    "ThemeManager",
    "number_font",
    "qt_palette",
    "style_sheet",
]


class ThemeChoice(StrEnum):
    """What the person asked for."""

    SYSTEM = "Follow the system"
    LIGHT = "Light"
    DARK = "Dark"


_ROLES = {
    "ground": "palette(base)",
    "raised": "palette(window)",
    "ink": "palette(window-text)",
    "muted": "palette(placeholder-text)",
    "line": "palette(mid)",
    "hover": "palette(light)",
    "accent": "palette(highlight)",
    "on_accent": "palette(highlighted-text)",
    "warning": "palette(link-visited)",
    "error": "palette(bright-text)",
}
"""By which role of the palette the style sheet names each colour of a theme."""
_SLICE_S = 0.006
"""Processor time for widgets between two turns of the event loop."""


def qt_palette(theme: Theme) -> QPalette:
    """Return the theme as a Qt palette."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.raised,
        QPalette.ColorRole.WindowText: theme.ink,
        QPalette.ColorRole.Base: theme.ground,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.ink,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.ink,
        QPalette.ColorRole.BrightText: theme.error,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.ink,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.warning,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Light: theme.hover,
        QPalette.ColorRole.Dark: theme.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


class ThemeManager(QObject):
    """Applies a theme to the application and informs the plots, which paint by themselves.

    The style sheet names no colours but roles of the palette, so that a switch changes only the
    palette. What Qt's style keeps of each widget is then renewed a few widgets at a time: all at
    once, that would hold the window for a third of a second. Meanwhile the windows are not painted,
    so that nobody sees them half light and half dark.

    Signals
    -------
    themeChanged : Theme
    """

    themeChanged = Signal(object)

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self.theme = LIGHT
        application.setStyle("Fusion")
        application.setStyleSheet(style_sheet())
        self._restyling = Restyling(self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the person asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Switch at once."""
        self._choice = choice
        self._apply()

    def finish(self) -> None:
        """Renew every widget at once, for pictures that are taken right after a switch."""
        self._restyling.finish()

    def _on_system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()

    def _wanted(self) -> Theme:
        if self._choice is ThemeChoice.SYSTEM:
            scheme = QGuiApplication.styleHints().colorScheme()
            return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def _apply(self) -> None:
        self.theme = self._wanted()
        self._application.setPalette(qt_palette(self.theme))
        self._restyling.begin()
        self.themeChanged.emit(self.theme)


class Restyling(QObject):
    """Has the style forget and look up again what it knows of each widget, a few at a time."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[QWidget] = []
        self._held: list[QWidget] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def begin(self) -> None:
        """Begin with the windows on the screen, from the outside in."""
        self._paint_again()
        windows = sorted(QApplication.topLevelWidgets(), key=lambda w: not w.isVisible())
        # The last is taken first. Menus that pyqtgraph keeps for plots are never shown.
        self._waiting = [
            widget
            for window in reversed(windows)
            if window.isVisible() or not isinstance(window, QMenu)
            for widget in reversed([window, *window.findChildren(QWidget)])
        ]
        if self._waiting:
            self._held = [w for w in windows if w.isVisible() and w.updatesEnabled()]
            for window in self._held:
                window.setUpdatesEnabled(False)
            self._timer.start()

    def _paint_again(self) -> None:
        held, self._held = self._held, []
        for window in held:
            if isValid(window):
                window.setUpdatesEnabled(True)

    def finish(self) -> None:
        """Renew all that still wait."""
        while self._waiting:
            self._renew(self._waiting.pop())
        self._timer.stop()
        self._paint_again()

    @Slot()
    def _on_timer_timeout(self) -> None:
        end = time.thread_time() + _SLICE_S
        while self._waiting and time.thread_time() < end:
            self._renew(self._waiting.pop())
        if not self._waiting:
            self._timer.stop()
            self._paint_again()

    def _renew(self, widget: QWidget) -> None:
        if isValid(widget):
            style = widget.style()
            style.unpolish(widget)
            style.polish(widget)
            widget.update()


def style_sheet() -> str:
    """Return the application's style sheet, whose colours are roles of the palette."""
    template = Template(resource("styles/application.qss").read_text(encoding="utf-8"))
    return template.substitute(_ROLES, icons=resource("icons").as_posix())


def number_font(base: QFont) -> QFont:
    """Return the font with figures of equal width, so that columns of numbers line up."""
    font = QFont(base)
    if hasattr(QFont, "Tag"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
