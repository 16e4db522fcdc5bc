"""Which request is next: one live request a topic, urgent kinds first, batches in chunks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from spectracnn.engine.messages import (
    AttributeSpectrum,
    Batch,
    CollectAttributions,
    Moments,
    OpenModel,
    PredictSpectra,
    TraceSpectrum,
    WeightsOf,
)

if TYPE_CHECKING:
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.engine.messages import BatchAnswer, Request

CHUNK = 64
_FEW = 8
"""Of attributions, each of which takes many passes."""
_URGENCY: dict[type, int] = {OpenModel: 0, TraceSpectrum: 1, WeightsOf: 1, AttributeSpectrum: 2}
_PATIENT = 3


@dataclass(eq=False)
class Ticket:
    """One request on its way.

    Parameters
    ----------
    id : int
        Known to whoever asked.
    request : Request
        What was asked.
    topic : str or None
        At most one live request has it.
    done : int
        How many of a batch's spectra are answered.
    parts : list of Predictions or Features
        Their answers.
    """

    id: int
    request: Request
    topic: str | None = None
    done: int = 0
    parts: list[Any] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many pieces of work there are."""
        return len(self.request.spectra) if isinstance(self.request, Batch) else 1

    def next_piece(self) -> Request:
        """Return what to send now: of a batch the next chunk, so that others can go between."""
        if not isinstance(self.request, Batch):
            return self.request
        spectra = self.request.spectra
        size = _FEW if isinstance(self.request, CollectAttributions) else CHUNK
        stop = min(self.done + size, len(spectra))
        # A model of several structures takes those of one subject together: do not part them,
        # unless a file without subjects is a table of very many.
        while stop < len(spectra) and _together(*spectra[stop - 1 : stop + 1]):
            most = 8 if spectra[stop].subject else 2
            if stop >= self.done + most * CHUNK:
                break
            stop += 1
        piece = replace(self.request, spectra=spectra[self.done : stop])
        edits = getattr(piece, "input_edits", ())
        if edits and not isinstance(piece, PredictSpectra):
            piece = replace(piece, input_edits=edits[self.done : stop])
        return piece

    def keep(self, part: BatchAnswer) -> None:
        """Keep the answer to a chunk; moments are joined at once, so that memory does not grow."""
        if isinstance(part, Moments) and self.parts:
            self.parts[0] = self.parts[0].with_part(part)
        else:
            self.parts.append(part)

    def whole(self) -> BatchAnswer:
        """Return the answers to all spectra of a batch."""
        answer: BatchAnswer = type(self.parts[0]).joined(self.parts)
        return answer


def _together(one: Spectrum, other: Spectrum) -> bool:
    if one.subject or other.subject:
        return one.subject == other.subject
    return one.source is not None and one.source == other.source


class Queue:
    """Waiting requests. Not thread-safe: the client guards it."""

    def __init__(self) -> None:
        self._waiting: list[Ticket] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, ticket: Ticket) -> list[Ticket]:
        """Add a request; return those of its topic that it replaces."""
        replaced = [t for t in self._waiting if t.topic is not None and t.topic == ticket.topic]
        self._waiting = [t for t in self._waiting if t not in replaced]
        self._waiting.append(ticket)
        return replaced

    def put_back(self, ticket: Ticket) -> None:
        """Return a batch of which chunks are left; it keeps its place among its kind."""
        self._waiting.insert(0, ticket)

    def pop(self) -> Ticket | None:
        """Remove and return the most urgent, oldest request."""
        if not self._waiting:
            return None
        ticket = min(self._waiting, key=lambda t: _URGENCY.get(type(t.request), _PATIENT))
        self._waiting.remove(ticket)
        return ticket

    def drop(self, request_id: int) -> Ticket | None:
        """Remove a request."""
        for ticket in self._waiting:
            if ticket.id == request_id:
                self._waiting.remove(ticket)
                return ticket
        return None

    def pop_started(self) -> list[Ticket]:
        """Remove and return batches of the current model of which some chunks are answered."""
        begun = [t for t in self._waiting if t.done and getattr(t.request, "model", None) is None]
        self._waiting = [ticket for ticket in self._waiting if ticket not in begun]
        return begun

    def clear(self) -> list[Ticket]:
        """Remove and return everything."""
        waiting, self._waiting = self._waiting, []
        return waiting
