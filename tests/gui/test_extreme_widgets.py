"""Every widget that paints numbers by itself, with NaN, infinite, zero, huge and no numbers at all.

What is raised while Qt paints ends the program when the painter is thrown away, so nothing may be.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.weights import LayerWeights
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.panels.prediction_panel import ClassBars
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.gui.tools.inspector.page import InspectorPage
from spectracnn.state.selection import Sample
from spectracnn.view.contents import PredictionContents
from spectracnn.view.inspect.arithmetic import inspect
from spectracnn.view.layer_lab import StagePicture
from spectracnn.view.palettes import Palette

EXTREMES = {
    "nan": np.nan,
    "infinite": np.inf,
    "minus infinite": -np.inf,
    "zero": 0.0,
    "denormal": 1e-44,
    "huge": 3e38,
}
KERNEL = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.6, 0.25]]])
DENSE = np.array([[1.0, -0.5, 0.0], [-0.25, 0.5, 1.0]])
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("palette", list(Palette))
@pytest.mark.parametrize("shape", [(1, 20), (1, 1), (5, 20), (2, 4, 6)])
def test_stages_of_the_layer_lab(qtbot, name, palette, shape):
    values = np.full(shape, EXTREMES[name], np.float32)
    positions = np.arange(float(shape[-1])) if len(shape) == 2 else np.zeros(0)
    view = StageView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 200)
    picture = StagePicture("1  Conv1D", ("a caption",), values, positions, palette, 1.0)
    view.show_picture(picture, (-0.5, max(positions.size, 1) - 0.5))
    assert not view.grab().isNull()


@pytest.mark.parametrize("name", EXTREMES)
def test_class_bars(qtbot, name):
    shares = np.full(3, EXTREMES[name], np.float32)
    for several in (False, True):
        contents = PredictionContents(
            ("a", "b", "c"), shares, "a", reference=shares, shadow=shares, several=several
        )
        for theme in (LIGHT, DARK):
            bars = ClassBars(theme)
            qtbot.addWidget(bars)
            bars.resize(260, 120)
            bars.set_contents(contents, theme)
            assert not bars.grab().isNull()


def spoilt_trace(network, spectrum, value):
    trace = network.trace(spectrum)
    layers = tuple(
        replace(
            layer,
            output=np.full_like(layer.output, value),
            before=None if layer.before is None else np.full_like(layer.before, value),
        )
        for layer in trace.layers
    )
    return replace(trace, input=np.full_like(trace.input, value), layers=layers)


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("layer", range(4))
def test_the_inspector(qtbot, network, make_spectrum, name, layer):
    value = EXTREMES[name]
    trace = spoilt_trace(network, make_spectrum(), value)
    weights = (
        LayerWeights(0, "Conv1D", {"kernel": np.full_like(KERNEL, value)}),
        LayerWeights(1, "MaxPooling1D"),
        LayerWeights(2, "GlobalAveragePooling1D"),
        LayerWeights(3, "Dense", {"kernel": np.full_like(DENSE, value)}),
    )[layer]
    sample = Sample(layer, 1, 1 if layer < 2 else 0)
    found = inspect(network.description, trace, weights, sample)
    page = InspectorPage(LIGHT)
    qtbot.addWidget(page)
    page.resize(320, 900)
    for other in (None, found):
        page.show_sample(network.description, trace, found, other, DARK)
        assert not page.grab().isNull()
