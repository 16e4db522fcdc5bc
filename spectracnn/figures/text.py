"""Text that fits: measured, shortened, and with powers of ten as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

_SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def text_width(figure: Figure, text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in points."""
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    font = FontProperties(size=size, weight=weight)
    pixels = renderer.get_text_width_height_descent(text, font, False)[0]
    return float(pixels) * 72 / figure.dpi


def shortened(text: str, most: int) -> str:
    """Return the text with its middle left out where it is longer than this many letters."""
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    tail = most - 1 - head
    return f"{text[:head]}\u2026{text[-tail:] if tail else ''}"


def fit(text: Text, points: float) -> None:
    """Shorten a text object until it is no wider than this; hide it where nothing would be left."""
    figure = text.get_figure(root=True)
    words = text.get_text()
    if figure is None or not words:
        return
    wide = text.get_window_extent().width * 72 / figure.dpi
    if wide <= points:
        return
    most = int(len(words) * points / wide)
    text.set_text(words[: most - 1].rstrip(" \u00b7") + "\u2026" if most >= 6 else "")


def power_of_ten(exponent: int) -> str:
    """Return ten to this power."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def number(value: float) -> str:
    """Return a short number for a tick.

    Examples
    --------
    >>> [number(v) for v in (0, 0.5, 200, -1e-7, 2e6)]
    ['0', '0.5', '200', '\u221210\u207b\u2077', '2\u00b710\u2076']
    """
    if not np.isfinite(value):
        return str(value)
    sign = "\u2212" if value < 0 else ""
    size = abs(value)
    if size == 0:
        return "0"
    if 1e-3 <= size < 1e5:
        return f"{sign}{size:.3g}" if size < 1000 else f"{sign}{size:.0f}"
    exponent = int(np.floor(np.log10(size) + 1e-9))
    factor = f"{size / 10.0**exponent:.3g}"
    power = power_of_ten(exponent)
    return f"{sign}{power}" if factor == "1" else f"{sign}{factor}\u00b7{power}"
