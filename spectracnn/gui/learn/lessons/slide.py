"""Lesson 2: a filter slides over the classic image, then along a spectrum, step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout

from spectracnn.gui.learn.layer_lab.lab import CLASSIC_IMAGE
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.script_stack import array_code
from spectracnn.view.layer_lab import picture_of
from spectracnn.view.lessons.sliding import Sliding, slide
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

IMAGE_FILTER = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], np.float32)
ROW_FILTER = np.array([-1, 0, 1], np.float32)
_SAMPLES = 12


class SlidePicture(Picture):
    """Input, filter, and the map so far; the next number is asked for."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.kind = SegmentedControl(("On an image", "On a spectrum"), "Input")
        self.kind.set_index(0)
        self.step_button = tool_button("Next step", "Move the filter on by one")
        self.back_button = tool_button("Back", "Move the filter back by one")
        self.answer = QDoubleSpinBox(minimum=-999, maximum=999, decimals=2)
        self.answer.setAccessibleName("The next number of the feature map")
        self.views = [StageView(theme, fills=True) for _ in range(4)]
        self.input_view, self.filter_view, self.product_view, self.map_view = self.views
        self.row(self.kind, self.back_button, self.step_button, "The next number is", self.answer)
        self.note.setProperty("muted", False)
        self.column.addWidget(self.note)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self.column.addLayout(self._grid, 1)
        self.kind.chosen.connect(self._on_kind_chosen)
        self.step_button.clicked.connect(lambda: self.move_by(1))
        self.back_button.clicked.connect(lambda: self.move_by(-1))
        self.sliding: Sliding = slide(CLASSIC_IMAGE[..., 0], IMAGE_FILTER)
        self.done = 1
        self._refresh()

    @Slot(int)
    def _on_kind_chosen(self, index: int) -> None:
        if index == 0:
            self.sliding = slide(CLASSIC_IMAGE[..., 0], IMAGE_FILTER)
        else:
            self.sliding = slide(self.material.values[:_SAMPLES], ROW_FILTER)
        self.done = 1
        self._refresh()

    def move_by(self, steps: int) -> None:
        """Move the filter; the map shows what is computed so far."""
        self.done = min(max(self.done + steps, 1), self.sliding.count)
        self._refresh()

    def _place_views(self, *, image: bool) -> None:
        """Put images into two rows; curves below each other, on one axis."""
        for number, view in enumerate(self.views):
            self._grid.addWidget(view, *(divmod(number, 2) if image else (number, 0)))
            self._grid.setRowStretch(number, int(not image or number < 2))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(image))

    def _refresh(self) -> None:
        sliding, place = self.sliding, self.done - 1
        span = (-0.5, sliding.values.shape[0] - 0.5)
        image = sliding.values.ndim == 2
        self._place_views(image=image)
        caption = "" if image else f"{self.material.name}, its first {_SAMPLES} values"
        self.input_view.show_picture(picture_of("Input", sliding.values, caption), span)
        self.input_view.mark(sliding.windows[place])
        weights = picture_of("Filter", sliding.weights)
        products = picture_of("Multiplied: what is added up", sliding.products(place))
        for view, picture in ((self.filter_view, weights), (self.product_view, products)):
            # On a spectrum it lies below the values that it is multiplied with.
            under = picture if image else replace(picture, positions=picture.positions + place)
            view.show_picture(under, span)
        so_far = sliding.so_far(self.done)
        self.map_view.show_picture(picture_of("Feature map so far", so_far), span)
        self.note.setText(sliding.sentence(place))
        self.step_button.setEnabled(self.done < sliding.count)
        self.back_button.setEnabled(self.done > 1)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in self.views:
            view.apply_theme(theme)

    def script(self) -> tuple[str, ...]:
        return (
            "import numpy as np",
            "",
            f"values = {array_code(self.sliding.values)}",
            f"weights = {array_code(self.sliding.weights)}",
            "windows = np.lib.stride_tricks.sliding_window_view(values, weights.shape)",
            "feature_map = (windows * weights).sum(axis=tuple(range(-weights.ndim, 0)))",
        )

    def check(self) -> Verdict:
        if self.done >= self.sliding.count:
            return Verdict(False, "The map is finished: go back a step first.")
        value = self.sliding.outputs[self.done]
        near = abs(self.answer.value() - value) <= max(0.006, 0.01 * abs(value))
        if not near:
            return Verdict(False, "Not yet: multiply what lies on each other, and add it up.")
        sentence = self.sliding.sentence(self.done)
        self.move_by(1)
        return Verdict(True, f"Yes, {short(value)}. {sentence}")
