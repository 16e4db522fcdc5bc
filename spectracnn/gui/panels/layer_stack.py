"""The linked panels, one below the other: spectrum, every layer, and one index axis for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.panels.attribution_strip import AttributionStrip
from spectracnn.gui.panels.index_axis import IndexAxis
from spectracnn.gui.panels.late import LatePanels
from spectracnn.gui.panels.layer_header import SLIM_HEIGHT
from spectracnn.gui.panels.layer_panel import LayerPanel
from spectracnn.gui.panels.mini_map import WIDTH as MINI_MAP_WIDTH
from spectracnn.gui.panels.mini_map import MiniMap
from spectracnn.gui.panels.spectrum_panel import SpectrumPanel
from spectracnn.view.fitting import fitted_heights, wish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.gui.panels.plot import AlignedPlot
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents, LayerContents
    from spectracnn.view.pictures import Range

_SCROLL_BAR_WIDTH = 12
_SETTLE_MS = 60
_REST_MS = 2
"""Between two panels, so that whatever else is due comes first."""


class LayerStack(QWidget):
    """Holds the panels in step: one index range, one left edge.

    Parameters
    ----------
    theme : Theme
        Colours.
    parts : (SpectrumPanel, IndexAxis), optional
        Made before, where one turn of the event loop is too short to make everything.

    Signals
    -------
    hoverRequested, pinRequested : Sample or None
    stepRequested : (int, int)
    optionsRequested : (int, LayerOptions)
    rangeRequested : (int, ColourRange)
    popOutRequested : int
    """

    hoverRequested = Signal(object)
    pinRequested = Signal(object)
    stepRequested = Signal(int, int)
    optionsRequested = Signal(int, object)
    rangeRequested = Signal(int, object)
    popOutRequested = Signal(int)

    def __init__(
        self,
        theme: Theme,
        parts: tuple[SpectrumPanel, IndexAxis] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._contents: Contents | None = None
        self._fitted: Range | None = None
        self._scale: object = None
        self._kinds: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._late = LatePanels(self._show_latest, self._distance, self)
        self._faded = LatePanels(self._recolour, self._distance, self)
        self._leaving: list[LayerPanel] = []
        self._built_height = 0
        self._heights: list[int | None] = []
        self._fitted_about: object = None
        self.panels: list[LayerPanel] = []
        # A panel takes tens of milliseconds to make; one a turn keeps the event loop going.
        # It is set again after each: one that repeats would be due before all others.
        self._build_timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._build_timer.timeout.connect(self._on_build_timer_timeout)
        self.spectrum, self.axis = parts or (SpectrumPanel(theme), IndexAxis())
        self.attribution: AttributionStrip | None = None  # made when it is first asked for
        self._column = QWidget()
        self._column_layout = QVBoxLayout(self._column)
        self._column_layout.setContentsMargins(0, 0, 0, 0)
        self._column_layout.setSpacing(0)
        self._column_layout.addStretch(1)
        self.waiting = QLabel(
            "The maps of every layer appear here as soon as the network has been opened.",
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        self.waiting.setProperty("muted", True)
        self._column_layout.insertWidget(0, self.waiting, 100)
        self.scroll_area = QScrollArea(widgetResizable=True)
        self.scroll_area.setWidget(self._column)
        # Always on, so that the panels' width, and with it the alignment, never jumps.
        self.scroll_area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.mini_map = MiniMap(theme)
        self.mini_map.scrollRequested.connect(self._on_mini_map_scrollRequested)
        self._wanted_layer = 0
        self._scroll_timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._scroll_timer.timeout.connect(self._on_scroll_timer_timeout)
        self._map_timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._map_timer.timeout.connect(self._on_map_timer_timeout)
        self._arrange()
        self.scroll_area.viewport().installEventFilter(self)
        scroll_bar = self.scroll_area.verticalScrollBar()
        scroll_bar.valueChanged.connect(self._on_view_changed)
        scroll_bar.valueChanged.connect(self._on_view_scrolled)
        scroll_bar.rangeChanged.connect(self._on_view_changed)
        self.axis.apply_theme(theme)
        self._join(self.spectrum.plot)
        self._join(self.axis)
        self.spectrum.hoverRequested.connect(self.hoverRequested)
        self.spectrum.pinRequested.connect(self.pinRequested)

    def _arrange(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        top = QWidget()
        top_layout = QVBoxLayout(top)
        top_layout.setContentsMargins(0, 0, _SCROLL_BAR_WIDTH, 0)
        top_layout.setSpacing(0)
        self._top_layout = top_layout
        top_layout.addWidget(self.spectrum, 1)
        self.splitter.addWidget(top)
        maps = QWidget()
        maps_layout = QHBoxLayout(maps)
        maps_layout.setContentsMargins(0, 0, 0, 0)
        maps_layout.setSpacing(0)
        maps_layout.addWidget(self.scroll_area, 1)
        maps_layout.addWidget(self.mini_map)
        self.mini_map.hide()
        self.splitter.addWidget(maps)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 5)
        self.splitter.setSizes([210, 480])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.splitter, 1)
        bottom = QWidget()
        bottom_layout = QVBoxLayout(bottom)
        bottom_layout.setContentsMargins(0, 0, _SCROLL_BAR_WIDTH, 0)
        self._bottom_layout = bottom_layout
        bottom_layout.addWidget(self.axis)
        layout.addWidget(bottom)

    def _join(self, plot: AlignedPlot) -> None:
        plot.indexRangeChanged.connect(self._on_plot_indexRangeChanged)
        plot.fitRequested.connect(self.fit)
        plot.stepRequested.connect(self.stepRequested)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.spectrum.apply_theme(theme)
        self.axis.apply_theme(theme)
        self.mini_map.apply_theme(theme)
        if self.attribution is not None:
            self.attribution.apply_theme(theme)
        self._faded.put(self.panels)
        if not self.isVisible():
            self._faded.show_now(lambda panel: True)

    def _recolour(self, panel: LayerPanel) -> None:
        panel.apply_theme(self._theme)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        self._contents = contents
        kinds = tuple((layer.title, layer.info.output_shape) for layer in contents.layers)
        self.waiting.setVisible(not kinds)
        if kinds != self._kinds:
            self._kinds = kinds
            self._clear()
            # Painting what is there again after each new panel would double the work.
            self._column.setUpdatesEnabled(False)
            self._build_timer.start()
        self.spectrum.set_contents(contents)
        if self.attribution is None and contents.explaining:
            self.attribution = self._make_attribution()
        if self.attribution is not None:
            self.attribution.set_contents(contents)
        self._fit_layers()
        if not self.mini_map.isHidden():
            self.mini_map.set_pictures([item.picture for item in contents.layers])
        self._late.put(self.panels)
        self._show_in_view()
        self.axis.set_contents(contents)
        scale = contents.spectrum.index_scale
        if contents.index_range != self._fitted or scale != self._scale:
            self._fitted, self._scale = contents.index_range, scale
            for plot in self._index_plots():
                self._limit(plot)
            self.fit()

    def _fit_layers(self) -> None:
        """Make all layers fit into the view, as far as they can be read then."""
        contents = self._contents
        if contents is None:
            return
        high = self.scroll_area.viewport().height()
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

    def _make_attribution(self) -> AttributionStrip:
        strip = AttributionStrip(self._theme)
        self._join(strip.plot)
        strip.hoverRequested.connect(self.hoverRequested)
        strip.pinRequested.connect(self.pinRequested)
        self._limit(strip.plot)
        strip.plot.set_index_range(*self.axis.getViewBox().viewRange()[0])
        self._top_layout.addWidget(strip)
        # Room for it comes from the maps, which scroll, not from the spectrum.
        top, maps = self.splitter.sizes()
        room = min(strip.sizeHint().height(), max(0, maps - 160))
        self.splitter.setSizes([top + room, maps - room])
        return strip

    def _show_in_view(self) -> None:
        """Bring the panels up to date that a person sees or is about to see; others when idle."""
        near = self.scroll_area.viewport().height()
        self._late.show_now(
            lambda panel: (
                not self.isVisible() or (self._distance(panel) < near and not self._is_slow(panel))
            )
        )

    def _distance(self, panel: LayerPanel) -> int:
        """Return how many pixels a panel is out of view."""
        low = self.scroll_area.verticalScrollBar().value()
        high = low + self.scroll_area.viewport().height()
        return max(0, panel.y() - high, low - panel.y() - panel.height())

    def _is_slow(self, panel: LayerPanel) -> bool:
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:  # of the view: another height to share
            self._fit_layers()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_view_scrolled(self) -> None:
        # Another sample is under the pointer now; which one, its next move will show.
        self.hoverRequested.emit(None)

    @Slot()
    def _on_view_changed(self) -> None:
        self._show_in_view()
        self._map_timer.start()

    @Slot()
    def _on_map_timer_timeout(self) -> None:
        """Show the mini-map where not all layers are in view, and what is."""
        bar = self.scroll_area.verticalScrollBar()
        needed = bar.maximum() > 0 and len(self.panels) > 1
        if needed is self.mini_map.isHidden():
            self.mini_map.setVisible(needed)
            margin = _SCROLL_BAR_WIDTH + (MINI_MAP_WIDTH if needed else 0)
            self._top_layout.setContentsMargins(0, 0, margin, 0)
            self._bottom_layout.setContentsMargins(0, 0, margin, 0)
        if needed:
            places = [(panel.y(), panel.y() + panel.height()) for panel in self.panels]
            self.mini_map.set_places(places, self._column.height())
            height = self.scroll_area.viewport().height()
            self.mini_map.set_view(bar.value(), bar.value() + height)
            if self._contents is not None:
                self.mini_map.set_pictures([item.picture for item in self._contents.layers])

    @Slot(float)
    def _on_mini_map_scrollRequested(self, share: float) -> None:
        half = self.scroll_area.viewport().height() // 2
        self.scroll_area.verticalScrollBar().setValue(round(share * self._column.height()) - half)

    def _clear(self) -> None:
        for panel in self.panels:
            panel.hide()
        # Taking a panel apart takes as long as making one; that is done one a turn, too.
        self._leaving += self.panels
        self.panels, self._built_height = [], 0
        self._late.put(())
        self._faded.put(())

    def _drop_one(self) -> None:
        panel = self._leaving.pop()
        self._column_layout.removeWidget(panel)
        panel.deleteLater()

    def _on_build_timer_timeout(self) -> None:
        place = len(self.panels)
        if self._contents is None or place >= len(self._contents.layers):
            self._column.setUpdatesEnabled(True)
            if self._leaving:
                self._drop_one()
                self._build_timer.start()
            return
        panel = LayerPanel(self._contents.layers[place], self._theme)
        if place < len(self._heights):
            panel.set_fitted_height(self._heights[place])
        self._join(panel.plot)
        panel.hoverRequested.connect(self.hoverRequested)
        panel.pinRequested.connect(self.pinRequested)
        panel.optionsRequested.connect(self.optionsRequested)
        panel.rangeRequested.connect(self.rangeRequested)
        panel.popOutRequested.connect(self.popOutRequested)
        if not panel.plot.vector:
            self._limit(panel.plot)
            panel.plot.set_index_range(*self.axis.getViewBox().viewRange()[0])
        self._column_layout.insertWidget(place, panel)
        self.panels.append(panel)
        # What is below the view is not painted, and the view must not show another model's maps.
        self._built_height += panel.sizeHint().height()
        if self._built_height > self.scroll_area.height():
            self._column.setUpdatesEnabled(True)
        self._build_timer.start()

    def fit(self) -> None:
        """Show the whole input of the model."""
        if self._contents is not None:
            low, high = self._contents.spectrum.index_scale.forward(self._contents.index_range)
            self.show_index_range(float(low), float(high))
            self.spectrum.fit_values()

    def _index_plots(self) -> Iterator[AlignedPlot]:
        """Yield every plot that shares the index axis."""
        yield self.spectrum.plot
        yield self.axis
        if self.attribution is not None:
            yield self.attribution.plot
        for panel in self.panels:
            if not panel.plot.vector:
                yield panel.plot

    def _limit(self, plot: AlignedPlot) -> None:
        """Let a plot be zoomed no closer than two samples, and moved not far from them."""
        if self._contents is None or self._fitted is None:
            return
        low, high = self._fitted
        scale = self._contents.spectrum.index_scale
        ends = [float(end) for end in scale.forward([low, high - 2, high])]
        plot.limit_index_range(ends[0], ends[2], max(ends[2] - ends[1], 1e-6))

    def show_index_range(self, low: float, high: float) -> None:
        """Move all panels to this range, in display coordinates."""
        for plot in self._index_plots():
            plot.set_index_range(low, high)

    def scroll_to(self, layer: int) -> None:
        """Bring a layer's panel into view, its title line first."""
        if 0 <= layer < len(self.panels):
            self.scroll_area.verticalScrollBar().setValue(self.panels[layer].y())

    def scroll_soon(self, layer: int) -> None:
        """Bring a layer's panel into view once all panels have their heights."""
        self._wanted_layer = layer
        self._scroll_timer.start()

    @Slot()
    def _on_scroll_timer_timeout(self) -> None:
        self.scroll_to(self._wanted_layer)

    def _on_plot_indexRangeChanged(self, low: float, high: float) -> None:
        self.show_index_range(low, high)
