"""Structures that a network reads one after the other: their places on one axis."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import SPECTRUM, Sample, Selection, SpectrumMode
from spectracnn.view.resolve import resolve
from spectracnn.view.seams import offset_of

EACH = 5


@pytest.fixture
def document():
    steps = [{"step": "drop_zeros"}, {"step": "take", "n": EACH}]
    card = ModelCard(Preprocessing.from_json(steps), ("a", "b"))
    layer = LayerInfo("conv", "Conv1D", (2 * EACH, 3))
    model = ModelDescription(
        "m", "m.keras", "0" * 64, (2 * EACH, 1), (layer,), ("a", "b"), card, 0,
        structures=("lh", "rh"), arrangement=Arrangement.CONCATENATED,
    )  # fmt: skip
    left = Spectrum("s lh", np.arange(9.0), subject="s", structure="lh")
    right = Spectrum("s rh", 10 + np.arange(9.0), subject="s", structure="rh")
    values = np.concatenate([np.arange(1.0, 6.0), 100 + np.arange(5.0)])[:, None]
    positions = np.concatenate([np.arange(1, 6)] * 2)
    trace = Trace(
        "0" * 64, values, positions, (LayerTrace(np.ones((2 * EACH, 3))),), np.array([0.5, 0.5])
    )
    document = Document((Entry(0, left), Entry(1, right)), model)
    return document.with_trace(0, trace)


def test_the_plot_shows_the_whole_input_with_its_seams(document):
    selection = Selection(
        current=0, overlaid=frozenset({1}), spectrum_mode=SpectrumMode.MODEL_INPUT
    )
    contents = resolve(document, selection)
    picture = contents.spectrum
    assert picture.seams == ((0.5, "lh"), (5.5, "rh"))
    current = picture.curves[-1]
    np.testing.assert_array_equal(current.x, np.arange(1, 11))
    np.testing.assert_array_equal(current.y, document.traces[0].input[:, 0])
    other = picture.curves[0]
    np.testing.assert_array_equal(other.x, np.arange(6, 11))
    assert contents.index_range == (-0.5, 10.5)
    assert contents.layers[0].picture.seams == picture.seams
    assert contents.layers[0].picture.extent == (0.5, 10.5)


def test_the_point_under_the_pointer_is_the_inputs(document):
    selection = Selection(
        current=0, hovered=Sample(SPECTRUM, 8), spectrum_mode=SpectrumMode.MODEL_INPUT
    )
    assert resolve(document, selection).spectrum_marks.point == (8.0, 102.0)


def test_a_network_of_one_structure_has_no_seams(document):
    from dataclasses import replace

    model = replace(document.model, arrangement=Arrangement.UNSPECIFIED)
    picture = resolve(replace(document, model=model), Selection(current=0)).spectrum
    assert picture.seams == ()


@pytest.mark.parametrize("entry", [0, 1])
def test_a_point_of_any_structure_is_found_in_its_own_spectrum(document, entry):
    document = document.with_trace(entry, document.traces[0])
    picture = resolve(document, Selection(current=entry, spectrum_mode=SpectrumMode.RAW)).spectrum
    spectrum, curve = document.entries[entry].spectrum, picture.curves[-1]
    places = curve.x.astype(int) - offset_of(document.model, spectrum.structure)
    np.testing.assert_array_equal(spectrum.eigenvalues[places], curve.y)
    assert places.tolist() == [1, 2, 3, 4, 5]
