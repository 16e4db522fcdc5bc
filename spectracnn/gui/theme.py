"""Light and dark: colours, palette and style sheet; follows the system and switches live."""

from __future__ import annotations

from enum import StrEnum
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from spectracnn.resources import resource
from spectracnn.view.theme import DARK, LIGHT, Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


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
    """Applies a theme to the application and tells the plots, which paint by themselves."""

    themeChanged = Signal(object)

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self.theme = LIGHT
        application.setStyle("Fusion")
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
        self._application.setStyleSheet(style_sheet(self.theme))
        self.themeChanged.emit(self.theme)


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet in this theme's colours."""
    template = Template(resource("styles/application.qss").read_text(encoding="utf-8"))
    values = {key: value for key, value in vars(theme).items() if isinstance(value, str)}
    folder = resource("icons").as_posix()
    return template.substitute(values, icons=folder, tone="dark" if theme.dark else "light")


def number_font(base: QFont) -> QFont:
    """Return the font with figures of equal width, so that columns of numbers line up."""
    font = QFont(base)
    if hasattr(QFont, "Tag"):
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
