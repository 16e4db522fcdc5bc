"""Probes of a network that reads several structures: each participant counts once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from spectracnn.core.card import ModelCard
from spectracnn.core.cohort_requests import LayerOutputs
from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.state.cohort_requests import layers_request
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.participants import Participants
from spectracnn.state.selection import Selection
from spectracnn.view.cohort import confound_request
from spectracnn.view.cohort.confound_request import outputs_of, sample_of
from spectracnn.view.cohort.settings import ConfoundSettings

SIDES = ("left", "right")
N = 12
SETTINGS = ConfoundSettings("dx", ("age",), 9, 0, 500)


def document():
    entries = tuple(
        Entry(
            1 + 2 * place + side,
            Spectrum(
                f"{place} {name}", np.arange(9.0), subject=f"sub-{place}", structure=name,
                source=Path(f"/data/{place}.csv"),
            ),
        )
        for place in range(N)
        for side, name in enumerate(SIDES)
    )  # fmt: skip
    ids = Column("id", None, np.arange(N, dtype=np.int32), tuple(f"sub-{n}" for n in range(N)))
    dx = Column("dx", None, np.arange(N, dtype=np.int32) % 2, ("control", "patient"))
    age = Column("age", np.where(np.arange(N) == 3, np.nan, 60.0 + np.arange(N)))
    table = ParticipantsTable(Path("/data/t.csv"), (ids, dx, age))
    classes = ("cat", "dog")
    card = ModelCard(Preprocessing(), classes)
    model = ModelDescription("m", "m.keras", "", (9, 2), (), classes, card, 0, structures=SIDES)
    return Document(entries, model, participants=Participants(table, "id").with_entries(entries))


def test_each_participant_is_looked_at_once_with_all_structures():
    found = document()
    sample = sample_of(found, SETTINGS)
    assert sample.ids == tuple(1 + 2 * place for place in range(N) if place != 3)
    assert len(set(sample.units.tolist())) == N - 1
    assert sample.notes == ("1 left out: no 'age'.",)
    assert sample.columns["age"].numbers.tolist() == [60.0 + n for n in range(N) if n != 3]
    made = layers_request(found, Selection(), sample.ids)
    assert len(made.entries) == 2 * (N - 1)  # the companions go in with them


def test_companions_are_left_out_of_what_came_back():
    found = document()
    sample = sample_of(found, SETTINGS)
    entries = [entry.id for entry in layers_request(found, Selection(), sample.ids).entries]
    numbers = np.array(entries, np.float32)[:, None]
    outputs = LayerOutputs(numbers, (numbers * 2, numbers * 3), numbers * 4, tuple(entries))
    own = outputs_of(outputs, entries, sample.ids)
    assert own.inputs[:, 0].tolist() == list(sample.ids)
    assert own.outputs[1][:, 0].tolist() == [3 * item for item in sample.ids]
    assert own.errors == sample.ids
    assert outputs_of(own, sample.ids, sample.ids) is own


def test_so_many_that_their_companions_fit_into_memory(monkeypatch):
    monkeypatch.setattr(confound_request, "MOST_ROWS", 12)
    monkeypatch.setattr(confound_request, "_LEAST_PARTICIPANTS", 2)
    sample = sample_of(document(), SETTINGS)
    assert len(sample.ids) == 6
    alone = replace(document(), model=None)
    assert len(sample_of(alone, SETTINGS).ids) == 2 * (N - 1)
