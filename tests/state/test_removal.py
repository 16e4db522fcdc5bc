"""What is taken out of a document comes back as it was: rows, answers, columns, other models."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Scale
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.answers import Answers
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.other_model import EntryPrediction, OtherModel
from spectracnn.state.removal import removal, with_returned

CLASSES = ("cat", "dog")
N = 8


def model(path="m.keras"):
    return ModelDescription(
        "m", path, "", (3, 1), (), CLASSES, ModelCard(Preprocessing(), CLASSES), 0
    )


def entry(number):
    metadata = {"sex": "FM"[number % 2], "age": str(40 + number)}
    spectrum = Spectrum(f"s{number}", [0.0, 1.0, 2.0 + number], metadata=metadata)
    return Entry(number, spectrum)


@pytest.fixture
def document():
    entries = [entry(number) for number in range(1, N + 1)]
    share = np.array([0.25, 0.75], np.float32)
    entries[1] = replace(entries[1], probabilities=share)
    entries[4] = replace(entries[4], refusal="too short")
    entries[6] = entries[6].with_edits((Scale(factor=2.0),))
    said = {number: EntryPrediction(0, share) for number in (2, 3, 7)}
    other = OtherModel(model("other.keras"), MappingProxyType(said))
    return Document(tuple(entries), model(), others=(other,))


def ids(document):
    return [item.id for item in document.entries]


def check(document):
    """Columns that were kept are those that would be gathered."""
    fresh = Answers.of(document.entries, document.model.reading)
    for name, values in vars(document.answers).items():
        np.testing.assert_array_equal(values, getattr(fresh, name), name)
    assert document.rows == {item: row for row, item in enumerate(ids(document))}
    same = replace(document)
    assert document.fields.names == same.fields.names
    for name in same.fields.names:
        np.testing.assert_array_equal(
            document.fields.column(name).text, same.fields.column(name).text
        )
    assert document.fields.titles == same.fields.titles


@pytest.mark.parametrize("gone", [range(1, N + 1), (1,), (N,), (2, 3, 5), (1, 4, 7, 8), (99, 6)])
def test_it_comes_back_as_it_was(document, gone):
    _ = document.fields.column("age"), document.fields.titles
    computed = [weakref.ref(entry.spectrum) for entry in document.entries]
    kept = removal(document, set(gone))
    assert len(computed) == N
    less = document.without_entries(gone)
    check(less)
    assert ids(less) == [item for item in range(1, N + 1) if item not in gone]
    back = with_returned(less, kept)
    check(back)
    assert ids(back) == ids(document)
    for mine, before in zip(back.entries, document.entries, strict=True):
        assert mine.probabilities is before.probabilities
        assert (mine.refusal, mine.edits) == (before.refusal, before.edits)
        assert mine.spectrum.name == before.spectrum.name
        assert (mine is before) == (before.id not in gone)  # what something knows is a copy
    assert dict(back.others[0].predictions) == dict(document.others[0].predictions)


def test_only_spectra_of_which_something_was_computed_are_copied():
    @weak_cache(8)
    def doubled(spectrum):
        return 2 * spectrum.eigenvalues

    document = Document((entry(1), entry(2)), model())
    result = weakref.ref(doubled(document.entries[0].spectrum))
    second = document.entries[1]
    kept = removal(document, {1, 2})
    assert kept.entries[1] is second
    assert result() is not None
    del document
    gc.collect()
    assert result() is None
    assert kept.entries[0].spectrum.name == "s1"


def test_columns_are_not_gathered_again(document):
    column = document.fields.column("age")
    kept = removal(document, set(ids(document)))
    back = with_returned(document.without_entries(ids(document)), kept)
    assert back.fields.column("age") is column


def test_what_came_meanwhile_stays(document):
    kept = removal(document, {2, 3, 8})
    less = document.without_entries({2, 3, 8}).with_appended([entry(20), entry(21)])
    back = with_returned(less.without_entries([1, 4, 5, 6]), kept)
    check(back)
    assert ids(back) == [7, 2, 3, 20, 21, 8]


def test_what_is_open_is_not_put_back_twice(document):
    kept = removal(document, {2, 3})
    assert with_returned(document, kept) is document
    half = with_returned(document.without_entries([2]), kept)
    check(half)
    assert ids(half) == ids(document)


def test_it_says_how_much_memory_it_keeps(document):
    each = 3 * 8
    assert removal(document, {1, 2}).held_bytes == 2 * each
    assert removal(document, {7}).held_bytes == 2 * each  # with its original


def test_rows_beyond_what_is_still_open_come_back_in_their_order(document):
    gone = removal(document, {6, 7, 8})
    left = document.without_entries({6, 7, 8}).without_entries({1, 2, 3, 4})
    assert ids(with_returned(left, gone)) == [5, 6, 7, 8]
