"""What the message bar can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from spectracnn.printable import printable


class Severity(StrEnum):
    """How much a message matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Message:
    """One sentence for the message bar.

    Parameters
    ----------
    sentence : str
        What happened.
    hint : str
        What to do about it.
    details : str
        More, one line each; offered behind a button and for copying.
    severity : Severity
        How much it matters.
    """

    sentence: str
    hint: str = ""
    details: str = ""
    severity: Severity = Severity.WARNING

    def __post_init__(self) -> None:
        for name in ("sentence", "hint"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        lines = (printable(line) for line in self.details.split("\n"))
        object.__setattr__(self, "details", "\n".join(lines))


def summary(sentences: list[str], what: str) -> Message | None:
    """Return one message for several of a kind.

    Parameters
    ----------
    sentences : list of str
        One a case, each complete in itself.
    what : str
        Names the cases in the plural, such as ``files could not be read``.

    Returns
    -------
    Message or None
        None when there is nothing to say.
    """
    if not sentences:
        return None
    if len(sentences) == 1:
        return Message(sentences[0])
    return Message(
        f"{len(sentences)} {what}. The first: {sentences[0]}", details="\n".join(sentences)
    )
