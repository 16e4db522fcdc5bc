"""The page that says what speaks for a class in a group, and how consistently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QSplitter

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.cohort.group_choice import GroupChoice
from spectracnn.gui.tools.cohort.page import CohortPage, fill_box, labelled
from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.state.cohort_requests import attributions_request
from spectracnn.view.cohort import attributions
from spectracnn.view.cohort.membership import drawn
from spectracnn.view.cohort.paragraphs import attribution_paragraph

if TYPE_CHECKING:
    from spectracnn.core.cohort_requests import Attributions
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker

_OWNER = "cohort attribution"
_METHODS = (Method.INTEGRATED_GRADIENTS, Method.GRADIENT_INPUT, Method.EXPECTED_GRADIENTS)
_MOST = 200


class GroupAttributionPage(CohortPage):
    """Mean attribution with its band, and the agreement of signs."""

    title = "Attribution of a group"
    record = "cohort_attribution"

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__(context, worker)
        self.found: attributions.GroupAttribution | None = None
        self.requested: tuple[str, str, Method, int, int] = ("", "", _METHODS[0], 0, 0)
        self._refused = self._members = 0
        self.choice = GroupChoice(self.head, False, self)
        self.class_box, self.method_box, self.most = QComboBox(), QComboBox(), QSpinBox()
        self.method_box.addItems([METHODS[method].title for method in _METHODS])
        self.most.setRange(2, 100_000)
        self.most.setValue(_MOST)
        self.most.setFixedWidth(84)
        self.most.setToolTip("Maximum number of spectra, drawn at random")
        self.class_box.setMinimumWidth(110)
        self.class_box.setToolTip("Class whose logit is explained")
        labelled(self.head, "Class", self.class_box)
        labelled(self.head, "by", self.method_box)
        labelled(self.head, "at most", self.most)
        self.head.addStretch(1)
        self.run_button = QPushButton("Explain")
        self.run_button.setProperty("primary", True)
        for widget in (self.cancel_button, self.run_button):
            self.head.addWidget(widget)
        theme = context.themes.theme
        self.left = PanelPlot(theme, "Mean attribution of the group")
        self.right = PanelPlot(theme, "Agreement of signs")
        self.plots = [self.left, self.right]
        self.table = SheetView("Eigenvalues")
        upper = QSplitter()
        for plot in self.plots:
            upper.addWidget(plot)
        upper.setSizes([680, 440])
        upper.setChildrenCollapsible(False)
        self.body.addWidget(upper, 3)
        self.body.addWidget(self.table, 2)
        self._connect()

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.begin)
        self.left.pointClicked.connect(self._on_eigenvalueChosen)
        self.right.pointClicked.connect(self._on_eigenvalueChosen)
        self.table.rowChosen.connect(self._on_eigenvalueChosen)
        self.choice.bind(self.chosen)
        self.choice.changed.connect(self._on_choice_changed)
        self.chosen.bind_text("target", self.class_box, "class", self._usual_class)
        self.chosen.bind_text("method", self.method_box, "method")
        self.chosen.bind("most", self.most, "most spectra")

    # --- asking ------------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer groups and classes."""
        document = self._workspace.document
        self.choice.offer(document)
        if document.model is not None:
            fill_box(self.class_box, document.model.classes)
            self.chosen.show("target")
        if self.found is None and not self.note.text():
            self.say("Choose a group and a class, and press Explain.")

    @Slot()
    def begin(self) -> None:
        """Explain the members of the group in the engine."""
        document, selection = self._workspace.document, self._workspace.selection
        self.choice.refresh(document)
        members = self.choice.ids(0)
        ids = drawn(members, self.most.value())
        method = _METHODS[self.method_box.currentIndex()]
        target = self.class_box.currentIndex()
        made = attributions_request(document, selection, ids, method, target, AttributionOptions())
        if made is None or len(made.entries) < 2:
            self.say("The group has fewer than two spectra, or no model is open.", problem=True)
            return
        self.requested = (
            self.choice.names[0], self.class_box.currentText(), method, len(ids), target
        )  # fmt: skip
        self._members = len(members)
        self._context.broker.submit(
            made.request,
            _OWNER,
            Policy.LATEST_WINS,
            self._receive_attributions,
            self._fail,
            on_progress=self._show_progress,
            key=made.key,
            wanted=self.isVisible,
        )
        self.say(f"Explaining {len(made.entries):,} spectra \u2026")
        self.show_waiting()

    def _receive_attributions(self, found: Attributions) -> None:
        self._refused = sum(error is not None for error in found.errors)
        request = attributions.AttributionRequest(found.values, found.positions)
        self.compute(lambda: request, "Summarising \u2026")

    def stop(self) -> None:
        """Drop what was requested of the engine."""
        self._context.broker.drop(_OWNER)

    # --- showing -----------------------------------------------------------------------------

    def show_result(self, result: attributions.GroupAttribution) -> None:
        """Show a summary."""
        self.found = result
        self.say(attributions.sentence(result, self._refused))
        self.left.show_panel(attributions.mean_panel(result, self.requested[0], self.requested[1]))
        self.right.show_panel(attributions.sign_panel(result))
        self.table.show_sheet(attributions.sheet(result))

    def values_tsv(self) -> str:
        """Return the table."""
        return "" if self.found is None else attributions.sheet(self.found).tsv()

    def script(self) -> str:
        """Return the call that computes this again."""
        if self.found is None:
            return ""
        group, target, method, _, _ = self.requested
        words = f"{self.choice.column!r}, {group!r}, {target!r}, {method.value!r}"
        return f"attribution({words}, most={self.most.value()})"

    def methods(self) -> str:
        """Return what was done."""
        if self.found is None:
            return ""
        group, target, method, _, _ = self.requested
        return attribution_paragraph(
            self._workspace.document,
            self.choice.column,
            group,
            target,
            method,
            self.found,
            self._members,
        )

    # --- what happens ------------------------------------------------------------------------

    def _usual_class(self) -> str:
        """Return a group's own class, where it is called as one."""
        own = self.choice.names[0]
        return own if self.class_box.findText(own) >= 0 else self.class_box.itemText(0)

    @Slot()
    def _on_choice_changed(self) -> None:
        self.chosen.show("target")

    @Slot(int)
    def _on_eigenvalueChosen(self, place: int) -> None:
        if self.found is not None and place < len(self.found.index):
            index = int(self.found.index[place])
            self._workspace.choose_range((index, index))
