"""The steps of the preprocessing as an ordered list that can be changed."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.steps import STEPS, DivideByIndex, DropZeros, Step, Take, UnitArea
from spectracnn.errors import PreprocessingError
from spectracnn.gui.dialogs.base import GAP, named
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.io.scalers import read_standardiser
from spectracnn.view.card_draft import CHOICES, moved, parameters, switched, with_parameter

if TYPE_CHECKING:
    from collections.abc import Callable

_SWITCHES: tuple[tuple[type[Step], str], ...] = (
    (DropZeros, "Drop zeros"),
    (UnitArea, "Unit area"),
    (DivideByIndex, "Divide by index"),
)
_FIELD_WIDTHS = (104, 72)  # of one parameter, and of each of two
_BUTTON_WIDTH = 28
_LEAST_HEIGHT = 144
_FROM_FILE = "from file"


class StepRow(QFrame):
    """One step: its name, its parameters, and buttons to move and remove it.

    Signals
    -------
    moveRequested : int
        By how many places.
    removeRequested : ()
    stepChanged : Step
    refused : str
        Why what was typed is no value.
    """

    moveRequested = Signal(int)
    removeRequested = Signal()
    stepChanged = Signal(object)
    refused = Signal(str)

    def __init__(self, step: Step, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(GAP, 4, 4, 4)
        self._layout.setSpacing(4)
        self._layout.addWidget(QLabel(f"{place + 1}. {step.label}"))
        self._layout.addStretch(1)
        shown = parameters(step)
        self.editors: dict[str, QLineEdit | QComboBox] = {}
        for name, text in shown.items():
            self._add_parameter(name, text)
        self.up_button = self._button("\u2191", f"Move '{step.label}' up")
        self.down_button = self._button("\u2193", f"Move '{step.label}' down")
        self.remove_button = self._button("\u2715", f"Remove '{step.label}'")
        self.up_button.clicked.connect(partial(self.moveRequested.emit, -1))
        self.down_button.clicked.connect(partial(self.moveRequested.emit, 1))
        self.remove_button.clicked.connect(self.removeRequested)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = tool_button(text, tip, quiet=True)
        button.setFixedWidth(_BUTTON_WIDTH)
        self._layout.addWidget(button)
        return button

    def _add_parameter(self, name: str, text: str) -> None:
        label = QLabel(name)
        label.setProperty("muted", True)
        self._layout.addWidget(label)
        choices = CHOICES.get((self.step.name, name))
        editor: QLineEdit | QComboBox
        if choices is None:
            editor = QLineEdit(text)
            editor.setCursorPosition(0)
            editor.setFixedWidth(_FIELD_WIDTHS[len(fields(self.step)) > 1])
            editor.textEdited.connect(partial(self._change, name))
        else:
            editor = QComboBox()
            editor.addItems(list(choices))
            editor.setCurrentText(text)
            editor.textActivated.connect(partial(self._change, name))
        named(editor, f"{name} of '{self.step.label}'")
        self._layout.addWidget(editor)
        self.editors[name] = editor

    def _change(self, name: str, text: str) -> None:
        try:
            self.step = with_parameter(self.step, name, text)
        except PreprocessingError as error:
            self.refused.emit(error.message)
        else:
            self.stepChanged.emit(self.step)


class StepsEditor(QWidget):
    """The list of steps, with switches for the commonest ones.

    Signals
    -------
    changed : ()
        `steps` or `problem` are others now.
    """

    changed = Signal()

    def __init__(self, steps: tuple[Step, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = steps
        self.problem = ""
        self.rows: list[StepRow] = []
        self.switches = {kind: QCheckBox(text) for kind, text in _SWITCHES}
        self.add_button = tool_button("Add step \u25be", "Add a step")
        self._fill_menu()
        self._list = QWidget()
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(0, 4, 0, 4)
        self._list_layout.setSpacing(0)
        self._list_layout.addStretch(1)
        self.scroll_area = QScrollArea(widgetResizable=True)
        self.scroll_area.setProperty("framed", True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setMinimumHeight(_LEAST_HEIGHT)
        self.scroll_area.setWidget(self._list)
        self._arrange()
        for switch in self.switches.values():
            switch.clicked.connect(self._on_switch_clicked)
        self._show()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * GAP)
        for switch in self.switches.values():
            head.addWidget(switch)
        head.addStretch(1)
        head.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        layout.addWidget(self.scroll_area, 1)

    def _fill_menu(self) -> None:
        menu = QMenu(self.add_button)
        for kind in STEPS.values():
            if kind.typed:
                menu.addAction(kind.label[:1].upper() + kind.label[1:]).setData(kind.name)
        menu.addSeparator()
        menu.addAction("Standardise by a file\u2026").setData(_FROM_FILE)
        menu.triggered.connect(self._on_menu_triggered)
        self.add_button.setMenu(menu)
        self.add_button.setPopupMode(self.add_button.ToolButtonPopupMode.InstantPopup)

    def _show(self) -> None:
        for row in self.rows:
            self._list_layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, step in enumerate(self.steps):
            row = StepRow(step, place)
            row.up_button.setEnabled(place > 0)
            row.down_button.setEnabled(place < len(self.steps) - 1)
            row.moveRequested.connect(partial(self._move, place))
            row.removeRequested.connect(partial(self._remove, place))
            row.stepChanged.connect(partial(self._replace, place))
            row.refused.connect(self._on_row_refused)
            self._list_layout.insertWidget(place, row)
            self.rows.append(row)
        for kind, switch in self.switches.items():
            switch.setChecked(any(type(step) is kind for step in self.steps))

    def _set(self, steps: tuple[Step, ...]) -> None:
        self.steps, self.problem = steps, ""
        self._show()
        self.changed.emit()

    @Slot()
    def _on_switch_clicked(self) -> None:
        steps = self.steps
        for kind, switch in self.switches.items():
            if switch.isChecked() != any(type(step) is kind for step in steps):
                steps = switched(steps, kind, switch.isChecked())
        self._set(steps)

    def set_count(self, before: int, now: int) -> None:
        """Take another number of values, where that many were taken before."""
        steps = tuple(Take(now) if step == Take(before) else step for step in self.steps)
        if steps != self.steps:
            self._set(steps)

    def _move(self, place: int, by: int) -> None:
        self._set(moved(self.steps, place, by))
        row = self.rows[min(max(place + by, 0), len(self.rows) - 1)]
        wanted, other = (row.up_button, row.down_button)[:: -1 if by > 0 else 1]
        (wanted if wanted.isEnabled() else other).setFocus()

    def _remove(self, place: int) -> None:
        self._set((*self.steps[:place], *self.steps[place + 1 :]))
        if self.rows:
            self.rows[min(place, len(self.rows) - 1)].remove_button.setFocus()

    def _replace(self, place: int, step: Step) -> None:
        # The row stays: somebody is typing in it.
        self.steps = (*self.steps[:place], step, *self.steps[place + 1 :])
        self.problem = ""
        self.changed.emit()

    @Slot(str)
    def _on_row_refused(self, sentence: str) -> None:
        self.problem = sentence
        self.changed.emit()

    @Slot(object)
    def _on_menu_triggered(self, action: object) -> None:
        if action.data() == _FROM_FILE:  # type: ignore[attr-defined]
            self._choose_standardiser()
            return
        kind: Callable[[], Step] = STEPS[action.data()]  # type: ignore[attr-defined]
        self._set((*self.steps, kind()))

    def _choose_standardiser(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Means and scales", "", "NumPy arrays (*.npz *.npy)"
        )
        if path:
            self.add_standardiser(path)

    def add_standardiser(self, path: str) -> None:
        """Add the means and scales of a file as a step; say why where it has none."""
        try:
            step = read_standardiser(path)
        except PreprocessingError as error:
            self.problem = error.message
            self.changed.emit()
            return
        self._set((*self.steps, step))
