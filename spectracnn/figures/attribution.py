"""An attribution on axes of a figure: bars over the eigenvalue index, up for the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch

from spectracnn.figures.axes import (
    bands,
    box_collection,
    cursor,
    index_axis,
    message,
    plain_frame,
    value_axis,
)
from spectracnn.view.palettes import sign_colours, signed_colours
from spectracnn.view.scales import LINEAR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spectracnn.figures.legend import Item
    from spectracnn.figures.style import Style
    from spectracnn.view.attribution_picture import AttributionPicture
    from spectracnn.view.contents import Contents
    from spectracnn.view.pictures import Range

NOTHING = "No attribution was requested."


def draw_attribution(
    axes: Axes, contents: Contents, style: Style, shown: Range, room: tuple[float, float]
) -> list[Item]:
    """Draw the bars.

    Parameters
    ----------
    axes : Axes
        Empty.
    contents : Contents
        What is shown.
    style : Style
        How.
    shown : Range
        Index range.
    room : tuple of float
        About how wide and high the axes will be, in points.

    Returns
    -------
    list of (Artist, str)
        For the legend.
    """
    picture = contents.attribution
    if picture is None:
        message(axes, NOTHING, style)
        return []
    if picture.image is not None:
        return _draw_image(axes, contents, picture, style, shown, room)
    plain_frame(axes)
    scale = contents.spectrum.index_scale
    index_axis(axes, scale, shown, max(2, int(room[0] / (5.5 * style.font_size))))
    value_axis(axes, LINEAR, picture.values, "", max(2, int(room[1] / (2.6 * style.font_size))))
    left, right = scale.forward(picture.at - 0.42), scale.forward(picture.at + 0.42)
    against, favour = sign_colours(style.tokens.dark)
    colours = [favour if value > 0 else against for value in picture.values]
    boxes = box_collection(left, right, picture.values, facecolors=colours)
    axes.add_collection(boxes, autolim=False)
    axes.axhline(0, color=style.tokens.line, linewidth=0.8, zorder=0.5)
    bands(axes, scale, contents.spectrum_marks.bands, style)
    cursor(axes, scale, contents.spectrum_marks.index, style)
    return _legend(picture, favour, against)


def _draw_image(
    axes: Axes,
    contents: Contents,
    picture: AttributionPicture,
    style: Style,
    shown: Range,
    room: tuple[float, float],
) -> list[Item]:
    """Draw a cell for each structure and eigenvalue; the first structure is at the top."""
    image = picture.image
    assert image is not None
    plain_frame(axes)
    scale = contents.spectrum.index_scale
    index_axis(axes, scale, shown, max(2, int(room[0] / (5.5 * style.font_size))))
    rows = image.shape[0]
    edges = scale.forward(np.append(picture.at - 0.5, picture.at[-1] + 0.5))
    colours = signed_colours(image.reshape(-1), picture.image_top, style.tokens.dark)
    axes.pcolorfast(edges, np.arange(rows + 1.0), colours.reshape(*image.shape, -1) / 255)
    axes.set_ylim(rows, 0)
    every = max(1, -(-rows // max(1, int(room[1] / (1.4 * style.font_size)))))
    places = np.arange(0, rows, every)
    axes.set_yticks(places + 0.5, [picture.row_names[place] for place in places.tolist()])
    cursor(axes, scale, contents.spectrum_marks.index, style)
    against, favour = sign_colours(style.tokens.dark)
    return _legend(picture, favour, against)


def _legend(picture: AttributionPicture, favour: str, against: str) -> list[Item]:
    up, down = picture.directions
    return [(Patch(facecolor=favour), up), (Patch(facecolor=against), down)]
