"""The column of layer panels that scrolls: makes them, keeps them up to date, shares the height."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from spectracnn.gui.panels.late import LatePanels
from spectracnn.gui.panels.layer_header import SLIM_HEIGHT
from spectracnn.gui.panels.layer_panel import LayerPanel
from spectracnn.gui.panels.layer_plot import LayerPlot
from spectracnn.view.fitting import fitted_heights, wish

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents, LayerContents

_SETTLE_MS = 60
_REST_MS = 2
"""Between two steps, so that whatever else is due comes first."""


class LayerColumn(QScrollArea):
    """One panel a layer, each made in two turns of the event loop: its plot, then the rest.

    Parameters
    ----------
    theme : Theme
        Colours.

    Signals
    -------
    panelMade : LayerPanel
        It stands in the column from here on.
    networkChanged : bool
        Panels of another network are about to be made; whether they will need scrolling.
    viewMoved : ()
        Other panels are in view, or others are there.
    """

    panelMade = Signal(object)
    networkChanged = Signal(bool)
    viewMoved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self._theme = theme
        self._contents: Contents | None = None
        self._kinds: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._late = LatePanels(self._show_latest, self.distance, self)
        self.faded = LatePanels(self._recolour, self.distance, self)
        self._veiled = LatePanels(_unveil, self.distance, self)
        self.leaving: list[LayerPanel] = []
        self._heights: list[int | None] = []
        self._fitted_about: object = None
        self.panels: list[LayerPanel] = []
        self._plot: LayerPlot | None = None  # of the next panel
        # A panel takes tens of milliseconds to make; half of one a turn keeps the loop going.
        # It is set again after each: one that repeats would be due before all others.
        self.build_timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self.build_timer.timeout.connect(self._on_build_timer_timeout)
        self._wanted_layer = 0
        self._scroll_timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._scroll_timer.timeout.connect(self._on_scroll_timer_timeout)
        self.column = QWidget()
        # As it grows with each panel, what is there already is not painted again.
        self.column.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self._layout = QVBoxLayout(self.column)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self.waiting = QLabel(
            "The maps of every layer appear here as soon as the network has been opened.",
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        self.waiting.setProperty("muted", True)
        self._layout.insertWidget(0, self.waiting, 100)
        self.setWidget(self.column)
        # Always on, so that the panels' width, and with it the alignment, never jumps.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_changed)
        self.verticalScrollBar().rangeChanged.connect(self._on_bar_changed)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour, those in view first."""
        self._theme = theme
        self.faded.put(self.panels)
        if not self.isVisible():
            self.faded.show_now(lambda panel: True)

    def _recolour(self, panel: LayerPanel) -> None:
        panel.apply_theme(self._theme)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given; another network's panels are made anew."""
        self._contents = contents
        # By its name, and not by its title, which says when weights are edited: that is no reason
        # to make all panels anew after each epoch of a training.
        kinds = tuple((layer.info.name, layer.info.output_shape) for layer in contents.layers)
        self.waiting.setVisible(not kinds)
        others = kinds != self._kinds
        if others:
            self._kinds = kinds
            self._clear()
            self.build_timer.start()
        self.fit_layers()
        if others:
            self.networkChanged.emit(self._overflows())
        self._late.put(self.panels)
        self._show_in_view()

    # --- heights -----------------------------------------------------------------------------

    def fit_layers(self) -> None:
        """Make all layers fit into the view, as far as they can be read then."""
        contents = self._contents
        if contents is None:
            return
        high = self.viewport().height()
        about = (contents.fit_layers, high, [(x.picture, x.options) for x in contents.layers])
        if about == self._fitted_about:
            return  # only marks moved, as at every move of the pointer
        self._fitted_about = about
        heights: list[int | None] = [None] * len(contents.layers)
        if contents.fit_layers:
            wishes = [wish(layer) for layer in contents.layers]
            room = high - SLIM_HEIGHT * len(wishes)
            heights = [*fitted_heights(wishes, room)]
        if heights != self._heights:
            self._heights = heights
            for panel, height in zip(self.panels, heights, strict=False):
                panel.set_fitted_height(height)

    @property
    def building(self) -> bool:
        """Whether panels are still to be made."""
        return self._contents is None or len(self.panels) < len(self._contents.layers)

    def _overflows(self) -> bool:
        """Tell whether there is more than the view shows, once all panels are made."""
        layers = self._contents.layers if self._contents is not None else ()
        heights = [
            (wish(layer).natural if height is None else height) + SLIM_HEIGHT
            for layer, height in zip(layers, self._heights, strict=False)
        ]
        return sum(heights) > self.viewport().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_layers()  # another height to share

    # --- keeping up to date ------------------------------------------------------------------

    def _show_in_view(self) -> None:
        """Bring the panels up to date that a person sees or is about to see; others when idle."""
        near = self.viewport().height()
        self._late.show_now(
            lambda panel: (
                not self.isVisible()
                or (self.distance(panel) < near and not self._takes_long(panel))
            ),
        )

    def distance(self, panel: LayerPanel) -> int:
        """Return how many pixels a panel is out of view."""
        low = self.verticalScrollBar().value()
        high = low + self.viewport().height()
        return max(0, panel.y() - high, low - panel.y() - panel.height())

    def _takes_long(self, panel: LayerPanel) -> bool:
        """Tell whether a panel changes from map to lines or back, and is laid out anew."""
        latest = self._latest(panel)
        if latest is None or latest.options.collapsed:
            return False
        return latest.options.mode is not panel.mode

    def _latest(self, panel: LayerPanel) -> LayerContents | None:
        if self._contents is None or panel.index >= len(self._contents.layers):
            return None
        return self._contents.layers[panel.index]

    def _show_latest(self, panel: LayerPanel) -> None:
        latest = self._latest(panel)
        if latest is not None:
            panel.set_contents(latest)

    @Slot()
    def _on_bar_changed(self) -> None:
        self._show_in_view()
        self.viewMoved.emit()

    # --- making panels -----------------------------------------------------------------------

    def _clear(self) -> None:
        for panel in self.panels:
            panel.hide()
        # Taking a panel apart takes as long as making one; that is done one a turn, too.
        self.leaving += self.panels
        self.panels = []
        if self._plot is not None:
            self._plot.deleteLater()
            self._plot = None
        for late in (self._late, self.faded, self._veiled):
            late.put(())

    def _drop_one(self) -> None:
        panel = self.leaving.pop()
        self._layout.removeWidget(panel)
        panel.deleteLater()

    @Slot()
    def _on_build_timer_timeout(self) -> None:
        if self._contents is None or not self.building:
            if self.leaving:
                self._drop_one()
                self.build_timer.start()
            self.viewMoved.emit()
            return
        place = len(self.panels)
        contents = self._contents.layers[place]
        if self._plot is None:
            self._plot = LayerPlot(contents.index, contents.title)
            self.build_timer.start()
            return
        panel = LayerPanel(contents, self._theme, plot=self._plot)
        self._plot = None
        if place < len(self._heights):
            panel.set_fitted_height(self._heights[place])
        # It is painted in a turn of its own.
        panel.setUpdatesEnabled(False)
        self._layout.insertWidget(place, panel)
        self.panels.append(panel)
        self._veiled.add(panel)
        self.panelMade.emit(panel)
        self.build_timer.start()

    # --- scrolling ---------------------------------------------------------------------------

    def scroll_to(self, layer: int) -> None:
        """Bring a layer's panel into view, its title line first."""
        if 0 <= layer < len(self.panels):
            self.verticalScrollBar().setValue(self.panels[layer].y())

    def scroll_soon(self, layer: int) -> None:
        """Bring a layer's panel into view once all panels have their heights."""
        self._wanted_layer = layer
        self._scroll_timer.start()

    @Slot()
    def _on_scroll_timer_timeout(self) -> None:
        self.scroll_to(self._wanted_layer)


def _unveil(panel: LayerPanel) -> None:
    panel.setUpdatesEnabled(True)
