"""Requests for the maps of a decision: first those of the shape whose class is meant."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.shape.pane import COUNT
from spectracnn.state.requests import shape_maps_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.tools.shape.pane import ShapePane
    from spectracnn.gui.workspace.context import ToolContext

_OWNERS = ("the shape", "the shape beside it")


class ShapeMaps(QObject):
    """Asks the engine for what is missing on each shape, and gives it to its pane.

    Signals
    -------
    received : ShapePane
        It has its maps now.
    failed : str
        Why there are none.
    """

    received = Signal(object)
    failed = Signal(str)

    def __init__(self, context: ToolContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def request(self, panes: Sequence[ShapePane]) -> None:
        """Request what is missing; the first shape's class is that of the others' maps."""
        first = panes[0]
        target = None if first.maps is None else first.target
        for place, pane in enumerate(panes):
            if pane.maps is not None or pane.solution is None or pane.mesh is None:
                continue
            if place and target is None:
                return
            made = shape_maps_request(
                self._context.workspace.document, pane.entry_id, str(pane.mesh), COUNT, target
            )
            if made is None:
                return
            self._context.broker.submit(
                made.request,
                _OWNERS[place],
                Policy.LATEST_WINS,
                partial(self._receive, pane, pane.solution),
                self._fail,
                key=made.key,
            )

    def _receive(self, pane: ShapePane, solution: object, found: Any) -> None:
        if solution is pane.solution:
            pane.maps, pane.target = found
            self.received.emit(pane)

    def _fail(self, error: SpectraCNNError) -> None:
        self.failed.emit(str(error))
