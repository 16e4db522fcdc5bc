"""What is saved comes back the same, through JSON's text; what is damaged is named."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.edits import Edit, Mix, Noise, Offset, Scale, Smooth, Space, Zero
from spectracnn.core.features import Reduction
from spectracnn.core.spectrum import Kind, Normalisation
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.state.cohort_choices import (
    CohortAttributionChoice,
    CohortChoice,
    CohortConfoundsChoice,
    CohortGroupsChoice,
    CohortPredictionsChoice,
    CohortTestsChoice,
)
from spectracnn.state.saving import (
    SavedEntry,
    SavedModel,
    SavedSpectrum,
    SavedStateError,
    SavedTable,
    SavedWorkspace,
    from_json,
    to_json,
)
from spectracnn.state.selection import (
    ChannelOrder,
    ColourRange,
    ColourScale,
    LayerMode,
    LayerOptions,
    RangeKind,
    Sample,
    Selection,
    SpectrumMode,
    Stage,
)
from spectracnn.state.tools import (
    AttributionChoice,
    CompareChoice,
    CompareTab,
    EmbeddingChoice,
    FilterLabChoice,
    FiltersChoice,
    InspectorChoice,
    MultiplesChoice,
    Ranking,
    ShapeChoice,
    StatisticsChoice,
    ToolChoices,
    WhatIfChoice,
)
from spectracnn.state.training_choice import TrainingChoice

NUMBER = st.floats(allow_nan=False)
PLACE = st.integers(-1, 10**6)
RUN = {"space": st.sampled_from(Space), "first": PLACE, "last": PLACE}
EDITS = st.one_of(
    st.builds(Offset, amount=NUMBER, **RUN),
    st.builds(Scale, factor=NUMBER, **RUN),
    st.builds(Noise, sd=NUMBER, seed=st.integers(0, 2**32), **RUN),
    st.builds(Zero, **RUN),
    st.builds(Smooth, reach=st.integers(0, 50), **RUN),
    st.builds(
        Mix, other=st.lists(NUMBER, max_size=5).map(np.array), share=NUMBER, name=st.text(), **RUN
    ),
)
SAMPLES = st.builds(Sample, PLACE, PLACE, PLACE)
RANGES = st.builds(
    ColourRange,
    kind=st.sampled_from(RangeKind),
    low=NUMBER,
    high=NUMBER,
    scale=st.sampled_from(ColourScale),
    stage=st.sampled_from(Stage),
)
OPTIONS = st.builds(
    LayerOptions,
    mode=st.sampled_from(LayerMode),
    stage=st.sampled_from(Stage),
    channels=st.lists(PLACE, max_size=4).map(tuple),
    collapsed=st.booleans(),
    colour_range=RANGES,
)
SELECTIONS = st.builds(
    Selection,
    current=st.none() | PLACE,
    overlaid=st.frozensets(PLACE, max_size=5),
    pinned=st.none() | SAMPLES,
    spectrum_mode=st.sampled_from(SpectrumMode),
    log_value=st.booleans(),
    colour_range=RANGES,
    channel_order=st.sampled_from(ChannelOrder),
    layers=st.dictionaries(st.integers(0, 20), OPTIONS, max_size=3).map(MappingProxyType),
    muted=st.frozensets(st.tuples(PLACE, PLACE), max_size=4),
    index_range=st.none() | st.tuples(PLACE, PLACE),
)
ENTRIES = st.builds(
    SavedEntry, PLACE, st.text(), st.text(), st.text(), st.lists(EDITS, max_size=3).map(tuple)
)
MODELS = st.builds(SavedModel, st.text(), st.text())
LAYER = st.none() | st.integers(0, 50)


def any_of(record, **fields):
    """Any values of a record's fields, by their types."""
    every = {name: st.from_type(kind) for name, kind in get_type_hints(record).items()}
    return st.builds(record, **{**every, **fields})


