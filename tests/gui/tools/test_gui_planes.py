"""Tools for models whose layers are planes: structures by steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QScrollArea

from spectracnn.core.trace import LayerInfo
from spectracnn.gui.dialogs.model_card.setup_names import StructuresEditor
from spectracnn.gui.theme import LIGHT, ThemeChoice
from spectracnn.gui.tools.attribution.plot import InputPlot
from spectracnn.gui.tools.embedding.scatter import Scatter
from spectracnn.gui.tools.inspector.sum import ActivationView
from spectracnn.gui.tools.layer_box import LayerBox, by_place, has_filters
from spectracnn.state.document import Document
from spectracnn.state.selection import Selection
from spectracnn.view.attribution_picture import AttributionPicture
from spectracnn.view.inspect.records import Inspection
from spectracnn.view.numbers import short
from spectracnn.view.palettes import signed_colours
from spectracnn.view.resolve import layer_subtitle, resolve


def test_layers_that_are_planes_are_offered(qtbot, network):
    plane = replace(network.description.layers[0], name="plane", output_shape=(4, 6, 2))
    box = LayerBox(has_filters)
    qtbot.addWidget(box)
    box.show_model(replace(network.description, layers=(plane, *network.description.layers)))
    assert [box.itemText(i) for i in range(box.count())] == ["plane", "conv", "pool"]


def test_the_places_of_a_plane_are_numbered_row_by_row():
    output = np.arange(24).reshape(3, 4, 2)
    flat = by_place(output)
    assert flat.shape == (12, 2)
    np.testing.assert_array_equal(flat[1 * 4 + 2], output[1, 2])


@pytest.mark.parametrize(
    ("shape", "text"), [((3, 5), "kernel 3 \u00d7 5"), ((5,), "kernel 5"), ((), "kernel 5")]
)
def test_the_whole_kernel_is_named(shape, text):
    info = LayerInfo("c", "Conv2D", (4, 6, 2), kernel_size=5, kernel_shape=shape)
    assert text in layer_subtitle(info)


@pytest.mark.parametrize(("count", "scrolls"), [(3, False), (28, True)])
def test_many_structures_scroll_and_are_not_squeezed(qtbot, count, scrolls):
    editor = StructuresEditor([""] * count, ["a", "b"], "row")
    qtbot.addWidget(editor)
    editor.resize(420, 260)
    editor.show()
    assert bool(editor.findChildren(QScrollArea)) == scrolls
    for combo in editor.combos:
        assert combo.height() >= combo.minimumSizeHint().height()


def test_names_of_points_do_not_overlap(qtbot):
    scatter = Scatter()
    qtbot.addWidget(scatter)
    scatter.resize(400, 300)
    scatter.show()
    points = np.array([[0.0, 0.0], [0.001, 0.001], [5.0, 5.0], [0.0, 5.0], [5.0, 0.0]])
    names = [f"a long name {n}" for n in range(len(points))]
    scatter.show_points(points, [("#000000", next(iter("\u25cf")))] * len(points), names, LIGHT)
    shown = [item for item in scatter._names if item.isVisible()]
    assert 1 < len(shown) < len(points)
    rooms = []
    for item in shown:
        corner = scatter.getViewBox().mapViewToScene(item.pos())
        size = item.textItem.boundingRect()
        rooms.append(QRectF(corner.x(), corner.y(), size.width(), size.height()))
    for place, room in enumerate(rooms):
        assert not any(room.intersects(other) for other in rooms[:place])


# --- inspector -------------------------------------------------------------------------------


def test_shortened_factors_still_give_their_product():
    a, b = 127319.58, -0.18934
    texts = [float(short(value).replace("\u2212", "-")) for value in (a, b)]
    assert texts[0] * texts[1] == pytest.approx(a * b, rel=0.01)


def test_the_sketch_has_one_scale_for_a_layer(qtbot):
    view = ActivationView(LIGHT)
    qtbot.addWidget(view)
    view.resize(240, 60)

    def picture(before):
        item = Inspection.__new__(Inspection)
        object.__setattr__(item, "before", before)
        object.__setattr__(item, "activation", "relu")
        object.__setattr__(item, "function", lambda value: max(value, 0.0))
        view.set_inspections((item,), LIGHT, largest=1.0)
        view.show()
        return view.grab().toImage()

    assert picture(-0.0076) != picture(-0.49)


def test_small_multiples_keep_their_cells_while_maps_arrive(qtbot, filled, engine, themes):
    from types import SimpleNamespace

    from spectracnn.gui.tools.compare.multiples import MultiplesTab

    made = []

    class Broker:
        def submit(self, request, owner, policy, on_success, on_failure, **_):
            made.append((request, on_success))

    context = SimpleNamespace(workspace=filled, broker=Broker(), themes=themes)
    tab = MultiplesTab(context)
    qtbot.addWidget(tab)
    filled.set_overlaid([entry.id for entry in filled.document.entries])
    tab.show()
    cells = dict(tab._cells)
    assert len(cells) == 4
    assert not any(image.isVisible() for image in tab._images.values())
    for request, receive in made:
        receive(engine.network.trace(request.spectrum))
    assert tab._cells == cells
    assert all(isinstance(image, pg.ImageItem) for image in tab._images.values())
    assert all(image.isVisible() for image in tab._images.values())


def test_an_attribution_of_an_image_is_painted_cell_by_cell(qtbot):
    image = np.array([[1.0, -2.0, 0.0, 4.0], [0.5, 0.0, -4.0, 1.0]])
    picture = AttributionPicture(
        "", "", "ant", np.arange(1.0, 5.0), image.sum(axis=0), np.zeros(4), 5.0, (), 0.0, "",
        image, ("Left", "Right"), 4.0,
    )  # fmt: skip
    base = resolve(Document(), Selection())
    plot = InputPlot(LIGHT)
    qtbot.addWidget(plot)
    plot.set_contents(replace(base, attribution=picture))
    opts = plot._bars.opts
    assert opts["y0"].tolist() == [0] * 4 + [1] * 4
    assert opts["x0"].tolist() == [0.5, 1.5, 2.5, 3.5] * 2
    colours = [brush.color().getRgb()[:3] for brush in opts["brushes"]]
    wanted = signed_colours(image.reshape(-1), 4.0, dark=False)
    assert colours == [tuple(int(part) for part in row[:3]) for row in wanted]
    assert plot.getViewBox().yInverted()
    plain = replace(picture, image=None)
    plot.set_contents(replace(base, attribution=plain))
    assert not plot.getViewBox().yInverted()
    assert len(plot._bars.opts["height"]) == 4


def test_many_points_are_drawn_in_parts_and_all_of_them(qtbot):
    scatter = Scatter()
    qtbot.addWidget(scatter)
    scatter.show()
    draw = np.random.default_rng(0)
    points = draw.normal(size=(5000, 2))
    points[7] = np.nan
    looks = [("#ff0000", "\u25cf")] * 5000
    scatter.show_points(points, looks, [], LIGHT)

    def drawn():
        items = scatter.getPlotItem().items
        return sum(len(i.data) for i in items if isinstance(i, pg.ScatterPlotItem))

    assert drawn() < 4999  # a part a turn
    qtbot.waitUntil(lambda: drawn() == 4999, timeout=20_000)
    (left, right), (low, high) = scatter.viewRange()
    assert left < np.nanmin(points[:, 0]) < np.nanmax(points[:, 0]) < right
    assert low < np.nanmin(points[:, 1]) < np.nanmax(points[:, 1]) < high
    scatter.show_points(points[:10], looks[:10], ["a"] * 10, LIGHT)
    assert drawn() == 9


def test_small_multiples_use_their_cells_again_and_make_many_in_several_turns(
    qtbot, filled, themes, monkeypatch
):
    from types import SimpleNamespace

    from spectracnn.gui.tools.compare import multiples

    monkeypatch.setattr(multiples, "_NEW_AT_ONCE", 1)
    broker = SimpleNamespace(submit=lambda *_, **__: None)
    tab = multiples.MultiplesTab(SimpleNamespace(workspace=filled, broker=broker, themes=themes))
    qtbot.addWidget(tab)
    entries = filled.document.entries
    filled.set_overlaid([entry.id for entry in entries])
    tab.show()
    assert len(tab._cells) == 1
    qtbot.waitUntil(lambda: len(tab._cells) == 4)
    cells = list(tab._cells.values())
    themes.choose(ThemeChoice.DARK)
    assert list(tab._cells.values()) == cells
    line = cells[0].getAxis("left").pen().color()
    assert line == QColor(themes.theme.line)
    filled.set_overlaid([entries[1].id])
    assert list(tab._cells.values()) == cells[:2]
    assert [cell.titleLabel.text for cell in cells[:2]] == [e.spectrum.name for e in entries[:2]]
    tab.hide()
    themes.choose(ThemeChoice.LIGHT)
    assert cells[0].getAxis("left").pen().color() == line  # nobody sees it
    tab.show()
    assert cells[0].getAxis("left").pen().color() == QColor(themes.theme.line)
