"""The linked panels, one below the other: spectrum, every layer, and one index axis for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.panels.attribution_strip import AttributionStrip
from spectracnn.gui.panels.index_axis import IndexAxis
from spectracnn.gui.panels.layer_column import LayerColumn
from spectracnn.gui.panels.mini_map import WIDTH as MINI_MAP_WIDTH
from spectracnn.gui.panels.mini_map import MiniMap
from spectracnn.gui.panels.spectrum_panel import SpectrumPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.gui.panels.layer_panel import LayerPanel
    from spectracnn.gui.panels.plot import AlignedPlot
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents
    from spectracnn.view.pictures import Range

_SCROLL_BAR_WIDTH = 12
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
        self.spectrum, self.axis = parts or (SpectrumPanel(theme), IndexAxis())
        self.attribution: AttributionStrip | None = None  # made when it is first asked for
        self.scroll_area = LayerColumn(theme)
        self.scroll_area.panelMade.connect(self._on_column_panelMade)
        self.scroll_area.networkChanged.connect(self._on_column_networkChanged)
        self.scroll_area.viewMoved.connect(self._on_column_viewMoved)
        self.mini_map = MiniMap(theme)
        self.mini_map.scrollRequested.connect(self._on_mini_map_scrollRequested)
        self._map_timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._map_timer.timeout.connect(self._on_map_timer_timeout)
        self._arrange()
        self.scroll_area.verticalScrollBar().valueChanged.connect(self._on_view_scrolled)
        self.axis.apply_theme(theme)
        self._join(self.spectrum.plot)
        self._join(self.axis)
        self.spectrum.hoverRequested.connect(self.hoverRequested)
        self.spectrum.pinRequested.connect(self.pinRequested)

    @property
    def panels(self) -> list[LayerPanel]:
        """The panels of the layers that are made so far."""
        return self.scroll_area.panels

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
        self.scroll_area.apply_theme(theme)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        self._contents = contents
        self.spectrum.set_contents(contents)
        if self.attribution is None and contents.explaining:
            self.attribution = self._make_attribution()
        if self.attribution is not None:
            self.attribution.set_contents(contents)
        self.scroll_area.set_contents(contents)
        if not self.mini_map.isHidden():
            self.mini_map.set_pictures([item.picture for item in contents.layers])
        self.axis.set_contents(contents)
        scale = contents.spectrum.index_scale
        if contents.index_range != self._fitted or scale != self._scale:
            self._fitted, self._scale = contents.index_range, scale
            for plot in self._index_plots():
                self._limit(plot)
            self.fit()

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

    @Slot()
    def _on_view_scrolled(self) -> None:
        # Another sample is under the pointer now; which one, its next move will show.
        self.hoverRequested.emit(None)

    @Slot()
    def _on_column_viewMoved(self) -> None:
        self._map_timer.start()

    @Slot(bool)
    def _on_column_networkChanged(self, overflows: bool) -> None:
        # Before the first panel is made: later, the mini-map's width would move all of them.
        self._show_mini_map(overflows)

    @Slot()
    def _on_map_timer_timeout(self) -> None:
        """Show the mini-map where not all layers are in view, and what is."""
        bar = self.scroll_area.verticalScrollBar()
        needed = bar.maximum() > 0 and len(self.panels) > 1
        if not self.scroll_area.building:
            self._show_mini_map(needed)
        if needed:
            places = [(panel.y(), panel.y() + panel.height()) for panel in self.panels]
            self.mini_map.set_places(places, self.scroll_area.column.height())
            height = self.scroll_area.viewport().height()
            self.mini_map.set_view(bar.value(), bar.value() + height)
            if self._contents is not None:
                self.mini_map.set_pictures([item.picture for item in self._contents.layers])

    def _show_mini_map(self, needed: bool) -> None:
        if needed is self.mini_map.isHidden():
            self.mini_map.setVisible(needed)
            margin = _SCROLL_BAR_WIDTH + (MINI_MAP_WIDTH if needed else 0)
            self._top_layout.setContentsMargins(0, 0, margin, 0)
            self._bottom_layout.setContentsMargins(0, 0, margin, 0)

    @Slot(float)
    def _on_mini_map_scrollRequested(self, share: float) -> None:
        half = self.scroll_area.viewport().height() // 2
        self.scroll_area.verticalScrollBar().setValue(
            round(share * self.scroll_area.column.height()) - half
        )

    @Slot(object)
    def _on_column_panelMade(self, panel: LayerPanel) -> None:
        self._join(panel.plot)
        panel.hoverRequested.connect(self.hoverRequested)
        panel.pinRequested.connect(self.pinRequested)
        panel.optionsRequested.connect(self.optionsRequested)
        panel.rangeRequested.connect(self.rangeRequested)
        panel.popOutRequested.connect(self.popOutRequested)
        if not panel.plot.vector:
            self._limit(panel.plot)
            panel.plot.set_index_range(*self.axis.getViewBox().viewRange()[0])

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
        self.scroll_area.scroll_to(layer)

    def scroll_soon(self, layer: int) -> None:
        """Bring a layer's panel into view once all panels have their heights."""
        self.scroll_area.scroll_soon(layer)

    def _on_plot_indexRangeChanged(self, low: float, high: float) -> None:
        self.show_index_range(low, high)
