"""Colours, fonts and sizes of exported figures; the same tokens as the window's."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import matplotlib as mpl
from matplotlib import font_manager

from spectracnn.errors import ExportError
from spectracnn.view.theme import DARK, LIGHT, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

ThemeName = Literal["light", "dark"]

POINTS = 72.0
"""Points in an inch."""
NATURAL_WIDTH = 7.5
"""Inches; what a figure is wide when nobody asked for a size."""
TALLEST = 9.6
"""Inches; a figure that may be as high as it likes still fits a page of A4 or Letter."""
PRINTED_TEXT = 6.0
"""Points; smaller letters cannot be read on paper."""
SMALLEST_TEXT = 11.0
"""Pixels; smaller letters cannot be read."""

_LOCK = threading.RLock()
# Names of spectra come from all over the world; these are tried after the bundled font.
_FALLBACK_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "Hiragino Sans",
    "Arial Unicode MS",
)
# A person's own matplotlib settings must not change exports, but these are no matter of style.
_NOT_STYLE = ("backend", "interactive", "toolbar", "webagg", "timezone", "date.epoch", "tk.")


TOKENS: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True)
class Style:
    """How a figure is drawn.

    Parameters
    ----------
    tokens : Theme
        Colours.
    dpi : float
        Dots in an inch.
    width : float
        In inches.
    height : float or None
        In inches; None lets each figure choose what its contents need.
    font_size : float
        In points.
    """

    tokens: Theme
    dpi: float
    width: float
    height: float | None
    font_size: float

    def small(self, share: float = 0.9) -> float:
        """Return the size of smaller letters, in points, but none that cannot be read on paper."""
        return max(share * self.font_size, min(self.font_size, PRINTED_TEXT))

    @property
    def line(self) -> float:
        """Height of a line of text, in points."""
        return 1.45 * self.font_size


def make_style(
    theme: ThemeName = "light",
    *,
    dpi: float = 200,
    size: tuple[int, int | None] | None = None,
    font_size: float | None = None,
) -> Style:
    """Return a style.

    Parameters
    ----------
    theme : {'light', 'dark'}
        Colours.
    dpi : float
        Dots in an inch.
    size : tuple of int, optional
        Width and height in pixels at this resolution; else what the contents need. A height of
        None is as high as they need, up to a page.
    font_size : float, optional
        In points; else one that can be read at this size.

    Raises
    ------
    ExportError
        If a number is out of range or the theme is unknown.
    """
    if theme not in get_args(ThemeName):
        raise ExportError(f"The theme is 'light' or 'dark'; found {theme!r}.")
    if not 20 <= dpi <= 2400:
        raise ExportError(f"The resolution is 20 to 2400 dots an inch; found {dpi:g}.")
    if size is None:
        width, height = NATURAL_WIDTH, None
    else:
        if not all(side is None or 100 <= side <= 30000 for side in size):
            raise ExportError(f"A figure is 100 to 30000 pixels a side; found {size}.")
        # A hundredth of a pixel, because matplotlib cuts width times dpi off to whole pixels.
        width = (size[0] + 0.01) / dpi
        height = None if size[1] is None else (size[1] + 0.01) / dpi
    if font_size is None:
        side = min(width, 1.6 * height) if height is not None else width
        # What is as small as a stamp is no page, and has smaller letters.
        printed = min(PRINTED_TEXT, side * POINTS / 36)
        least = max(SMALLEST_TEXT * POINTS / dpi, printed)
        font_size = min(max(side * POINTS / 62, least), 12.0)
    elif not 2 <= font_size <= 72:
        raise ExportError(f"The font is 2 to 72 points high; found {font_size:g}.")
    return Style(TOKENS[theme], float(dpi), width, height, float(font_size))


@cache
def _families() -> list[str]:
    known = set(font_manager.get_font_names())
    return ["DejaVu Sans", *(name for name in _FALLBACK_FONTS if name in known)]


def _settings(style: Style) -> Any:
    tokens, size = style.tokens, style.font_size
    defaults = {
        key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith(_NOT_STYLE)
    }
    thin = max(size / 14, 0.5)
    tick = {"size": size * 0.35, "width": thin, "color": tokens.muted, "labelcolor": tokens.ink}
    return defaults | {
        "font.family": _families(),
        "font.size": size,
        "text.color": tokens.ink,
        # Names are shown as they are: a dollar sign in one is no formula.
        "text.parse_math": False,
        "axes.titlesize": size,
        "axes.titlepad": size * 0.45,
        "axes.labelsize": size,
        "axes.labelcolor": tokens.ink,
        "axes.labelpad": size * 0.4,
        "axes.edgecolor": tokens.muted,
        "axes.facecolor": tokens.ground,
        "axes.linewidth": thin,
        "figure.facecolor": tokens.ground,
        "grid.color": tokens.line,
        "grid.linewidth": thin,
        "hatch.color": tokens.muted,
        "hatch.linewidth": thin,
        "legend.frameon": False,
        "legend.fontsize": size,
        "legend.labelcolor": tokens.ink,
        **{f"{axis}tick.major.{key}": tick[key] for axis in "xy" for key in ("size", "width")},
        **{f"{axis}tick.{key}": tick[key] for axis in "xy" for key in ("color", "labelcolor")},
        **{f"{axis}tick.labelsize": style.small() for axis in "xy"},
        **{f"{axis}tick.major.pad": size * 0.3 for axis in "xy"},
        "svg.fonttype": "none",
        "svg.hashsalt": "spectracnn",
        "pdf.fonttype": 42,
    }


@contextmanager
def active(style: Style) -> Iterator[None]:
    """Draw and save in this style; matplotlib's own settings are as before afterwards.

    Figures are drawn one at a time, because matplotlib keeps its settings in one place.
    """
    with _LOCK, mpl.rc_context(_settings(style)):
        yield
