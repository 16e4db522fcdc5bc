"""The slider that moves a shape along the sensitivity of the class, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import PredictSpectra
from spectracnn.geometry.morph import REACH, MorphRequest, direction_of
from spectracnn.geometry.solve import as_spectrum
from spectracnn.gui.tools.shape.morphing import Morphing
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.view.shape_words import MORPH_AT_ZERO, morph_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.engine.messages import BatchPredictions
    from spectracnn.errors import SpectraCNNError
    from spectracnn.geometry.solve import Solution
    from spectracnn.gui.workspace.context import ToolContext

_OWNER = "the morphed shape"
_STEPS = 100


class MorphRow(QWidget):
    """Harmless: neither the table's spectrum nor the file changes.

    Signals
    -------
    moved
        The slider was moved, or put back.
    """

    moved = Signal()

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._solution: Solution | None = None
        self._direction: NDArray[np.float64] | None = None
        self._target = 0
        self._morphing = Morphing(self)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-_STEPS, _STEPS)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName("How far the shape is moved along the sensitivity")
        self.less, self.more = QLabel("less"), QLabel("more")
        self.reset_button = tool_button("Original", "Put the shape back as it is")
        self.words = QLabel(wordWrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.less)
        row.addWidget(self.slider, 1)
        row.addWidget(self.more)
        row.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.words)
        self.slider.valueChanged.connect(self._on_slider_valueChanged)
        self.reset_button.clicked.connect(self.reset)
        self._morphing.found.connect(self._on_morphing_found)
        self._morphing.failed.connect(self.words.setText)
        self.set_shape(None, None, 0)

    @property
    def amount(self) -> float:
        """The logarithm of the density where the sensitivity is greatest."""
        return REACH * self.slider.value() / _STEPS

    @property
    def direction(self) -> NDArray[np.float64] | None:
        """The logarithm of the density at an amount of 1, at the vertices."""
        return self._direction

    def set_shape(
        self, solution: Solution | None, sensitivity: NDArray[np.float64] | None, target: int
    ) -> None:
        """Take another shape or another class, at its original place."""
        self._morphing.drop()
        self._solution, self._target = solution, target
        self._direction = None if sensitivity is None else direction_of(sensitivity)
        ready = solution is not None and sensitivity is not None
        model = self._context.workspace.document.model
        name = model.classes[target] if ready and model is not None else ""
        self.less.setText(f"less {name}".strip())
        self.more.setText(f"more {name}".strip())
        self.slider.setEnabled(ready)
        self.slider.blockSignals(True)
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        self.reset_button.setEnabled(False)
        self.words.setText(MORPH_AT_ZERO if ready else "")

    @Slot()
    def reset(self) -> None:
        """Put the shape back as it is."""
        self.slider.setValue(0)

    def close_threads(self) -> None:
        """End what was started."""
        self._morphing.close()

    @Slot(int)
    def _on_slider_valueChanged(self, value: int) -> None:
        self.reset_button.setEnabled(value != 0)
        self.moved.emit()
        if value == 0 or self._solution is None or self._direction is None:
            self._morphing.drop()
            self.words.setText(MORPH_AT_ZERO)
            return
        if self.words.text() == MORPH_AT_ZERO:
            self.words.setText("Solving the moved shape\u2026")
        self._morphing.request(MorphRequest(self._solution, self._direction, self.amount))

    @Slot(object, object)
    def _on_morphing_found(self, request: MorphRequest, spectrum: Spectrum) -> None:
        if request.solution is not self._solution or not self.slider.value():
            return
        original = as_spectrum(request.solution)
        self._context.broker.submit(
            PredictSpectra((original, spectrum)),
            _OWNER,
            Policy.LATEST_WAITS,
            lambda found: self._receive(request, spectrum, found),
            self._on_failed,
        )

    def _receive(self, request: MorphRequest, spectrum: Spectrum, found: Any) -> None:
        model = self._context.workspace.document.model
        if request.solution is not self._solution or model is None or not self.slider.value():
            return
        predictions: BatchPredictions = found
        refused = next((error for error in predictions.errors if error is not None), None)
        if refused is not None:
            self.words.setText(str(refused))
            return
        self.words.setText(
            morph_words(
                model.reading,
                predictions.outputs,
                predictions.probabilities,
                self._target,
                request,
                spectrum,
            )
        )

    def _on_failed(self, error: SpectraCNNError) -> None:
        self.words.setText(str(error))
