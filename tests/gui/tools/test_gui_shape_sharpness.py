from __future__ import annotations

import numpy as np
import pytest

from spectracnn.geometry.samples import torus
from spectracnn.gui.tools.shape.drawing import as_image
from spectracnn.gui.tools.shape.surface_view import SurfaceView
from spectracnn.view.shape_picture import START, diverging, draw, skin


@pytest.fixture
def view(qtbot):
    made = SurfaceView()
    qtbot.addWidget(made)
    made.resize(1100, 500)
    made.show()
    made.set_shape(skin(torus(1.0, 0.4)))
    yield made
    made.close_thread()


def test_a_picture_at_rest_has_all_the_pixels_of_the_screen(qtbot, view):
    values = np.sin(7 * view._shape.points[:, 0])
    view.set_values(values)
    qtbot.waitUntil(lambda: view.picture() is not None, timeout=60_000)
    assert view.picture().width() == 900  # a quick one comes first
    qtbot.waitUntil(lambda: view.picture().width() == 1100, timeout=60_000)
    ground = view.palette().base().color()
    expected = draw(
        view._shape, values, diverging(), START, (1100, 500),
        ground=(ground.red(), ground.green(), ground.blue()),
    )  # fmt: skip
    assert view.picture() == as_image(expected)
    assert not view.busy


def test_a_sharp_picture_gives_way_to_what_moves(qtbot, view):
    view.set_values(np.zeros(len(view._shape.points)))
    qtbot.waitUntil(lambda: view.picture() is not None, timeout=60_000)
    view._still_timer.stop()
    view._on_still_timer_timeout()
    sharp = view._sharp
    view.set_values(np.ones(len(view._shape.points)))
    assert sharp.stopped.is_set()
    assert sharp.draw() is None
    qtbot.waitUntil(lambda: not view.busy and view.picture().width() == 900, timeout=60_000)
    qtbot.waitUntil(lambda: view.picture().width() == 1100, timeout=60_000)


def test_no_picture_of_a_shape_that_is_gone_appears(qtbot, view):
    view.set_values(np.zeros(len(view._shape.points)))
    assert view.busy
    view.set_shape(None)
    qtbot.waitUntil(lambda: not view.busy, timeout=60_000)
    assert view.picture() is None
