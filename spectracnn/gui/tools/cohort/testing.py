"""The page that tests every eigenvalue or band, and says where somebody stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QSplitter

from spectracnn.errors import StudyError
from spectracnn.gui.tools.cohort.choices import TestForm
from spectracnn.gui.tools.cohort.page import CohortPage, fill_box
from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.gui.widgets.background import Background
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.script_values import arguments_code
from spectracnn.view.cohort import effect_panels as panels
from spectracnn.view.cohort.columns import column, group_names, levels_of, number_names
from spectracnn.view.cohort.from_document import (
    StandingRequest,
    TestRequest,
    command_source,
    methods_of,
    study_of,
    units_of,
)
from spectracnn.view.cohort.testing import Tested, methods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker
    from spectracnn.state.document import Document
    from spectracnn.stats.centiles import Standing
    from spectracnn.view.cohort.settings import TestSettings


class TestingPage(CohortPage):
    """Effects with intervals and p-values, one feature of everybody, centiles."""

    __test__ = False  # for pytest: no test
    title = "Statistics"
    record = "cohort_tests"

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__(context, worker)
        self.tested: Tested | None = None
        self.standing: Standing | None = None
        self._document: Document | None = None
        self._units: NDArray[np.int64] = np.zeros(0, np.int64)
        self._place = -1
        self._columns_of: object = None
        self._names = Background(self._receive_names, self)
        self.form = TestForm()
        self.run_button = QPushButton("Test")
        self.run_button.setProperty("primary", True)
        self.view_choice = SegmentedControl(("Effects", "Centiles"), "What is shown")
        self.view_choice.set_index(0)
        self.structure_box = QComboBox()
        self.structure_box.setToolTip("Structure that is drawn")
        self.structure_box.hide()
        self.head.addWidget(self.form, 1)
        for widget in (self.structure_box, self.view_choice, self.cancel_button, self.run_button):
            self.head.addWidget(widget)
        theme = context.themes.theme
        self.left, self.right = PanelPlot(theme, "Effects"), PanelPlot(theme, "One feature")
        self.plots = [self.left, self.right]
        self.table = SheetView("Features")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        upper = QSplitter()
        for plot in self.plots:
            upper.addWidget(plot)
        upper.setSizes([680, 380])
        upper.setChildrenCollapsible(False)
        self.body.addWidget(upper, 3)
        self.body.addWidget(self.table, 2)

    def _connect(self) -> None:
        self.form.columnChanged.connect(self._on_form_columnChanged)
        self.run_button.clicked.connect(self.begin)
        self.form.bind(self.chosen)
        self.chosen.bind_places("view", self.view_choice, range(2), "what is shown")
        self.chosen.bind_text("structure", self.structure_box, "structure")
        self.chosen.changed.connect(self._on_chosen_changed)
        self.left.pointClicked.connect(self._on_left_pointClicked)
        self.right.pointClicked.connect(self._on_right_pointClicked)
        self.table.rowChosen.connect(self._on_table_rowChosen)
        self._workspace.currentChanged.connect(self._on_workspace_currentChanged)

    # --- asking ------------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer the columns, found in a thread: there may be many rows."""
        document = self._workspace.document
        key = (len(document.entries), id(document.participants))
        if key != self._columns_of and document.entries:
            self._columns_of = key
            self._names.run(partial(_names_of, document))

    def _receive_names(self, names: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        self.form.offer(*names)
        self.chosen.show()
        if self.tested is None:
            self.say("Choose a column and press Test.")

    @Slot()
    def begin(self) -> None:
        """Test what is chosen."""
        settings = self.form.settings()
        if not settings.column:
            self.say("There is no such column; add a table of participants.", problem=True)
            return
        self._document = self._workspace.document
        words = f"Testing {settings.column}, {settings.permutations:,} permutations \u2026"
        self.compute(partial(self._make, self._document, settings), words)

    def _make(self, document: Document, settings: TestSettings) -> TestRequest:
        """Gather the features; runs in the runner's thread."""
        self._units = units_of(document)
        return TestRequest.shared(settings, study_of(document, settings))

    # --- showing -----------------------------------------------------------------------------

    def show_result(self, result: Any) -> None:
        """Show a test, or where everybody stands."""
        if isinstance(result, Tested):
            self.tested, self.standing = result, None
            self._place = int(result.places[np.nanargmin(result.found.p_fwe[result.places])])
            names = panels.structure_names(result)
            fill_box(self.structure_box, names)
            self.chosen.show("structure")
            self.structure_box.setVisible(len(names) > 1)
        else:
            self.standing = result
        if self.tested is not None:
            self.say(panels.sentence(self.tested))
            self._draw()

    def _draw(self) -> None:
        tested = self.tested
        if tested is None:
            return
        structure = self.structure_box.currentText()
        if self.view_choice.index == 1:
            if self.standing is None:
                if not self.runner.running:
                    make = partial(StandingRequest.shared, tested)
                    self.compute(make, "Computing centiles \u2026")
                return
            unit = self._current_unit()
            self.left.show_panel(panels.centile_panel(tested, self.standing, unit, structure))
            self.table.show_sheet(panels.centile_sheet(tested, self.standing, unit))
        else:
            self.left.show_panel(panels.effect_panel(tested, structure))
            self.table.show_sheet(panels.effect_sheet(tested))
        self.right.show_panel(panels.feature_panel(tested, self._place))

    def _current_unit(self) -> int:
        """Return the participant of the current spectrum; -1 for none of the study's."""
        document, tested = self._document, self.tested
        if document is None or tested is None:
            return -1
        place = document.rows.get(self._workspace.selection.current or 0)
        if place is None:
            return -1
        own = np.flatnonzero(tested.study.rows == self._units[place])
        return int(own[0]) if own.size else -1

    def values_tsv(self) -> str:
        """Return the table."""
        return "" if self.table.sheet is None else self.table.sheet.tsv()

    def script(self) -> str:
        """Return the call that computes this again."""
        return "" if self.tested is None else f"test({arguments_code(self.tested.settings)})"

    def methods(self) -> str:
        """Return what was done, and the command that repeats it."""
        if self.tested is None or self._document is None:
            return ""
        source, why_not = command_source(self._document, self.tested.settings.columns)
        return methods_of(methods(self.tested, source), why_not)

    # --- what happens ------------------------------------------------------------------------

    @Slot()
    def _on_form_columnChanged(self) -> None:
        name = self.form.column_box.currentText()
        document = self._workspace.document
        if not name or self.form.kind.index != 0:
            return
        try:
            codes, levels = levels_of(column(document, name))
        except StudyError:
            return
        used = np.unique(codes[codes >= 0])
        self.form.offer_levels(tuple(levels[code] for code in used))

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._draw()

    @Slot(int)
    def _on_left_pointClicked(self, place: int) -> None:
        self._show_feature(place)
        if self.tested is not None:
            found = np.flatnonzero(self.tested.places == place)
            if found.size:
                self.table.choose(int(found[0]))

    @Slot(int)
    def _on_table_rowChosen(self, row: int) -> None:
        if self.tested is not None and row < len(self.tested.places):
            self._show_feature(int(self.tested.places[row]))

    def _show_feature(self, place: int) -> None:
        """Show one feature of everybody, and mark it in the spectrum."""
        tested = self.tested
        if tested is None:
            return
        self._place = place
        self.right.show_panel(panels.feature_panel(tested, place))
        index = int(tested.study.features.index[place])
        if not tested.study.features.label and not tested.settings.asymmetry:
            self._workspace.choose_range((index, index))

    @Slot(int)
    def _on_right_pointClicked(self, unit: int) -> None:
        if self.tested is None or self._document is None:
            return
        own = np.flatnonzero(self._units == self.tested.study.rows[unit])
        self.choose_spectra(self._document.answers.ids[own])

    @Slot(object)
    def _on_workspace_currentChanged(self, _selection: object) -> None:
        if self.isVisible() and self.view_choice.index == 1 and self.standing is not None:
            self._draw()


def _names_of(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return group_names(document), number_names(document)
