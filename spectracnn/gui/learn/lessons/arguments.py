"""Lesson 4: Keras's arguments as controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from spectracnn.core.filter_presets import Preset, preset
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import Convolution, LayerStack
from spectracnn.engine.messages import RunStack
from spectracnn.errors import LayerError
from spectracnn.gui.learn.layer_lab.layer_form import LayerForm
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.view.layer_lab import stages

if TYPE_CHECKING:
    from spectracnn.core.lab.result import LabResult
    from spectracnn.core.lab.specs import LayerSpec
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

STEPS, WANTED, KERNEL = 32, 16, 5


class ArgumentsPicture(Picture):
    """One Conv1D over 32 samples of the spectrum."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        # A short spectrum is drawn out, so that there are always 32 samples.
        at = np.linspace(0, material.values.size - 1, STEPS)
        rows = np.interp(at, np.arange(material.values.size), material.values)
        self._values = rows.astype(np.float32)[:, None]
        self.form = LayerForm(Convolution(1, (3,)), alone=True)
        self.form.setMinimumWidth(400)
        self.views = [StageView(theme, fills=True) for _ in range(2)]
        side = QVBoxLayout()
        for view in self.views:
            side.addWidget(view, 1)
        both = QHBoxLayout()
        both.addWidget(self.form, 0, Qt.AlignmentFlag.AlignTop)
        both.addLayout(side, 1)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.note)
        self.form.specChanged.connect(self._on_form_specChanged)
        self.stack = LayerStack((STEPS, 1), (self.form.spec,))
        self.run()

    @Slot(object)
    def _on_form_specChanged(self, spec: LayerSpec) -> None:
        try:
            stack = LayerStack((STEPS, 1), (spec,))
            reports(stack)
        except LayerError as error:
            self.form.set_error(error.message)
            return
        self.stack = stack
        self.run()

    def run(self) -> None:
        """Compute the map; every filter is a mean, so that the map looks like its input."""
        spec = self.stack.layers[0]
        weights: tuple[tuple[np.ndarray, ...] | None, ...] = ()
        if isinstance(spec, Convolution):
            size = spec.kernel_size[0]
            kernel = np.repeat(preset(Preset.MEAN, size)[:, None, None], spec.filters, axis=2)
            bias = (np.zeros(spec.filters, np.float32),) if spec.use_bias else ()
            weights = ((kernel.astype(np.float32), *bias),)
        self.run_stack(RunStack(self.stack, self._values, weights), self._show)

    def _show(self, result: LabResult) -> None:
        pictures = stages(result, self._values)
        before, after = pictures[0].padding
        span = (-0.5 - before, STEPS - 0.5 + after)
        for view, picture in zip(self.views, pictures, strict=True):
            view.show_picture(picture, span)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in self.views:
            view.apply_theme(theme)

    def check(self) -> Verdict:
        spec = self.stack.layers[0]
        found = reports(self.stack)[0]
        if not isinstance(spec, Convolution) or spec.kernel_size != (KERNEL,):
            return Verdict(False, f"The filter must read {KERNEL} neighbours: set kernel_size.")
        steps = found.output_shape[0]
        if steps != WANTED:
            return Verdict(False, f"{found.axes[0].formula} steps; {WANTED} are wanted.")
        return Verdict(True, f"Yes: {found.axes[0].formula}. There is more than one way.")
