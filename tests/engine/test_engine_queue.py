"""Which request is next."""

from __future__ import annotations

import numpy as np

from spectracnn.core.spectrum import Spectrum
from spectracnn.engine.messages import (
    BatchFeatures,
    BatchPredictions,
    CollectFeatures,
    OpenModel,
    PredictSpectra,
    Reduction,
    TraceSpectrum,
)
from spectracnn.engine.queue import CHUNK, Queue, Ticket

SPECTRUM = Spectrum("s", [0.0, 1.0, 2.0])


def test_urgent_kinds_go_first() -> None:
    queue = Queue()
    batch = Ticket(1, PredictSpectra((SPECTRUM,)))
    trace = Ticket(2, TraceSpectrum(SPECTRUM))
    model = Ticket(3, OpenModel("m"))
    for ticket in (batch, trace, model):
        queue.put(ticket)
    assert [queue.pop(), queue.pop(), queue.pop(), queue.pop()] == [model, trace, batch, None]


def test_latest_of_a_topic_replaces_the_earlier() -> None:
    queue = Queue()
    first, second = (Ticket(i, TraceSpectrum(SPECTRUM), "trace") for i in (1, 2))
    assert queue.put(first) == []
    assert queue.put(Ticket(3, TraceSpectrum(SPECTRUM))) == []
    assert queue.put(second) == [first]
    assert len(queue) == 2


def test_batches_go_in_chunks_and_come_back_whole() -> None:
    ticket = Ticket(1, PredictSpectra((SPECTRUM,) * (CHUNK + 3)))
    sizes = []
    while ticket.done < ticket.total:
        piece = ticket.next_piece()
        assert isinstance(piece, PredictSpectra)
        sizes.append(len(piece.spectra))
        ticket.parts.append(
            BatchPredictions(np.zeros((sizes[-1], 2), np.float32), (None,) * sizes[-1])
        )
        ticket.done += sizes[-1]
    assert sizes == [CHUNK, 3]
    whole = ticket.whole()
    assert isinstance(whole, BatchPredictions)
    assert whole.probabilities.shape == (CHUNK + 3, 2)


def test_chunks_of_features_ask_for_the_same_layer() -> None:
    ticket = Ticket(1, CollectFeatures((SPECTRUM,) * (CHUNK + 1), 4, Reduction.MAX))
    piece = ticket.next_piece()
    assert isinstance(piece, CollectFeatures)
    assert (len(piece.spectra), piece.layer, piece.reduction) == (CHUNK, 4, Reduction.MAX)
    for size in (CHUNK, 1):
        ticket.parts.append(BatchFeatures(np.zeros((size, 7), np.float32), (None,) * size))
    whole = ticket.whole()
    assert isinstance(whole, BatchFeatures)
    assert whole.values.shape == (CHUNK + 1, 7)
