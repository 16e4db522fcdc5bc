from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from spectracnn.gui.panels.layer_panel import LayerPanel
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.state.selection import LayerMode, LayerOptions, Sample, Stage
from spectracnn.view.palettes import colour_table


@pytest.fixture
def panel_of(qtbot, filled):
    def make(layer, **options):
        if options:
            filled.set_layer_options(layer, LayerOptions(**options))
        panel = LayerPanel(filled.contents.layers[layer], LIGHT)
        qtbot.addWidget(panel)
        panel.resize(600, 200)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return make


def test_the_image_is_the_map(panel_of, network, spectra):
    panel = panel_of(0)
    conv = network.trace(spectra[0]).layers[0].output
    picture = panel._contents.picture
    np.testing.assert_array_equal(panel.plot.image.image, picture.image)
    # Ten steps, each as wide as one eigenvalue, from the middle of the first kernel on.
    assert picture.extent == (1.5, 11.5)
    np.testing.assert_array_equal(picture.image, conv.T)


def test_the_colours_are_those_of_the_palette(panel_of):
    panel = panel_of(0)
    palette = panel._contents.picture.palette
    np.testing.assert_array_equal(panel.plot.image.lut, colour_table(palette, False))
    panel.apply_theme(DARK)
    np.testing.assert_array_equal(panel.plot.image.lut, colour_table(palette, True))


@pytest.mark.parametrize("layer", [0, 1])
def test_sample_at_is_the_inverse_of_the_drawn_cells(panel_of, filled, layer):
    panel = panel_of(layer)
    steps, channels = filled.document.model.layers[layer].output_shape
    for step in range(steps):
        for channel in range(channels):
            filled.hover(Sample(layer, step, channel))
            left, right, row = filled.contents.layers[layer].marks.cell
            for share in (0.02, 0.5, 0.98):
                x = left + share * (right - left)
                assert panel.plot.sample_at(x, row + 0.4) == Sample(layer, step, channel)


def test_a_sample_stands_in_the_middle_of_what_it_sees(panel_of, filled):
    panel = panel_of(1)
    filled.hover(Sample(1, 2, 0))
    low, high = filled.contents.spectrum_marks.bands[0]
    assert panel.plot.sample_at((low + high) / 2, 0) == Sample(1, 2, 0)
    assert panel._contents.picture.centres[2] == (low + high) / 2


def test_outside_the_map_the_nearest_sample_counts(panel_of):
    panel = panel_of(0)
    assert panel.plot.sample_at(-50.0, -3.0) == Sample(0, 0, 0)
    assert panel.plot.sample_at(500.0, 9.0) == Sample(0, 9, 1)


def test_a_vector_has_an_axis_of_units(panel_of):
    panel = panel_of(3)
    assert panel.plot.vector
    assert [panel.plot.sample_at(x, 0) for x in (0.2, 1.6, 2.0)] == [
        Sample(3, 0),
        Sample(3, 2),
        Sample(3, 2),
    ]
    assert panel.plot.sample_at(7.0, 0) is None


def test_lines_take_the_nearest_channel(panel_of, network, spectra):
    panel = panel_of(0, mode=LayerMode.LINES, channels=(0, 1))
    conv = network.trace(spectra[0]).layers[0].output
    for channel in (0, 1):
        hit = panel.plot.sample_at(panel._contents.picture.centres[4], conv[4, channel])
        assert hit == Sample(0, 4, channel)


def test_pooled_outputs_stand_beside_what_they_pooled(panel_of, network, spectra):
    panel = panel_of(1, mode=LayerMode.LINES, channels=(1,))
    conv, pool = (layer.output for layer in network.trace(spectra[0]).layers[:2])
    picture = panel._contents.picture
    np.testing.assert_array_equal(picture.curves[0].y, pool[:, 1])
    np.testing.assert_array_equal(picture.pooled[0].y, conv[:, 1])


def test_before_the_activation_there_are_negative_values(panel_of, network, spectra):
    panel = panel_of(0, stage=Stage.BEFORE)
    before = network.trace(spectra[0]).layers[0].before
    np.testing.assert_array_equal(panel._contents.picture.values, before)
    assert before.min() < 0
    low, high = panel._contents.picture.levels
    assert low == -high  # zero in the middle of the colours


def test_the_pointer_asks_for_the_sample_under_it(qtbot, panel_of, move_pointer):
    panel = panel_of(0)
    panel.plot.set_index_range(1.5, 11.5)
    box = panel.plot.getViewBox()
    at = panel.plot.mapFromScene(box.mapViewToScene(QPointF(5.0, 1.0)))
    with qtbot.waitSignal(panel.hoverRequested) as waiter:
        move_pointer(panel.plot, at)
    assert waiter.args == [Sample(0, 3, 1)]
    with qtbot.waitSignal(panel.pinRequested) as waiter:
        qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert waiter.args == [Sample(0, 3, 1)]


def test_the_marked_cell_is_outlined(panel_of, filled):
    panel = panel_of(0)
    filled.hover(Sample(0, 3, 1))
    panel.set_contents(filled.contents.layers[0])
    rect = panel.plot._cell.rect()
    assert (rect.left(), rect.right(), rect.top(), rect.bottom()) == (4.5, 5.5, 0.5, 1.5)
    assert panel.plot._cell.isVisible()


def test_collapsing_leaves_the_title_line(qtbot, panel_of, filled):
    panel = panel_of(0)
    with qtbot.waitSignal(panel.optionsRequested) as waiter:
        panel.header.toggle.click()
    layer, options = waiter.args
    assert (layer, options.collapsed) == (0, True)
    filled.set_layer_options(layer, options)
    panel.set_contents(filled.contents.layers[0])
    assert not panel.plot.isVisible()
    assert panel.header.isVisible()


