"""Words and conditions above the table, and the order of rows by a column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.judging import Judged
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.io.participants import read_table
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.participants import Participants
from spectracnn.view.colouring import colouring, fields
from spectracnn.view.columns import columns
from spectracnn.view.filtering import Condition, fulfilled, parsed
from spectracnn.view.sorting import row_order

CLASSES = ("dog", "cat")


@pytest.fixture
def document(tmp_path):
    card = ModelCard(Preprocessing(), CLASSES)
    model = ModelDescription("m", "m.keras", "", (3, 1), (), CLASSES, card, 0)
    shares = {1: (0.9, 0.1), 2: (0.4, 0.6), 4: (0.2, 0.8)}
    entries = []
    for number, name in enumerate(("d", "B", "a", "C"), 1):
        values = np.arange(9.0 + number)
        spectrum = Spectrum(name, values, subject=f"s{number}", metadata={"hand": "LR"[number % 2]})
        entry = Entry(number, spectrum)
        if number in shares:
            row = np.array(shares[number], np.float32)
            entry = replace(entry, probabilities=row, judged=Judged(number / 10))
        entries.append(entry)
    table = tmp_path / "participants.tsv"
    table.write_text("subject\tage\tscan site\ns1\t70\tA\ns2\t55\tB\ns4\t61\tA\n")
    document = Document(tuple(entries), model)
    return replace(document, participants=Participants(read_table(table)).with_entries(entries))


def kept(document, text):
    mask, problem = fulfilled(document, parsed(text).conditions)
    assert not problem
    return [entry.spectrum.name for entry, keep in zip(document.entries, mask, strict=True) if keep]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("age > 60", ["d", "C"]),
        ("AGE<=61", ["B", "C"]),
        ('"scan site" = a', ["d", "C"]),
        ('"scan site" != b', ["d", "C"]),  # a missing cell is neither
        ("'", ["d", "B", "a", "C"]),
        ("hand != L age>60", ["d"]),
        ("class = cat", ["B", "C"]),
        ("p > 0.7", ["d", "C"]),
        ("like < 0.15", ["d"]),
        ("n >= 12", ["a", "C"]),
        ("age >", ["d", "B", "a", "C"]),
    ],
)
def test_conditions(document, text, names):
    assert kept(document, text) == names


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("agee > 60", "no column 'agee'.*age"),
        ("hand > 2", "Column 'hand' holds no numbers"),
        ("age > old", "Column 'age' holds numbers"),
    ],
)
def test_a_condition_that_means_nothing_hides_nothing_and_says_why(document, text, sentence):
    mask, problem = fulfilled(document, parsed(text).conditions)
    assert mask.all()
    import re

    assert re.search(sentence, problem)


def test_words_stand_beside_conditions():
    found = parsed('Cup age>=60 "two words" x')
    assert found.words == ("cup", "two words", "x")
    assert found.conditions == (Condition("age", ">=", "60"),)
    assert not parsed("   ")


def by(document, name, descending=False):
    column = next(c for c in columns(document) if c.name == name)
    return [document.entries[row].spectrum.name for row in row_order(document, column, descending)]


def test_fast_orders_are_those_of_the_cells(document):
    for column in columns(document):
        keys = [column.key(document, entry) for entry in document.entries]
        plain = sorted(range(len(keys)), key=keys.__getitem__)
        assert row_order(document, column, descending=False).tolist() == plain
        back = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
        assert row_order(document, column, descending=True).tolist() == back
    assert by(document, "name") == ["a", "B", "C", "d"]
    assert by(document, "class", descending=True) == ["d", "B", "C", "a"]


def test_points_are_coloured_by_a_covariate(document):
    assert {"age", "scan site", "hand"} <= set(fields(document))
    found = colouring(document, "age", dark=False)
    assert [word for word, _, _ in found.legend] == ["55", "70"]
    assert found.colours[2] == "#808080"
    sites = colouring(document, "scan site", dark=False)
    assert sites.colours[0] == sites.colours[3] != sites.colours[1]
