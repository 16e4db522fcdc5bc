from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from spectracnn.core.trace import Trace
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.gui.panels.layer_stack import LayerStack
from spectracnn.gui.theme import LIGHT
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import LayerMode, LayerOptions, Sample, Selection
from spectracnn.view.resolve import resolve


@pytest.fixture
def stack(qtbot, filled, themes):
    # The style sheet has a say in where things stand.
    stack = LayerStack(LIGHT)
    qtbot.addWidget(stack)
    stack.resize(900, 420)
    stack.show()
    filled.contentsChanged.connect(stack.set_contents)
    stack.set_contents(filled.contents)
    qtbot.waitUntil(lambda: len(stack.panels) == 4 and stack.panels[3].isVisible())
    return stack


def sequence_plots(stack):
    plots = [panel.plot for panel in stack.panels if not panel.plot.vector]
    return [stack.spectrum.plot, *plots, stack.axis]


def ranges(stack):
    return [plot.getViewBox().viewRange()[0] for plot in sequence_plots(stack)]


def test_one_panel_a_layer(stack):
    titles = [panel.header.title.text() for panel in stack.panels]
    assert titles == ["conv", "pool", "average", "dense"]


def test_all_plots_begin_and_end_at_the_same_pixel(qtbot, stack):
    def edges():
        found = []
        for plot in sequence_plots(stack):
            rect = plot.getViewBox().sceneBoundingRect()
            left = plot.mapTo(stack, plot.mapFromScene(rect.topLeft())).x()
            found.append((left, left + round(rect.width())))
        return set(found)

    qtbot.waitUntil(lambda: len(edges()) == 1)


def test_an_index_stands_at_the_same_pixel_everywhere(qtbot, stack):
    def places():
        found = set()
        for plot in sequence_plots(stack):
            scene = plot.getViewBox().mapViewToScene(QPointF(6.0, 0.0))
            found.add(plot.mapTo(stack, plot.mapFromScene(scene)).x())
        return found

    qtbot.waitUntil(lambda: len(places()) == 1)


def test_all_panels_show_the_models_input_at_first(stack, filled):
    low, high = filled.contents.index_range
    assert ranges(stack) == [[low, high]] * 4


def test_moving_one_panel_moves_all(stack):
    for source in sequence_plots(stack):
        box = source.getViewBox()
        box.setXRange(2.0, 6.0, padding=0)
        box.sigRangeChangedManually.emit(box.state["mouseEnabled"])
        assert ranges(stack) == [[2.0, 6.0]] * 4
        stack.fit()


def test_a_double_click_fits(qtbot, stack, filled):
    stack.show_index_range(3.0, 4.0)
    viewport = stack.panels[0].plot.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    assert ranges(stack) == [list(filled.contents.index_range)] * 4


def test_hovering_does_not_undo_a_zoom(stack, filled):
    stack.show_index_range(3.0, 7.0)
    filled.hover(Sample(0, 3, 1))
    assert ranges(stack) == [[3.0, 7.0]] * 4


def test_the_receptive_field_is_shaded_on_the_spectrum(stack, filled):
    filled.hover(Sample(0, 3, 1))
    # Half an index more on both sides: the band holds eigenvalues 4, 5 and 6.
    assert stack.spectrum.plot.bands.ranges == ((3.5, 6.5),)
    filled.hover(None)
    assert stack.spectrum.plot.bands.ranges == ()


def test_the_same_field_is_shaded_in_the_layers(stack, filled):
    filled.hover(Sample(1, 2, 0))
    assert stack.spectrum.plot.bands.ranges == ((4.5, 8.5),)
    assert stack.panels[1].plot.cursor.value() == 6.5


@pytest.mark.parametrize("layer", [1, 2])
def test_scroll_to_brings_the_title_line_to_the_top(qtbot, stack, filled, layer):
    options = {i: LayerOptions(mode=LayerMode.LINES) for i in range(4)}
    filled.set_view(layers=MappingProxyType(options))
    bar = stack.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > stack.panels[layer].y())
    stack.scroll_to(layer)
    assert bar.value() == stack.panels[layer].y()


def test_arrow_keys_ask_for_steps(qtbot, stack):
    plot = stack.panels[0].plot
    with qtbot.waitSignal(stack.stepRequested) as waiter:
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert waiter.args == [1, 0]
    with qtbot.waitSignal(stack.stepRequested) as waiter:
        qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert waiter.args == [0, -1]


def test_a_logarithmic_axis_is_shared(stack, filled):
    filled.set_view(log_index=True)
    scale = filled.contents.spectrum.index_scale
    wanted = [float(end) for end in scale.forward(filled.contents.index_range)]
    assert ranges(stack) == [pytest.approx(wanted)] * 4


def test_another_model_gets_other_panels(qtbot, stack, filled, engine, inference, network):
    inference.open_model("other.keras")
    engine.answer_open(network.with_more_layers(5))
    qtbot.waitUntil(lambda: len(stack.panels) == 5)
    assert stack.panels[4].header.title.text() == "conv4"


def test_the_curves_drawn_are_those_of_the_contents(stack, filled):
    curves = filled.contents.spectrum.curves
    assert stack.spectrum.drawn == curves
    assert len(curves) == 4
    filled.set_overlaid([])
    assert [curve.entry_id for curve in stack.spectrum.drawn] == [filled.selection.current]


