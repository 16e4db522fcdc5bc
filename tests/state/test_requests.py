"""Requests forget neither companions nor muted filters nor edits, whoever makes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Offset, Scale, Space, Zero
from spectracnn.core.features import Reduction
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.requests import OpenModel, TraceMean, TraceSpectrum
from spectracnn.core.site_step import HarmoniseSites
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import ModelDescription
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.io.participants import read_table
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.group_requests import compare_requests, features_request, mean_request
from spectracnn.state.other_model import OtherModel
from spectracnn.state.others import with_model
from spectracnn.state.participants import Participants
from spectracnn.state.prediction_requests import other_prediction_request, prediction_requests
from spectracnn.state.requests import attribution_request, seen_key, trace_request, weights_request
from spectracnn.state.selection import Selection

A, B = Path("a.csv"), Path("b.csv")
ZERO = Zero(space=Space.INPUT, first=0, last=1)


def model(structures=("left", "right"), path="m.keras"):
    card = ModelCard(Preprocessing(), ("x", "y"))
    return ModelDescription("m", path, "", (3, 2), (), ("x", "y"), card, 0, structures=structures)


@pytest.fixture
def document():
    names = [("left", A), ("right", A), ("left", B), ("right", B)]
    entries = (
        Entry(number, Spectrum(name, [0.0, 1.0 + number, 5.0], source=source, key=name))
        for number, (name, source) in enumerate(names, 1)
    )
    return Document(tuple(entries), model(), opened=1)


MUTED = Selection(current=2, muted=frozenset({(1, 0), (0, 3)}))


def edited(document, number, *edits):
    entry = document.entry(number).with_edits(edits)
    return document.with_entries([entry])


def spectra(document, *numbers):
    return tuple(document.entry(number).spectrum for number in numbers)


def test_every_view_of_one_spectrum_sends_companions_muted_filters_and_edits(document):
    document = edited(document, 2, ZERO, Scale(factor=2.0))
    plain = compare_requests(document, MUTED, [(2,)])[0].request
    attribution = attribution_request(
        document, MUTED, Method.OCCLUSION, 1, AttributionOptions()
    ).request
    for request in (trace_request(document, MUTED).request, plain, attribution):
        assert request.spectrum is document.entry(2).spectrum
        assert request.companions == spectra(document, 1, 2)
        assert request.muted == ((0, 3), (1, 0))
        assert request.input_edits == document.entry(2).edits


def test_a_contribution_is_a_trace_with_one_more_filter_muted(document):
    made = trace_request(document, MUTED, mute=((0, 0),))
    assert made.request.muted == ((0, 0), (0, 3), (1, 0))
    assert made.request.companions == spectra(document, 1, 2)
    assert made.key != trace_request(document, MUTED).key


def test_groups_bring_their_companions_and_edits(document):
    document = edited(document, 3, ZERO)
    made = mean_request(document, MUTED, (1, 3))
    assert {id(s) for s in made.request.spectra} == {id(s) for s in spectra(document, 1, 2, 3, 4)}
    at = [entry.id for entry in made.entries].index(3)
    assert made.request.input_edits[at] == (ZERO,)
    assert made.request.muted == ((0, 3), (1, 0))
    features = features_request(document, MUTED, 0, Reduction.MEAN).request
    assert features.spectra == spectra(document, 1, 2, 3, 4)
    assert features.input_edits[2] == (ZERO,)
    assert features.muted == ((0, 3), (1, 0))


def test_companions_stand_as_read_however_they_were_edited(document):
    edited_one = edited(document, 1, Scale(factor=3.0))
    request = trace_request(edited_one, MUTED).request
    assert request.companions == spectra(document, 1, 2)


def test_keys_follow_what_matters_and_nothing_else(document):
    key = trace_request(document, MUTED).key
    hovered = replace(MUTED, log_value=True, overlaid=frozenset({1}))
    assert trace_request(document, hovered).key == key
    assert trace_request(document, replace(MUTED, muted=frozenset())).key != key
    assert trace_request(replace(document, opened=2), MUTED).key != key
    assert trace_request(edited(document, 2, ZERO), MUTED).key != key
    once = edited(document, 2, Offset(amount=1.0))
    again = edited(once, 2, Offset(amount=1.0))  # equal values, but another revision
    assert trace_request(once, MUTED).key != trace_request(again, MUTED).key
    assert trace_request(edited(once, 2), MUTED).key == key  # back to what the file holds
    assert seen_key(document, MUTED) == seen_key(document, hovered)


def test_every_key_knows_weights_that_were_changed(document):
    edit = WeightEdit(0, "kernel", np.ones((2, 2), np.float32))
    changed = replace(MUTED, weight_edits=(edit,))

    def keys(selection):
        made = (
            trace_request(document, selection),
            attribution_request(document, selection, Method.OCCLUSION, 1, AttributionOptions()),
            mean_request(document, selection, (1, 3)),
            features_request(document, selection, 0, Reduction.MEAN),
            *compare_requests(document, selection, [(1,), (1, 3)]),
            weights_request(document, 0, selection.weight_edits),
        )
        return [one.key for one in made]

    plain, through = keys(MUTED), keys(changed)
    assert all(one != other for one, other in zip(plain, through, strict=True))


def test_a_side_is_known_by_ids_whatever_it_is_called(document):
    one, mean, gone = compare_requests(document, MUTED, [(1,), (1, 2), (9,)])
    assert isinstance(one.request, TraceSpectrum)
    assert isinstance(mean.request, TraceMean)
    assert gone is None
    renamed = document.with_entries(
        [replace(document.entry(1), spectrum=replace(document.entry(1).spectrum, name="new"))]
    )
    assert compare_requests(renamed, MUTED, [(1,)])[0].key == one.key


def test_predictions_are_of_files_and_of_whole_subjects(document):
    known = document.with_entries(
        [replace(document.entry(n), probabilities=np.float32([1, 0])) for n in (1, 2, 4)]
    )
    made = prediction_requests(known)
    assert [entry.id for entry in made.entries] == [3, 4]
    everything = known.with_entries([replace(known.entry(3), refusal="too short")])
    assert prediction_requests(everything) is None


def test_an_other_model_is_asked_what_it_has_not_said(document):
    other = OtherModel(model((), "o.keras"))
    opening = OpenModel("o.keras")
    made = other_prediction_request(document, other, opening)
    assert made.request.model is opening
    assert [entry.id for entry in made.entries] == [1, 2, 3, 4]


def test_without_a_model_nothing_is_asked(document):
    nothing = replace(document, model=None)
    options = AttributionOptions()
    assert trace_request(nothing, MUTED) is None
    assert attribution_request(nothing, MUTED, Method.OCCLUSION, None, options) is None
    assert mean_request(nothing, MUTED, (1, 2)) is None
    assert features_request(nothing, MUTED, 0, Reduction.MAX) is None
    assert prediction_requests(nothing) is None
    assert weights_request(nothing, 0) is None
    assert seen_key(nothing, MUTED) is None


def test_weights_of_another_opening_have_another_key(document):
    again = with_model(document, model())
    assert again.opened == document.opened + 1
    assert weights_request(again, 0).key != weights_request(document, 0).key


def test_removed_entries_leave_nothing_behind(document):
    traced = document.with_trace(2, object())
    assert 2 not in traced.without_entries([2]).traces
    assert 2 in traced.without_entries([1]).traces


def test_sites_come_from_the_table_where_the_model_harmonises_them(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("id,scanner\none,A\ntwo,B\n")
    step = HarmoniseSites(("A", "B"), [[1.0] * 3, [2.0] * 3], [[0.0] * 3, [1.0] * 3], "scanner")
    card = ModelCard(Preprocessing((step,)), ("x", "y"))
    own = ModelDescription("m", "m.keras", "", (3, 1), (), ("x", "y"), card, 0)
    names = ("one", "two", "three")
    entries = tuple(
        Entry(number, Spectrum(name, [0.0, 1.0, 5.0])) for number, name in enumerate(names, 1)
    )
    people = Participants(read_table(table), "id").with_entries(entries)
    document = Document(entries, own, opened=1, participants=people)
    chosen = Selection(current=2)
    request = trace_request(document, chosen).request
    assert own.card.preprocessing.apply(request.spectrum).values.tolist() == [1.0, 3.0, 11.0]
    sites = [item.metadata.get("site") for item in prediction_requests(document).request.spectra]
    assert sites == ["A", "B", None]
    group = mean_request(document, chosen, (1, 3)).request.spectra
    assert [item.metadata.get("site") for item in group] == ["A", None]
    attribution = attribution_request(
        document, chosen, Method.OCCLUSION, 1, AttributionOptions()
    ).request
    assert attribution.spectrum.metadata["site"] == "B"
    # Without the table, or with a model that harmonises nothing, spectra go as they are.
    bare = replace(document, participants=None)
    assert trace_request(bare, chosen).request.spectrum is entries[1].spectrum
    other = replace(document, model=model(structures=()))
    assert trace_request(other, chosen).request.spectrum is entries[1].spectrum


def test_features_have_another_key_when_any_spectrum_changes(document):
    def key():
        return features_request(document, Selection(), 0, Reduction.FLAT).key

    before = key()
    assert key() == before
    document = document.with_entries([document.entry(3).with_edits((Scale(factor=2.0),))])
    edited = key()
    assert edited != before
    document = document.with_entries([document.entry(3).with_edits((Scale(factor=3.0),))])
    assert key() not in (edited, before)
