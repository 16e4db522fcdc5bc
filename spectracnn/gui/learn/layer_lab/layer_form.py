"""One layer's arguments as controls, and the same as a line of Keras code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.lab.keras_code import keras_code, parse_layer
from spectracnn.core.lab.specs import (
    ACTIVATIONS,
    MOST_FILTERS,
    Convolution,
    GlobalPool,
    Pool,
)
from spectracnn.errors import LayerError
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from spectracnn.core.lab.specs import LayerSpec

_MOST_FLIPPED = 64
"""What a control offers; the code line takes larger sizes."""


class LayerForm(QFrame):
    """Shows one layer and lets it be changed.

    Parameters
    ----------
    spec : LayerSpec
        What to show at first.
    parent : QWidget, optional
    alone : bool
        Whether there is no stack in which it could be moved.

    Signals
    -------
    specChanged : LayerSpec
    failed : str
        A sentence about what was typed; empty once it is well again.
    removeRequested : ()
    moveRequested : int
        Up or down the stack.
    """

    specChanged = Signal(object)
    failed = Signal(str)
    removeRequested = Signal()
    moveRequested = Signal(int)

    def __init__(
        self, spec: LayerSpec, parent: QWidget | None = None, *, alone: bool = False
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self.setProperty("card", True)
        self.controls: dict[str, QWidget] = {}
        self.title = QLabel()
        self.title.setProperty("title", True)
        self.code = QLineEdit()
        self.code.setAccessibleName("Keras code of this layer")
        self.code.setToolTip("Type Keras code here and press Enter; it is read, never run")
        self.copy_button = tool_button("Copy", "Copy this line of Keras code", quiet=True)
        self.error = QLabel(wordWrap=True)
        self.error.setProperty("error", True)
        self.error.hide()
        self._grid = QGridLayout()
        self._arrange(alone)
        self.code.returnPressed.connect(self._on_code_returnPressed)
        self.code.editingFinished.connect(self._on_code_returnPressed)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self._make_controls()
        self.show_spec(spec)

    def _arrange(self, alone: bool) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        if not alone:
            self._add_moves(head)
        row = QHBoxLayout()
        row.addWidget(self.code, 1)
        row.addWidget(self.copy_button)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(self._grid)
        layout.addLayout(row)
        layout.addWidget(self.error)

    def _add_moves(self, head: QHBoxLayout) -> None:
        for text, tip, step in (("\u2191", "Move up", -1), ("\u2193", "Move down", 1)):
            button = tool_button(text, f"{tip} the stack", quiet=True)
            button.clicked.connect(lambda _=False, by=step: self.moveRequested.emit(by))
            head.addWidget(button)
        remove = tool_button("Remove", "Take this layer out of the stack", quiet=True)
        remove.clicked.connect(self.removeRequested)
        head.addWidget(remove)

    # --- controls ----------------------------------------------------------------------------

    def _make_controls(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.controls = {}
        spec = self.spec
        if isinstance(spec, Convolution):
            self._spin("filters", spec.filters, MOST_FILTERS)
            self._sizes("kernel_size", spec.rank)
            self._sizes("strides", spec.rank)
            self._combo(
                "padding", ("valid", "same", "causal") if spec.rank == 1 else ("valid", "same")
            )
            self._sizes("dilation_rate", spec.rank)
            self._combo("activation", ACTIVATIONS)
            box = QCheckBox("use_bias")
            box.toggled.connect(self._on_control_changed)
            self._add("use_bias", box, caption=False)
        elif isinstance(spec, Pool):
            self._sizes("pool_size", spec.rank)
            self._sizes("strides", spec.rank)
            self._combo("padding", ("valid", "same"))

    def _add(self, name: str, widget: QWidget, *, caption: bool = True) -> None:
        widget.setAccessibleName(name)
        if isinstance(widget, QComboBox):
            widget.setMinimumContentsLength(6)
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        place = self._grid.count() // 2
        row, column = divmod(place, 2)
        self._grid.addWidget(QLabel(name if caption else ""), row, 2 * column)
        self._grid.addWidget(widget, row, 2 * column + 1)
        self.controls[name] = widget

    def _spin(self, name: str, value: int, most: int = _MOST_FLIPPED) -> None:
        box = QSpinBox(minimum=1, maximum=most, value=value)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._on_control_changed)
        self._add(name, box)

    def _sizes(self, name: str, rank: int) -> None:
        if rank == 1:
            self._spin(name, 1)
            return
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for axis in ("rows", "columns"):
            box = QSpinBox(minimum=1, maximum=_MOST_FLIPPED)
            box.setMinimumWidth(40)
            box.setAccessibleName(f"{name}, {axis}")
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._on_control_changed)
            row.addWidget(box)
        self._add(name, holder)

    def _combo(self, name: str, words: tuple[str, ...]) -> None:
        box = QComboBox()
        box.addItems(words)
        box.currentIndexChanged.connect(self._on_control_changed)
        self._add(name, box)

    # --- to and from the record ----------------------------------------------------------------

    def show_spec(self, spec: LayerSpec) -> None:
        """Show a layer without saying that it changed."""
        remake = type(spec) is not type(self.spec) or spec.rank != self.spec.rank
        self.spec = spec
        if remake:
            self._make_controls()
        self.title.setText(spec.name)
        self.code.setText(keras_code(spec))
        self.code.setCursorPosition(0)
        self.set_error("")
        for name, widget in self.controls.items():
            widget.blockSignals(True)
            self._put(widget, getattr(spec, name))
            widget.blockSignals(False)

    def _put(self, widget: QWidget, value: Any) -> None:
        if isinstance(value, tuple) or value is None:
            spec = self.spec
            sizes = value or (spec.pool_size if isinstance(spec, Pool) else (1,) * spec.rank)
            boxes = [widget] if isinstance(widget, QSpinBox) else widget.findChildren(QSpinBox)
            for box, size in zip(boxes, sizes, strict=False):
                box.blockSignals(True)
                box.setMaximum(max(_MOST_FLIPPED, size))
                box.setValue(size)
                box.blockSignals(False)
        elif isinstance(widget, QSpinBox):
            widget.setValue(value)
        elif isinstance(widget, QComboBox):
            widget.setCurrentText(value)
        elif isinstance(widget, QCheckBox):
            widget.setChecked(value)

    def _value(self, name: str) -> Any:
        widget = self.controls[name]
        if isinstance(widget, QComboBox):
            return widget.currentText()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, QSpinBox):
            return widget.value() if name == "filters" else (widget.value(),)
        return tuple(box.value() for box in widget.findChildren(QSpinBox))

    def set_error(self, sentence: str) -> None:
        """Show what is wrong with this layer; empty for nothing."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    # --- slots -------------------------------------------------------------------------------

    @Slot()
    def _on_control_changed(self) -> None:
        if isinstance(self.spec, GlobalPool):
            return
        values = {name: self._value(name) for name in self.controls}
        try:
            spec = replace(self.spec, **values)
        except LayerError as error:
            self.set_error(error.message)
            self.failed.emit(error.message)
            return
        self._accept(spec)

    @Slot()
    def _on_code_returnPressed(self) -> None:
        if self.code.text().strip() == keras_code(self.spec):
            return
        try:
            spec = parse_layer(self.code.text())
        except LayerError as error:
            self.set_error(f"{error.message} {error.hint}".strip())
            self.failed.emit(error.message)
            return
        self._accept(spec)

    def _accept(self, spec: LayerSpec) -> None:
        if spec != self.spec:
            self.show_spec(spec)
            self.specChanged.emit(spec)
        else:
            self.show_spec(spec)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(keras_code(self.spec))
