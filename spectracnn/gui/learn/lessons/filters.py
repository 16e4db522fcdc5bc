"""Lesson 3: two filters that can be drawn, side by side over one input."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from spectracnn.core.filter_presets import Preset, preset
from spectracnn.core.lab.specs import Convolution, LayerStack
from spectracnn.engine.messages import RunStack
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.gui.widgets.filter_editor import FilterEditor
from spectracnn.view.layer_lab import picture_of
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from spectracnn.core.lab.result import LabResult
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

_SIZE = 5
_BEGIN = (Preset.MEAN, Preset.GAUSSIAN)
_LEVEL = 0.02
"""How far from 0 the sum may be, of the sum of magnitudes: what a hand can hit."""


class FiltersPicture(Picture):
    """One input, two filters, two maps computed by Keras."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.input_view = StageView(theme)
        self.input_view.show_picture(picture_of(material.name, material.values), self._span)
        self.column.addWidget(self.input_view)
        self.editors = [FilterEditor(theme, f"{side} filter") for side in ("Left", "Right")]
        self.maps = [StageView(theme) for _ in self.editors]
        self.boxes = [QComboBox() for _ in self.editors]
        self.sums = [QLabel() for _ in self.editors]
        both = QHBoxLayout()
        both.setSpacing(16)
        for place, (editor, box) in enumerate(zip(self.editors, self.boxes, strict=True)):
            editor.set_weights(preset(_BEGIN[place], _SIZE))
            box.addItems([kind.value for kind in Preset])
            box.setCurrentText(_BEGIN[place].value)
            box.setAccessibleName("A filter with a meaning")
            side = QVBoxLayout()
            side.addWidget(box)
            side.addWidget(editor)
            side.addWidget(self.sums[place])
            side.addWidget(self.maps[place])
            both.addLayout(side, 1)
            editor.weightsChanged.connect(self._on_weights_changed)
            box.activated.connect(partial(self._on_box_activated, place))
        self.column.addLayout(both)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        self.run()

    @property
    def _span(self) -> tuple[float, float]:
        return -0.5, self.material.values.size - 0.5

    def _on_box_activated(self, place: int, index: int) -> None:
        self.editors[place].set_weights(preset(list(Preset)[index], _SIZE, seed=index))
        self.run()

    @Slot(object)
    def _on_weights_changed(self, _weights: object) -> None:
        self.run()

    def run(self) -> None:
        """Compute both maps."""
        kernel = np.stack([editor.weights for editor in self.editors], axis=-1)[:, None]
        stack = LayerStack(
            (self.material.values.size, 1), (Convolution(2, (_SIZE,), use_bias=False),)
        )
        request = RunStack(stack, self.material.column, ((kernel.astype(np.float32),),))
        self.run_stack(request, self._show)
        for label, editor in zip(self.sums, self.editors, strict=True):
            label.setText(f"Sum of the weights: {short(float(editor.weights.sum()))}")

    def _show(self, result: LabResult) -> None:
        output = result.traces[0].output
        for place, view in enumerate(self.maps):
            picture = picture_of(("Left map", "Right map")[place], output[:, place])
            view.show_picture(picture, (-0.5, output.shape[0] - 0.5))

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in (self.input_view, *self.maps):
            view.apply_theme(theme)
        for editor in self.editors:
            editor.apply_theme(theme)

    def check(self) -> Verdict:
        weights = self.editors[1].weights
        size = float(np.abs(weights).sum())
        if size < 1e-6:
            return Verdict(False, "That filter answers 0 to everything. Let some weights differ.")
        total = float(weights.sum())
        if abs(total) > _LEVEL * size:
            return Verdict(
                False,
                f"Its weights add up to {short(total)}: a level input of 1 gives just that.",
            )
        return Verdict(True, "Yes: what is level is multiplied by weights that cancel each other.")
