"""Spectra of one file go together, in its order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Scale
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.state.document import Document, Entry
from spectracnn.state.subjects import companions, subject_entries, whole_subjects

A, B = Path("a.csv"), Path("b.csv")


def structure(name, source):
    return Spectrum(name, [0.0, 1.0, 2.0], source=source, key=name)


@pytest.fixture
def entries():
    names = [("left", A), ("right", A), ("left", B), ("right", B)]
    return tuple(Entry(number, structure(*name)) for number, name in enumerate(names))


@pytest.fixture
def document(entries):
    card = ModelCard(Preprocessing(), ("x", "y"))
    model = ModelDescription(
        "m", "m.keras", "", (3, 2), (), ("x", "y"), card, 0, structures=("", "")
    )
    dragged = (entries[3], entries[1], entries[0], entries[2])
    return Document(dragged, model)


def test_those_of_the_file_in_its_order(document, entries):
    found = companions(document, entries[1])
    assert found == (entries[0].spectrum, entries[1].spectrum)
    assert subject_entries(document, entries[3]) == entries[2:]


def test_a_model_of_one_spectrum_takes_none(document, entries):
    plain = replace(document, model=replace(document.model, structures=()))
    assert companions(plain, entries[0]) == ()
    assert whole_subjects(plain, entries[:1], plain.model) == entries[:1]


def test_a_file_opened_twice_gives_each_structure_once(document, entries):
    again = Entry(9, structure("left", A))
    twice = replace(document, entries=(*document.entries, again))
    assert companions(twice, entries[1])[0] is entries[0].spectrum
    assert companions(twice, again) == (again.spectrum, entries[1].spectrum)


def test_pasted_numbers_stand_alone(document):
    pasted = Entry(9, Spectrum("pasted", [1.0, 2.0]))
    both = replace(document, entries=(*document.entries, pasted, Entry(10, pasted.spectrum)))
    assert companions(both, pasted) == (pasted.spectrum,)


def test_only_the_spectrum_itself_is_edited(document, entries):
    changed = [entry.with_edits((Scale(factor=2.0),)) for entry in entries[:2]]
    edited = document.with_entries(changed)
    found = companions(edited, changed[0])
    assert found[0] is changed[0].spectrum
    assert found[1] is entries[1].spectrum
    questions = whole_subjects(edited, changed[0].unanswered, edited.model)
    assert [q.spectrum for q in questions] == [entries[0].spectrum, entries[1].spectrum]


def test_a_question_brings_its_whole_file(document, entries):
    asked = whole_subjects(document, (entries[3], entries[1]), document.model)
    assert [entry.id for entry in asked] == [2, 3, 0, 1]
