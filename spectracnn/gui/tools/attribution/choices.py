"""What is explained and how: class, method with its formula, options, and when to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.attribution import Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.gui.tools.attribution.options import OptionsRow
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.tools import AttributionChoice

if TYPE_CHECKING:
    from spectracnn.core.attribution import AttributionOptions
    from spectracnn.core.trace import ModelDescription, Trace

_PREDICTED = -1


class AttributionChoices(QWidget):
    """The controls of the attribution tab.

    Signals
    -------
    changed : ()
        Something else is to be explained, or in another way.
    modelShown : ()
        The classes and convolutions of another model are offered.
    updateRequested : ()
        The person asks now.
    """

    changed = Signal()
    modelShown = Signal()
    updateRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelDescription | None = None
        self._make_widgets()
        self._arrange()
        self.class_combo.activated.connect(self._on_choice_changed)
        self.method_combo.activated.connect(self._on_method_combo_activated)
        self.options.changed.connect(self.changed)
        self.follow_box.toggled.connect(self._on_follow_box_toggled)
        self.update_button.clicked.connect(self.updateRequested)
        self.formula_button.toggled.connect(self.formula.setVisible)
        self._show_method()

    def _make_widgets(self) -> None:
        self.class_combo, self.method_combo = QComboBox(), QComboBox()
        self.class_combo.setAccessibleName("Class that is explained")
        self.method_combo.setAccessibleName("Attribution method")
        for place, (method, info) in enumerate(METHODS.items()):
            self.method_combo.addItem(info.title, method)
            self.method_combo.setItemData(place, info.summary, Qt.ItemDataRole.ToolTipRole)
        self.method_combo.setCurrentIndex(list(METHODS).index(Method.INTEGRATED_GRADIENTS))
        for combo in (self.class_combo, self.method_combo):
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        self.formula_button = tool_button(
            "?", "Show the method's formula, and who proposed it", checkable=True, quiet=True
        )
        self.summary, self.formula = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.summary.setProperty("muted", True)
        # Only for the reader: a formula would else be taken for rich text.
        self.formula.setTextFormat(Qt.TextFormat.PlainText)
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.formula.hide()
        self.options = OptionsRow()
        self.follow_box = QCheckBox("Follow changes")
        self.follow_box.setToolTip("Ask again when the spectrum, its edits or a choice changes")
        self.follow_box.setChecked(True)
        self.update_button = QPushButton("Update")
        self.update_button.setAccessibleName("Compute the attribution now")
        self.update_button.hide()

    def _arrange(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(8)
        choices.setVerticalSpacing(8)
        choices.setColumnStretch(1, 1)
        choices.addWidget(QLabel("Class"), 0, 0)
        choices.addWidget(self.class_combo, 0, 1, 1, 2)
        choices.addWidget(QLabel("Method"), 1, 0)
        choices.addWidget(self.method_combo, 1, 1, 1, 2)
        about = QHBoxLayout()
        about.setSpacing(4)
        about.addWidget(self.summary, 1)
        about.addWidget(self.formula_button, 0, Qt.AlignmentFlag.AlignTop)
        when = QHBoxLayout()
        when.setSpacing(8)
        when.addWidget(self.follow_box)
        when.addStretch(1)
        when.addWidget(self.update_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(choices)
        layout.addLayout(about)
        for widget in (self.formula, self.options):
            layout.addWidget(widget)
        layout.addLayout(when)

    # --- what is chosen ----------------------------------------------------------------------

    @property
    def method(self) -> Method:
        """How."""
        return Method(self.method_combo.currentData())

    @property
    def target(self) -> int | None:
        """Which class; None for the predicted one."""
        chosen = self.class_combo.currentData()
        return None if chosen in (None, _PREDICTED) else int(chosen)

    @property
    def attribution_options(self) -> AttributionOptions:
        """With what."""
        return self.options.options

    @property
    def follows(self) -> bool:
        """Whether changes are followed by themselves."""
        return self.follow_box.isChecked()

    @property
    def choice(self) -> AttributionChoice:
        """What the controls say."""
        target = None if self.target is None else self.class_combo.currentText()
        return AttributionChoice(self.method, target, self.options.choice, self.follows)

    def show_choice(self, choice: AttributionChoice) -> None:
        """Let the controls say this, as far as they offer it."""
        with QSignalBlocker(self):
            self.method_combo.setCurrentIndex(self.method_combo.findData(choice.method))
            found = self.class_combo.findText(choice.target or "")
            self.class_combo.setCurrentIndex(max(0, found))
            self.options.show_options(choice.options)
            self.follow_box.setChecked(choice.follows)
            self._show_method()

    # --- what is shown -----------------------------------------------------------------------

    def show_model(self, model: ModelDescription | None, trace: Trace | None) -> None:
        """Offer the classes and convolutions of the model, and name the predicted class."""
        if model is None:
            return
        if model is not self._model:
            self._model = model
            self.class_combo.clear()
            self.class_combo.addItem("", _PREDICTED)
            for place, name in enumerate(model.classes):
                self.class_combo.addItem(name, place)
            self.options.show_model(model)
            self.modelShown.emit()
        best = "\u2026" if trace is None else model.classes[model.reading.best(trace.probabilities)]
        self.class_combo.setItemText(0, f"Predicted: {best}")

    def offer_update(self, offered: bool) -> None:
        """Show the button that asks now, and whether there is something to ask."""
        self.update_button.setVisible(offered or not self.follows)
        self.update_button.setEnabled(offered)

    def _show_method(self) -> None:
        info = METHODS[self.method]
        self.summary.setText(info.summary)
        baseline = f"Baseline: {info.baseline}." if info.baseline else "No baseline."
        self.formula.setText(f"{info.formula}\n{baseline}\n{info.source}")
        self.options.show_fields(info.options)

    # --- what the person does ----------------------------------------------------------------

    @Slot()
    def _on_choice_changed(self) -> None:
        self.changed.emit()

    @Slot(int)
    def _on_method_combo_activated(self, _index: int) -> None:
        self._show_method()
        self.changed.emit()

    @Slot(bool)
    def _on_follow_box_toggled(self, _checked: bool) -> None:
        self.changed.emit()
