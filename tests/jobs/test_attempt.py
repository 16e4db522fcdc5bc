"""The outermost call of a thread: a result, an error as a result, or cancelled."""

import logging

import pytest

from spectracnn.errors import FileFormatError, OperationCancelled
from spectracnn.jobs.attempt import attempt
from spectracnn.jobs.errors import UnexpectedError


def raising(error):
    def work():
        raise error

    return work


def test_an_expected_error_comes_as_it_is(caplog):
    error = FileFormatError("a.csv", "a picture", "numbers")
    assert attempt(raising(error), "Reading") is error
    assert not caplog.records


def test_an_unexpected_error_is_logged_with_its_traceback(caplog):
    with caplog.at_level(logging.ERROR):
        found = attempt(raising(KeyError("two\nlines")), "Reading")
    assert isinstance(found, UnexpectedError)
    assert (found.kind, "\n" in found.text) == ("KeyError", False)
    (record,) = caplog.records
    assert record.exc_info[0] is KeyError
    assert record.getMessage() == "Reading failed unexpectedly"


def test_cancelling_is_no_result():
    with pytest.raises(OperationCancelled):
        attempt(raising(OperationCancelled()), "Reading")
