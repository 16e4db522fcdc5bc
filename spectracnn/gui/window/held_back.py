"""What is plainly no spectrum waits until the person insists on it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spectracnn.core.plausible import why_no_spectra
from spectracnn.gui.messages import Message, summary
from spectracnn.gui.window.message_actions import OPEN_ANYWAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.gui.workspace.workspace import Workspace

_MOST_WAITING = 50
"""Refusals that can still be overruled; the message bar keeps as many."""


class HeldBack(QObject):
    """Adds spectra to the table, but for those that are none: they can be added on demand.

    Parameters
    ----------
    workspace : Workspace
        Receives the spectra.

    Signals
    -------
    messageRaised : (Message, str, str)
        What was refused and why, with key and caption of the button that overrules it.
    """

    messageRaised = Signal(object, str, str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._collected: list[tuple[Spectrum, str]] = []
        self._waiting: dict[str, list[Spectrum]] = {}
        self._numbers = count(1)

    def add(self, spectra: Iterable[Spectrum], *, wanted: bool = False) -> None:
        """Add those that may be spectra; `report` says which were not.

        Parameters
        ----------
        spectra : iterable of Spectrum
            What was read.
        wanted : bool
            Whether all were open before: then nothing is held back.
        """
        given = list(spectra)
        reasons = [""] * len(given) if wanted else why_no_spectra(given)
        pairs = list(zip(given, reasons, strict=True))
        self._collected += [(spectrum, reason) for spectrum, reason in pairs if reason]
        self._workspace.add_spectra(spectrum for spectrum, reason in pairs if not reason)

    def report(self) -> None:
        """Say what was refused since the last time, and offer to add it all the same."""
        held, self._collected = self._collected, []
        message = summary([_sentence(*pair) for pair in held], "are no spectra")
        if message is None:
            return
        key = str(next(self._numbers))
        self._waiting[key] = [spectrum for spectrum, _ in held]
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.pop(next(iter(self._waiting)))
        self.messageRaised.emit(_with_hint(message), f"{OPEN_ANYWAY}:{key}", "Open anyway")

    def overrule(self, key: str) -> None:
        """Add what was refused under this number."""
        self._workspace.add_spectra(self._waiting.pop(key, []))


def _sentence(spectrum: Spectrum, reason: str) -> str:
    where = f"{spectrum.source.name}: " if spectrum.source else ""
    return f"{where}{spectrum.name}: this is no spectrum: {reason}."


def _with_hint(message: Message) -> Message:
    hint = "Opened anyway, it is marked with ? beside whatever the network says."
    return Message(message.sentence, hint, message.details, message.severity)
