"""The whole network as a figure: maps of all layers, and the flow of the class's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from spectracnn.core.flows import INPUT
from spectracnn.errors import ExportError
from spectracnn.figures.style import POINTS, TALLEST, active
from spectracnn.figures.text import shortened
from spectracnn.view.fitting import squeezed_rows
from spectracnn.view.overview import page
from spectracnn.view.palettes import colour_table, sign_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.figures.style import Style
    from spectracnn.view.contents import Contents
    from spectracnn.view.overview import Band, Node

_HIGH = 0.62
"""Height of the page in widths of it, where the figure's height is free."""
_EDGE = 3.5
_MOST_CELLS = 400
_GAP = 2.0


def overview_figure(
    contents: Contents, model: ModelDescription | None, trace: Trace | None, style: Style
) -> Figure:
    """Return every layer on one page, with bands for what flows between them.

    Parameters
    ----------
    contents : Contents
        Has the maps.
    model : ModelDescription or None
        The network.
    trace : Trace or None
        Its pass; where it knows flows, bands are drawn.
    style : Style
        How.

    Raises
    ------
    ExportError
        If there is no network.
    """
    if model is None or not contents.layers:
        raise ExportError("There is no network to draw yet.")
    line, margin = style.line, 1.2 * style.font_size
    width = style.width * POINTS - 2 * margin
    flows = trace.insight.flows if trace is not None and trace.insight is not None else None
    above, below = (2.3 if flows is not None else 0.8) * line, 2.4 * line
    room = _HIGH * width if style.height is None else style.height * POINTS - above - below
    found = page(model, trace, width, max(room, 6 * line))
    height = min(found.height + above + below + margin, TALLEST * POINTS * 2)
    with active(style):
        figure = Figure(figsize=(style.width, height / POINTS), dpi=style.dpi)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-margin, width + margin)
        axes.set_ylim(found.height + below + margin / 2, -above - margin / 2)
        for band in found.bands:
            axes.add_patch(_band(band, style))
        for node in found.nodes:
            _draw_node(axes, node, contents, model, trace, style)
        if flows is not None:
            target = model.classes[flows.target : flows.target + 1]
            _draw_caption(axes, target[0] if target else "the class", style, -above)
    return figure


def _band(band: Band, style: Style) -> PathPatch:
    against, favour = sign_colours(style.tokens.dark)
    (x0, top0, bottom0), (x1, top1, bottom1) = band.start, band.end
    if band.wraps:  # it goes on in the next line of layers: a point says so
        corners = [(x0, top0), (x0 + 10, (top0 + bottom0) / 2), (x0, bottom0), (x0, top0)]
        path = Path(corners, [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY])
    else:
        middle = (x0 + x1) / 2
        corners = [
            (x0, top0), (middle, top0), (middle, top1), (x1, top1), (x1, bottom1),
            (middle, bottom1), (middle, bottom0), (x0, bottom0), (x0, top0),
        ]  # fmt: skip
        curve = [Path.CURVE4] * 3
        path = Path(corners, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])
    colour = style.tokens.line if band.value == 0 else favour if band.value > 0 else against
    return PathPatch(path, facecolor=colour, alpha=0.32, linewidth=0)


def _draw_node(
    axes: Axes,
    node: Node,
    contents: Contents,
    model: ModelDescription,
    trace: Trace | None,
    style: Style,
) -> None:
    box, tokens = node.box, style.tokens
    edge = _EDGE if node.segments else 0.0
    left, right = box.x + edge, box.right - edge
    axes.add_patch(
        Rectangle((box.x, box.y), box.width, box.height, facecolor=tokens.ground, linewidth=0)
    )
    if node.layer == INPUT:
        _draw_input(axes, trace, (left, right, box.y, box.bottom), style)
    else:
        pixels = _pixels(contents, node.layer, style)
        if pixels is not None:
            axes.imshow(
                pixels,
                extent=(left, right, box.bottom, box.y),
                aspect="auto",
                interpolation="nearest",
                zorder=2,
            )
    _draw_segments(axes, node, style)
    axes.add_patch(
        Rectangle(
            (box.x, box.y), box.width, box.height,
            facecolor="none", edgecolor=tokens.line, linewidth=0.6, zorder=4,
        )
    )  # fmt: skip
    title, foot = _words(node, contents, model)
    most = max(int((box.width + 16) / (0.58 * style.font_size)), 4)
    centre = box.x + box.width / 2
    for text, y, va, colour in (
        (title, box.y - _GAP, "bottom", tokens.ink),
        (foot, box.bottom + _GAP, "top", tokens.muted),
    ):
        axes.text(
            centre, y, "\n".join(shortened(part, most) for part in text.splitlines()),
            ha="center", va=va, color=colour,
            parse_math=False,
        )  # fmt: skip


