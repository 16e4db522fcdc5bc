"""One layer's panel: its feature maps as a heat map or as lines, under a slim title line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spectracnn.gui.panels.layer_header import LayerHeader
from spectracnn.gui.panels.layer_plot import LayerPlot
from spectracnn.gui.widgets.grip import Grip
from spectracnn.state.selection import LayerMode
from spectracnn.view.fitting import wish

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import LayerContents

_VECTOR_MAP_HEIGHT = 56
_LEAST_HEIGHT = 40


class LayerPanel(QWidget):
    """Title line, plot, and a grip to change the height.

    Parameters
    ----------
    contents : LayerContents
        What to show first.
    theme : Theme
        Colours.
    fills : bool
        Take all the height there is, instead of a height of its own.
    plot : LayerPlot, optional
        Made before, where one turn of the event loop is too short to make everything.

    Signals
    -------
    optionsRequested : (int, LayerOptions)
    rangeRequested : (int, ColourRange)
    hoverRequested, pinRequested : Sample or None
    popOutRequested : int
    """

    optionsRequested = Signal(int, object)
    rangeRequested = Signal(int, object)
    hoverRequested = Signal(object)
    pinRequested = Signal(object)
    popOutRequested = Signal(int)

    def __init__(
        self,
        contents: LayerContents,
        theme: Theme,
        *,
        fills: bool = False,
        plot: LayerPlot | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.index = contents.index
        self._fills = fills
        self._theme = theme
        self._contents = contents
        self._fitted: int | None = None
        self._heights: dict[LayerMode, int] = {}
        self.header = LayerHeader(contents.title)
        self.plot = plot or LayerPlot(contents.index, contents.title)
        self.grip = Grip(f"Height of {contents.title}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.plot, self.grip):
            layout.addWidget(widget)
        self.header.optionsRequested.connect(self._on_header_optionsRequested)
        self.header.rangeRequested.connect(self._on_header_rangeRequested)
        self.header.popOutRequested.connect(self._on_header_popOutRequested)
        self.plot.hoverRequested.connect(self.hoverRequested)
        self.plot.pinRequested.connect(self.pinRequested)
        self.grip.dragged.connect(self._on_grip_dragged)
        self.apply_theme(theme)
        self.set_contents(contents)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.plot.apply_theme(theme)
        self.header.set_contents(self._contents, theme)

    def set_contents(self, contents: LayerContents) -> None:
        """Show what is given; redraws only what changed."""
        before, self._contents = self._contents, contents
        others = contents.picture is not before.picture or contents.options != before.options
        if others or (contents.title, contents.subtitle) != (before.title, before.subtitle):
            self.header.set_contents(contents, self._theme)
        self.plot.set_contents(contents)
        self._fit_height()

    @property
    def mode(self) -> LayerMode:
        """How the layer is shown."""
        return self._contents.options.mode

    def set_fitted_height(self, height: int | None) -> None:
        """Make the plot so high, and the title line slim; None for a height of its own."""
        if height != self._fitted:
            self._fitted = height
            self.header.set_slim(height is not None)
            self.plot.set_compact(height is not None)
            self._fit_height()

    def _natural_height(self) -> int:
        picture = self._contents.picture
        if picture is not None and picture.vector and self.mode is LayerMode.HEAT_MAP:
            return _VECTOR_MAP_HEIGHT
        return max(wish(self._contents).natural, _LEAST_HEIGHT)

    def _fit_height(self) -> None:
        collapsed = self._contents.options.collapsed and not self._fills
        self.plot.setVisible(not collapsed)
        self.grip.setVisible(not collapsed and not self._fills and self._fitted is None)
        if self._fills:
            self.plot.setMinimumHeight(_LEAST_HEIGHT)
            return
        height = self._heights.get(self._contents.options.mode) or self._natural_height()
        if self._fitted is not None:
            height = max(self._fitted, 1)
        if self.plot.height() != height or self.plot.minimumHeight() != height:
            self.plot.setFixedHeight(height)

    def _on_grip_dragged(self, change: int) -> None:
        height = max(_LEAST_HEIGHT, self.plot.height() + change)
        self._heights[self._contents.options.mode] = height
        self._fit_height()

    def _on_header_optionsRequested(self, options: object) -> None:
        self.optionsRequested.emit(self.index, options)

    def _on_header_rangeRequested(self, chosen: object) -> None:
        self.rangeRequested.emit(self.index, chosen)

    def _on_header_popOutRequested(self) -> None:
        self.popOutRequested.emit(self.index)
