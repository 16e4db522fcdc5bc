"""Requests attributions: a little later, once, and only about what is still shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.engine.broker import Policy

if TYPE_CHECKING:
    from collections.abc import Hashable

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.requests import AttributeSpectrum
    from spectracnn.engine.broker import Broker
    from spectracnn.errors import SpectraCNNError
    from spectracnn.state.request_parts import Made

_OWNER = "attribution"
_DEBOUNCE_MS = 120


@dataclass(frozen=True, eq=False)
class AttributionWish:
    """What is to be explained, and how.

    Parameters
    ----------
    made : Made
        The request.
    seen : hashable
        What the network sees; an attribution can be shown as long as this is the same.
    """

    made: Made[AttributeSpectrum]
    seen: Hashable

    @property
    def key(self) -> Hashable:
        """Equal for equal results."""
        return self.made.key

    @property
    def entry_id(self) -> int:
        """Whose attribution it is."""
        return self.made.entries[0].id


class AttributionRequests(QObject):
    """One request at a time; the latest wins.

    While a slider moves, nothing is asked until it rests: the engine draws the maps meanwhile.

    Signals
    -------
    received : (AttributionWish, Attribution)
    failed : (AttributionWish)
        For the reason that `problem` gives.
    """

    received = Signal(object, object)
    failed = Signal(object)

    def __init__(self, broker: Broker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._broker = broker
        self._next: AttributionWish | None = None
        self._sent: Hashable = None
        self._refused: Hashable = None
        self._reason = ""
        self._timer = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def busy(self) -> bool:
        """Whether a result is to come."""
        return self._next is not None or self._broker.waiting(_OWNER)

    def settles(self, wanted: AttributionWish, *, shown: bool) -> bool:
        """Return whether nothing need be sent: it was sent last, and is shown or will be."""
        if self._next is not None:
            return wanted.key == self._next.key
        settled = shown or self._broker.waiting(_OWNER) or wanted.key == self._refused
        return settled and wanted.key == self._sent

    def problem(self, wanted: AttributionWish | None) -> str:
        """Return in a sentence why this has no result; empty unless just this was refused."""
        refused = wanted is not None and wanted.key == self._refused
        return self._reason if refused else ""

    def send_soon(self, wanted: AttributionWish) -> None:
        """Send when nothing else was wanted for a while."""
        if self._next is None or wanted.key != self._next.key:
            self._next = wanted
            self._timer.start()

    def send(self, wanted: AttributionWish) -> None:
        """Send now."""
        self._timer.stop()
        self._next, self._sent, self._refused = None, wanted.key, None
        self._broker.submit(
            wanted.made.request,
            _OWNER,
            Policy.LATEST_WINS,
            partial(self._receive, wanted),
            partial(self._fail, wanted),
            key=wanted.key,
        )

    def hold(self) -> None:
        """Send nothing by itself; what was sent is waited for."""
        self._timer.stop()
        self._next = None

    def forget(self) -> None:
        """Send nothing, and wait for nothing."""
        self.hold()
        self._broker.drop(_OWNER)

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._next is not None:
            self.send(self._next)

    def _receive(self, wanted: AttributionWish, attribution: Attribution) -> None:
        self.received.emit(wanted, attribution)

    def _fail(self, wanted: AttributionWish, error: SpectraCNNError) -> None:
        self._refused, self._reason = wanted.key, error.message
        self.failed.emit(wanted)
