"""The window that compares: two spectra, or means of groups, through every layer."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from spectracnn.engine.broker import Policy
from spectracnn.gui.panels.layer_stack import LayerStack
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.compare.difference_lists import DifferenceLists
from spectracnn.gui.tools.compare.multiples import MultiplesTab
from spectracnn.gui.tools.compare.sides import SideBox
from spectracnn.gui.tools.statistics.statistics import StatisticsTab
from spectracnn.state.group_requests import compare_request
from spectracnn.state.script import ScriptView
from spectracnn.state.selection import ColourScale, Sample, Selection
from spectracnn.state.tools import CompareTab
from spectracnn.view.compare import channel_differences, compare_contents, logit_differences
from spectracnn.view.groups import class_mean, single
from spectracnn.view.tool_pictures import ComparePicture, ToolView

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QShowEvent

    from spectracnn.core.trace import Trace
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.selection import LayerOptions
    from spectracnn.view.contents import Contents
    from spectracnn.view.groups import Side

_SCALES = (ColourScale.LAYER, ColourScale.NETWORK)


class CompareTool(QWidget):
    """Difference, small multiples and statistics, each in a tab."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self._traces: dict[str, tuple[Side, Trace]] = {}
        self._keys: dict[str, Hashable] = {}
        self._requested: dict[str, str] = {}
        self._hovered: Sample | None = None
        self._chosen = Chosen(self._workspace, "compare", "Compare", self)
        self.resize(1120, 760)
        self.boxes = {"first": SideBox("First side"), "second": SideBox("Second side")}
        self.swap_button = QPushButton("Swap")
        self.scale_box = QComboBox()
        for scale in _SCALES:
            self.scale_box.addItem(scale.value, scale)
        self.scale_box.setAccessibleName("Colour range of the differences")
        self.scale_box.setToolTip("Which maps share one colour range")
        self.state = QLabel()
        self.state.setProperty("muted", True)
        self._contents: Contents | None = None
        self.stack = LayerStack(context.themes.theme)
        self.lists = DifferenceLists(context.themes.theme)
        self.multiples = MultiplesTab(context)
        self.statistics = StatisticsTab(context)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(self._difference_tab(), "Difference")
        self.tabs.addTab(self.multiples, "Small multiples")
        self.tabs.addTab(self.statistics, "Layer statistics")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self._connect()
        self._chosen.show()

    def _difference_tab(self) -> QWidget:
        tab = QWidget()
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        minus = QLabel("minus")
        minus.setProperty("muted", True)
        for widget in (self.boxes["first"], minus, self.boxes["second"], self.swap_button):
            row.addWidget(widget)
        row.addWidget(self.state, 1)
        row.addWidget(self.scale_box)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.stack, 1)
        body.addWidget(self.lists)
        layout = QVBoxLayout(tab)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addLayout(body, 1)
        return tab

    def _connect(self) -> None:
        for key, box in self.boxes.items():
            box.chosen.connect(partial(self._choose_side, key))
        self._chosen.bind("scale", self.scale_box, "colour range")
        self._chosen.bind_places("tab", self.tabs, tuple(CompareTab), "tab")
        self._chosen.changed.connect(self._on_chosen_changed)
        self.swap_button.clicked.connect(self._on_swap_button_clicked)
        self.stack.hoverRequested.connect(self._on_stack_hoverRequested)
        self.stack.pinRequested.connect(self._on_stack_pinRequested)
        self.stack.optionsRequested.connect(self._on_stack_optionsRequested)
        self.lists.channelChosen.connect(self._on_lists_channelChosen)
        workspace = self._workspace
        workspace.entriesReset.connect(self._on_workspace_changed)
        workspace.currentChanged.connect(self._on_workspace_currentChanged)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)
        workspace.entriesUpdated.connect(self._on_workspace_entriesUpdated)
        workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- asking ------------------------------------------------------------------------------

    def _offer(self) -> None:
        document, selection = self._workspace.document, self._workspace.selection
        for box in self.boxes.values():
            box.offer(document, selection)

    @property
    def _selection(self) -> Selection:
        """How the panels are shown."""
        record = self._chosen.record
        return Selection(hovered=self._hovered, colour_scale=record.scale, layers=record.layers)

    def _choose_side(self, key: str) -> None:
        side = self.boxes[key].side
        if side is not None:
            changes: dict[str, Any] = {key: side.key}
            self._chosen.choose(f"{key} side", **changes)

    def _show_sides(self) -> None:
        """Let the boxes show what was chosen, and else the usual sides."""
        self._begin()
        for key, box in self.boxes.items():
            chosen = getattr(self._chosen.record, key)
            if chosen is not None:
                box.choose_key(chosen)

    def _begin(self) -> None:
        """Compare the current spectrum with the mean of its class, else with another one."""
        document, current = self._workspace.document, self._workspace.selection.current
        entry = document.entry(current)
        if entry is None:
            return
        self.boxes["first"].choose(single(entry))
        against = class_mean(document, entry.id)
        other = next((other for other in document.entries if other.id != entry.id), None)
        if against is not None:
            self.boxes["second"].choose(against)
        elif other is not None:
            self.boxes["second"].choose(single(other))

    def _request(self) -> None:
        document, selection = self._workspace.document, self._workspace.selection
        if not self.isVisible() or document.model is None:
            return
        for key, box in self.boxes.items():
            side = box.side
            made = None if side is None else compare_request(document, selection, side.ids)
            if side is None or made is None:
                self._traces.pop(key, None)
                self._keys.pop(key, None)
                continue
            if self._keys.get(key) == made.key:
                self._rename(key, side)
                continue
            # Of a spectrum that is being edited each trace is seen; another side need not wait.
            same = self._requested.get(key) == side.key
            self._keys[key], self._requested[key] = made.key, side.key
            self.state.setText("Computing \u2026")
            self._context.broker.submit(
                made.request,
                f"compare {key}",
                Policy.LATEST_WAITS if same else Policy.LATEST_WINS,
                partial(self._receive, key, side, made.key),
                partial(self._fail, key, made.key),
                key=made.key,
                wanted=self.isVisible,
            )

    def _rename(self, key: str, side: Side) -> None:
        """Show the name that a side has by now."""
        known = self._traces.get(key)
        if known is not None and known[0] != side:
            self._traces[key] = (side, known[1])
            self._show()

    def _receive(self, key: str, side: Side, about: Hashable, trace: Trace) -> None:
        if self._keys.get(key) == about:
            self._traces[key] = (side, trace)
            self._show()

    def _fail(self, key: str, about: Hashable, error: SpectraCNNError) -> None:
        if self._keys.get(key) == about:
            self._traces.pop(key, None)  # the maps of another comparison would stand there
            self.state.setText(error.message)

    def _show(self) -> None:
        model = self._workspace.document.model
        if model is None or len(self._traces) < len(self.boxes):
            return
        (a, first), (b, second) = self._traces["first"], self._traces["second"]
        if len(first.layers) != len(model.layers) or len(second.layers) != len(model.layers):
            return
        self.state.setText("")
        names = [f"mean of {side.name}" if side.is_mean else side.name for side in (a, b)]
        contents = compare_contents(model, ((names[0], first), (names[1], second)), self._selection)
        self._contents = contents
        self.stack.set_contents(contents)
        self.lists.show_differences(
            model,
            channel_differences(model, first, second),
            logit_differences(model, first, second),
        )

    def figure_view(self) -> ToolView | None:
        """Return what the tab in front shows, for a figure."""
        if self.tabs.currentWidget() is self.statistics:
            return self.statistics.figure_view()
        if self.tabs.currentWidget() is self.multiples:
            return self.multiples.figure_view()
        if self._contents is None:
            return None
        return ToolView(ComparePicture(self._contents), self._context.themes.theme.dark)

    def script_view(self) -> ScriptView | None:
        """Return what the tab in front shows, for a script."""
        if self.tabs.currentWidget() is self.statistics:
            return self.statistics.script_view()
        if self.tabs.currentWidget() is self.multiples:
            return self.multiples.script_view()
        first, second = (box.side for box in self.boxes.values())
        if first is None or second is None:
            return None
        return ScriptView(
            (
                "comparison = scene.compare(<first>, <second>)",
                "differences = comparison.layers",
                "figure = comparison.figure()",
            ),
            {"first": first.ids, "second": second.ids},
        )

    def values_tsv(self) -> str:
        """Return the numbers of the tab that is in front, tab-separated."""
        if self.tabs.currentWidget() is self.statistics:
            return self.statistics.values_tsv()
        return self.lists.tsv()

    # --- what happens ------------------------------------------------------------------------

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._show_sides()
        self._request()
        self._show()

    @Slot()
    def _on_swap_button_clicked(self) -> None:
        first, second = (box.side for box in self.boxes.values())
        if first is None or second is None:
            return
        if len(self._traces) == len(self.boxes):
            self._traces = {"first": self._traces["second"], "second": self._traces["first"]}
            keys = self._keys
            self._keys = {"first": keys["second"], "second": keys["first"]}
        self._chosen.choose("swap sides", first=second.key, second=first.key)

    @Slot(object)
    def _on_stack_hoverRequested(self, sample: Sample | None) -> None:
        if sample != self._hovered:
            self._hovered = sample
            self._show_marks()

    @Slot(object)
    def _on_stack_pinRequested(self, sample: Sample | None) -> None:
        self._workspace.pin(sample)

    @Slot(int, object)
    def _on_stack_optionsRequested(self, layer: int, options: LayerOptions) -> None:
        layers = MappingProxyType({**self._chosen.record.layers, layer: options})
        self._chosen.choose("how a layer is shown", layers=layers)

    def _show_marks(self) -> None:
        model = self._workspace.document.model
        if model is not None and len(self._traces) == len(self.boxes):
            (a, first), (b, second) = self._traces["first"], self._traces["second"]
            sides = ((a.name, first), (b.name, second))
            self.stack.set_contents(compare_contents(model, sides, self._selection))

    @Slot(int, int)
    def _on_lists_channelChosen(self, layer: int, channel: int) -> None:
        self.stack.scroll_to(layer)
        if "first" in self._traces:
            values = self._traces["first"][1].layers[layer].output
            self._workspace.pin(Sample(layer, int(values[:, channel].argmax()), channel))

    @Slot(object)
    def _on_workspace_changed(self, _document: object) -> None:
        if self.isVisible():
            self._offer()
            self._request()

    @Slot(object)
    def _on_workspace_currentChanged(self, _selection: object) -> None:
        entry = self._workspace.current
        if self.isVisible() and entry is not None:
            self.boxes["first"].choose(single(entry))
            self._chosen.follow(first=None)
            self._request()

    @Slot(object, int, int)
    def _on_workspace_entriesUpdated(self, _document: object, _first: int, _last: int) -> None:
        if self.isVisible():
            self._offer()
            self._request()  # an edit, or the members of a group, may be others now

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        self._request()  # filters may have been muted

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self._traces, self._keys = {}, {}
        self._hovered = None
        self._request()

    @Slot(object)
    def _on_themes_themeChanged(self, theme: Theme) -> None:
        self.stack.apply_theme(theme)
        self.lists.apply_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fresh = not self._traces
        self._offer()
        if fresh:
            self._show_sides()
        self._request()
