"""The one place where requests and their results are brought together. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from spectracnn.engine.messages import (
    Cancelled,
    Failed,
    OpenModel,
    PartialPredictions,
    Progressed,
    Succeeded,
)
from spectracnn.errors import EngineError, SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from spectracnn.engine.messages import BatchPredictions, Event, Request


class Policy(StrEnum):
    """What becomes of an owner's earlier requests when a new one comes."""

    LATEST_WINS = "latest wins"
    """The earlier ones are cancelled, whether they wait or run."""
    LATEST_WAITS = "latest waits"
    """One that runs is waited for; of those that come meanwhile the latest is sent then."""
    IN_ORDER = "in order"
    """All are done, one after the other."""


class Engine(Protocol):
    """What the broker needs of the engine's client."""

    def submit(self, request: Request, topic: str | None = None) -> int:
        """Send a request; return its number, which its events bear."""

    def cancel(self, request_id: int) -> None:
        """Drop a request."""


@dataclass(frozen=True, eq=False)
class Receivers:
    """Who hears of a request; exactly one of success, failure and cancellation is called, once."""

    on_success: Callable[[Any], None]
    on_failure: Callable[[SpectraCNNError], None] | None = None
    on_cancel: Callable[[], None] | None = None
    on_progress: Callable[[int, int], None] | None = None
    on_part: Callable[[int, BatchPredictions], None] | None = None


@dataclass(frozen=True, eq=False)
class _Order:
    ticket: int
    request: Request
    owner: str
    policy: Policy
    receivers: Receivers
    key: Hashable
    wanted: Callable[[], bool] | None
    repeated: bool = False


class Broker:
    """Sends requests for owners, and calls each back; all in one thread.

    A request has a ticket, an owner and a policy, and ends in exactly one of succeeded, failed and
    cancelled. One that the engine's end took along is sent once more if its owner still wants it.

    Parameters
    ----------
    engine : Engine
        Sends them. Whoever owns the broker hands the engine's events to `receive`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tickets = count(1)
        self._sent: dict[int, _Order] = {}  # by the engine's number
        self._waiting: dict[str, list[_Order]] = {}

    def submit(
        self,
        request: Request,
        owner: str,
        policy: Policy = Policy.LATEST_WINS,
        on_success: Callable[[Any], None] = lambda _: None,
        on_failure: Callable[[SpectraCNNError], None] | None = None,
        *,
        on_cancel: Callable[[], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        on_part: Callable[[int, BatchPredictions], None] | None = None,
        key: Hashable = None,
        wanted: Callable[[], bool] | None = None,
    ) -> int:
        """Send a request, or let it wait; returns at once.

        Parameters
        ----------
        request : Request
            From the functions of ``state.requests`` and its neighbours.
        owner : str
            Who asks; policies are about the requests of one owner.
        policy : Policy
            What becomes of its earlier requests.
        on_success, on_failure, on_cancel : callable
            Called with the result, with the error, without anything: one of them, once.
        on_progress : callable, optional
            Called with how much is done and the total.
        on_part : callable, optional
            Called with the place of the first and the predictions of a part of a batch.
        key : hashable, optional
            What the result depends on. Where the same is under way already, nothing is sent.
        wanted : callable, optional
            Whether the result is still of use, when the request was lost with the engine; it is
            cancelled if not.

        Returns
        -------
        int
            The ticket, for `cancel`.
        """
        receivers = Receivers(on_success, on_failure, on_cancel, on_progress, on_part)
        order = _Order(next(self._tickets), request, owner, policy, receivers, key, wanted)
        running = [sent for sent in self._sent.values() if sent.owner == owner]
        if policy is Policy.LATEST_WINS:
            self.drop(owner)
        elif policy is Policy.LATEST_WAITS and running:
            self._end_waiting(owner)
            if key is not None and running[-1].key == key:
                return running[-1].ticket
            self._waiting[owner] = [order]
            return order.ticket
        elif policy is Policy.IN_ORDER and running:
            self._waiting.setdefault(owner, []).append(order)
            return order.ticket
        self._send(order)
        return order.ticket

    def drop(self, owner: str) -> None:
        """Cancel everything that an owner asked for."""
        self._end_waiting(owner)
        for number in [n for n, order in self._sent.items() if order.owner == owner]:
            order = self._sent.pop(number)
            self._engine.cancel(number)
            _call(order.receivers.on_cancel)

    def cancel(self, ticket: int) -> None:
        """Cancel one request; one that has ended already stays as it ended."""
        for number, order in list(self._sent.items()):
            if order.ticket == ticket:
                del self._sent[number]
                self._engine.cancel(number)
                self._end(order, order.receivers.on_cancel)
        for orders in self._waiting.values():
            for order in [item for item in orders if item.ticket == ticket]:
                orders.remove(order)
                _call(order.receivers.on_cancel)

    def waiting(self, owner: str) -> bool:
        """Return whether an owner has a request that has not ended."""
        sent = any(order.owner == owner for order in self._sent.values())
        return sent or bool(self._waiting.get(owner))

    def key(self, owner: str) -> Hashable:
        """Return the key of an owner's newest request that has not ended, None without one."""
        orders = [order for order in self._sent.values() if order.owner == owner]
        orders += self._waiting.get(owner, [])
        return orders[-1].key if orders else None

    @property
    def busy(self) -> bool:
        """Whether any request has not ended."""
        return bool(self._sent) or any(self._waiting.values())

    def receive(self, event: Event) -> None:
        """Bring an event of the engine to whom it is for; others are passed over."""
        number = getattr(event, "request_id", None)
        order = self._sent.get(number) if number is not None else None
        if order is None or number is None:
            return
        receivers = order.receivers
        match event:
            case Progressed(_, done, total):
                _call(receivers.on_progress, done, total)
            case PartialPredictions(_, first, predictions):
                _call(receivers.on_part, first, predictions)
            case Succeeded(_, result):
                del self._sent[number]
                self._end(order, receivers.on_success, result)
            case Failed(_, error):
                del self._sent[number]
                self._failed(order, error)
            case Cancelled(_):
                del self._sent[number]
                self._end(order, receivers.on_cancel)

    # --- within ------------------------------------------------------------------------------

    def _send(self, order: _Order) -> None:
        self._sent[self._engine.submit(order.request)] = order

    def _failed(self, order: _Order, error: SpectraCNNError) -> None:
        # What opens a model is not repeated: it may be what ended the engine.
        lost = isinstance(error, EngineError) and not isinstance(order.request, OpenModel)
        if not lost or order.repeated:
            self._end(order, order.receivers.on_failure, error)
        elif self._waiting.get(order.owner) and order.policy is Policy.LATEST_WAITS:
            self._end(order, order.receivers.on_cancel)  # a newer one takes its place
        elif order.wanted is not None and not order.wanted():
            self._end(order, order.receivers.on_cancel)
        else:
            self._send(replace(order, repeated=True))

    def _end(self, order: _Order, receiver: Callable[..., None] | None, *values: Any) -> None:
        waiting = self._waiting.get(order.owner)
        if waiting:
            self._send(waiting.pop(0))
        _call(receiver, *values)

    def _end_waiting(self, owner: str) -> None:
        for order in self._waiting.pop(owner, []):
            _call(order.receivers.on_cancel)


def _call(receiver: Callable[..., None] | None, *values: Any) -> None:
    if receiver is not None:
        receiver(*values)
