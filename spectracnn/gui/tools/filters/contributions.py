"""What each filter is worth for a class: the score without it, asked filter by filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spectracnn.core.logits import logits
from spectracnn.engine.broker import Policy
from spectracnn.state.requests import seen_key, trace_request

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.context import ToolContext

_OWNER = "contributions of filters"


class FilterContributions(QObject):
    """Mutes one filter after the other, and keeps by how much each score falls.

    Signals
    -------
    changed
        One more is known, or all are forgotten.
    failed : str
        Why the engine stopped.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, context: ToolContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._broker, self._workspace = context.broker, context.workspace
        self._about: tuple[object, ...] = ()
        self._falls: list[list[float]] = []
        self._channels = 0

    def of(self, target: int) -> dict[int, float]:
        """Return by how much a class's score falls, by channel, as far as it is known."""
        return {channel: falls[target] for channel, falls in enumerate(self._falls)}

    @property
    def progress(self) -> tuple[int, int]:
        """How many filters are known, and how many there are."""
        return len(self._falls), self._channels

    def request(self, model: ModelDescription, trace: Trace, layer: int) -> None:
        """Compute them for this layer and what is shown; what is known of the same is kept."""
        about = (seen_key(self._workspace.document, self._workspace.selection), layer)
        if about == self._about:
            return
        self.forget()
        self._about = about
        self._channels = model.layers[layer].output_shape[-1]
        self._next(model, trace, layer)

    def forget(self) -> None:
        """Stop, and keep nothing."""
        self._broker.drop(_OWNER)
        self._about, self._falls, self._channels = (), [], 0

    def _next(self, model: ModelDescription, trace: Trace, layer: int) -> None:
        channel = len(self._falls)
        workspace = self._workspace
        made = trace_request(workspace.document, workspace.selection, mute=((layer, channel),))
        if channel >= self._channels or made is None:
            return
        before = logits(model, trace)

        def receive(without: Trace) -> None:
            self._falls.append((before - logits(model, without)).astype(float).tolist())
            self._next(model, trace, layer)
            self.changed.emit()

        self._broker.submit(
            made.request, _OWNER, Policy.LATEST_WINS, receive, self._on_failed, key=made.key
        )

    def _on_failed(self, error: SpectraCNNError) -> None:
        # What it was about stays known: a request that ends the engine is not repeated for ever.
        self.failed.emit(error.message)
