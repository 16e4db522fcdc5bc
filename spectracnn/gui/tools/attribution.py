"""The attribution tab: which eigenvalues speak for a class, by which method, how exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.attribution import Attribution, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.engine.messages import AttributeSpectrum
from spectracnn.gui.tools.attribution_options import OptionsRow
from spectracnn.gui.tools.attribution_table import RankedTable
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.view.selection import SPECTRUM, Sample
from spectracnn.view.subjects import companions

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from spectracnn.gui.tools.context import ToolContext
    from spectracnn.view.contents import Contents
    from spectracnn.view.document import Entry

_TOPIC = "attribution"
_PREDICTED = -1


class AttributionTool(QScrollArea):
    """Asks for attributions of what is shown, while it is visible, and ranks the eigenvalues."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._workspace, self._questions = context.workspace, context.questions
        self._asked: tuple[Any, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._make_widgets()
        self._arrange()
        self._connect()
        self._show_method()

    # --- making ------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.class_combo = QComboBox()
        self.class_combo.setAccessibleName("Class that is explained")
        self.method_combo = QComboBox()
        self.method_combo.setAccessibleName("Attribution method")
        for method, info in METHODS.items():
            self.method_combo.addItem(info.title, method)
        self.method_combo.setCurrentIndex(list(METHODS).index(Method.INTEGRATED_GRADIENTS))
        for combo in (self.class_combo, self.method_combo):
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        self.summary = QLabel(wordWrap=True)
        self.summary.setProperty("muted", True)
        self.formula = QLabel(wordWrap=True)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formula.hide()
        self.formula_button = tool_button(
            "Formula", "Show how it is computed, and who proposed it", checkable=True, quiet=True
        )
        self.options = OptionsRow()
        self.headline = QLabel(wordWrap=True)
        self.completeness = QLabel(wordWrap=True)
        self.completeness.setProperty("muted", True)
        self.problem = QLabel(wordWrap=True)
        self.problem.setProperty("warning", True)
        self.problem.hide()
        self.table = RankedTable()
        self.copy_button = QPushButton("Copy table")

    def _arrange(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(8)
        choices.setVerticalSpacing(8)
        choices.setColumnStretch(1, 1)
        for row, (text, combo) in enumerate(
            (("Class", self.class_combo), ("Method", self.method_combo))
        ):
            choices.addWidget(QLabel(text), row, 0)
            choices.addWidget(combo, row, 1)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self.summary, 1)
        told.addWidget(self.formula_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(choices)
        layout.addLayout(told)
        for widget in (self.formula, self.options, self.headline, self.completeness, self.problem):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.copy_button)
        self.setWidget(column)

    def _connect(self) -> None:
        self.class_combo.activated.connect(self._on_choice_changed)
        self.method_combo.activated.connect(self._on_method_combo_activated)
        self.options.changed.connect(self._on_choice_changed)
        self.formula_button.toggled.connect(self.formula.setVisible)
        self.copy_button.clicked.connect(self.table.copy)
        self.table.chosen.connect(self._on_table_chosen)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)

    # --- asking ------------------------------------------------------------------------------

    @property
    def method(self) -> Method:
        """The chosen method."""
        return Method(self.method_combo.currentData())

    def _entry(self) -> Entry | None:
        return self._workspace.document.entry(self._workspace.selection.current)

    def _ask(self) -> None:
        """Ask for what is shown, unless just that was asked."""
        entry, model = self._entry(), self._workspace.document.model
        traced = entry is not None and entry.id in self._workspace.document.traces
        if entry is None or model is None or not traced:
            return
        chosen = self.class_combo.currentData()
        target = None if chosen in (None, _PREDICTED) else int(chosen)
        options = self.options.options
        muted = tuple(sorted(self._workspace.selection.muted))
        question = (entry.spectrum, entry.edits, muted, model, self.method, target, options)
        if question == self._asked:
            return
        self._asked = question
        self._questions.ask(
            AttributeSpectrum(
                entry.spectrum,
                self.method,
                target,
                options,
                companions(self._workspace.document, entry),
                muted=muted,
                input_edits=entry.edits,
            ),
            _TOPIC,
            self._on_answered,
            self._on_failed,
        )

    def _on_answered(self, attribution: Attribution) -> None:
        self.problem.hide()
        entry = self._entry()
        if entry is not None and self.isVisible() and self._asked[0] is entry.spectrum:
            self._workspace.set_attribution(entry.id, attribution)

    def _on_failed(self, error: Exception) -> None:
        self.problem.setText(getattr(error, "message", str(error)))
        self.problem.show()
        entry = self._entry()
        if entry is not None:
            self._workspace.set_attribution(entry.id, None)

    # --- what is shown -----------------------------------------------------------------------

    @Slot(object)
    def _on_workspace_contentsChanged(self, contents: Contents) -> None:
        if not self.isVisible():
            return
        self._list_classes()
        self._show(contents)
        self._ask()

    def _list_classes(self) -> None:
        model = self._workspace.document.model
        if model is None:
            return
        trace = self._workspace.document.traces.get(self._workspace.selection.current or 0)
        best = model.classes[int(trace.probabilities.argmax())] if trace is not None else "\u2026"
        if model.classes != self._classes:
            self._classes = model.classes
            self.class_combo.clear()
            self.class_combo.addItem("", _PREDICTED)
            for place, name in enumerate(model.classes):
                self.class_combo.addItem(name, place)
            self.options.show_model(model)
        self.class_combo.setItemText(0, f"Predicted: {best}")

    def _show(self, contents: Contents) -> None:
        picture = contents.attribution
        self.table.show_picture(picture)
        self.table.mark(contents.sample)
        self.copy_button.setEnabled(picture is not None)
        self.completeness.setVisible(picture is not None and bool(picture.completeness))
        if picture is None:
            self.headline.setText(
                "" if self._entry() is not None else "Open a spectrum to explain its class."
            )
            return
        share = ""
        for name, probability in zip(
            contents.prediction.classes, contents.prediction.probabilities, strict=True
        ):
            if name == picture.target:
                share = f", probability {100 * float(probability):.1f} %"
        self.headline.setText(f"{picture.target}: logit {picture.logit:.3g}{share}")
        self.completeness.setText(picture.completeness)

    def _show_method(self) -> None:
        info = METHODS[self.method]
        self.summary.setText(info.summary)
        baseline = f"\nBaseline: {info.baseline}." if info.baseline else ""
        self.formula.setText(f"{info.formula}{baseline}\n{info.source}")
        self.options.show_fields(info.options)

    # --- what the person does ----------------------------------------------------------------

    @Slot()
    def _on_choice_changed(self) -> None:
        self._ask()

    @Slot(int)
    def _on_method_combo_activated(self, _index: int) -> None:
        self._show_method()
        self._ask()

    @Slot(int)
    def _on_table_chosen(self, index: int) -> None:
        sample = Sample(SPECTRUM, index)
        if sample != self._workspace.selection.pinned:
            self._workspace.pin(sample)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_workspace_contentsChanged(self._workspace.contents)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._questions.drop(_TOPIC)
        self._asked = ()
