"""Small multiples of layers with rows and columns."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spectracnn.gui.tools.compare.multiples import MultiplesTab
from spectracnn.view.compare import channel_differences


class Answers:
    """A broker whose answers are maps of planes, given at once."""

    def __init__(self, outputs) -> None:
        self.outputs = list(outputs)

    def submit(self, _request, _owner, _policy, on_success, _on_failure, **_):
        on_success(SimpleNamespace(layers=(SimpleNamespace(output=self.outputs.pop(0)),)))


@pytest.fixture
def plane_tab(qtbot, filled, themes):
    """Small multiples of a layer of 4 rows, 6 columns and 3 channels; the second is strongest."""
    rng = np.random.default_rng(3)
    outputs = [rng.normal(size=(4, 6, 3)).astype(np.float32) * [1, 9, 2] for _ in range(4)]
    model = filled.document.model
    plane = replace(model.layers[0], name="plane", output_shape=(4, 6, 3))
    described = replace(model, layers=(plane,))
    filled.document = replace(filled.document, model=described, traces={})
    tab = MultiplesTab(SimpleNamespace(workspace=filled, broker=Answers(outputs), themes=themes))
    qtbot.addWidget(tab)
    filled.set_overlaid([entry.id for entry in filled.document.entries])
    tab.show()
    return tab, outputs


def test_small_multiples_of_planes_are_images_of_a_channel(plane_tab):
    tab, outputs = plane_tab
    assert tab.channel == 1
    for output, image in zip(outputs, tab._images.values(), strict=True):
        np.testing.assert_array_equal(image.image, output[..., 1])  # rows by columns
    tab.channel_box.setValue(2)
    for output, image in zip(outputs, tab._images.values(), strict=True):
        np.testing.assert_array_equal(image.image, output[..., 2])
    picture = tab.figure_view().picture
    assert picture.title == "plane, channel 2"
    np.testing.assert_array_equal(picture.maps[0].T, outputs[0][..., 2])
    assert "[..., 2]" in tab.script_view().lines[1]


def test_filters_of_planes_are_among_those_that_differ_most(network):
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 4, 6, 3))
    plane = replace(network.description.layers[0], output_shape=(4, 6, 3))
    model = replace(network.description, layers=(plane,))
    sides = [SimpleNamespace(layers=(SimpleNamespace(output=a),)) for a in (first, second)]
    found = channel_differences(model, *sides)
    expected = np.sqrt(((first - second) ** 2).mean(axis=(0, 1)))
    assert [item.rms for item in found] == pytest.approx(sorted(expected, reverse=True))
