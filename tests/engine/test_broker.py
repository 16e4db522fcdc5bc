"""The broker: policies, exactly one end, one repetition after a crash, nothing stale."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectracnn.engine.broker import Broker, Policy
from spectracnn.engine.messages import (
    Cancelled,
    Failed,
    OpenModel,
    PartialPredictions,
    Progressed,
    Succeeded,
    WeightsOf,
)
from spectracnn.errors import EngineError, ModelError


class Engine:
    """Keeps what was sent; the test says what comes back."""

    def __init__(self):
        self.sent, self.cancelled = {}, []
        self._numbers = count(1)

    def submit(self, request, topic=None):
        number = next(self._numbers)
        self.sent[number] = request
        return number

    def cancel(self, number):
        self.cancelled.append(number)


class Owner:
    """Hears of requests; keeps how each ended."""

    def __init__(self, broker, name="owner", policy=Policy.LATEST_WINS):
        self.broker, self.name, self.policy = broker, name, policy
        self.ends = []

    def ask(self, what, request=None, **options):
        return self.broker.submit(
            request or WeightsOf(what),
            self.name,
            self.policy,
            lambda result: self.ends.append((what, "succeeded", result)),
            lambda error: self.ends.append((what, "failed", error.message)),
            on_cancel=lambda: self.ends.append((what, "cancelled")),
            **options,
        )


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def broker(engine):
    return Broker(engine)


def test_each_result_reaches_its_owner_once(engine, broker):
    a, b = Owner(broker, "a"), Owner(broker, "b")
    a.ask(0)
    b.ask(1)
    for event in (Succeeded(2, "two"), Succeeded(7, "?"), Succeeded(1, "one"), Succeeded(1, "no")):
        broker.receive(event)
    assert a.ends == [(0, "succeeded", "one")]
    assert b.ends == [(1, "succeeded", "two")]
    assert not broker.busy


def test_latest_wins(engine, broker):
    owner = Owner(broker)
    owner.ask(0)
    owner.ask(1)
    assert engine.cancelled == [1]
    broker.receive(Succeeded(1, "stale"))
    assert owner.ends == [(0, "cancelled")]
    broker.receive(Succeeded(2, "fresh"))
    assert owner.ends[1:] == [(1, "succeeded", "fresh")]


def test_latest_waits(engine, broker):
    owner = Owner(broker, policy=Policy.LATEST_WAITS)
    for what in range(4):
        owner.ask(what)
    assert [request.layer for request in engine.sent.values()] == [0]
    assert owner.ends == [(1, "cancelled"), (2, "cancelled")]
    broker.receive(Succeeded(1, "first"))
    assert [request.layer for request in engine.sent.values()] == [0, 3]
    broker.receive(Succeeded(2, "last"))
    assert owner.ends[2:] == [(0, "succeeded", "first"), (3, "succeeded", "last")]


def test_latest_waits_sends_nothing_that_is_under_way(engine, broker):
    owner = Owner(broker, policy=Policy.LATEST_WAITS)
    first = owner.ask(0, key="same")
    owner.ask(1, key="another")
    assert owner.ask(2, key="same") == first  # back again: what waited is of no use any more
    broker.receive(Succeeded(1, "it"))
    assert len(engine.sent) == 1
    assert owner.ends == [(1, "cancelled"), (0, "succeeded", "it")]


def test_all_in_order(engine, broker):
    owner = Owner(broker, policy=Policy.IN_ORDER)
    for what in range(3):
        owner.ask(what)
    for number in (1, 2, 3):
        assert len(engine.sent) == number
        broker.receive(Succeeded(number, number))
    assert [end[0] for end in owner.ends] == [0, 1, 2]


def test_a_crash_is_asked_once_more_and_only_once(engine, broker):
    owner = Owner(broker)
    owner.ask(0)
    broker.receive(Failed(1, EngineError("It stopped.")))
    assert len(engine.sent) == 2
    assert owner.ends == []
    broker.receive(Failed(2, EngineError("It stopped again.")))
    assert owner.ends == [(0, "failed", "It stopped again.")]
    assert len(engine.sent) == 2


def test_after_a_crash_nothing_unwanted_is_asked(engine, broker):
    owner = Owner(broker, "one")
    owner.ask(0, wanted=lambda: False)
    broker.receive(Failed(1, EngineError("It stopped.")))
    assert owner.ends == [(0, "cancelled")]
    waiting = Owner(broker, "two", Policy.LATEST_WAITS)
    waiting.ask(0)
    waiting.ask(1)
    broker.receive(Failed(2, EngineError("It stopped.")))
    assert waiting.ends == [(0, "cancelled")]
    assert [request.layer for request in engine.sent.values()] == [0, 0, 1]


def test_errors_of_the_model_and_openings_are_not_repeated(engine, broker):
    owner = Owner(broker, policy=Policy.IN_ORDER)
    owner.ask(0)
    broker.receive(Failed(1, ModelError("No such layer.")))
    owner.ask(1, OpenModel("a.keras"))
    broker.receive(Failed(2, EngineError("It has stopped.")))
    assert [end[1] for end in owner.ends] == ["failed", "failed"]


def test_progress_and_parts_come_on_the_way(engine, broker):
    owner, seen = Owner(broker), []
    owner.ask(0, on_progress=lambda *at: seen.append(at), on_part=lambda *at: seen.append(at))
    broker.receive(Progressed(1, 3, 9))
    broker.receive(PartialPredictions(1, 2, "part"))
    assert seen == [(3, 9), (2, "part")]
    broker.receive(Cancelled(1))
    broker.receive(Progressed(1, 4, 9))
    assert owner.ends == [(0, "cancelled")]
    assert len(seen) == 2


def test_cancel_by_ticket(engine, broker):
    owner = Owner(broker, policy=Policy.IN_ORDER)
    first, second, third = owner.ask(0), owner.ask(1), owner.ask(2)
    broker.cancel(second)
    broker.cancel(first)
    assert owner.ends == [(1, "cancelled"), (0, "cancelled")]
    assert [request.layer for request in engine.sent.values()] == [0, 2]
    broker.cancel(first)
    broker.drop(owner.name)
    assert owner.ends[2:] == [(2, "cancelled")]
    assert third != second
    assert not broker.waiting(owner.name)


_STEPS = (
    *(("ask", owner, policy) for owner in range(3) for policy in Policy),
    *(("drop", owner) for owner in range(3)),
    *((end, n) for end in ("succeed", "crash", "fail", "cancel") for n in range(1, 13)),
)
"""All of them: one choice a step is made much faster than one for each of its parts."""


@given(st.lists(st.sampled_from(_STEPS), max_size=24))
def test_every_request_ends_exactly_once_whatever_happens(steps):
    engine = Engine()
    broker = Broker(engine)
    asked, ends = 0, []
    for step in steps:
        if step[0] == "ask":
            owner = Owner(broker, f"owner {step[1]}", step[2])
            owner.ends = ends
            owner.ask(asked)
            asked += 1
        elif step[0] == "drop":
            broker.drop(f"owner {step[1]}")
        else:
            number = step[1]
            broker.receive(
                {
                    "succeed": Succeeded(number, None),
                    "crash": Failed(number, EngineError("It stopped.")),
                    "fail": Failed(number, ModelError("No.")),
                    "cancel": Cancelled(number),
                }[step[0]]
            )
    for name in range(3):
        broker.drop(f"owner {name}")
    assert sorted(end[0] for end in ends) == list(range(asked))
    assert not broker.busy


def test_the_key_is_that_of_the_newest_request(engine, broker):
    owner = Owner(broker, policy=Policy.IN_ORDER)
    for what in range(3):
        owner.ask(what, key=("about", what))
    assert broker.key(owner.name) == ("about", 2)
    for number in range(1, 4):
        broker.receive(Succeeded(number, None))
    assert broker.key(owner.name) is None


def test_the_engine_hears_of_a_cancelled_ticket(engine, broker):
    owner = Owner(broker, policy=Policy.IN_ORDER)
    tickets = [owner.ask(what) for what in range(2)]
    broker.cancel(tickets[0])
    assert engine.cancelled == [1]
    assert owner.ends == [(0, "cancelled")]
    assert [request.layer for request in engine.sent.values()] == [0, 1]  # the next one's turn
    broker.cancel(tickets[0])
    assert engine.cancelled == [1]
