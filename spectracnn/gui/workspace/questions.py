"""Single questions to the engine, each with its own place for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from spectracnn.engine.messages import Cancelled, Failed, Progressed, Succeeded
from spectracnn.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.messages import Event, Request
    from spectracnn.gui.workspace.engine_bridge import EngineBridge

    OnAnswer = Callable[[Any], None]
    OnError = Callable[[Exception], None]
    OnProgress = Callable[[int, int], None]


class Questions(QObject):
    """Asks the engine for the tools, and hands each answer to whoever asked.

    The latest question of a topic wins: an earlier one that is not answered yet never is.
    Everything here runs in the GUI thread.
    """

    def __init__(self, engine: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._open: dict[int, tuple[str, OnAnswer, OnError | None, OnProgress | None]] = {}
        engine.eventReceived.connect(self._on_engine_eventReceived)

    def ask(
        self,
        request: Request,
        topic: str,
        answered: OnAnswer,
        failed: OnError | None = None,
        progressed: OnProgress | None = None,
    ) -> int:
        """Ask; returns at once.

        Parameters
        ----------
        request : Request
            What to do.
        topic : str
            An earlier question of the same topic is dropped.
        answered : callable
            Called with the result.
        failed : callable, optional
            Called with the error; without it errors are passed over.
        progressed : callable, optional
            Called with how much is done and the total.

        Returns
        -------
        int
            The question's number, for `cancel`.
        """
        self.drop(topic)
        number = self._engine.submit(request, topic=topic)
        self._open[number] = (topic, answered, failed, progressed)
        return number

    def drop(self, topic: str) -> None:
        """Forget what was asked of this topic; nobody is called."""
        for number in [n for n, (name, *_) in self._open.items() if name == topic]:
            del self._open[number]
            self._engine.cancel(number)

    @property
    def busy(self) -> bool:
        """Whether any question is open."""
        return bool(self._open)

    def waiting(self, topic: str) -> bool:
        """Tell whether a question of this topic is open."""
        return any(name == topic for name, *_ in self._open.values())

    @Slot(object)
    def _on_engine_eventReceived(self, event: Event) -> None:
        number = getattr(event, "request_id", None)
        if number not in self._open:
            return
        _, answered, failed, progressed = self._open[number]
        match event:
            case Succeeded(_, result):
                del self._open[number]
                answered(result)
            case Failed(_, error):
                del self._open[number]
                if failed is not None:
                    failed(error)
            case Cancelled(_):
                del self._open[number]
                if failed is not None:
                    failed(EngineError("The computation was cancelled."))
            case Progressed(_, done, total):
                if progressed is not None:
                    progressed(done, total)
