"""The filters of a layer in a window: curves or images, with their frequency responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.filters.contributions import FilterContributions
from spectracnn.gui.tools.filters.grid import FilterGrid
from spectracnn.gui.tools.inspector.weights import Weights
from spectracnn.gui.tools.layer_box import LayerBox
from spectracnn.gui.tools.own_copy import claims_copy
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.script import ScriptView
from spectracnn.state.selection import Sample
from spectracnn.state.tools import Ranking
from spectracnn.view.filters import (
    FilterBank,
    bank_tsv,
    filter_bank,
    has_filters,
    ranked,
    strongest_step,
)
from spectracnn.view.tool_pictures import FiltersPicture, ToolView

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent

    from spectracnn.core.trace import Trace
    from spectracnn.gui.workspace.context import ToolContext

_RANKINGS = tuple(Ranking)
_CURVES = "Left: weights. Right: frequencies that pass, |H| from 0 to 0.5 cycles per sample."
_IMAGES = (
    "Left: weights, row by row. Right: frequencies that pass, |H| from 0 to 0.5 cycles per column "
    "to the right, and from \u22120.5 to 0.5 cycles per row upwards."
)
_EXPLAINED = {
    Ranking.NORM: "The number is the square root of the sum of the squared weights.",
    Ranking.ACTIVATION: "The number is the mean of the feature map of the current spectrum.",
    Ranking.CONTRIBUTION: (
        "The number is by how much the score (logit) of the class falls for the current spectrum "
        "when the filter is muted."
    ),
}


class FiltersTool(QWidget):
    """Offers layer, order and class; a click pins the strongest sample of a filter."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._themes = context.workspace, context.themes
        self._weights = Weights(context, "the filters", self)
        self.contributions = FilterContributions(context, self)
        self._shown: tuple[object, ...] = ()
        self._chosen = Chosen(self._workspace, "filters", "Filters", self)
        self.bank: FilterBank | None = None
        self.layer_box = LayerBox(has_filters)
        self.order_box, self.class_box = QComboBox(), QComboBox()
        for item in _RANKINGS:
            self.order_box.addItem(item.value, item)
        self.order_box.setAccessibleName("Order of the filters")
        self.class_box.setAccessibleName("Class that filters contribute to")
        self.copy_button = tool_button("Copy", "Copy weights and responses as text (Ctrl+C)")
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("muted", True)
        self.grid = FilterGrid(context.themes.theme)
        self.resize(900, 640)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, box in (("Layer", self.layer_box), ("Sorted by", self.order_box)):
            row.addWidget(QLabel(text))
            row.addWidget(box)
        row.addWidget(self.class_box)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self.grid, 1)

    def _connect(self) -> None:
        self._chosen.bind("layer", self.layer_box, "layer")
        self._chosen.bind("ranking", self.order_box, "order")
        self._chosen.bind("target", self.class_box, "class")
        self._chosen.changed.connect(self.refresh)
        self.copy_button.clicked.connect(self.copy)
        self.grid.filterRequested.connect(self._on_grid_filterRequested)
        self._weights.arrived.connect(self._on_weights_arrived)
        self._weights.failed.connect(self.note.setText)
        self.contributions.changed.connect(self.refresh)
        self.contributions.failed.connect(self.note.setText)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def ranking(self) -> Ranking:
        """By what the filters are sorted."""
        found: Ranking = self._chosen.record.ranking
        return found

    def _trace(self) -> Trace | None:
        current = self._workspace.selection.current
        return None if current is None else self._workspace.document.traces.get(current)

    @Slot()
    def refresh(self) -> None:
        """Show the filters of the chosen layer as they are now."""
        model, trace = self._workspace.document.model, self._trace()
        if self.layer_box.count() == 0 or model is not self._shown_model():
            self._show_model()
        layer = self.layer_box.layer
        if model is None or layer is None:
            self.note.setText("This network has no filters that slide along the spectrum.")
            self.grid.filters.show(None, (), self.ranking, frozenset())
            return
        weights = self._weights.get(layer)
        if weights is None:
            self.note.setText("Loading this layer's weights.")
            return
        falls = self._falls(layer, trace)
        muted = frozenset(c for at, c in self._workspace.selection.muted if at == layer)
        about = (
            model,
            trace,
            layer,
            self.ranking,
            len(falls),
            self.class_box.currentIndex(),
            muted,
        )
        if about != self._shown:
            self._shown = about
            self.bank = filter_bank(model.layers[layer], weights, trace, falls)
            if self.bank is not None:
                order = ranked(self.bank, self.ranking)
                self.grid.filters.show(self.bank, order, self.ranking, muted)
            self.note.setText(self._sentence())
        pinned = self._workspace.selection.pinned
        self.grid.choose(pinned.channel if pinned is not None and pinned.layer == layer else None)

    def _shown_model(self) -> object:
        return self._shown[0] if self._shown else None

    def _show_model(self) -> None:
        model = self._workspace.document.model
        self.layer_box.blockSignals(True)
        self.layer_box.show_model(model)
        self.layer_box.blockSignals(False)
        self.class_box.clear()
        if model is not None:
            self.class_box.addItem("Predicted class", None)
            for place, name in enumerate(model.classes):
                self.class_box.addItem(name, place)
        self._chosen.show()

    def _falls(self, layer: int, trace: Trace | None) -> dict[int, float]:
        """Return what is known of contributions, and ask for the rest if they are wanted."""
        model = self._workspace.document.model
        wanted = self.ranking is Ranking.CONTRIBUTION
        self.class_box.setVisible(wanted)
        if not wanted or model is None or trace is None:
            self.contributions.forget()
            return {}
        self.contributions.request(model, trace, layer)
        chosen = self.class_box.currentIndex() - 1
        best = model.reading.best(trace.probabilities)
        return self.contributions.of(chosen if chosen >= 0 else best)

    def _sentence(self) -> str:
        images = self.bank is not None and self.bank.images
        text = f"{_IMAGES if images else _CURVES} {_EXPLAINED[self.ranking]}"
        done, total = self.contributions.progress
        if self.ranking is Ranking.CONTRIBUTION and done < total:
            return f"{text} {done} of {total} computed."
        several = self.bank is not None and self.bank.filters[0].kernel.shape[1] > 1
        if not several:
            return text
        what = "The image" if images else "The thick curve"
        return f"{text} {what} is the strongest input channel."

    def figure_view(self) -> ToolView | None:
        """Return the filters as they are shown, for a figure."""
        if self.bank is None:
            return None
        title = f"Filters of {self.bank.name}, by {self.ranking.value.lower()}"
        shown = tuple(self.grid.filters.filters)
        picture = FiltersPicture(title, shown, self.ranking, self.bank.window)
        return ToolView(picture, self._themes.theme.dark)

    def script_view(self) -> ScriptView | None:
        """Return the filters as they are shown, for a script."""
        layer = self.layer_box.layer
        if layer is None:
            return None
        more = ""
        if self.ranking is Ranking.CONTRIBUTION:
            chosen = self.class_box.currentIndex() - 1
            more = f", contributions=True, target={chosen if chosen >= 0 else None}"
        return ScriptView((f"filters = scene.filters(current, {layer}{more})",))

    def values_tsv(self) -> str:
        """Return weights and responses, tab-separated."""
        return "" if self.bank is None else bank_tsv(self.bank, self.grid.filters.filters)

    def copy(self) -> None:
        """Put weights and responses into the clipboard, tab-separated."""
        if self.bank is not None:
            QGuiApplication.clipboard().setText(self.values_tsv())

    # --- Qt ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.contributions.forget()

    def event(self, event: QEvent) -> bool:
        return claims_copy(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    # --- slots -------------------------------------------------------------------------------

    @Slot(int)
    def _on_weights_arrived(self, layer: int) -> None:
        if self.isVisible() and layer == self.layer_box.layer:
            self.refresh()

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self.grid.apply_theme(self._themes.theme)

    @Slot(int)
    def _on_grid_filterRequested(self, channel: int) -> None:
        layer, trace = self.layer_box.layer, self._trace()
        if layer is not None and trace is not None:
            step = strongest_step(trace, layer, channel)
            self._workspace.pin_at(Sample(layer, step, channel))
