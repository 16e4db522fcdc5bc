"""The layers of a stack, one below the other; add, move, remove."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import (
    MOST_LAYERS,
    Convolution,
    GlobalPool,
    LayerStack,
    Pool,
    Pooling,
)
from spectracnn.errors import LayerError
from spectracnn.gui.learn.layer_lab.layer_form import LayerForm
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from spectracnn.core.lab.specs import LayerSpec


def offered(rank: int) -> tuple[LayerSpec, ...]:
    """Return the layers that can be added, as they are at first."""
    sizes, two = (3,) * rank, (2,) * rank
    return (
        Convolution(4, sizes, padding="same", activation="relu"),
        Pool(Pooling.MAX, two),
        Pool(Pooling.AVERAGE, two),
        GlobalPool(Pooling.MAX, rank),
        GlobalPool(Pooling.AVERAGE, rank),
    )


class StackEditor(QWidget):
    """A form a layer.

    Signals
    -------
    stackChanged : LayerStack
        Only stacks of which every layer has an output.
    """

    stackChanged = Signal(object)

    def __init__(self, stack: LayerStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stack = stack
        self.forms: list[LayerForm] = []
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("error", True)
        self.add_button = tool_button("Add a layer", "Add a layer at the end of the stack")
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(self._column)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.note)
        layout.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.show_stack(stack)

    def show_stack(self, stack: LayerStack) -> None:
        """Show another stack without saying that it changed."""
        self.stack = stack
        while len(self.forms) > len(stack.layers):
            form = self.forms.pop()
            form.hide()
            form.deleteLater()
        for place, spec in enumerate(stack.layers):
            if place < len(self.forms):
                self.forms[place].show_spec(spec)
            else:
                self._add_form(spec)
        self._refresh()

    def _add_form(self, spec: LayerSpec) -> None:
        form = LayerForm(spec)
        self._column.addWidget(form)
        self.forms.append(form)
        form.specChanged.connect(partial(self._on_form_specChanged, form))
        form.removeRequested.connect(partial(self._remove, form))
        form.moveRequested.connect(partial(self._move, form))

    def _refresh(self) -> None:
        menu = QMenu(self.add_button)
        for spec in offered(len(self.stack.input_shape) - 1):
            menu.addAction(spec.name, partial(self.add, spec))
        self.add_button.setMenu(menu)
        self.add_button.setEnabled(len(self.stack.layers) < MOST_LAYERS)
        self._show_note("")

    def _show_note(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    # --- changes -----------------------------------------------------------------------------

    def add(self, spec: LayerSpec) -> None:
        """Put a layer at the end."""
        self._try((*self.stack.layers, spec))

    def _remove(self, form: LayerForm) -> None:
        place = self.forms.index(form)
        self._try((*self.stack.layers[:place], *self.stack.layers[place + 1 :]))

    def _move(self, form: LayerForm, by: int) -> None:
        layers = list(self.stack.layers)
        place = self.forms.index(form)
        if 0 <= place + by < len(layers):
            layers[place], layers[place + by] = layers[place + by], layers[place]
            self._try(tuple(layers))

    def _try(self, layers: tuple[LayerSpec, ...]) -> None:
        """Take these layers if each has an output; else say which has none, and keep the old."""
        try:
            stack = replace(self.stack, layers=layers)
            reports(stack)
        except LayerError as error:
            self.show_stack(self.stack)
            self._show_note(error.message)
            return
        self.show_stack(stack)
        self.stackChanged.emit(stack)

    def _on_form_specChanged(self, form: LayerForm, spec: LayerSpec) -> None:
        place = self.forms.index(form)
        layers = list(self.stack.layers)
        layers[place] = spec
        self._try(tuple(layers))
