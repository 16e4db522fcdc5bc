"""The layer lab in a window of its own, fed with the current spectrum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog

from spectracnn.core.lab.keras_code import keras_code
from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import SaveStack
from spectracnn.gui.learn.layer_lab.lab import LayerLab

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from spectracnn.core.lab.result import LabResult
    from spectracnn.core.lab.specs import LayerStack
    from spectracnn.engine.messages import RunStack
    from spectracnn.gui.workspace.context import ToolContext

_TOPIC = "layer lab"


@runtime_checkable
class LearnsLayers(Protocol):
    """A tool that can train a network of layers."""

    def learn_layers(self, lines: tuple[str, ...]) -> None:
        """Offer these layers, a line of Keras code each, as the architecture."""


class LayerLabTool(LayerLab):
    """Offers what the model is given of the current spectrum as the input."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._offered: object = None
        super().__init__(self._send, context.themes.theme)
        context.workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        context.themes.themeChanged.connect(self._on_themes_themeChanged)
        self.networkRequested.connect(self._on_networkRequested)
        self.trainingRequested.connect(self._on_trainingRequested)

    def _send(
        self,
        request: RunStack,
        on_result: Callable[[LabResult], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._context.broker.submit(
            request,
            _TOPIC,
            Policy.LATEST_WINS,
            on_result,
            lambda error: on_failure(str(error)),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_spectrum()

    def _offer_spectrum(self) -> None:
        """Offer the current spectrum; as it is shown, so that edits are followed."""
        workspace = self._context.workspace
        entry = workspace.current
        trace = None if entry is None else workspace.document.traces.get(entry.id)
        if entry is None or trace is None or trace is self._offered:
            return
        self._offered = trace
        values: NDArray[np.float32] = trace.input
        self.set_inputs([(entry.spectrum.name, values)])

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if self.isVisible():
            self._offer_spectrum()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self.apply_theme(self._context.themes.theme)

    @Slot(object)
    def _on_networkRequested(self, stack: LayerStack) -> None:
        model = self._context.workspace.document.model
        if model is None:
            self.note.setText("Open a model first: its card says how spectra become the input.")
            return
        folder = Path(self._context.settings.folder)
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the stack as a network", str(folder / "stack.keras"), "Keras (*.keras)"
        )
        if name:
            path = name if name.endswith(".keras") else f"{name}.keras"
            request = SaveStack(stack, model.card, path)
            self._context.broker.submit(
                request,
                f"{_TOPIC}: save",
                Policy.IN_ORDER,
                self._context.open_model,
                self._on_saving_failed,
            )

    @Slot(object)
    def _on_trainingRequested(self, stack: LayerStack) -> None:
        if len(stack.input_shape) != 2:
            self.note.setText("A spectrum has one axis: choose a spectrum as the input first.")
            return
        tool = self._context.open_tool("training")
        if isinstance(tool, LearnsLayers):
            tool.learn_layers(tuple(keras_code(layer) for layer in stack.layers))

    def _on_saving_failed(self, error: Exception) -> None:
        self.note.setText(str(error))
