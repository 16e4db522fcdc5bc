"""A figure whose places are points from its upper left corner, drawn from the top down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Polygon, Rectangle

from spectracnn.figures.style import POINTS
from spectracnn.figures.text import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.figures.style import Style


class Sheet:
    """Takes shapes and lines of text at places in points; how high it is, is said at the end.

    For drawings of rows of numbers, where axes with ticks would say nothing. Used while the style
    is active.

    Parameters
    ----------
    style : Style
        How.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        self.width = style.width * POINTS
        self._figure = Figure(figsize=(style.width, 1.0), dpi=style.dpi)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, self.width)

    @property
    def em(self) -> float:
        """The font's size, in points."""
        return self.style.font_size

    def finish(self, height: float) -> Figure:
        """Return the figure, so many points high."""
        self._figure.set_size_inches(self.style.width, height / POINTS)
        self._axes.set_ylim(height, 0)
        return self._figure

    # --- text --------------------------------------------------------------------------------

    def measure(self, words: str, share: float = 1.0, *, strong: bool = False) -> float:
        """Return how wide a line of text is, in points; ``share`` is of the font's size."""
        weight = "bold" if strong else "normal"
        return text_width(self._figure, words, self.style.small(share), weight)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = "",
        share: float = 1.0,
        strong: bool = False,
        side: str = "left",
        room: float | None = None,
    ) -> None:
        """Write a line whose middle is at ``y``; cut where it is wider than the room."""
        if room is not None:
            words = self.cut(words, room, share)
        self._axes.text(
            x,
            y,
            words,
            ha=side,
            va="center_baseline",
            fontsize=self.style.small(share),
            fontweight="bold" if strong else "normal",
            color=colour or self.style.tokens.ink,
        )

    def cut(self, words: str, room: float, share: float = 1.0) -> str:
        """Return the words with an ellipsis where they are wider than the room."""
        wide = self.measure(words, share)
        while wide > room and len(words) > 1:
            most = max(1, min(len(words) - 2, int(len(words) * room / wide) - 1))
            words = f"{words[:most].rstrip()}\u2026"
            wide = self.measure(words, share)
        return words

    def paragraph(
        self, x: float, y: float, room: float, words: str, *, colour: str = "", strong: bool = False
    ) -> float:
        """Write words in as many lines as they need; return where the next line begins."""
        line = 1.3 * self.em
        for row in self._lines(words, room, strong=strong):
            self.text(x, y + line / 2, row, colour=colour, strong=strong, room=room)
            y += line
        return y

    def _lines(self, words: str, room: float, *, strong: bool) -> list[str]:
        rows: list[str] = []
        for word in words.split():
            longer = f"{rows[-1]} {word}" if rows else word
            if rows and self.measure(longer, strong=strong) <= room:
                rows[-1] = longer
            else:
                rows.append(word)
        return rows

    # --- shapes ------------------------------------------------------------------------------

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """Fill a rectangle; ``facecolor``, ``edgecolor``, ``alpha``, ``hatch`` as in matplotlib."""
        self._axes.add_patch(Rectangle((x, y), width, height, **({"linewidth": 0} | look)))

    def dot(self, x: float, y: float, size: float, **look: Any) -> None:
        """Draw a disc so many points across."""
        self._axes.add_patch(Ellipse((x, y), size, size, **({"linewidth": 0} | look)))

    def shape(self, corners: Sequence[tuple[float, float]], **look: Any) -> None:
        """Fill a polygon."""
        self._axes.add_patch(Polygon(list(corners), closed=True, **({"linewidth": 0} | look)))

    def line(self, xs: Any, ys: Any, colour: str, width: float = 0.6, **look: Any) -> None:
        """Draw a line through these points."""
        self._axes.add_line(Line2D(xs, ys, color=colour, linewidth=width, **look))
