"""Columns of answers and fields hold what the entries hold, however the document came about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Scale
from spectracnn.core.judging import Judged
from spectracnn.core.outputs import Output, Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.io.participants import read_table
from spectracnn.state.answers import Answers
from spectracnn.state.columns import classes, label, label_names, level_texts
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.participants import Participants

CLASSES = ("cat", "dog", "cup")


def model(**changes):
    card = ModelCard(Preprocessing(), CLASSES)
    return ModelDescription("m", "m.keras", "", (3, 1), (), CLASSES, card, 0, **changes)


def entry(number, **metadata):
    spectrum = Spectrum(f"s{number}", [0.0, 1.0, 2.0 + number], metadata=metadata)
    return Entry(number, spectrum)


def answered(item, *shares, p=0.5):
    judged = Judged(p, 0, np.array(shares[::-1], np.float32))
    return replace(item, probabilities=np.array(shares, np.float32), judged=judged)


@pytest.fixture
def document():
    return Document(tuple(entry(n, sex="FM"[n % 2], age=str(40 + n)) for n in range(1, 6)), model())


def equal(one, other):
    for name, values in vars(one).items():
        np.testing.assert_array_equal(values, getattr(other, name), name)


def test_nothing_is_known_before_an_answer(document):
    found = classes(document)
    assert found.ids.tolist() == [1, 2, 3, 4, 5]
    assert found.names == CLASSES
    assert found.predicted.tolist() == [-1] * 5
    assert not found.known.any()


def test_answers_follow_every_change_as_if_gathered_anew(document):
    assert document.answers.probabilities.shape == (5, 0)
    steps = [
        lambda d: d.with_entries(
            [answered(d.entry(2), 0.1, 0.7, 0.2), answered(d.entry(5), 1, 0, 0)]
        ),
        lambda d: d.with_appended((entry(8, sex="F"), entry(9))),
        lambda d: d.with_entries([replace(d.entry(1), refusal="too short")]),
        lambda d: d.with_trace(2, None),
        lambda d: d.with_entries([d.entry(2).with_edits((Scale(factor=2.0),))]),
        lambda d: d.without_entries([5]),
        lambda d: d.with_appended((answered(entry(10), 0, 0.4, 0.6),)),
        lambda d: d.without_answers(model()),
    ]
    for step in steps:
        document = step(document)
        fresh = Answers.of(document.entries, document.model.reading)
        equal(document.answers, fresh)
        assert document.rows == {item.id: row for row, item in enumerate(document.entries)}
    assert not classes(document).known.any()


def test_the_class_is_the_one_the_table_says(document):
    document = document.with_entries(
        [
            answered(document.entry(2), 0.1, 0.7, 0.2, p=0.02),
            answered(document.entry(5), 0.5, 0, 0.5),
        ]
    )
    found = classes(document)
    assert found.predicted.tolist() == [-1, 1, -1, -1, 0]
    assert found.shadow.tolist() == [-1, 1, -1, -1, 0]
    assert found.typicality[1] == np.float32(0.02)
    assert np.isnan(found.typicality[0])


def test_one_sigmoid_is_read_by_its_threshold():
    card = ModelCard(Preprocessing(), ("a", "b"), threshold=0.8)
    output = Output("out", (1,), "sigmoid")
    one = ModelDescription(
        "m", "m.keras", "", (3, 1), (), ("a", "b"), card, 0,
        task=Task.CLASSIFICATION, outputs=(output,),
    )  # fmt: skip
    document = Document((answered(entry(1), 0.3, 0.7), answered(entry(2), 0.1, 0.9)), one)
    assert classes(document).predicted.tolist() == [0, 1]


def test_labels_of_files_and_of_the_participants_table(document, tmp_path):
    assert label_names(document) == ("sex", "age")
    assert level_texts(label(document, "sex")) == ("M", "F")
    assert label(document, "age").numbers.tolist() == [41, 42, 43, 44, 45]
    table = tmp_path / "participants.tsv"
    table.write_text("participant_id\tage\tsite\ns1\t70\tA\ns3\t80\tB\n")
    participants = Participants(read_table(table)).with_entries(document.entries)
    joined = replace(document, participants=participants)
    assert label_names(joined) == ("participant_id", "age", "site", "sex")
    np.testing.assert_array_equal(label(joined, "age").numbers, [70, np.nan, 80, np.nan, np.nan])
    assert label(joined, "site").text.tolist() == ["A", "", "B", "", ""]
    assert isinstance(participants.table.path, Path)
