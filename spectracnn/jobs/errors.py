"""How a request to a child process can fail, apart from the errors that its work raises."""

from __future__ import annotations

from spectracnn.errors import SpectraCNNError


class JobError(SpectraCNNError):
    """A child process could not do its work.

    Callers who know what was asked say it in their own words: which file, which mesh.
    """


class ChildEndedError(JobError):
    """The child process ended by itself.

    Parameters
    ----------
    how : str
        ``signal SIGSEGV``, ``exit code 1``.
    """

    def __init__(self, how: str) -> None:
        super().__init__(f"The process stopped unexpectedly ({how}).")
        self.args = (how,)
        self.how = how


class ChildOverdueError(JobError):
    """A request took longer than its limit; its process was ended.

    Parameters
    ----------
    seconds : float
        The limit.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"It took longer than {seconds:g} s and was stopped.")
        self.args = (seconds,)
        self.seconds = seconds


class ChildOutOfMemoryError(JobError):
    """A request needed more memory than there is, or than its limit allows."""

    def __init__(self) -> None:
        super().__init__("It needs more memory than there is, or than it may take.")
        self.args = ()


class UnexpectedError(JobError):
    """The work in the child raised an error that nobody expected.

    Parameters
    ----------
    kind : str
        The name of its class.
    text : str
        What it says, on one line.
    traceback : str
        Where it happened.
    """

    def __init__(self, kind: str, text: str, traceback: str = "") -> None:
        super().__init__(f"Something unexpected went wrong ({kind}: {text}).")
        self.args = (kind, text, traceback)
        self.kind = kind
        self.text = text
        self.details = traceback
