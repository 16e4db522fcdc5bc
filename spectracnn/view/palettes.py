"""Colours of curves and maps, the same on the screen and in exported figures."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Okabe and Ito (2008), https://jfly.uni-koeln.de/color/: told apart with any colour vision.
# Yellow is left out on white, black is replaced by the ink of the theme.
_CYCLE_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#1B1F24")
_CYCLE_DARK = ("#56B4E9", "#E69F00", "#2BC79A", "#E39AC4", "#F0E442", "#F2793A", "#E6E8EB")

CYCLE = len(_CYCLE_LIGHT)
"""How many curves there are before colours come again."""


class Palette(StrEnum):
    """What the colours of a map say."""

    SIGNED = "signed"
    """Diverging, zero in the middle: white on a light ground, black on a dark one."""
    POSITIVE = "positive"
    """One perceptually even ramp from zero up."""


_MAPS = {
    (Palette.SIGNED, False): "colorcet:cet_d1a",
    (Palette.SIGNED, True): "colorcet:cet_d4",
    (Palette.POSITIVE, True): "colorcet:cet_l3",
}
# Red as the positive half of a signed map is, and down to a deep red, which leaves more steps to
# be seen than a map that ends half-way.
_POSITIVE_LIGHT = ("#FFF7EC", "#FEE8C8", "#FDD49E", "#FDBB84", "#FC8D59", "#EF6548", "#D7301F",
                   "#B30000", "#7F0000", "#5A0010")  # fmt: skip

MISSING = {False: "#8A939E", True: "#7C8590"}
"""Colour of what is not a finite number, on a light and on a dark ground: in no map."""
_SMOOTHED = 9
_LEAST_TONE = 0.45


def curve_colour(index: int, dark: bool) -> str:
    """Return the colour of the index-th curve, as ``#RRGGBB``."""
    cycle = _CYCLE_DARK if dark else _CYCLE_LIGHT
    return cycle[index % len(cycle)]


_SHADES = 30
_FIRST, _LAST = 60, 255
"""Of the ramp for numbers: its beginning cannot be told from the ground."""


class Tint(NamedTuple):
    """A colour that is another one on a light and on a dark ground.

    Parameters
    ----------
    place : int
        In the cycle of colours, for kinds; -1 where nothing is known.
    share : float
        Of the range of numbers, from 0 to 1; negative for kinds.
    """

    place: int
    share: float = -1.0


def tint_colour(tint: Tint, dark: bool) -> str:
    """Return a tint as ``#RRGGBB``."""
    if tint.share >= 0:
        table = colour_table(Palette.POSITIVE, dark)
        # Few shades, because curves of one colour are drawn together.
        share = round(tint.share * _SHADES) / _SHADES
        row = table[round(_FIRST + (_LAST - _FIRST) * share)]
        return "#{:02X}{:02X}{:02X}".format(*row)
    return MISSING[dark] if tint.place < 0 else curve_colour(tint.place, dark)


_SIGN_PLACES = (36, 219)  # far enough from zero to be seen, near enough to be told from ink


def sign_colours(dark: bool) -> tuple[str, str]:
    """Return the colours of negative and positive values, those of signed maps, ``#RRGGBB``."""
    table = colour_table(Palette.SIGNED, dark)
    low, high = ("#{:02X}{:02X}{:02X}".format(*table[place]) for place in _SIGN_PLACES)
    return low, high


def signed_colours(values: NDArray[np.float64], top: float, dark: bool) -> NDArray[np.uint8]:
    """Return the colour of each value in a signed map.

    Parameters
    ----------
    values : ndarray, shape (n,)
        From ``-top`` to ``top``; zero has the ground's colour, what is beyond the ends their
        colour, and NaN the colour of what is missing.
    top : float
        Positive; anything else counts as 1.
    dark : bool
        For a dark ground.

    Returns
    -------
    ndarray, shape (n, 3), uint8
        RGB.
    """
    table = colour_table(Palette.SIGNED, dark)
    numbers = np.asarray(values, np.float64)
    share = np.clip(numbers / (top if np.isfinite(top) and top > 0 else 1.0), -1, 1)
    places = np.round((np.nan_to_num(share) + 1) * 127.5).astype(int)
    colours: NDArray[np.uint8] = table[places]
    colours[np.isnan(numbers)] = _rgb(MISSING[dark])
    return colours


def sign_tone(value: float, top: float, dark: bool) -> str:
    """Return the colour of a bar of the inspector, ``#RRGGBB``.

    Small values would vanish in a map whose zero is the ground's colour; here the bar says how
    small they are, and the colour is never too pale to be seen.
    """
    if np.isnan(value):
        return MISSING[dark]
    share = 1.0 if np.isinf(value) else min(abs(value) / top, 1.0) if top > 0 else 0.0
    tone = _LEAST_TONE + (1 - _LEAST_TONE) * share if value else 0.0
    place = round(127.5 + 127.5 * (tone if value >= 0 else -tone))
    return "#{:02X}{:02X}{:02X}".format(*colour_table(Palette.SIGNED, dark)[place])


@lru_cache
def colour_table(palette: Palette, dark: bool) -> NDArray[np.uint8]:
    """Return the colours of a map.

    Parameters
    ----------
    palette : Palette
        What the colours say.
    dark : bool
        For a dark ground.

    Returns
    -------
    ndarray, shape (256, 3), uint8
        RGB, read-only. Zero is exactly the ground colour: the middle of a signed map, the
        beginning of a positive one.

    Steps are even: any two neighbours of one half differ as much in CIELAB lightness [2]_ as any
    other two. Structure is seen by lightness; hue only helps [1]_.

    References
    ----------
    .. [1] Kovesi (2015), Good Colour Maps: How to Design Them, arXiv:1509.03700.
    .. [2] ISO/CIE 11664-4, Colorimetry: CIE 1976 L*a*b* colour space.
    """
    ground = (0.0 if dark else 1.0) * np.ones(3)
    colours = _published(palette, dark)
    if palette is Palette.POSITIVE:
        table = _even(np.vstack([ground, colours]), 256)
    else:
        middle = len(colours) // 2
        low = _even(np.vstack([ground, colours[middle - _SMOOTHED :: -1]]), 128)
        high = _even(np.vstack([ground, colours[middle + _SMOOTHED :]]), 128)
        table = np.concatenate([low[::-1], high])
    rgb: NDArray[np.uint8] = np.round(255 * table).astype(np.uint8)
    rgb.flags.writeable = False
    return rgb


def _published(palette: Palette, dark: bool) -> NDArray[np.float64]:
    """Return the colours a map is made of, shape (n, 3), 0 to 1."""
    from cmap import Colormap

    name = _MAPS.get((palette, dark))
    if name is None:
        return np.array([_rgb(colour) for colour in _POSITIVE_LIGHT]) / 255
    return np.array(Colormap(name, interpolation="linear").lut(256)[:, :3], np.float64)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _even(path: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return so many colours on a path through RGB, in even steps of lightness."""
    at = np.linspace(0, len(path) - 1, 4096)
    fine = np.stack([np.interp(at, np.arange(len(path)), path[:, c]) for c in range(3)], axis=1)
    steps = np.abs(np.diff(_lightness(fine)))
    length = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.interp(np.linspace(0, length[-1], count), length, np.arange(len(fine)))
    return np.stack([np.interp(places, np.arange(len(fine)), fine[:, c]) for c in range(3)], axis=1)


def _lightness(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the CIELAB lightness of sRGB colours, shape (n,), 0 to 100."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126729, 0.7151522, 0.0721750])
    return np.asarray(np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y))
