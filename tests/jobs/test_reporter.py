"""What a child hears between two reports: cancelled requests, and others that came meanwhile."""

from multiprocessing import Pipe

import pytest

from spectracnn.errors import OperationCancelled
from spectracnn.jobs.serving import CANCEL, Message, Reporter


@pytest.fixture
def ends():
    parent, child = Pipe()
    with parent, child:
        yield parent, Reporter(child)


def test_only_the_request_at_hand_is_cancelled(ends):
    parent, reporter = ends
    parent.send((2, "second"))
    assert reporter.next_request() == (2, "second")
    parent.send((CANCEL, 1))  # came too late for the first
    reporter("half")
    assert isinstance(parent.recv(), Message)
    parent.send((CANCEL, 2))
    with pytest.raises(OperationCancelled):
        reporter("more")


def test_requests_that_come_during_work_are_done_afterwards_in_order(ends):
    parent, reporter = ends
    for number in (1, 2, 3):
        parent.send((number, f"request {number}"))
    assert reporter.next_request()[0] == 1
    reporter.check()  # looks into the pipe, where the others wait
    assert [reporter.next_request() for _ in range(2)] == [(2, "request 2"), (3, "request 3")]


def test_what_comes_after_a_cancelled_request_is_not_cancelled(ends):
    parent, reporter = ends
    parent.send((1, "first"))
    reporter.next_request()
    parent.send((CANCEL, 1))
    assert reporter.cancelled
    parent.send((2, "second"))
    reporter.next_request()
    assert not reporter.cancelled
