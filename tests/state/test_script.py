"""Copy as Python: the script runs, and its numbers are those that are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import spectracnn as sc
from spectracnn import io
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.card_file import write_card
from spectracnn.core.card_places import user_card_path
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.errors import ExportError
from spectracnn.state.document import Document
from spectracnn.state.group_requests import compare_request
from spectracnn.state.requests import attribution_request, trace_request
from spectracnn.state.script import ScriptView, python_script
from spectracnn.state.selection import (
    ColourRange,
    ColourScale,
    LayerMode,
    LayerOptions,
    RangeKind,
    Sample,
    Selection,
    SpectrumMode,
)


@pytest.fixture(scope="module")
def model():
    return sc.open_model()


def run(document, selection, view=None):
    names: dict = {}
    exec(python_script(document, selection, view), names)
    return names


def shown(model, document, selection):
    return model.perform(trace_request(document, selection).request)


EDITS = (
    sc.Scale(factor=1.25, first=3, last=9),
    sc.Noise(sd=0.01, seed=4),
    sc.Zero(space=sc.Space.INPUT, first=10, last=12),
)


def test_edits_muted_filters_and_attribution_are_computed_again(model):
    document = model.document(sc.read(sc.samples()[:3]))
    other = document.entry(3).spectrum
    mix = sc.Mix(other=np.array(other.eigenvalues), share=0.25, name="it's")
    document = document.with_entries([document.entry(2).with_edits((*EDITS, mix))])
    selection = Selection(current=2, muted=frozenset({(0, 1), (0, 4)}))
    options = AttributionOptions(window=3)
    made = attribution_request(document, selection, Method.OCCLUSION, 1, options)
    attribution = model.perform(made.request)
    document = replace(document, attribution=attribution)
    names = run(document, selection)
    trace = shown(model, document, selection)
    np.testing.assert_allclose(names["probabilities"], trace.probabilities, atol=1e-6)
    for place, layer in enumerate(trace.layers):
        found = names["traces"][0].layers[place].output
        np.testing.assert_allclose(found, layer.output, atol=1e-5)
    np.testing.assert_allclose(names["attributions"].values[0], attribution.values, atol=1e-5)
    assert names["figure"].axes


def test_pasted_numbers_stand_in_the_script(model):
    spectrum = replace(sc.read(sc.samples()[0])[0], source=None, name="pasted 'numbers'")
    document = model.document(spectrum)
    names = run(document, Selection(current=1))
    trace = shown(model, document, Selection(current=1))
    np.testing.assert_allclose(names["probabilities"], trace.probabilities, atol=1e-6)


def test_the_sides_of_a_comparison(model):
    document = model.document(sc.read(sc.samples()[:3]))
    document = document.with_entries([document.entry(1).with_edits(EDITS)])
    selection = Selection(current=1, muted=frozenset({(0, 0)}))
    sides = {"first": (1,), "second": (2, 3)}
    line = "differences = scene.compare(<first>, <second>).layers"
    names = run(document, selection, ScriptView((line,), sides))
    first, second = (
        model.perform(compare_request(document, selection, side).request) for side in sides.values()
    )
    for place, name in enumerate(names["traces"].layer_names):
        expected = first.layers[place].output - second.layers[place].output
        np.testing.assert_allclose(names["differences"][name], expected, atol=1e-4)


def test_weights_set_by_hand_are_written_into_the_script(model):
    document = model.document(sc.read(sc.samples()[:1]))
    values = np.linspace(-1, 1, 7 * 16).reshape(7, 1, 16)
    edit = WeightEdit(0, "kernel", values.astype(np.float32), "a ramp")
    selection = Selection(current=1, weight_edits=(edit,))
    names = run(document, selection)
    trace = shown(model, document, selection)
    plain = shown(model, document, Selection(current=1))
    np.testing.assert_allclose(names["probabilities"], trace.probabilities, atol=1e-6)
    assert np.abs(trace.probabilities - plain.probabilities).max() > 1e-3
    np.testing.assert_array_equal(names["weights"][0].values, edit.values)


def test_more_weights_than_a_script_holds_are_refused(model):
    document = model.document(sc.read(sc.samples()[:1]))
    edit = WeightEdit(0, "kernel", np.zeros((201, 1000), np.float32))
    with pytest.raises(ExportError, match="200,000 weights were changed, too many for a script"):
        python_script(document, Selection(current=1, weight_edits=(edit,)))


def test_the_figure_is_drawn_as_it_is_shown(model):
    document = model.document(sc.read(sc.samples()[:3]))
    lines = LayerOptions(LayerMode.LINES, channels=(0, 2))
    selection = Selection(
        current=2,
        overlaid=frozenset({1, 2, 3}),
        spectrum_mode=SpectrumMode.UNIT_AREA,
        log_value=True,
        colour_range=ColourRange(RangeKind.OWN, -1.0, float("inf"), ColourScale.NETWORK),
        layers=MappingProxyType({0: lines}),
        pinned=Sample(0, 3, 1),
    )
    text = python_script(document, selection)
    assert "spectrum_mode=sc.SpectrumMode.UNIT_AREA" in text
    names: dict = {}
    exec(text, names)
    assert len(names["spectra"]) == 3
    found, expected = names["scene"], replace(selection, overlaid=frozenset(), current=None)
    view = eval(re.search(r"view=(sc\.Selection\(.*\)),$", text, re.M)[1], names)
    assert view == expected
    assert len(found.figure("spectrum", 1, overlaid=[0, 2]).axes[0].lines) >= 3


def test_an_overview_comes_with_its_flows(model):
    document = model.document(sc.read(sc.samples()[:1]))
    names = run(document, Selection(current=1, overview=True))
    made = trace_request(document, Selection(current=1, overview=True))
    expected = model.perform(made.request).insight.flows
    assert repr(names["flows"]) == repr(expected)


def test_single_spectra_of_a_file_of_many_are_found_again(model, tmp_path):
    path = tmp_path / "many.csv"
    rows = [",".join(str(value) for value in np.arange(120) * (1 + row)) for row in range(70)]
    path.write_text("\n".join(rows))
    spectra = io.read_file(path, orientation="rows").spectra
    document = model.document(spectra)
    selection = Selection(current=3, overlaid=frozenset({3, 5}))
    names = run(document, selection)
    assert [one.name for one in names["spectra"]] == [spectra[2].name, spectra[4].name]
    np.testing.assert_array_equal(names["spectra"][1].eigenvalues, spectra[4].eigenvalues)


def test_without_a_model_the_spectrum_is_drawn():
    document = Document(())
    with pytest.raises(ExportError, match="no spectrum"):
        python_script(document, Selection())
    from spectracnn.state.entry import Entry

    entry = Entry(1, Spectrum("alone", np.arange(9.0)))
    names = run(Document((entry.with_edits((sc.Offset(amount=1.0),)),)), Selection(current=1))
    np.testing.assert_array_equal(names["spectrum"].eigenvalues, np.arange(9.0) + 1)
    assert names["figure"].axes


@pytest.fixture
def one_sigmoid(tmp_path):
    """A network with one sigmoid whose card lies elsewhere, as where its folder is read-only."""
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    keras.utils.set_random_seed(2)
    layers = [keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")]
    path = tmp_path / "one.keras"
    keras.Sequential([keras.Input((20, 1)), *layers]).save(path)
    card = sc.open_model(path).card
    own = user_card_path(card.model_sha256)
    own.parent.mkdir(parents=True, exist_ok=True)
    write_card(replace(card, classes=("no", "yes"), threshold=0.25), own)
    yield sc.open_model(path), own
    own.unlink()


@pytest.mark.parametrize("above", [True, False])
def test_the_threshold_and_the_users_own_card_stand_in_the_script(one_sigmoid, above):
    model, own = one_sigmoid
    assert model.card.threshold == 0.25
    spectrum = Spectrum("one", np.linspace(0, 1, 20), source=None)
    chance = float(model.predict(spectrum).probabilities[0, 1])
    threshold = chance - 0.01 if above else chance + 0.01  # as moved in the window
    document = model.document(spectrum)
    shown = replace(document.model, card=replace(document.model.card, threshold=threshold))
    document = replace(document, model=shown)
    text = python_script(document, Selection(current=1))
    assert f"card={str(own)!r}" in text
    names: dict = {}
    exec(text, names)
    expected = shown.reading.describe(names["probabilities"])
    assert names["label"] == expected == ("yes" if above else "no")
    assert names["model"].predict(spectrum).labels == (expected,)


def test_labels_of_the_api_are_those_of_the_card(one_sigmoid):
    model, own = one_sigmoid
    spectrum = Spectrum("one", np.linspace(0, 1, 20))
    chance = float(model.predict(spectrum).probabilities[0, 1])
    for threshold, label in ((chance - 0.01, "yes"), (chance + 0.01, "no")):
        again = sc.open_model(model.description.path, card=own, threshold=threshold)
        predictions = again.predict(spectrum)
        assert predictions.labels == (label,)
        assert again.trace(spectrum).labels == (label,)
        shown = chance if label == "yes" else 1 - chance
        assert f"{shown:.3f}" in predictions._repr_html_()
    with pytest.raises(ValueError, match="between 0 and 1; found 2"):
        sc.open_model(model.description.path, threshold=2)
