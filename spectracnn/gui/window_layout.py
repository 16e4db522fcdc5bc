"""Puts the window's widgets in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from spectracnn.gui.panels.layer_stack import LayerStack
from spectracnn.gui.panels.prediction_panel import PredictionPanel
from spectracnn.gui.panels.spectra_table import SpectraTable
from spectracnn.gui.panels.strip_panel import StripPanel
from spectracnn.gui.widgets.message_bar import MessageBar
from spectracnn.gui.widgets.status import Status
from spectracnn.gui.widgets.view_bar import ViewBar
from spectracnn.gui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.theme import Theme


class WindowLayout:
    """The widgets of the main window, by name, laid out."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self.table = SpectraTable(theme)
        self.strip = StripPanel()
        self.message_bar = MessageBar()
        self.view_bar = ViewBar()
        self.stack = LayerStack(theme)
        self.prediction = PredictionPanel(theme)
        self.welcome = Welcome()
        self.status = Status(theme)
        self.left = _column_splitter(self.table, self.strip, [400, 260])
        self.tools = QTabWidget(documentMode=True)
        self.tools.setAccessibleName("Tools")
        self.right = _column_splitter(self.prediction, self.tools, [260, 400])
        self.columns = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        centre = QWidget()
        centre_layout = QVBoxLayout(centre)
        centre_layout.setContentsMargins(0, 0, 0, 0)
        centre_layout.setSpacing(0)
        centre_layout.addWidget(self.view_bar)
        centre_layout.addWidget(self.stack, 1)
        for place, (widget, stretch) in enumerate(((self.left, 0), (centre, 1), (self.right, 0))):
            self.columns.addWidget(widget)
            self.columns.setStretchFactor(place, stretch)
        self.columns.setSizes([280, 680, 320])
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self.columns)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.pages, 1)
        window.setCentralWidget(whole)
        window.setStatusBar(self.status)

    def show_page(self, *, empty: bool) -> None:
        """Show the greeting, or the spectra."""
        self.pages.setCurrentWidget(self.welcome if empty else self.columns)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour what paints itself."""
        for widget in (self.table, self.stack, self.prediction, self.status):
            widget.apply_theme(theme)


def _column_splitter(top: QWidget, bottom: QWidget, sizes: list[int]) -> QSplitter:
    splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
    splitter.addWidget(top)
    splitter.addWidget(bottom)
    splitter.setSizes(sizes)
    return splitter
