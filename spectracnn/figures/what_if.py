"""What-if as a figure: the spectrum and the classes before and after, and what was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.figures.bars import BAR
from spectracnn.figures.draw import prediction_row, spectrum_row
from spectracnn.figures.stack import FigureRow, Side, rows_figure
from spectracnn.figures.style import POINTS, active
from spectracnn.figures.text import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectracnn.figures.legend import Item
    from spectracnn.figures.style import Style
    from spectracnn.view.contents import Contents
    from spectracnn.view.tool_pictures import WhatIfPicture

_MOST_CHANGES, _MOST_CLASSES = 12, 8
_LINE = 1.4
"""Font sizes from one change to the next."""
_NOTHING = "Nothing was changed: these are the spectrum as read and the network's answer to it."


def what_if_figure(picture: WhatIfPicture, style: Style) -> Figure:
    """Return spectrum, classes and changes, one below the other.

    Parameters
    ----------
    picture : WhatIfPicture
        What is shown.
    style : Style
        How.
    """
    contents = _current_alone(picture.contents)
    shown = contents.index_range
    spectrum = spectrum_row(contents, shown, min(150.0, 0.5 * style.width * POINTS), alone=True)
    rows = [replace(spectrum, title=picture.title)]
    if contents.prediction.classes:
        bars = min(len(contents.prediction.classes), _MOST_CLASSES)
        high = bars * BAR * style.font_size
        rows.append(prediction_row(contents.prediction, high, style, stacked=True))
    rows.append(_changes_row(picture.changes, style))
    with active(style):
        return rows_figure(rows, style, legend_share=0.15)


def _current_alone(contents: Contents) -> Contents:
    """Return the contents with the curves of the current spectrum: before, and as it is now."""
    curves = tuple(c for c in contents.spectrum.curves if c.emphasised or c.ghost)
    if not curves:
        return contents
    return replace(contents, spectrum=replace(contents.spectrum, curves=curves))


def _changes_row(changes: tuple[str, ...], style: Style) -> FigureRow:
    lines = list(changes[:_MOST_CHANGES]) or [_NOTHING]
    if len(changes) > _MOST_CHANGES:
        lines[-1] = f"and {len(changes) - _MOST_CHANGES + 1} more"

    def draw(axes: Axes, _side: Side, style: Style, room: tuple[float, float]) -> list[Item]:
        axes.set_axis_off()
        for place, line in enumerate(lines):
            text = axes.annotate(
                _cut(axes, line, style, room[0]),
                (0, 1),
                xycoords="axes fraction",
                xytext=(0, -place * _LINE * style.font_size),
                textcoords="offset points",
                va="top",
            )
            text.set_in_layout(False)
        return []

    height = len(lines) * _LINE * style.font_size
    title = "What was changed" if changes else ""
    return FigureRow(draw, height, title=title, ticks=False, least=height)


def _cut(axes: Axes, line: str, style: Style, room: float) -> str:
    figure = axes.get_figure(root=True)
    wide = text_width(figure, line, style.font_size) if figure is not None else 0.0
    if wide <= room:
        return line
    return f"{line[: int(len(line) * room / wide) - 2].rstrip()}\u2026"
