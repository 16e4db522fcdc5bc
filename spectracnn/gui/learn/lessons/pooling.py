"""Lesson 6: what pooling keeps and what it loses, and what a small shift does."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox

from spectracnn.core.lab.specs import LayerStack, Pool, Pooling
from spectracnn.engine.messages import RunStack
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.state.script_stack import stack_script
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
        self.views = [StageView(theme, fills=True) for _ in range(3)]
        self.shift_slider.setMinimumWidth(160)
        self.row(
            "Pooling", self.kind_box, "pool_size", self.size_box, "Move the input by",
            self.shift_slider,
        )  # fmt: skip
        for view in self.views:
            self.column.addWidget(view, 1)
        self.column.addWidget(self.note)
        self._results: dict[tuple[str, int, int], LabResult] = {}
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
        self._pool(self.shift_slider.value())

    @property
    def _layers(self) -> LayerStack:
        pool = Pool(Pooling(self.kind_box.currentText()), (self.size_box.value(),))
        return LayerStack((_LENGTH, 1), (pool,))

    def _pool(self, shift: int) -> None:
        request = RunStack(self._layers, peaks(shift))
        self.run_stack(request, partial(self._receive, self._key(shift)))

    def script(self) -> tuple[str, ...]:
        # Not what was sent last: that may be the map as it lies.
        return stack_script(self._layers, peaks(self.shift_slider.value()))

    def _receive(self, key: tuple[str, int, int], result: LabResult) -> None:
        self._results[key] = result
        shift = self.shift_slider.value()
        missing = [one for one in (shift, 0) if self._key(one) not in self._results]
        if missing:
            self._pool(missing[0])
        else:
            self._show(shift)

    def _show(self, shift: int) -> None:
        """Show the input, what pooling makes of it, and what it makes of it as it lies."""
        moved = self._results[self._key(shift)]
        before, after = stages(moved, peaks(shift))
        lying = stages(self._results[self._key(0)], peaks(0))[1]
        words = f"moved by {shift}" if shift else "as it lies"
        shown = (
            replace(before, title=f"Input, {words}"),
            replace(after, title=f"Pooled, {words}"),
            replace(lying, title="Pooled, as it lies", captions=()),
        )
        for view, picture in zip(self.views, shown, strict=True):
            view.show_picture(picture, (-0.5, _LENGTH - 0.5))
        if not shift:
            self.note.setText("Move the input, and see what the pooled numbers do.")
            return
        still, there = self._output(0), self._output(shift)
        assert still is not None
        assert there is not None
        changed = int((still != there).sum())
        self.note.setText(f"Moved by {shift}: {changed} of {still.size} pooled numbers change.")

    def _output(self, shift: int) -> np.ndarray | None:
        result = self._results.get(self._key(shift))
        return None if result is None else result.traces[0].output

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in self.views:
            view.apply_theme(theme)

    def check(self) -> Verdict:
        still, moved = self._output(0), self._output(1)
        if still is None or moved is None:
            return Verdict(False, "Move the input by one first, to see what happens.")
        if still.size < 2:
            return Verdict(False, "That window leaves a single number: take a smaller one.")
        changed = int((still != moved).sum())
        if changed:
            return Verdict(False, f"{changed} of {still.size} pooled numbers change.")
        return Verdict(
            True,
            "Yes: each peak stays in its window; where in it makes no difference to the maximum.",
        )
