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
    topic : str
        What it is about, such as ``files``: a later success there takes it away.
    """

    sentence: str
    hint: str = ""
    details: str = ""
    severity: Severity = Severity.WARNING
    topic: str = ""

    def __post_init__(self) -> None:
        for name in ("sentence", "hint"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        lines = (printable(line) for line in self.details.split("\n"))
        object.__setattr__(self, "details", "\n".join(lines))


def summary(
    sentences: list[str], what: str, severity: Severity = Severity.WARNING, topic: str = ""
) -> Message | None:
    """Return one message for several of a kind.

    Parameters
    ----------
    sentences : list of str
        One a case, each complete in itself.
    what : str
        Names the cases in the plural, such as ``files could not be read``.
    severity : Severity
        How much they matter.
    topic : str
        What they are about.

    Returns
    -------
    Message or None
        None when there is nothing to say.
    """
    distinct = list(dict.fromkeys(sentences))
    if not distinct:
        return None
    if len(distinct) == 1:
        return Message(distinct[0], severity=severity, topic=topic)
    return Message(
        f"{len(distinct)} {what}. The first: {distinct[0]}",
        details="\n".join(distinct),
        severity=severity,
        topic=topic,
    )
