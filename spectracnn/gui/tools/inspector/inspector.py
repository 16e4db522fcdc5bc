"""The inspector: the arithmetic behind one sample, and the filter sliding along the spectrum."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.inspector.page import InspectorPage
from spectracnn.gui.tools.inspector.weights import Weights
from spectracnn.gui.tools.own_copy import claims_copy
from spectracnn.state.document import current_entry
from spectracnn.state.script import ScriptView
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.dependents import reach
from spectracnn.view.inspect.arithmetic import inspect, inspect_eigenvalue
from spectracnn.view.inspect.picture import eigenvalue_picture, inspector_picture
from spectracnn.view.inspect.table import inspection_tsv
from spectracnn.view.tool_pictures import ToolView

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.document import Entry
    from spectracnn.view.inspect.records import Inspection

_KEYS = {
    Qt.Key.Key_Left: "previous",
    Qt.Key.Key_Right: "next",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
    Qt.Key.Key_Space: "play",
}
_WAITING = "Loading this layer's weights."
_NOTHING = (
    "Click a sample of any feature map: here it is taken apart into the numbers it is made of."
)
_NO_MAPS = "There are no feature maps yet."


class InspectorTool(QScrollArea):
    """Follows the marked sample; the sliding filter is a pinned sample that moves."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workspace = context.workspace
        self._themes = context.themes
        self._weights = Weights(context, "the inspector", self)
        self._chosen = Chosen(self._workspace, "inspector", "Inspector", self)
        self._beside_gesture = self._workspace.editing.new_gesture()
        self._inspection: Inspection | None = None
        self._beside: Inspection | None = None
        self._rows: tuple[tuple[str, int, int], ...] = ()
        self._problem = ""
        self.page = InspectorPage(context.themes.theme)
        self.setWidget(self.page)
        self._connect(context)
        self._on_chosen_changed()

    def _connect(self, context: ToolContext) -> None:
        page = self.page
        context.workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        context.workspace.modelChanged.connect(self._on_workspace_replaced)
        context.workspace.currentChanged.connect(self._on_workspace_replaced)
        context.themes.themeChanged.connect(self._on_themes_themeChanged)
        self._weights.arrived.connect(self._on_weights_arrived)
        self._weights.failed.connect(self._on_weights_failed)
        page.player.stepRequested.connect(self._on_stepRequested)
        page.slide.stepRequested.connect(self._on_stepRequested)
        page.sampleRequested.connect(self._on_page_sampleRequested)
        page.placeRequested.connect(self._on_page_placeRequested)
        self._chosen.changed.connect(self._on_chosen_changed)
        page.compare.besideRequested.connect(self._on_compare_besideRequested)
        page.reach.rangeRequested.connect(context.workspace.choose_range)
        page.copy_button.clicked.connect(self.copy)
        page.example_button.clicked.connect(self._on_page_example_clicked)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def sample(self) -> Sample | None:
        """The sample that is shown: the hovered one of a layer, else the pinned one."""
        selection = self._workspace.selection
        hovered, pinned = selection.hovered, selection.pinned
        if hovered is None or self.page.player.playing:
            return pinned
        return pinned if hovered.layer == SPECTRUM and pinned is not None else hovered

    @property
    def inspection(self) -> Inspection | None:
        """What is told now."""
        return self._inspection

    @Slot()
    def refresh(self) -> None:
        """Show the marked sample as it is now."""
        theme, sample = self._themes.theme, self.sample
        document, selection = self._workspace.document, self._workspace.selection
        entry, model = current_entry(document, selection), document.model
        trace = document.traces.get(entry.id) if entry is not None else None
        self._inspection = self._beside = None
        if sample is None or entry is None:
            self.page.show_hint(_NOTHING if trace is not None else _NO_MAPS)
            self.page.example_button.setVisible(trace is not None)
        elif sample.layer == SPECTRUM:
            self._inspection = inspect_eigenvalue(entry.spectrum, trace, sample.step)
            self.page.show_simple(self._inspection, theme)
        elif model is None or trace is None:
            self.page.show_hint(_NO_MAPS)
        else:
            self._show_layer(model, trace, sample)
        self._show_reach(entry, model, trace)

    def _show_layer(self, model: ModelDescription, trace: Trace, sample: Sample) -> None:
        weights = self._weights.get(sample.layer)
        if weights is None:
            self.page.show_hint(self._problem or _WAITING)
            return
        muted = self._workspace.selection.muted

        def inspected(channel_sample: Sample) -> Inspection:
            info = model.layers[sample.layer]
            is_vector = len(info.output_shape) == 1
            unit = channel_sample.step if is_vector else channel_sample.channel
            return inspect(
                model, trace, weights, channel_sample, muted=(sample.layer, unit) in muted
            )

        self._inspection = inspected(sample)
        info = model.layers[sample.layer]
        channels = info.output_shape[1] if info.is_sequence else 0
        other = self.page.compare.channel_for(sample, channels)
        self._beside = None if other is None else inspected(replace(sample, channel=other))
        self.page.show_sample(model, trace, self._inspection, self._beside, self._themes.theme)

    def _show_reach(
        self, entry: Entry | None, model: ModelDescription | None, trace: Trace | None
    ) -> None:
        span = self._workspace.selection.index_range
        self._rows = ()
        if span is not None and model is not None and trace is not None:
            self._rows = reach(model, trace, span)
        size = 0 if entry is None else len(entry.spectrum)
        self.page.reach.show_reach(span, size, self._rows, self._themes.theme)

    def script_view(self) -> ScriptView | None:
        """Return the sample that is shown, for a script."""
        sample = self.sample
        if sample is None or sample.layer == SPECTRUM:
            return None
        place = f"{sample.layer}, {sample.step}, {sample.channel}"
        return ScriptView((f"inspection = scene.inspect(current, {place})",))

    def figure_view(self) -> ToolView | None:
        """Return the inspection as a figure draws it; None where no sample is marked."""
        found, document = self._inspection, self._workspace.document
        if found is None:
            return None
        trace = document.trace(self._workspace.selection.current)
        if found.sample.layer == SPECTRUM or document.model is None or trace is None:
            picture = eigenvalue_picture(found, self._rows)
        else:
            place = self.page.chosen_place(found)
            picture = inspector_picture(
                document.model, trace, found, self._beside, place, self._rows
            )
        return ToolView(picture, dark=self._themes.theme.dark)

    def values_tsv(self) -> str:
        """Return every number that is shown, tab-separated."""
        return inspection_tsv(self._inspection) if self._inspection is not None else ""

    def copy(self) -> None:
        """Put every number that is shown into the clipboard, tab-separated."""
        if self._inspection is not None:
            QGuiApplication.clipboard().setText(self.values_tsv())

    # --- Qt ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._weights.get_all()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.page.fit(self.viewport().width())

    def event(self, event: QEvent) -> bool:
        return claims_copy(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        press = _KEYS.get(Qt.Key(event.key()))
        channels = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        sample = self.sample
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif press is not None:
            self.page.player.press(press)
        elif channels is not None and sample is not None and sample.layer >= 0:
            self._move_channel(sample, channels)
        else:
            super().keyPressEvent(event)

    def _move_channel(self, sample: Sample, change: int) -> None:
        model = self._workspace.document.model
        if model is not None and model.layers[sample.layer].is_sequence:
            last = model.layers[sample.layer].output_shape[1] - 1
            channel = min(max(sample.channel + change, 0), last)
            self._workspace.pin_at(replace(sample, channel=channel))

    @Slot()
    def _on_page_example_clicked(self) -> None:
        """Pin the strongest sample of the first layer that has steps."""
        document, current = self._workspace.document, self._workspace.selection.current
        trace = None if current is None else document.traces.get(current)
        for layer, values in enumerate(() if trace is None else trace.layers):
            output = values.output
            if output.ndim == 2 and np.isfinite(output).any():
                strongest = int(np.nanargmax(np.where(np.isfinite(output), output, np.nan)))
                self._workspace.pin_at(Sample(layer, *map(int, divmod(strongest, output.shape[1]))))
                return

    # --- slots -------------------------------------------------------------------------------

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _on_workspace_replaced(self, _what: object) -> None:
        self._problem = ""
        self.page.player.stop()
        if self.isVisible():
            self._weights.get_all()

    @Slot()
    def _on_chosen_changed(self) -> None:
        self.page.compare.show_beside(self._chosen.record.beside)
        self.refresh()

    @Slot(object)
    def _on_compare_besideRequested(self, beside: tuple[int, int] | None) -> None:
        self._chosen.choose("filter beside", self._beside_gesture, beside=beside)

    @Slot(object)
    def _on_themes_themeChanged(self, theme: object) -> None:
        self.page.player.apply_theme(self._themes.theme)
        self.refresh()

    @Slot(int)
    def _on_weights_arrived(self, layer: int) -> None:
        sample = self.sample
        if sample is not None and sample.layer == layer and self.isVisible():
            self.refresh()

    @Slot(str)
    def _on_weights_failed(self, reason: str) -> None:
        self._problem = reason
        self.page.show_hint(reason)

    @Slot(int)
    def _on_stepRequested(self, step: int) -> None:
        sample = self.sample
        if sample is not None and sample.layer >= 0:
            self._workspace.pin_at(replace(sample, step=step))

    @Slot(object)
    def _on_page_sampleRequested(self, sample: Sample) -> None:
        self.page.player.stop()
        self._workspace.pin_at(sample)

    @Slot(int)
    def _on_page_placeRequested(self, _place: int) -> None:
        self.refresh()
