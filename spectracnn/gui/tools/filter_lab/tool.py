"""The filter lab: a filter of the real network under the hand, its map before and after."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.filter_slots import SLIDING_CLASSES, FilterSlot, filter_slots
from spectracnn.core.weight_edits import WeightEdit, merged
from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import SaveEdited
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.filter_lab.outcome import OutcomeView
from spectracnn.gui.tools.filter_lab.panel import FilterPanel
from spectracnn.gui.tools.inspector.weights import Weights
from spectracnn.gui.tools.layer_box import LayerBox
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.requests import original_trace_request
from spectracnn.state.script import ScriptView
from spectracnn.view.filter_lab import outcome

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from spectracnn.core.trace import LayerInfo, Trace
    from spectracnn.core.weights import LayerWeights
    from spectracnn.gui.workspace.context import ToolContext

_OWNER = "the filter lab"
_MOST_TO_COPY = 64


def can_be_held(info: LayerInfo) -> bool:
    """Tell whether a layer's filters can be set by hand."""
    return info.layer_class in SLIDING_CLASSES


class FilterLabTool(QWidget):
    """Chooses a filter, changes it, and shows what the whole network makes of that."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self._weights = Weights(context, _OWNER, self, own=True)
        self._original: Trace | None = None
        self._original_key: object = None
        self._shown_outcome: tuple[object, ...] = ()
        self._chosen = Chosen(self._workspace, "filter_lab", "Filter lab", self)
        self.layer_box = LayerBox(can_be_held)
        self.filter_box = QSpinBox(minimum=0, maximum=0)
        self.filter_box.setAccessibleName("Filter")
        self.undo_button = tool_button("Undo", "Undo the last change (Ctrl+Z)")
        self.redo_button = tool_button("Redo", "Redo it (Ctrl+Shift+Z)")
        self.reset_button = tool_button("All as learned", "Restore the network's own weights")
        self.save_button = tool_button("Save as new model\u2026", "Write the changed network")
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("muted", True)
        self.panel = FilterPanel(context.themes.theme)
        self.outcome = OutcomeView(context.themes.theme)
        self._arrange()
        self._connect()
        self.resize(1080, 700)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for text, widget in (("Layer", self.layer_box), ("Filter", self.filter_box)):
            row.addWidget(QLabel(text))
            row.addWidget(widget)
        row.addStretch(1)
        buttons = (self.undo_button, self.redo_button, self.reset_button, self.save_button)
        for button in buttons:
            row.addWidget(button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(16, 4, 16, 12)
        column.addWidget(self.panel, 4)
        column.addWidget(self.note)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(left)
        splitter = QSplitter()
        splitter.addWidget(area)
        splitter.addWidget(self.outcome)
        splitter.setSizes([520, 560])
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        editing = self._workspace.editing
        self._chosen.bind("layer", self.layer_box, "layer", resets=("filter", "channel"))
        self._chosen.bind("filter", self.filter_box, "filter")
        self._chosen.bind("channel", self.panel.channel_box, "input channel")
        self._chosen.bind("every_channel", self.panel.all_box, "what changes act on")
        self._chosen.changed.connect(self.refresh)
        self.undo_button.clicked.connect(editing.stack.undo)
        self.redo_button.clicked.connect(editing.stack.redo)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.panel.gestureBegun.connect(editing.begin_weights)
        self.panel.edited.connect(self._on_panel_edited)
        self.panel.refused.connect(self.note.setText)
        editing.changed.connect(self._on_editing_changed)
        self._weights.arrived.connect(self._on_weights_arrived)
        self._weights.failed.connect(self.note.setText)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._workspace.weightsChanged.connect(self._on_workspace_weightsChanged)
        self._workspace.modelChanged.connect(self._on_workspace_modelChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- what is shown -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_model()

    def _show_model(self) -> None:
        self.layer_box.show_model(self._workspace.document.model)
        self._chosen.show()
        self.refresh()

    def _shown(self) -> tuple[LayerWeights, tuple[FilterSlot, ...]] | None:
        layer = self.layer_box.layer
        weights = None if layer is None else self._weights.get(layer)
        slots = () if weights is None else filter_slots(weights)
        return None if weights is None or not slots else (weights, slots)

    def script_view(self) -> ScriptView | None:
        """Return the filter's map before and after, for a script."""
        layer = self.layer_box.layer
        if layer is None:
            return None
        return ScriptView(
            (
                f"layer, channel = {layer}, {self._channel()}",
                "own = sc.Scene(spectra, model, edits=edits, muted=muted).trace(current)",
                "before = own.layer(layer)[0][..., channel]",
                "after = traces.layer(layer)[0][..., channel]",
                "probabilities_before = own.probabilities[0]",
            )
        )

    def _arrays(self, weights: LayerWeights) -> dict[str, np.ndarray]:
        """Return the layer's weights as they are now."""
        arrays = dict(weights.arrays)
        for edit in self._workspace.selection.weight_edits:
            if edit.layer == weights.layer:
                arrays[edit.weight] = edit.values
        return arrays

    @Slot()
    def refresh(self) -> None:
        """Show the filter as it is now."""
        edited = bool(self._workspace.selection.weight_edits)
        self._on_editing_changed()
        self.reset_button.setEnabled(edited)
        self.save_button.setEnabled(edited)
        found = self._shown()
        self.panel.setEnabled(found is not None)
        if found is None:
            known = self.layer_box.count() > 0
            self.note.setText(
                "Loading the weights of this layer."
                if known
                else "This network has no filters that can be set by hand."
            )
            return
        weights, slots = found
        self.filter_box.blockSignals(True)
        self.filter_box.setMaximum(len(slots) - 1)
        self.filter_box.blockSignals(False)
        self._chosen.show()
        place = self.filter_box.value()
        slot, arrays = slots[place], self._arrays(weights)
        bias = None if slot.bias is None else float(arrays["bias"].reshape(-1)[slot.bias])
        others = {
            other: slots[other].read(arrays)
            for other in range(min(len(slots), _MOST_TO_COPY))
            if other != place
        }
        self.panel.show_filter(slot.read(arrays), bias, slot.window, others)
        self._chosen.show("channel")
        self.panel.show_channel()
        self.note.setText(
            "Weights are edited: every panel of the window shows the network with them. The "
            "model's file is not touched."
            if edited
            else "Drag a weight: the whole network responds."
        )
        self._show_outcome()

    def _show_outcome(self) -> None:
        """Ask once for the pass with the model's own weights, and show both."""
        workspace = self._workspace
        model, layer = workspace.document.model, self.layer_box.layer
        current = workspace.selection.current
        trace = None if current is None else workspace.document.traces.get(current)
        made = original_trace_request(workspace.document, workspace.selection)
        if model is None or layer is None or trace is None or made is None:
            self._shown_outcome = ()
            self.outcome.show_outcome(None)
            return
        if not workspace.selection.weight_edits:
            self._original, self._original_key = trace, made.key
        elif made.key != self._original_key:
            self._original = None
            self._original_key = made.key
            receive = partial(self._receive_original, made.key)
            self._context.broker.submit(
                made.request, _OWNER, Policy.LATEST_WINS, receive, key=made.key
            )
        before = self._original or trace
        shown = (model, layer, self._channel(), before, trace)
        # A change is answered by the next pass; until that has come there is nothing new to paint.
        if len(self._shown_outcome) != len(shown) or any(
            one is not other for one, other in zip(shown, self._shown_outcome, strict=True)
        ):
            self._shown_outcome = shown
            self.outcome.show_outcome(outcome(*shown))

    def _channel(self) -> int:
        """Return which map the filter makes: of separable layers there is none of its own."""
        return self.filter_box.value()

    def _receive_original(self, key: object, trace: Trace) -> None:
        if key == self._original_key:
            self._original = trace
            self._show_outcome()

    # --- changes -----------------------------------------------------------------------------

    @Slot(object, float, str)
    def _on_panel_edited(self, values: np.ndarray, bias: float, caption: str) -> None:
        found, layer = self._shown(), self.layer_box.layer
        model = self._workspace.document.model
        if found is None or layer is None or model is None:
            return
        weights, slots = found
        slot, arrays = slots[self.filter_box.value()], self._arrays(weights)
        name = f"filter {self.filter_box.value()} of {model.layers[layer].name}: {caption}"
        edits = self._workspace.selection.weight_edits
        array = slot.written(arrays, values)
        if not np.array_equal(array, arrays[slot.weight]):
            edits = merged(edits, WeightEdit(layer, slot.weight, array, name))
        if slot.bias is not None:
            biases = np.array(arrays["bias"], np.float32)
            if biases.reshape(-1)[slot.bias] != np.float32(bias):
                biases.reshape(-1)[slot.bias] = bias
                edits = merged(edits, WeightEdit(layer, "bias", biases, name))
        self._workspace.editing.set_weights(edits, name)

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._workspace.editing.begin_weights()
        self._workspace.editing.set_weights((), "all weights as learned")

    @Slot()
    def _on_save_clicked(self) -> None:
        model = self._workspace.document.model
        if model is None:
            return
        folder = Path(self._context.settings.folder)
        start = str(folder / f"{Path(model.path).stem}-edited.keras")
        name, _ = QFileDialog.getSaveFileName(self, "Save as new model", start, "Keras (*.keras)")
        if name:
            path = name if name.endswith(".keras") else f"{name}.keras"
            request = SaveEdited(path, self._workspace.selection.weight_edits)
            self._context.broker.submit(
                request, f"{_OWNER}: save", Policy.IN_ORDER, self._saved, self._failed
            )

    def _saved(self, path: str) -> None:
        self.note.setText(f"Written to {path}, with a card that says what was changed.")

    def _failed(self, error: Exception) -> None:
        self.note.setText(str(error))

    # --- slots -------------------------------------------------------------------------------

    @Slot()
    def _on_editing_changed(self) -> None:
        stack = self._workspace.editing.stack
        self.undo_button.setEnabled(stack.canUndo())
        self.redo_button.setEnabled(stack.canRedo())

    @Slot(int)
    def _on_weights_arrived(self, layer: int) -> None:
        if self.isVisible() and layer == self.layer_box.layer:
            self.refresh()

    @Slot(object)
    def _on_workspace_weightsChanged(self, _edits: object) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if self.isVisible():
            self._show_outcome()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self._original = None
        self._original_key = None
        if self.isVisible():
            self._show_model()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self.panel.apply_theme(self._context.themes.theme)
        self.outcome.apply_theme(self._context.themes.theme)
