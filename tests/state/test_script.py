"""Copy as Python: the script runs, and its numbers are those that are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectracnn as sc
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import ExportError
from spectracnn.state.document import Document
from spectracnn.state.requests import attribution_request, compare_request, trace_request
from spectracnn.state.script import python_script
from spectracnn.state.selection import Selection


@pytest.fixture(scope="module")
def model():
    return sc.open_model()


def run(document, selection, sides=()):
    names: dict = {}
    exec(python_script(document, selection, sides), names)
    return names


def shown(model, document, selection):
    return model._perform(trace_request(document, selection).request)


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
    attribution = model._perform(made.request)
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
    sides = ((1,), (2, 3))
    names = run(document, selection, sides)
    first, second = (
        model._perform(compare_request(document, selection, side).request) for side in sides
    )
    for place, name in enumerate(names["traces"].layer_names):
        expected = first.layers[place].output - second.layers[place].output
        np.testing.assert_allclose(names["differences"][name], expected, atol=1e-4)


def test_without_a_model_the_spectrum_is_drawn():
    document = Document(())
    with pytest.raises(ExportError, match="no spectrum"):
        python_script(document, Selection())
    from spectracnn.state.entry import Entry

    entry = Entry(1, Spectrum("alone", np.arange(9.0)))
    names = run(Document((entry.with_edits((sc.Offset(amount=1.0),)),)), Selection(current=1))
    np.testing.assert_array_equal(names["spectrum"].eigenvalues, np.arange(9.0) + 1)
    assert names["figure"].axes