CHOICES = st.builds(
    ToolChoices,
    compare=st.builds(
        CompareChoice,
        tab=st.sampled_from(CompareTab),
        first=st.none() | st.text(),
        second=st.none() | st.text(),
        scale=st.sampled_from(ColourScale),
        layers=st.dictionaries(st.integers(0, 20), OPTIONS, max_size=2).map(MappingProxyType),
    ),
    multiples=st.builds(MultiplesChoice, LAYER),
    statistics=st.builds(StatisticsChoice, LAYER, st.integers(0, 5), st.booleans()),
    embedding=st.builds(EmbeddingChoice, LAYER, st.sampled_from(Reduction), st.none() | st.text()),
    filters=st.builds(FiltersChoice, LAYER, st.sampled_from(Ranking), LAYER),
    attribution=st.builds(
        AttributionChoice,
        st.sampled_from(Method),
        st.none() | st.text(),
        st.builds(
            AttributionOptions, steps=st.integers(1, 999), noise=st.floats(0, 1), layer=LAYER
        ),
        st.booleans(),
    ),
    what_if=st.builds(
        WhatIfChoice, st.sampled_from(Space), st.none() | st.tuples(PLACE, PLACE), LAYER
    ),
    inspector=st.builds(InspectorChoice, st.none() | st.tuples(PLACE, PLACE)),
    shape=st.builds(ShapeChoice, st.none() | st.text(), LAYER, LAYER),
    filter_lab=st.builds(FilterLabChoice, LAYER, LAYER, LAYER, st.booleans()),
)
FORMS = st.one_of(
    any_of(TrainingChoice, learning_rate=st.none() | NUMBER),
    any_of(CohortChoice),
    any_of(CohortPredictionsChoice),
    any_of(CohortGroupsChoice),
    any_of(CohortAttributionChoice),
    any_of(CohortTestsChoice),
    any_of(CohortConfoundsChoice),
)
SPECTRA = st.builds(
    SavedSpectrum,
    st.lists(NUMBER, min_size=1, max_size=5).map(np.array),
    st.sampled_from(Kind),
    st.none() | NUMBER,
    st.none() | NUMBER,
    st.dictionaries(st.text(), st.text(), max_size=2).map(MappingProxyType),
    st.sampled_from(Normalisation),
    st.lists(st.text(), max_size=2).map(tuple),
    st.text(),
    st.text(),
)
WORKSPACES = st.builds(
    SavedWorkspace,
    st.lists(ENTRIES, max_size=3).map(tuple),
    st.none() | MODELS,
    st.lists(MODELS, max_size=2).map(tuple),
    SELECTIONS,
    CHOICES,
    st.dictionaries(PLACE, st.text(), max_size=3).map(MappingProxyType),
    st.none() | st.builds(SavedTable, st.text(), st.text()),
)


def again(record):
    return from_json(json.loads(json.dumps(to_json(record), allow_nan=False)))


def same_edit(one, other):
    assert type(one) is type(other)
    for item in fields(one):
        np.testing.assert_array_equal(getattr(one, item.name), getattr(other, item.name))


@given(EDITS)
def test_edits_come_back(edit):
    same_edit(again(edit), edit)


@given(SELECTIONS)
def test_selections_come_back(selection):
    assert again(selection) == selection


@given(CHOICES)
def test_what_tools_show_comes_back(choices):
    assert again(choices) == choices


@given(FORMS)
def test_what_the_forms_show_comes_back(choice):
    assert again(choice) == choice


@given(CHOICES)
def test_for_another_network_only_what_is_about_no_layer_stays(choices):
    kept = choices.for_another_model()
    assert kept.filters == FiltersChoice(ranking=choices.filters.ranking)
    assert kept.embedding == replace(choices.embedding, layer=None)
    assert kept.compare == replace(choices.compare, layers=MappingProxyType({}))
    assert kept.shape == choices.shape
    assert kept.for_another_model() == kept


@given(WORKSPACES)
def test_workspaces_come_back(workspace):
    found = again(workspace)
    for one, other in zip(found.entries, workspace.entries, strict=True):
        for edit, before in zip(one.edits, other.edits, strict=True):
            same_edit(edit, before)
        assert replace(one, edits=()) == replace(other, edits=())
    assert replace(found, entries=()) == replace(workspace, entries=())


@given(SPECTRA)
def test_a_spectrum_without_a_file_comes_back(spectrum):
    found = again(SavedEntry(1, "", "pasted", spectrum=spectrum)).spectrum
    for item in fields(spectrum):
        np.testing.assert_array_equal(getattr(found, item.name), getattr(spectrum, item.name))


