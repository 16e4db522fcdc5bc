"""The page that compares two groups through every layer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from spectracnn.core.bulk import without_collection
from spectracnn.engine.broker import Policy
from spectracnn.gui.panels.layer_stack import LayerStack
from spectracnn.gui.tools.cohort.group_choice import GroupChoice
from spectracnn.gui.tools.cohort.page import CohortPage
from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.cohort_requests import moments_request
from spectracnn.state.selection import Sample, Selection
from spectracnn.view.cohort import groups
from spectracnn.view.cohort.paragraphs import groups_paragraph
from spectracnn.view.tool_pictures import ComparePicture, ToolView

if TYPE_CHECKING:
    from spectracnn.core.cohort_requests import Moments
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker
    from spectracnn.state.selection import LayerOptions
    from spectracnn.view.contents import Contents

_OWNERS = ("cohort group 1", "cohort group 2")


class GroupsPage(CohortPage):
    """Maps of two groups at the left, one channel and the strongest samples at the right."""

    title = "Groups through the layers"
    record = "cohort_groups"

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__(context, worker)
        self.found: groups.TwoGroups | None = None
        self.strongest: groups.Strongest | None = None
        self._moments: dict[int, Moments] = {}
        self._names = ("", "")
        self._done = [(0, 1), (0, 1)]
        self._selection = Selection(full_values=True)
        self._contents: Contents | None = None
        self.choice = GroupChoice(self.head, True, self)
        self.run_button = QPushButton("Compare")
        self.run_button.setProperty("primary", True)
        self.view_choice = SegmentedControl(groups.VIEWS, "What the maps show")
        self.view_choice.set_index(0)
        self.head.addStretch(1)
        for widget in (self.view_choice, self.cancel_button, self.run_button):
            self.head.addWidget(widget)
        theme = context.themes.theme
        self.stack = LayerStack(theme)
        self.sample = PanelPlot(theme, "One channel of both groups")
        self.plots = [self.sample]
        self.table = SheetView("Samples that differ most", stretched=False)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sample, 2)
        column.addWidget(self.table, 3)
        whole = QSplitter()
        whole.addWidget(self.stack)
        whole.addWidget(side)
        whole.setSizes([680, 460])
        whole.setChildrenCollapsible(False)
        self.body.addWidget(whole, 1)
        self._connect()

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.begin)
        self.choice.bind(self.chosen)
        self.chosen.bind_places("view", self.view_choice, range(len(groups.VIEWS)), "maps")
        self.chosen.changed.connect(self._on_chosen_changed)
        self.table.rowChosen.connect(self._on_table_rowChosen)
        self.stack.hoverRequested.connect(self._on_stack_hoverRequested)
        self.stack.pinRequested.connect(self._on_stack_pinRequested)
        self.stack.optionsRequested.connect(self._on_stack_optionsRequested)
        self._workspace.modelChanged.connect(self._on_workspace_modelChanged)

    # --- asking ------------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer the groups."""
        self.choice.offer(self._workspace.document)
        if self.found is None and not self.note.text():
            self.say("Choose two groups and press Compare.")

    @Slot()
    def begin(self) -> None:
        """Gather both groups in the engine, chunk by chunk."""
        document, selection = self._workspace.document, self._workspace.selection
        if document.model is None:
            self.say("Open a model first.", problem=True)
            return
        self.choice.refresh(document)
        self._names = self.choice.names
        self._moments, self._done = {}, [(0, 1), (0, 1)]
        with without_collection():
            ids = map(self.choice.ids, (0, 1))
            made = [moments_request(document, selection, group) for group in ids]
        for which, one in enumerate(made):
            if one is None or len(one.entries) < 2:
                name = self._names[which]
                count = 0 if one is None else len(one.entries)
                self.say(
                    f"The group '{name}' has {count or 'no'} "
                    f"{'spectrum' if count == 1 else 'spectra'}, expected at least two.",
                    problem=True,
                )
                return
        for which, one in enumerate(made):
            assert one is not None
            self._context.broker.submit(
                one.request,
                _OWNERS[which],
                Policy.LATEST_WINS,
                partial(self._receive_group, which),
                self._fail,
                on_progress=partial(self._count, which),
                key=one.key,
                wanted=self.isVisible,
            )
        self.say("Gathering means and spreads \u2026")
        self.show_waiting()

    def _count(self, which: int, done: int, total: int) -> None:
        self._done[which] = (done, total)
        self._show_progress(sum(d for d, _ in self._done), sum(t for _, t in self._done))

    def _receive_group(self, which: int, moments: Moments) -> None:
        self._moments[which] = moments
        self._done[which] = (len(moments.errors), len(moments.errors))
        if len(self._moments) < 2:
            return
        self.end_waiting()
        problem = groups.why_not(self._moments[0], self._moments[1], self._names)
        if problem:
            self.say(problem, problem=True)
            return
        model = self._workspace.document.model
        if model is None or len(model.layers) != len(self._moments[0].means) - 3:
            return
        self.found = groups.TwoGroups(self._names, self._moments[0], self._moments[1])
        refused = sum(error is not None for part in self._moments.values() for error in part.errors)
        self.say(groups.sentence(self.found, refused))
        self.strongest = groups.strongest(model, self.found)
        self.table.show_sheet(self.strongest.sheet)
        self._draw()
        if len(self.strongest.layers):
            self._on_table_rowChosen(0)

    def stop(self) -> None:
        """Drop what the engine was asked."""
        for owner in _OWNERS:
            self._context.broker.drop(owner)

    # --- showing -----------------------------------------------------------------------------

    def _draw(self) -> None:
        model = self._workspace.document.model
        if model is None or self.found is None:
            return
        view = max(self.view_choice.index, 0)
        self._contents = groups.group_contents(model, self.found, view, self._selection)
        self.stack.set_contents(self._contents)

    def figure_view(self) -> ToolView | None:
        """Return the maps, for a figure."""
        if self._contents is None:
            return None
        return ToolView(ComparePicture(self._contents), self._context.themes.theme.dark)

    def values_tsv(self) -> str:
        """Return the samples that differ most."""
        return "" if self.strongest is None else self.strongest.sheet.tsv()

    def script(self) -> str:
        """Return the call that computes this again."""
        if self.found is None:
            return ""
        first, second = self.found.names
        return f"groups({self.choice.column!r}, {first!r}, {second!r})"

    def methods(self) -> str:
        """Return what was done."""
        model = self._workspace.document.model
        if self.found is None or model is None:
            return ""
        return groups_paragraph(self._workspace.document, self.choice.column, self.found)

    # --- what happens ------------------------------------------------------------------------

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._draw()

    @Slot(int)
    def _on_table_rowChosen(self, row: int) -> None:
        found = self.strongest
        if found is not None and row < len(found.layers):
            at = int(found.layers[row]), int(found.steps[row]), int(found.channels[row])
            self._show_sample(*at)
            self.stack.scroll_to(at[0])

    def _show_sample(self, layer: int, step: int, channel: int) -> None:
        model = self._workspace.document.model
        if model is None or self.found is None:
            return
        self._selection = replace(self._selection, pinned=Sample(layer, step, channel))
        self.sample.show_panel(groups.sample_panel(model, self.found, layer, step, channel))
        self._draw()

    @Slot(object)
    def _on_stack_hoverRequested(self, sample: Sample | None) -> None:
        if sample != self._selection.hovered:
            self._selection = replace(self._selection, hovered=sample)
            self._draw()

    @Slot(object)
    def _on_stack_pinRequested(self, sample: Sample | None) -> None:
        if sample is not None and sample.layer >= 0:
            self._show_sample(sample.layer, sample.step, sample.channel)

    @Slot(int, object)
    def _on_stack_optionsRequested(self, layer: int, options: LayerOptions) -> None:
        layers = {**self._selection.layers, layer: options}
        self._selection = replace(self._selection, layers=layers)
        self._draw()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self.found = self.strongest = self._contents = None
        self._selection = Selection(full_values=True)

    @Slot(object)
    def _on_themes_themeChanged(self, theme: object) -> None:
        super()._on_themes_themeChanged(theme)
        self.stack.apply_theme(self._context.themes.theme)
