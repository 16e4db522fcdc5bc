"""The page that asks whether age, sex, site or size predict the label, and where they hide."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QSplitter, QTabWidget

from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.cohort.choices import ColumnsButton
from spectracnn.gui.tools.cohort.page import CohortPage, fill_box, labelled
from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.gui.widgets.background import Background
from spectracnn.state.cohort_requests import layers_request
from spectracnn.state.script_values import arguments_code
from spectracnn.view.cohort import confound_panels as panels
from spectracnn.view.cohort.columns import group_names, label_name, number_names
from spectracnn.view.cohort.confound_request import (
    ConfoundRequest,
    Sample,
    SampleRequest,
    outputs_of,
    sample_of,
)
from spectracnn.view.cohort.from_document import command_source, methods_of
from spectracnn.view.cohort.settings import MOST_PROBED, PROBE_PERMUTATIONS, ConfoundSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.cohort_requests import LayerOutputs
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker
    from spectracnn.state.document import Document
    from spectracnn.view.cohort.confounds import Confounds

_OWNER = "cohort confounds"


class ConfoundsPage(CohortPage):
    """What predicts the label alone, what each layer encodes, and the linear shadow."""

    title = "Confounds"
    record = "cohort_confounds"

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__(context, worker)
        self.found: Confounds | None = None
        self._ids: NDArray[np.int64] = np.zeros(0, np.int64)
        self._document: Document | None = None
        self._key: object = None
        self._usual = ""
        self._names = Background(self._receive_names, self)
        self.target_box = QComboBox()
        self.target_box.setMinimumWidth(120)
        self.target_box.setToolTip("Column of the label")
        self.against = ColumnsButton("Covariates that may predict it", "choose covariates")
        self.permutations, self.most, self.seed = QSpinBox(), QSpinBox(), QSpinBox()
        for box, low, high, value, tip in (
            (self.permutations, 9, 100_000, PROBE_PERMUTATIONS, "Permutations of the labels"),
            (self.most, 10, 20_000, MOST_PROBED, "Maximum number of spectra, drawn at random"),
            (self.seed, 0, 999_999, 0, "Of folds, permutations and the draw"),
        ):
            box.setRange(low, high)
            box.setValue(value)
            box.setToolTip(tip)
            box.setFixedWidth(84)
        self.run_button = QPushButton("Probe")
        self.run_button.setProperty("primary", True)
        labelled(self.head, "Label", self.target_box)
        labelled(self.head, "against", self.against)
        labelled(self.head, "Permutations", self.permutations)
        labelled(self.head, "at most", self.most)
        labelled(self.head, "Seed", self.seed)
        self.head.addStretch(1)
        for widget in (self.cancel_button, self.run_button):
            self.head.addWidget(widget)
        theme = context.themes.theme
        self.alone = PanelPlot(theme, "What predicts the label alone")
        self.layers = PanelPlot(theme, "What is read from each layer")
        self.shadow = PanelPlot(theme, "Network and linear models")
        self.plots = [self.alone, self.layers, self.shadow]
        self.probes, self.differing = SheetView("Probes"), SheetView("Spectra that differ")
        self.tables = QTabWidget(documentMode=True)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        left, upper = QSplitter(), QSplitter()
        left.setOrientation(Qt.Orientation.Vertical)
        left.addWidget(self.alone)
        left.addWidget(self.shadow)
        upper.addWidget(left)
        upper.addWidget(self.layers)
        upper.setSizes([540, 580])
        for splitter in (left, upper):
            splitter.setChildrenCollapsible(False)
        self.tables.addTab(self.differing, "Network and logistic regression disagree")
        self.tables.addTab(self.probes, "Probes")
        self.body.addWidget(upper, 3)
        self.body.addWidget(self.tables, 2)

    def _connect(self) -> None:
        self.chosen.bind_text(
            "target", self.target_box, "label", lambda: self._usual or self.target_box.itemText(0)
        )
        button = self.against
        self.chosen.bind_by(
            "against", button, button.changed, lambda: button.chosen, button.choose, "covariates"
        )
        self.chosen.bind("permutations", self.permutations, "permutations")
        self.chosen.bind("most", self.most, "most spectra")
        self.chosen.bind("seed", self.seed, "seed")
        self.run_button.clicked.connect(self.begin)
        self.differing.rowChosen.connect(self._on_differing_rowChosen)
        self.shadow.barClicked.connect(self._on_shadow_barClicked)

    # --- asking ------------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer the columns, found in a thread."""
        document = self._workspace.document
        key = (len(document.entries), id(document.participants), document.opened)
        if key != self._key and document.entries:
            self._key = key
            self._names.run(partial(_names_of, document))
        if self.found is None and not self.note.text():
            self.say("Choose the label and what may predict it, and press Probe.")

    def _receive_names(self, found: tuple[tuple[str, ...], tuple[str, ...], str]) -> None:
        labels, others, self._usual = found
        fill_box(self.target_box, labels)
        self.against.offer(others)
        self.chosen.show()

    @Slot()
    def begin(self) -> None:
        """Look at the columns first, then ask the engine for all layers."""
        target = self.target_box.currentText()
        against = tuple(name for name in self.against.chosen if name != target)
        if not target or not against:
            self.say("Choose a label and one or more covariates.", problem=True)
            return
        if self._workspace.document.model is None:
            self.say("Open a model first.", problem=True)
            return
        settings = ConfoundSettings(
            target, against, self.permutations.value(), self.seed.value(), self.most.value()
        )
        self._document = self._workspace.document
        self.compute(partial(_make, self._document, settings), "Looking at the columns \u2026")

    def show_result(self, result: Any) -> None:
        """Go on with the engine, or show what was found."""
        if isinstance(result, Sample):
            self._collect(result)
        else:
            self._show(*result)

    def _collect(self, sample: Sample) -> None:
        document, selection = self._workspace.document, self._workspace.selection
        made = layers_request(document, selection, sample.ids)
        entries = () if made is None else tuple(entry.id for entry in made.entries)
        if made is None or not set(sample.ids) <= set(entries):
            self.say("The spectra that were chosen are not all open any more.", problem=True)
            return
        self._context.broker.submit(
            made.request,
            _OWNER,
            Policy.LATEST_WINS,
            partial(self._receive_layers, sample, entries),
            self._fail,
            on_progress=self._show_progress,
            key=made.key,
            wanted=self.isVisible,
        )
        self.say(f"Running {len(sample.ids):,} spectra through the network \u2026")
        self.show_waiting()

    def _receive_layers(
        self, sample: Sample, entries: tuple[int, ...], found: LayerOutputs
    ) -> None:
        model = self._workspace.document.model
        if model is None or len(model.layers) != len(found.outputs):
            self._fail_silently()
            return
        names = tuple(layer.name for layer in model.layers)
        own = outputs_of(found, entries, sample.ids)
        request = ConfoundRequest(sample, own, names, tuple(model.classes))
        self.compute(lambda: request, "Probing \u2026")

    def _fail_silently(self) -> None:
        self.end_waiting()
        self.say("Another model was opened meanwhile; press Probe again.")

    def stop(self) -> None:
        """Drop what the engine was asked."""
        self._context.broker.drop(_OWNER)

    # --- showing -----------------------------------------------------------------------------

    def _show(self, found: Confounds, ids: NDArray[np.int64]) -> None:
        self.found, self._ids = found, ids
        self.say(panels.sentence(found))
        self.alone.show_panel(panels.alone_panel(found))
        self.layers.show_panel(panels.layers_panel(found))
        self.shadow.show_panel(panels.shadow_panel(found))
        self.probes.show_sheet(panels.probe_sheet(found))
        document = self._workspace.document
        entries = (document.entry(int(item)) for item in ids)
        names = tuple("" if entry is None else entry.spectrum.name for entry in entries)
        self.differing.show_sheet(panels.disagreement_sheet(found, names))

    def values_tsv(self) -> str:
        """Return both tables."""
        sheets = (self.probes.sheet, self.differing.sheet)
        return "\n".join(sheet.tsv() for sheet in sheets if sheet is not None)

    def script(self) -> str:
        """Return the call that computes this again."""
        return "" if self.found is None else f"confounds({arguments_code(self.found.settings)})"

    def methods(self) -> str:
        """Return what was done, and the command that repeats it."""
        model = self._workspace.document.model
        if self.found is None or self._document is None:
            return ""
        settings = self.found.settings
        source, why_not = command_source(self._document, (settings.target, *settings.against))
        if source and model is not None:
            source += ["--model", model.path]
        return methods_of(self.found.methods(source, model.name if model else ""), why_not)

    # --- what happens ------------------------------------------------------------------------

    @Slot(int)
    def _on_differing_rowChosen(self, row: int) -> None:
        if self.found is not None and self.found.shadow is not None:
            place = int(self.found.shadow.differing[row])
            self.choose_spectra([int(self._ids[place])])

    @Slot(int)
    def _on_shadow_barClicked(self, bar: int) -> None:
        """Choose the spectra that a model is wrong about."""
        beside = self.found.shadow if self.found is not None else None
        if beside is not None:
            predicted = (beside.network, beside.logistic, beside.svm)[bar]
            self.choose_spectra(self._ids[predicted != beside.label.values])


def _names_of(document: Document) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    groups, numbers = group_names(document), number_names(document)
    names = tuple(dict.fromkeys((*numbers, *groups)))
    return tuple(dict.fromkeys((*groups, *numbers))), names, label_name(document, groups)


def _make(document: Document, settings: ConfoundSettings) -> SampleRequest:
    return SampleRequest(sample_of(document, settings))
