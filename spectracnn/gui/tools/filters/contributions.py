"""What each filter is worth for a class: the score without it, asked filter by filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spectracnn.core.logits import logits
from spectracnn.engine.messages import TraceSpectrum

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.gui.tools.context import ToolContext
    from spectracnn.state.document import Entry

_TOPIC = "contributions of filters"


class Contributions(QObject):
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
        self._questions, self._workspace = context.questions, context.workspace
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

    def ask(self, model: ModelDescription, entry: Entry, trace: Trace, layer: int) -> None:
        """Compute them for this layer and pass; what is known of the same is kept."""
        about = (trace, layer)
        if about == self._about:
            return
        self.forget()
        self._about = about
        self._channels = model.layers[layer].output_shape[-1]
        self._next(model, entry, trace, layer)

    def forget(self) -> None:
        """Stop, and keep nothing."""
        self._questions.drop(_TOPIC)
        self._about, self._falls, self._channels = (), [], 0

    def _next(self, model: ModelDescription, entry: Entry, trace: Trace, layer: int) -> None:
        channel = len(self._falls)
        if channel >= self._channels:
            return
        muted = {*self._workspace.selection.muted, (layer, channel)}
        request = TraceSpectrum(entry.spectrum, muted=tuple(sorted(muted)), input_edits=entry.edits)
        before = logits(model, trace)

        def take(answer: Trace) -> None:
            self._falls.append((before - logits(model, answer)).astype(float).tolist())
            self._next(model, entry, trace, layer)
            self.changed.emit()

        self._questions.ask(request, _TOPIC, take, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        # What it was about stays known: a question that ends the engine is not asked for ever.
        self.failed.emit(getattr(error, "message", str(error)))
