"""Puts the window's widgets in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from spectracnn.gui.widgets.message_bar import MessageBar
from spectracnn.gui.widgets.refused import Refused
from spectracnn.gui.widgets.status import Status
from spectracnn.gui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QMainWindow, QToolBar

    from spectracnn.gui.panels.layer_stack import LayerStack
    from spectracnn.gui.panels.overview import OverviewPage
    from spectracnn.gui.panels.prediction_panel import PredictionPanel
    from spectracnn.gui.panels.spectra_table import SpectraTable
    from spectracnn.gui.panels.strip_panel import StripPanel
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.widgets.view_bar import ViewBar


_LEFT, _RIGHT = (260, 420), (280, 480)
"""Pixels: narrowest and widest of the side columns at first."""


def import_columns() -> None:
    """Import what `WindowLayout.build` makes, most of which is the library of the plots."""
    import spectracnn.io  # noqa: F401  (the first file then waits for nothing else)
    from spectracnn.gui.panels import (  # noqa: F401
        index_axis,
        layer_panel,
        layer_stack,
        prediction_panel,
        spectra_table,
        spectrum_panel,
        strip_panel,
    )
    from spectracnn.gui.widgets import view_bar  # noqa: F401


class WindowLayout:
    """The widgets of the main window, by name, laid out.

    The frame with the greeting is there at once. The columns, whose plots take most of the time of
    a launch, are made by `build`, a widget a turn, once the window can be seen.
    """

    table: SpectraTable
    strip: StripPanel
    view_bar: ViewBar
    stack: LayerStack
    prediction: PredictionPanel
    left: QSplitter
    right: QSplitter
    refused: Refused
    toolbar: QToolBar

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._theme = theme
        self.built = False
        self.own_columns = self.own_left = False  # whether the person has moved a border
        self.overview: OverviewPage | None = None  # made when it is first asked for
        self.message_bar = MessageBar()
        self.welcome = Welcome()
        self.status = Status(theme)
        self.tools = QTabWidget(documentMode=True)
        self.tools.setAccessibleName("Tools")
        # Narrow tabs end in dots; without this they hide behind arrows.
        self.tools.tabBar().setElideMode(Qt.TextElideMode.ElideRight)
        self.tools.tabBar().setUsesScrollButtons(False)
        self.columns = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
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

    def build(self) -> Iterator[None]:
        """Make the columns; whoever asks for the next step may let the window breathe between."""
        from spectracnn.gui.panels.index_axis import IndexAxis
        from spectracnn.gui.panels.layer_stack import LayerStack
        from spectracnn.gui.panels.prediction_panel import PredictionPanel
        from spectracnn.gui.panels.spectra_table import SpectraTable
        from spectracnn.gui.panels.spectrum_panel import SpectrumPanel
        from spectracnn.gui.panels.strip_panel import StripPanel
        from spectracnn.gui.widgets.view_bar import ViewBar

        spectrum = SpectrumPanel(self._theme)
        yield
        axis = IndexAxis()
        yield
        self.stack = LayerStack(self._theme, (spectrum, axis))
        yield
        self.table = SpectraTable(self._theme)
        yield
        self.strip = StripPanel()
        self.view_bar = ViewBar()
        yield
        self.prediction = PredictionPanel(self._theme)
        self.left = _column_splitter(self.table, self.strip, [400, 260])
        self.right = _column_splitter(self.prediction, self.tools, [284, 376])
        yield
        centre = QWidget()
        centre_layout = QVBoxLayout(centre)
        centre_layout.setContentsMargins(0, 0, 0, 0)
        centre_layout.setSpacing(0)
        centre_layout.addWidget(self.view_bar)
        self.centre_pages = QStackedWidget()
        self.centre_pages.addWidget(self.stack)
        centre_layout.addWidget(self.centre_pages, 1)
        for place, (widget, stretch) in enumerate(((self.left, 0), (centre, 1), (self.right, 0))):
            self.columns.addWidget(widget)
            self.columns.setStretchFactor(place, stretch)
        self.fit_columns(self.columns.width())
        self.columns.splitterMoved.connect(self._on_columns_splitterMoved)
        self.left.splitterMoved.connect(self._on_left_splitterMoved)
        self.refused = Refused(self.stack.scroll_area)
        self.built = True

    def _on_columns_splitterMoved(self) -> None:
        self.own_columns = True

    def _on_left_splitterMoved(self) -> None:
        self.own_left = True

    @property
    def own_splitters(self) -> tuple[str, ...]:
        """Those whose borders the person has moved, by name: the others fit themselves."""
        if not self.built:
            return ()
        own = {"columns": self.own_columns, "left": self.own_left, "right": True}
        return tuple(name for name, moved in own.items() if moved)

    def fit_left(self) -> None:
        """Give the list of layers what it needs, up to half, and the spectra all that is left."""
        if not self.built or self.own_left:
            return
        whole = sum(self.left.sizes())
        layers = min(self.strip.needed_height(), whole // 2)
        self.left.setSizes([whole - layers, layers])

    def fit_columns(self, width: int) -> None:
        """Share the width out: side panels grow with the window, the maps most of all."""
        left = min(max(_LEFT[0], round(0.228 * width)), _LEFT[1])
        right = min(max(_RIGHT[0], round(0.235 * width)), _RIGHT[1])
        self.columns.setSizes([left, max(width - left - right, 300), right])

    def show_overview(self) -> OverviewPage:
        """Show the whole network on one page instead of the panels."""
        if self.overview is None:
            from spectracnn.gui.panels.overview import OverviewPage

            self.overview = OverviewPage(self._theme)
            self.centre_pages.addWidget(self.overview)
        self.centre_pages.setCurrentWidget(self.overview)
        return self.overview

    def show_layers(self) -> None:
        """Show the panels of all layers."""
        self.centre_pages.setCurrentWidget(self.stack)
        if self.overview is not None:
            self.overview.overview.clear()

    def show_page(self, *, empty: bool) -> None:
        """Show the greeting, or the spectra."""
        self.pages.setCurrentWidget(self.welcome if empty else self.columns)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour what paints itself."""
        self._theme = theme
        self.status.apply_theme(theme)
        if self.built:
            for widget in (self.table, self.stack, self.prediction):
                widget.apply_theme(theme)
        if self.overview is not None:
            self.overview.overview.apply_theme(theme)


def _column_splitter(top: QWidget, bottom: QWidget, sizes: list[int]) -> QSplitter:
    splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
    splitter.addWidget(top)
    splitter.addWidget(bottom)
    splitter.setSizes(sizes)
    return splitter