def _words(node: Node, contents: Contents, model: ModelDescription) -> tuple[str, str]:
    if node.layer == INPUT:
        return "input", "\u00d7".join(map(str, model.input_shape))
    info = model.layers[node.layer]
    foot = "\u00d7".join(map(str, info.output_shape))
    if node.layer == len(model.layers) - 1 and contents.prediction.headline:
        foot = "\n".join(contents.prediction.headline.split("  "))  # class and share
    return info.name, foot


def _draw_segments(axes: Axes, node: Node, style: Style) -> None:
    against, favour = sign_colours(style.tokens.dark)
    for segment in node.segments:
        group = segment.group
        colour, alpha = style.tokens.muted, 1.0
        if group is not None:
            colour = favour if group.contribution >= 0 else against
            alpha = 1.0 if len(group.channels) == 1 else 0.5
        high = max(segment.bottom - segment.top, 0.4)
        for x in (node.box.x, node.box.right - _EDGE):
            axes.add_patch(
                Rectangle(
                    (x, segment.top), _EDGE, high,
                    facecolor=colour, alpha=alpha, linewidth=0, zorder=3,
                )
            )  # fmt: skip


def _pixels(contents: Contents, layer: int, style: Style) -> NDArray[np.uint8] | None:
    picture = next((item.picture for item in contents.layers if item.index == layer), None)
    if picture is None or not picture.image.size:
        return None
    small = squeezed_rows(squeezed_rows(picture.image, _MOST_CELLS).T, _MOST_CELLS).T
    low, high = picture.levels
    share = np.nan_to_num((small - low) / ((high - low) or 1.0), nan=0.0, posinf=1.0, neginf=0.0)
    places = np.clip(share * 255, 0, 255).astype(np.uint8)
    pixels: NDArray[np.uint8] = colour_table(picture.palette, style.tokens.dark)[places]
    # Units from top to bottom, as channels stand.
    return np.rot90(pixels, -1) if picture.vector else pixels


def _draw_input(
    axes: Axes, trace: Trace | None, room: tuple[float, float, float, float], style: Style
) -> None:
    if trace is None:
        return
    left, right, top, bottom = room
    values = np.asarray(trace.input, np.float64).reshape(trace.input.shape[0], -1)[:, 0]
    known = np.isfinite(values)
    if known.sum() < 2:
        return
    low, high = values[known].min(), values[known].max()
    x = np.linspace(left + 2, right - 2, values.size)[known]
    share = (values[known] - low) / ((high - low) or 1.0)
    y = bottom - 3 - share * (bottom - top - 6)
    axes.plot(x, y, color=style.tokens.accent, linewidth=1.0, zorder=3)


def _draw_caption(axes: Axes, target: str, style: Style, y: float) -> None:
    """Say what the bands mean, in their colours."""
    against, favour = sign_colours(style.tokens.dark)
    x = 0.0
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for text, colour in (
        (f"Bands: what of the score of {shortened(target, 24)} passes on,", style.tokens.muted),
        ("\u25a0 for it", favour),
        ("\u25a0 against it", against),
    ):
        drawn = axes.text(x, y, text, color=colour, va="top", parse_math=False)
        pixels = drawn.get_window_extent(renderer).width
        x += pixels * POINTS / axes.figure.dpi + 0.6 * style.font_size
