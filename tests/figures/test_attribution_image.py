"""An attribution of a network that reads an image, as a figure."""

from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from spectracnn.figures.attribution import draw_attribution
from spectracnn.figures.style import make_style
from spectracnn.state.document import Document
from spectracnn.state.selection import Selection
from spectracnn.view.attribution_picture import AttributionPicture
from spectracnn.view.palettes import signed_colours
from spectracnn.view.resolve import resolve


def test_each_structure_is_a_row_in_the_colours_of_signed_maps():
    image = np.array([[1.0, -2.0, 0.0, 4.0], [0.5, 0.0, -4.0, 1.0]])
    picture = AttributionPicture(
        "", "", "ant", np.arange(1.0, 5.0), image.sum(axis=0), np.zeros(4), 5.0, (), 0.0, "",
        image, ("Left", "Right"), 4.0,
    )  # fmt: skip
    contents = replace(resolve(Document(), Selection()), attribution=picture)
    axes = Figure().add_subplot()
    style = make_style()
    legend = draw_attribution(axes, contents, style, (0.5, 4.5), (300.0, 120.0))
    (drawn,) = axes.images
    wanted = signed_colours(image.reshape(-1), 4.0, style.tokens.dark).reshape(2, 4, 3)
    np.testing.assert_allclose(np.asarray(drawn.get_array())[..., :3], wanted / 255)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Left", "Right"]
    assert axes.get_ylim() == (2, 0)
    assert [text for _, text in legend] == ["speaks for ant", "speaks against ant"]
