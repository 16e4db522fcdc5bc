"""Weights of the open model's layers, asked of the engine once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.engine.messages import WeightsOf

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.core.weights import LayerWeights
    from spectracnn.gui.tools.context import ToolContext


_MOST_AT_ONCE = 2_000_000


class WeightStore(QObject):
    """Keeps what the engine told about layers, for as long as the model is open.

    Parameters
    ----------
    context : ToolContext
        Whom to ask.
    name : str
        Whose questions these are; each tool has its own.

    Signals
    -------
    arrived : int
        A layer's weights are here.
    failed : str
        Why they are not.
    """

    arrived = Signal(int)
    failed = Signal(str)

    def __init__(self, context: ToolContext, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = context.questions
        self._workspace = context.workspace
        self._name = name
        self._kept: dict[tuple[str, int], LayerWeights] = {}
        context.workspace.modelChanged.connect(self._on_workspace_modelChanged)

    def get(self, layer: int) -> LayerWeights | None:
        """Return a layer's weights, or ask for them and return None."""
        model = self._workspace.document.model
        if model is None:
            return None
        key = (model.sha256, layer)
        topic = f"weights {layer} for {self._name}"
        if key not in self._kept and not self._questions.waiting(topic):
            self._questions.ask(
                WeightsOf(layer),
                topic,
                lambda weights: self._take(key, weights),
                lambda error: self.failed.emit(getattr(error, "message", str(error))),
            )
        return self._kept.get(key)

    def get_all(self) -> None:
        """Ask for the weights of every layer, so that hovering waits for none.

        Networks with many parameters are asked layer by layer, when they are looked at.
        """
        model = self._workspace.document.model
        if model is not None and model.n_params <= _MOST_AT_ONCE:
            for layer in range(len(model.layers)):
                self.get(layer)

    def _take(self, key: tuple[str, int], weights: LayerWeights) -> None:
        model = self._workspace.document.model
        if model is not None and model.sha256 == key[0]:
            self._kept[key] = weights
            self.arrived.emit(key[1])

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: ModelDescription) -> None:
        self._kept.clear()
