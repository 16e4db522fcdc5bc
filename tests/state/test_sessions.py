"""Workspace files: what is named in them, and what they say when they are damaged."""

import json
from types import MappingProxyType

import numpy as np
import pytest

from spectracnn.core.edits import Scale
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.resources import sample_spectra
from spectracnn.state import sessions
from spectracnn.state.document import Document, Entry
from spectracnn.state.saving import SavedStateError
from spectracnn.state.selection import LayerOptions, Sample, Selection
from spectracnn.state.sessions import (
    read_workspace,
    saved_workspace,
    spectrum_of,
    with_ids,
    within_layers,
    write_workspace,
)
from spectracnn.state.tools import CompareChoice, ShapeChoice, ToolChoices, WhatIfChoice


@pytest.fixture
def document(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    names = ("a", "b", "pasted")
    sources = (folder / "a.ev", tmp_path.parent / "b.ev", None)
    entries = [
        Entry(number, Spectrum(name, np.arange(9.0), source=source))
        for number, (name, source) in enumerate(zip(names, sources, strict=True), 3)
    ]
    entries[1] = entries[1].with_edits((Scale(factor=2.0),))
    return Document(tuple(entries), labels=MappingProxyType({3: "old", 5: "young"}))


def test_a_workspace_comes_back_wherever_its_folder_was_moved(document, tmp_path):
    selection = Selection(current=5, overlaid=frozenset({3, 4, 5}), hovered=Sample(0, 1))
    choices = ToolChoices(
        compare=CompareChoice(first="entry 5", second="entry 4"), what_if=WhatIfChoice(other=3)
    )
    write_workspace(saved_workspace(document, selection, choices), tmp_path / "w.spectracnn")
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    found = read_workspace(moved / "w.spectracnn")
    assert [(e.id, e.name) for e in found.entries] == [(3, "a"), (4, "b"), (5, "pasted")]
    assert found.entries[0].path == str(moved / "data" / "a.ev")
    assert found.entries[1].path == str(moved.parent / "b.ev")
    (edit,) = found.entries[1].edits
    assert edit.factor == 2.0
    pasted = spectrum_of(found.entries[2])
    assert (pasted.name, pasted.source) == ("pasted", None)
    assert pasted.eigenvalues.tolist() == [*range(9)]
    assert found.selection == Selection(current=5, overlaid=frozenset({3, 4, 5}))
    assert found.choices.compare == CompareChoice(first="entry 5", second="entry 4")
    assert found.choices.what_if.other == 3
    assert found.labels == {3: "old", 5: "young"}


def test_what_would_be_too_large_is_left_out_wherever_it_was_named(document, monkeypatch):
    monkeypatch.setattr(sessions, "MOST_VALUES", 8)
    selection = Selection(current=5, overlaid=frozenset({3, 4, 5}))
    choices = ToolChoices(compare=CompareChoice(first="entry 5", second="entry 4"))
    found = saved_workspace(document, selection, choices)
    assert [entry.id for entry in found.entries] == [3, 4]
    assert found.selection == Selection(overlaid=frozenset({3, 4}))
    assert found.choices.compare == CompareChoice(second="entry 4")
    assert found.labels == {3: "old"}


def test_what_comes_with_the_program_is_found_wherever_that_lies(tmp_path, monkeypatch):
    sample = sample_spectra()[0]
    entry = Entry(1, Spectrum("sample", np.arange(9.0), source=sample))
    write_workspace(
        saved_workspace(Document((entry,)), Selection(), ToolChoices()), tmp_path / "w.spectracnn"
    )
    elsewhere = tmp_path / "another program"
    monkeypatch.setattr(sessions, "resource_root", lambda: elsewhere)
    (found,) = read_workspace(tmp_path / "w.spectracnn").entries
    assert found.path == str(elsewhere / "samples" / sample.name)


def test_other_numbers_go_everywhere(document):
    selection = Selection(current=4, overlaid=frozenset({3, 4}))
    choices = ToolChoices(
        compare=CompareChoice(first="class cup", second="entry 4"), shape=ShapeChoice(beside=3)
    )
    found = with_ids(saved_workspace(document, selection, choices), {3: 30, 4: 40})
    assert [entry.id for entry in found.entries] == [30, 40]
    assert (found.selection.current, found.selection.overlaid) == (40, {30, 40})
    assert found.choices.compare == CompareChoice(first="class cup", second="entry 40")
    assert found.choices.shape.beside == 30


def test_chosen_meshes_move_with_the_file_and_follow_their_spectra(document, tmp_path):
    inside, outside = tmp_path / "meshes" / "a.off", tmp_path.parent / "b.off"
    shape = ShapeChoice(meshes=MappingProxyType({3: str(inside), 4: str(outside)}))
    saved = saved_workspace(document, Selection(), ToolChoices(shape=shape))
    write_workspace(saved, tmp_path / "w.spectracnn")
    moved = tmp_path.rename(tmp_path.with_name("moved meshes"))
    found = with_ids(read_workspace(moved / "w.spectracnn"), {3: 30, 4: 40})
    assert found.choices.shape.meshes == {30: str(moved / "meshes" / "a.off"), 40: str(outside)}


def test_what_is_about_layers_that_are_not_there_is_left_out():
    selection = Selection(
        pinned=Sample(4, 0),
        muted=frozenset({(1, 0), (4, 2)}),
        layers=MappingProxyType({0: LayerOptions(), 9: LayerOptions()}),
        weight_edits=(WeightEdit(2, "bias", np.ones(4)), WeightEdit(3, "bias", np.ones(4))),
    )
    found = within_layers(selection, 3)
    assert (found.pinned, found.muted, set(found.layers)) == (None, {(1, 0)}, {0})
    assert found.weight_edits == selection.weight_edits[:1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "w.spectracnn: is no workspace"),
        ("[" * 100_000, "w.spectracnn: is no workspace"),
        ("{}", "w.spectracnn: the saved state: found '{}', expected a known record"),
        ('{"record": "Selection", "version": 1}', "expected SavedWorkspace"),
    ],
)
def test_a_damaged_file_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "w.spectracnn"
    path.write_text(text)
    with pytest.raises(SavedStateError) as caught:
        read_workspace(path)
    assert sentence in caught.value.message


def test_a_file_that_is_missing_is_a_sentence(tmp_path):
    with pytest.raises(SavedStateError, match="cannot be read"):
        read_workspace(tmp_path / "w.spectracnn")


def test_the_file_is_plain_json(document, tmp_path):
    path = tmp_path / "w.spectracnn"
    write_workspace(saved_workspace(document, Selection(), ToolChoices()), path)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["record"] == "SavedWorkspace"
    assert next(entry["path"] for entry in record["entries"]) == "data/a.ev"