def test_the_grip_changes_the_height(qtbot, panel_of):
    panel = panel_of(0)
    height = panel.plot.height()
    panel.grip.setFocus()
    qtbot.keyClick(panel.grip, Qt.Key.Key_Down)
    assert panel.plot.height() > height


@pytest.mark.parametrize(("text", "channels"), [("1", (1,)), ("0-1", (0, 1)), ("", ())])
def test_channels_are_asked_for(qtbot, panel_of, text, channels):
    panel = panel_of(0, mode=LayerMode.LINES, channels=(0,))
    panel.header.channels_edit.setText(text)
    with qtbot.waitSignal(panel.optionsRequested) as waiter:
        panel.header.channels_edit.editingFinished.emit()
    assert waiter.args[1].channels == channels


def test_channels_that_make_no_sense_are_put_back(qtbot, panel_of):
    panel = panel_of(0, mode=LayerMode.LINES, channels=(1,))
    panel.header.channels_edit.setText("x-y")
    with qtbot.assertNotEmitted(panel.optionsRequested):
        panel.header.channels_edit.editingFinished.emit()
    assert panel.header.channels_edit.text() == "1"


def test_values_that_are_not_finite_are_told(panel_of, filled):
    panel = panel_of(0)
    layer = filled.contents.layers[0]
    odd = replace(layer, picture=replace(layer.picture, n_not_finite=3))
    panel.set_contents(odd)
    assert panel.header.oddities.text() == "3 not finite"
    assert panel.header.oddities.isVisible()


def test_without_a_trace_there_is_no_picture(panel_of, filled):
    panel = panel_of(0)
    panel.set_contents(replace(filled.contents.layers[0], picture=None))
    assert not panel.plot.image.isVisible()
    assert panel.plot.sample_at(5.0, 0.0) is None


# --- the colour range ------------------------------------------------------------------------


def drag_end(bar, share):
    """Drag the right end of a colour bar to this share of its width."""
    area = bar.bar()
    start = area.topRight().toPoint() + QPoint(-2, 3)
    stop = QPoint(round(area.left() + share * area.width()), start.y())
    for kind, at, buttons in (
        (QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseMove, stop, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, stop, Qt.MouseButton.NoButton),
    ):
        moves = kind is QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if moves else Qt.MouseButton.LeftButton
        place = QPointF(at)
        where = QPointF(bar.mapToGlobal(at))
        modifiers = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(bar, QMouseEvent(kind, place, where, button, buttons, modifiers))


def test_the_low_end_stays_under_the_pointer_while_its_number_grows(panel_of, filled):
    panel = panel_of(0)
    bar = panel.header.colour_bar
    panel.rangeRequested.connect(filled.set_colour_range)
    filled.contentsChanged.connect(lambda contents: panel.set_contents(contents.layers[0]))
    top = filled.contents.layers[0].picture.levels[1]
    area = bar.bar()
    place = area.topLeft() + QPointF(1, 3)
    where = QPointF(bar.mapToGlobal(place))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    press = QMouseEvent(QEvent.Type.MouseButtonPress, place, where, left, left, none)
    QApplication.sendEvent(bar, press)
    for moved in range(5, 31, 5):
        glided = where + QPointF(moved, 0)
        here = QPointF(bar.mapFromGlobal(glided))
        button = Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, here, glided, button, left, none)
        QApplication.sendEvent(bar, move)
        QApplication.processEvents()
        low = filled.contents.layers[0].picture.levels[0]
        assert low == pytest.approx(top * (moved + 1) / area.width(), rel=1e-3)


def test_the_colour_range_is_dragged_and_reset(qtbot, panel_of, filled):
    panel = panel_of(0)
    bar = panel.header.colour_bar
    panel.rangeRequested.connect(filled.set_colour_range)
    filled.contentsChanged.connect(lambda contents: panel.set_contents(contents.layers[0]))
    top = filled.contents.layers[0].picture.levels[1]
    drag_end(bar, 0.5)
    picture = filled.contents.layers[0].picture
    assert picture.levels[1] == pytest.approx(top / 2, rel=0.02)
    np.testing.assert_array_equal(panel.plot.image.levels, picture.levels)
    above = int(np.count_nonzero(picture.values > picture.levels[1]))
    assert picture.clipped.above == above > 0
    assert f"{above} cell" in bar.toolTip()
    qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton)
    picture = filled.contents.layers[0].picture
    assert picture.levels[1] == picture.values.max()
    assert "Clipped" not in bar.toolTip()
    qtbot.keyClick(bar, Qt.Key.Key_Home)
    assert filled.contents.layers[0].picture.levels[1] == top
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    assert filled.contents.layers[0].picture.levels[1] < top


def test_cells_without_a_value_are_hatched(panel_of, filled):
    panel = panel_of(0)
    layer = filled.contents.layers[0]
    image = layer.picture.image.copy()
    image[0, 1], image[1, 2] = np.nan, np.inf
    odd = replace(layer.picture, image=image, n_not_finite=2, n_infinite=1)
    panel.set_contents(replace(layer, picture=odd))
    assert panel.plot.hatch.isVisible()
    assert np.isnan(panel.plot.image.image).sum() == 2
    assert panel.header.oddities.toolTip() == "1 NaN, 1 infinite"
    panel.set_contents(layer)
    assert not panel.plot.hatch.isVisible()
