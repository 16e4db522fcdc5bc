"""Weights of the open model's layers, asked of the engine once each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.engine.broker import Policy
from spectracnn.state.requests import weights_request

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.core.weights import LayerWeights
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.context import ToolContext


_MOST_AT_ONCE = 2_000_000


class Weights(QObject):
    """Keeps the weights of layers for as long as the model is open.

    Parameters
    ----------
    context : ToolContext
        Where requests go.
    owner : str
        Whose requests these are; each tool has its own.
    own : bool
        Whether the model's own weights are wanted where others are looked through.

    Signals
    -------
    arrived : int
        A layer's weights are here.
    failed : str
        Why they are not.
    """

    arrived = Signal(int)
    failed = Signal(str)

    def __init__(
        self,
        context: ToolContext,
        owner: str,
        parent: QObject | None = None,
        *,
        own: bool = False,
    ) -> None:
        super().__init__(parent)
        self._broker = context.broker
        self._workspace = context.workspace
        self._owner = owner
        self._own = own
        self._kept: dict[int, LayerWeights] = {}
        self._edits: tuple[WeightEdit, ...] = ()
        context.workspace.modelChanged.connect(self._on_workspace_modelChanged)
        if not own:
            context.workspace.weightsChanged.connect(self._on_workspace_weightsChanged)

    def get(self, layer: int) -> LayerWeights | None:
        """Return a layer's weights, or ask for them and return None."""
        made = weights_request(self._workspace.document, layer, self._edits)
        owner = f"weights {layer} for {self._owner}"
        if made is not None and layer not in self._kept and self._broker.key(owner) != made.key:
            self._broker.submit(
                made.request,
                owner,
                Policy.LATEST_WINS,
                partial(self._receive, layer, self._workspace.document.opened),
                self._fail,
                key=made.key,
            )
        return self._kept.get(layer)

    def get_all(self) -> None:
        """Ask for the weights of every layer, so that hovering waits for none.

        Networks with many parameters are asked layer by layer, when they are looked at.
        """
        model = self._workspace.document.model
        if model is not None and model.n_params <= _MOST_AT_ONCE:
            for layer in range(len(model.layers)):
                self.get(layer)

    def _receive(self, layer: int, opened: int, weights: LayerWeights) -> None:
        if opened == self._workspace.document.opened:
            self._kept[layer] = weights
            self.arrived.emit(layer)

    def _fail(self, error: SpectraCNNError) -> None:
        self.failed.emit(error.message)

    @Slot(object)
    def _on_workspace_weightsChanged(self, edits: tuple[WeightEdit, ...]) -> None:
        for layer in {edit.layer for edit in (*self._edits, *edits)}:
            self._kept.pop(layer, None)
        self._edits = edits

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: ModelDescription) -> None:
        self._edits = ()
        self._kept.clear()
