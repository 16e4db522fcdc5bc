from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spectracnn.engine.messages import PredictSpectra, TraceSpectrum
from spectracnn.state.selection import SPECTRUM, LayerMode, LayerOptions, Sample, SpectrumMode


def ids(workspace):
    return [entry.id for entry in workspace.document.entries]


def test_the_first_spectrum_ever_is_shown(workspace, spectra):
    workspace.add_spectra(spectra)
    assert workspace.selection.current == ids(workspace)[0]
    assert workspace.selection.overlaid == frozenset(ids(workspace))


def test_adding_nothing_changes_nothing(qtbot, workspace):
    with qtbot.assertNotEmitted(workspace.entriesReset):
        workspace.add_spectra([])


def test_adding_more_keeps_the_one_shown(filled, spectra):
    current = filled.selection.current
    filled.add_spectra(spectra[:2])
    assert filled.selection.current == current
    assert len(set(ids(filled))) == 6


def test_not_more_than_a_handful_is_overlaid_at_first(workspace, spectra):
    from spectracnn.gui.workspace.open_document import MOST_OVERLAID_AT_FIRST

    workspace.add_spectra(spectra * 20)
    assert len(workspace.selection.overlaid) == MOST_OVERLAID_AT_FIRST


def test_removing_the_current_one_shows_its_neighbour(filled):
    first, second, *_ = ids(filled)
    filled.remove([first])
    assert filled.selection.current == second
    assert first not in filled.selection.overlaid


def test_removing_all_leaves_nothing(filled):
    filled.remove(ids(filled))
    assert filled.selection.current is None
    assert filled.document.entries == ()
    assert not filled.contents.spectrum.curves


def test_removing_forgets_the_trace(filled, engine):
    first = ids(filled)[0]
    filled.remove([first])
    assert all(layer.picture is None for layer in filled.contents.layers)
    assert first not in filled.document.traces


def test_reorder(filled):
    before = ids(filled)
    filled.reorder([before[2], before[0]])
    assert ids(filled) == [before[2], before[0], before[1], before[3]]


def test_a_trace_of_a_spectrum_left_behind_is_not_painted(filled, engine):
    _, second, third, _ = ids(filled)
    filled.set_current(second)
    stale = engine.latest(TraceSpectrum)
    filled.set_current(third)
    engine.answer_trace(stale)
    # Neither under its own name nor under that of the spectrum now shown.
    assert not {second, third} & filled.document.traces.keys()
    engine.answer_trace()
    assert list(filled.document.traces) == [third]


def test_a_trace_of_another_entry_is_not_kept(filled, inference, network, spectra):
    second = ids(filled)[1]
    inference.traceReceived.emit(filled.document.entry(second), network.trace(spectra[1]))
    assert second not in filled.document.traces


def test_the_maps_are_those_of_the_trace(filled, network, spectra):
    expected = network.trace(spectra[0])
    for layer, numbers in zip(filled.contents.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(layer.picture.values, numbers.output)


@pytest.mark.parametrize("step", [0, 4, 9])
def test_hovering_marks_exactly_the_receptive_field(filled, step):
    filled.hover(Sample(0, step, 1))
    # The zero eigenvalue is dropped, so input i is eigenvalue i + 1; the kernel spans three.
    assert filled.contents.spectrum_marks.bands == ((step + 1.0, step + 3.0),)


def test_hovering_a_pooled_sample_marks_what_both_saw(filled):
    filled.hover(Sample(1, 2, 0))
    assert filled.contents.spectrum_marks.bands == ((5.0, 8.0),)


def test_leaving_clears_the_marks(filled):
    filled.hover(Sample(0, 3, 0))
    filled.hover(None)
    assert filled.contents.spectrum_marks.bands == ()


def test_hovering_the_same_again_is_free(qtbot, filled):
    filled.hover(Sample(0, 3, 0))
    with qtbot.assertNotEmitted(filled.contentsChanged):
        filled.hover(Sample(0, 3, 0))


def test_a_click_pins_and_again_releases(filled):
    sample = Sample(0, 3, 1)
    filled.pin(sample)
    filled.hover(None)
    assert filled.contents.sample == sample
    filled.pin(sample)
    assert filled.contents.sample is None


def test_the_hovered_sample_wins_over_the_pinned(filled):
    filled.pin(Sample(0, 3, 1))
    filled.hover(Sample(0, 7, 0))
    assert filled.contents.sample == Sample(0, 7, 0)


def test_a_pin_on_a_layer_stays_for_the_next_spectrum(filled):
    filled.pin(Sample(0, 3, 1))
    filled.set_current(ids(filled)[1])
    assert filled.selection.pinned == Sample(0, 3, 1)


def test_a_pin_on_the_spectrum_does_not(filled):
    filled.pin(Sample(SPECTRUM, 3))
    filled.set_current(ids(filled)[1])
    assert filled.selection.pinned is None


def test_another_model_drops_all_answers(qtbot, filled, engine, network, inference):
    inference.open_model("other.keras")
    filled.pin(Sample(0, 3, 1))
    engine.answer_open(network.with_more_layers(6))
    assert not filled.document.traces
    assert all(entry.probabilities is None for entry in filled.document.entries)
    assert filled.selection.pinned is None
    # Shown with its first trace, or when that is long in coming.
    qtbot.waitUntil(lambda: len(filled.contents.layers) == 6, timeout=60_000)


def test_hovering_does_not_touch_what_did_not_change(filled):
    before = filled.contents
    filled.hover(Sample(0, 3, 0))
    after = filled.contents
    assert after.spectrum is before.spectrum
    for old, new in zip(before.layers, after.layers, strict=True):
        assert new.picture is old.picture


def test_layer_options(filled):
    filled.set_layer_options(1, LayerOptions(mode=LayerMode.LINES, channels=(1,)))
    assert filled.contents.layers[1].options.mode is LayerMode.LINES
    assert [curve.name for curve in filled.contents.layers[1].picture.curves] == ["channel 1"]
    assert filled.contents.layers[0].options == LayerOptions()


def test_the_models_input_is_what_the_network_got(filled, network, spectra):
    filled.set_view(spectrum_mode=SpectrumMode.MODEL_INPUT)
    curve = filled.contents.spectrum.curves[-1]
    assert curve.emphasised
    expected = network.preprocessing.apply(spectra[0])
    np.testing.assert_array_equal(curve.y, expected.values)
    np.testing.assert_array_equal(curve.x, expected.positions)


def test_a_model_of_several_structures_is_given_the_whole_file(
    qtbot, workspace, engine, network, make_spectrum
):
    names = ("left", "right", "stem")
    files = [
        [replace(make_spectrum(name, source=Path(file)), key=name) for name in names]
        for file in ("a.csv", "b.csv")
    ]
    engine.answer_open(replace(network.description, structures=("left", "stem")))
    workspace.add_spectra([*files[0], *files[1]])
    first = workspace.document.entries[0].id
    workspace.reorder([*reversed(ids(workspace))])
    assert engine.requests[engine.latest(TraceSpectrum)].companions == tuple(files[0])
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > 0)
    asked = engine.requests[engine.latest(PredictSpectra)].spectra
    assert {asked[:3], asked[3:]} == {tuple(files[0]), tuple(files[1])}
    workspace.set_current(workspace.document.entries[1].id)
    assert engine.requests[engine.latest(TraceSpectrum)].companions == tuple(files[1])
    assert workspace.document.entry(first).spectrum is files[0][0]