# --- a network of many layers ----------------------------------------------------------------

MANY, PATIENCE = 50, 60_000


def many_layers(network, spectra):
    """Contents of a network of 50 layers: the convolution, again and again."""
    model = network.with_more_layers(MANY)

    def contents(place):
        made = network.trace(spectra[place])
        layers = (made.layers[0],) * MANY
        trace = Trace("", made.input, made.positions, layers, made.probabilities)
        document = Document((Entry(1, spectra[place]),), model, {1: trace})
        return resolve(document, Selection(current=1))

    return contents


def shown(stack):
    """Numbers of the panels that show the latest contents."""
    pictures = [layer.picture for layer in stack._contents.layers]
    return [p.index for p in stack.panels if p.plot._picture is pictures[p.index]]


def test_many_panels_are_made_one_a_turn_and_the_old_ones_taken_apart_so(
    qtbot, stack, network, spectra
):
    old = list(stack.panels)
    made = []

    def count():
        made.append(len(stack.panels) - len(stack.scroll_area.leaving))

    stack.scroll_area.build_timer.timeout.connect(count)
    stack.set_contents(many_layers(network, spectra)(0))
    assert stack.panels == []
    assert not any(panel.isVisible() for panel in old)
    qtbot.waitUntil(lambda: bool(made) and made[-1] == MANY, timeout=PATIENCE)
    assert all(after - before <= 1 for before, after in pairwise(made))
    qtbot.waitUntil(lambda: all(panel.updatesEnabled() for panel in stack.panels))


def test_what_is_in_view_is_never_behind_and_the_rest_follows(qtbot, stack, network, spectra):
    contents = many_layers(network, spectra)
    stack.set_contents(contents(0))
    qtbot.waitUntil(
        lambda: len(stack.panels) == MANY and stack.panels[-1].isVisible(), timeout=30_000
    )
    stack.set_contents(contents(1))
    seen = shown(stack)
    assert 0 in seen
    assert len(seen) < MANY
    stack.scroll_area.verticalScrollBar().setValue(stack.panels[40].y())
    assert 40 in shown(stack)
    stack.set_contents(contents(2))
    qtbot.waitUntil(lambda: len(shown(stack)) == MANY)


def test_layers_of_the_same_names_but_other_shapes_get_new_panels(qtbot, stack, network, filled):
    before = list(stack.panels)
    model = network.description
    layers = (*model.layers[:-1], replace(model.layers[-1], output_shape=(4, 3)))
    document = replace(filled.document, model=replace(model, layers=layers), traces={})
    stack.set_contents(resolve(document, filled.selection))
    qtbot.waitUntil(lambda: len(stack.panels) == 4)
    assert not set(before) & set(stack.panels)


# --- all layers at once ----------------------------------------------------------------------


def test_all_layers_are_in_view_at_once(qtbot, stack, filled):
    stack.resize(900, 600)
    bar = stack.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    bottom = stack.panels[-1].geometry().bottom()
    assert bottom <= stack.scroll_area.viewport().height()
    assert stack.mini_map.isHidden()
    low = [panel.plot.height() for panel in stack.panels]
    filled.set_view(fit_layers=False)
    qtbot.waitUntil(lambda: stack.panels[0].plot.height() > low[0])


def test_the_mini_map_scrolls(qtbot, stack, filled):
    filled.set_view(fit_layers=False)
    stack.resize(900, 300)
    qtbot.waitUntil(lambda: stack.mini_map.isVisible())
    bar = stack.scroll_area.verticalScrollBar()
    stack.mini_map.scrollRequested.emit(1.0)
    assert bar.value() == bar.maximum() > 0
    qtbot.mouseClick(stack.mini_map, Qt.MouseButton.LeftButton, pos=QPoint(10, 1))
    assert bar.value() == 0

    def aligned():
        edges = [plot.getViewBox().sceneBoundingRect().width() for plot in sequence_plots(stack)]
        return max(edges) - min(edges) < 1

    qtbot.waitUntil(aligned)


def test_more_channels_than_pixels_still_show_the_strongest(qtbot, stack, filled):
    plot = stack.panels[0].plot
    plot.setFixedHeight(1)
    qtbot.waitUntil(lambda: plot.image.image.shape[0] == 1)
    whole = filled.contents.layers[0].picture.image
    assert plot.image.image.max() == whole.max()


def test_no_panel_is_made_anew_when_weights_are_edited(qtbot, stack, filled):
    """After each epoch of a training titles say so; making panels takes tens of milliseconds."""
    panels = list(stack.panels)
    values = np.zeros((3, 1, 2), np.float32)
    filled.set_weight_edits((WeightEdit(0, "kernel", values, "epoch 1"),))
    qtbot.waitUntil(lambda: panels[0].header.title.text() == "conv (weights edited)")
    assert all(one is other for one, other in zip(stack.panels, panels, strict=True))
    filled.set_weight_edits(())
    qtbot.waitUntil(lambda: panels[0].header.title.text() == "conv")
    assert all(one is other for one, other in zip(stack.panels, panels, strict=True))