def test_weights_set_by_hand_come_back():
    edit = WeightEdit(1, "kernel", np.float32([[0.5], [-1.0]]), "halved")
    (found,) = again(Selection(weight_edits=(edit,))).weight_edits
    np.testing.assert_array_equal(found.values, edit.values)
    assert (found.layer, found.weight, found.caption) == (1, "kernel", "halved")


def test_fields_that_an_older_version_had_not_are_as_by_default():
    assert from_json({"record": "Selection", "version": 1, "log_value": True}) == Selection(
        log_value=True
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "expected a known record"),
        ({"record": "System", "version": 1}, "expected a known record"),
        ({"record": "Selection", "version": 99}, "found version 99 of Selection"),
        ({"record": "Selection", "version": 1, "current": "x"}, "current: found 'x', expected int"),
        ({"record": "Selection", "version": 1, "overlaid": 3}, "overlaid: found '3'"),
        ({"record": "Selection", "version": 1, "spectrum_mode": "?"}, "one of RAW"),
        (
            {"record": "Selection", "version": 2, "spectrum_mode": "Raw"},
            "found 'Raw'",
        ),
        ({"record": "Selection", "version": 2, "spectrum_mode": [1]}, "expected one of RAW"),
        ({"record": "Selection", "version": 1, "muted": [[1]]}, "found '1 values'"),
        ({"record": "Scale", "version": 1, "factor": True}, "expected a number"),
        ({"record": "Scale", "version": 1}, "expected factor"),
        ({"record": "Mix", "version": 1, "other": {"array": 3}, "share": 1, "name": ""}, "a list"),
    ],
)
def test_what_is_damaged_is_named(value, sentence):
    with pytest.raises(SavedStateError) as caught:
        from_json(value)
    assert sentence in caught.value.message


def test_the_expected_kind_is_checked_and_others_are_not_saved():
    with pytest.raises(SavedStateError, match="expected Edit"):
        from_json(to_json(Selection()), Edit)
    with pytest.raises(TypeError):
        to_json(object())


def test_a_file_of_version_1_opens():
    file = Path(__file__).with_name("data") / "workspace_version_1.json"
    stored = json.loads(file.read_text(encoding="utf-8"))
    found = from_json(stored, SavedWorkspace)
    scale, noise, mix = found.entries[0].edits
    same_edit(scale, Scale(space=Space.INPUT, first=2, last=5, factor=1.5))
    same_edit(noise, Noise(sd=np.inf, seed=4))
    same_edit(mix, Mix(other=np.array([0, 1.5, np.nan]), share=0.25, name="ant"))
    assert found.entries[1] == SavedEntry(4, "meshes/ant.ev", "ant")
    assert (found.model, found.others) == (
        SavedModel("models/own.keras", "ab" * 32),
        (SavedModel("models/other.h5"),),
    )
    own = ColourRange(RangeKind.OWN, -1.0, 2.0, ColourScale.NETWORK, Stage.BEFORE)
    full = ColourRange(RangeKind.FULL)
    lines = LayerOptions(LayerMode.LINES, Stage.BEFORE, (0, 2), colour_range=full)
    (edit,) = found.selection.weight_edits
    np.testing.assert_array_equal(edit.values, np.float32([[0.5], [-1]]))
    assert replace(found.selection, weight_edits=()) == Selection(
        current=3,
        overlaid=frozenset({3, 4}),
        pinned=Sample(1, 2, 3),
        spectrum_mode=SpectrumMode.MODEL_INPUT,
        log_value=True,
        colour_scale=ColourScale.NETWORK,
        colour_range=own,
        layers=MappingProxyType({1: lines}),
        muted=frozenset({(0, 1)}),
        index_range=(4, 9),
        explaining=True,
    )
    assert again(found).selection.colour_range == own  # and is written as the present version


def test_a_caption_that_no_version_wrote_is_named():
    with pytest.raises(SavedStateError, match="spectrum_mode: found 'Rough'"):
        from_json({"record": "Selection", "version": 1, "spectrum_mode": "Rough"})
