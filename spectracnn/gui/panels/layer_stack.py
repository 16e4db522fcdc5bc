"""The linked panels, one below the other: spectrum, every layer, and one index axis for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from spectracnn.gui.panels.attribution_strip import AttributionStrip
from spectracnn.gui.panels.index_axis import IndexAxis
from spectracnn.gui.panels.layer_panel import LayerPanel
from spectracnn.gui.panels.spectrum_panel import SpectrumPanel

if TYPE_CHECKING:
    from spectracnn.gui.panels.plot import AlignedPlot
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents, Range

_SCROLL_BAR_WIDTH = 12


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
    popOutRequested : int
    """

    hoverRequested = Signal(object)
    pinRequested = Signal(object)
    stepRequested = Signal(int, int)
    optionsRequested = Signal(int, object)
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
        self._names: tuple[str, ...] = ()
        self.panels: list[LayerPanel] = []
        # A panel takes tens of milliseconds to make; one a turn keeps the event loop going.
        self._build_timer = QTimer(self, interval=0)
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
        self._arrange()
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
        self.splitter.addWidget(self.scroll_area)
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
        if self.attribution is not None:
            self.attribution.apply_theme(theme)
        for panel in self.panels:
            panel.apply_theme(theme)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        self._contents = contents
        names = tuple(layer.title for layer in contents.layers)
        self.waiting.setVisible(not names)
        if names != self._names:
            self._names = names
            self._clear()
            # Painting what is there again after each new panel would double the work.
            self._column.setUpdatesEnabled(False)
            self._build_timer.start()
        self.spectrum.set_contents(contents)
        if self.attribution is None and contents.explaining:
            self.attribution = self._make_attribution()
        if self.attribution is not None:
            self.attribution.set_contents(contents)
        for panel, layer in zip(self.panels, contents.layers, strict=False):
            panel.set_contents(layer)
        self.axis.set_contents(contents)
        scale = contents.spectrum.index_scale
        if contents.index_range != self._fitted or scale != self._scale:
            self._fitted, self._scale = contents.index_range, scale
            self.fit()

    def _make_attribution(self) -> AttributionStrip:
        strip = AttributionStrip(self._theme)
        self._join(strip.plot)
        strip.hoverRequested.connect(self.hoverRequested)
        strip.pinRequested.connect(self.pinRequested)
        strip.plot.set_index_range(*self.axis.getViewBox().viewRange()[0])
        self._top_layout.addWidget(strip)
        # Room for it comes from the maps, which scroll, not from the spectrum.
        top, maps = self.splitter.sizes()
        room = min(strip.sizeHint().height(), max(0, maps - 160))
        self.splitter.setSizes([top + room, maps - room])
        return strip

    def _clear(self) -> None:
        for panel in self.panels:
            self._column_layout.removeWidget(panel)
            panel.setParent(None)
            panel.deleteLater()
        self.panels = []

    def _on_build_timer_timeout(self) -> None:
        place = len(self.panels)
        if self._contents is None or place >= len(self._contents.layers):
            self._build_timer.stop()
            self._column.setUpdatesEnabled(True)
            return
        panel = LayerPanel(self._contents.layers[place], self._theme)
        self._join(panel.plot)
        panel.hoverRequested.connect(self.hoverRequested)
        panel.pinRequested.connect(self.pinRequested)
        panel.optionsRequested.connect(self.optionsRequested)
        panel.popOutRequested.connect(self.popOutRequested)
        if not panel.plot.vector:
            panel.plot.set_index_range(*self.axis.getViewBox().viewRange()[0])
        self._column_layout.insertWidget(place, panel)
        self.panels.append(panel)

    def fit(self) -> None:
        """Show the whole input of the model."""
        if self._contents is not None:
            low, high = self._contents.spectrum.index_scale.forward(self._contents.index_range)
            self.show_index_range(float(low), float(high))

    def show_index_range(self, low: float, high: float) -> None:
        """Move all panels to this range, in display coordinates."""
        self.spectrum.plot.set_index_range(low, high)
        self.axis.set_index_range(low, high)
        if self.attribution is not None:
            self.attribution.plot.set_index_range(low, high)
        for panel in self.panels:
            if not panel.plot.vector:
                panel.plot.set_index_range(low, high)

    def scroll_to(self, layer: int) -> None:
        """Bring a layer's panel into view, its title line first."""
        if 0 <= layer < len(self.panels):
            self.scroll_area.verticalScrollBar().setValue(self.panels[layer].y())

    def _on_plot_indexRangeChanged(self, low: float, high: float) -> None:
        self.show_index_range(low, high)
