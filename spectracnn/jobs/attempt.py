"""The outermost call of a thread: whatever happens in it becomes a result that can be reported."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.errors import UnexpectedError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def attempt(work: Callable[[], T], what: str) -> T | SpectraCNNError:
    """Return what work returns, or the error in its place.

    A thread that ended by an error would leave whoever waits for it without an end.

    Parameters
    ----------
    work : callable
        Called without arguments.
    what : str
        What it is, for the log: ``Reading a file``.

    Returns
    -------
    object or SpectraCNNError
        An error that nobody expected is logged with its traceback and comes as
        `UnexpectedError`.

    Raises
    ------
    OperationCancelled
        If the work was cancelled.

    Examples
    --------
    >>> attempt(lambda: 1 + 1, "A sum")
    2
    """
    try:
        return work()
    except OperationCancelled:
        raise
    except SpectraCNNError as error:
        return error
    except Exception as error:  # the one place for threads of the window: each must report an end
        logging.getLogger(__name__).exception("%s failed unexpectedly", what)
        return UnexpectedError(type(error).__name__, " ".join(str(error).split()))
