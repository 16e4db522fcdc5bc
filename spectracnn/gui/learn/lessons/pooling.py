"""Lesson 6: what pooling keeps and what it loses, and what a small shift does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox

from spectracnn.core.lab.specs import LayerStack, Pool, Pooling
from spectracnn.engine.messages import RunStack
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.view.layer_lab import stages

if TYPE_CHECKING:
    from spectracnn.core.lab.result import LabResult
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

_LENGTH = 24
_PEAKS = ((4, 1.0), (13, 0.6), (20, 0.8))
_MOST_SHIFT = 3


def peaks(shift: int) -> np.ndarray:
    """Return a map with three peaks, as a filter might give it, shape (24, 1), float32."""
    values = np.zeros((_LENGTH, 1), np.float32)
    for place, height in _PEAKS:
        values[place + shift] = height
    return values


class PoolingPicture(Picture):
    """A map with peaks, its pooled numbers, and a slider that moves the input."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.kind_box = QComboBox()
        self.kind_box.addItems([kind.value for kind in Pooling])
        self.kind_box.setCurrentText(Pooling.AVERAGE)
        self.kind_box.setAccessibleName("Pooling")
        self.size_box = QSpinBox(minimum=1, maximum=12, value=2)
        self.size_box.setAccessibleName("pool_size")
        self.shift_slider = QSlider(Qt.Orientation.Horizontal)
        self.shift_slider.setRange(0, _MOST_SHIFT)
        self.shift_slider.setAccessibleName("Move the input by")
        self.shift_slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.views = [StageView(theme), StageView(theme)]
        self.row("Pooling", self.kind_box, "pool_size", self.size_box)
        self.row("Move the input by", self.shift_slider)
        for view in self.views:
            self.column.addWidget(view)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        self._outputs: dict[tuple[str, int, int], np.ndarray] = {}
        self.kind_box.currentIndexChanged.connect(self._on_control_changed)
        self.size_box.valueChanged.connect(self._on_control_changed)
        self.shift_slider.valueChanged.connect(self._on_control_changed)
        self.run()

    def _key(self, shift: int) -> tuple[str, int, int]:
        return self.kind_box.currentText(), self.size_box.value(), shift

    @Slot(int)
    def _on_control_changed(self, _value: int) -> None:
        self.run()

    def run(self) -> None:
        """Pool the map as it lies, and moved."""
        pool = Pool(Pooling(self.kind_box.currentText()), (self.size_box.value(),))
        stack = LayerStack((_LENGTH, 1), (pool,))
        key = self._key(self.shift_slider.value())

        def show(result: LabResult) -> None:
            self._show(result, key)

        self.send(RunStack(stack, peaks(key[2])), show, self.note.setText)

    def _show(self, result: LabResult, key: tuple[str, int, int]) -> None:
        self._outputs[key] = result.traces[0].output
        pictures = stages(result, peaks(key[2]))
        for view, picture in zip(self.views, pictures, strict=True):
            view.show_picture(picture, (-0.5, _LENGTH - 0.5))
        still = self._outputs.get((*key[:2], 0))
        if key[2] and still is not None:
            changed = int((still != self._outputs[key]).sum())
            self.note.setText(
                f"Moved by {key[2]}: {changed} of {still.size} pooled numbers change."
            )
        else:
            self.note.setText("Move the input, and see what the pooled numbers do.")

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in self.views:
            view.apply_theme(theme)

    def check(self) -> Verdict:
        still, moved = (self._outputs.get(self._key(shift)) for shift in (0, 1))
        if still is None or moved is None:
            return Verdict(False, "Move the input by one first, to see what happens.")
        if still.size < 2:
            return Verdict(False, "That window leaves a single number: take a smaller one.")
        changed = int((still != moved).sum())
        if changed:
            return Verdict(False, f"{changed} of {still.size} pooled numbers change.")
        return Verdict(
            True, "Yes: each peak stays in its window, and the largest value does not ask where."
        )
