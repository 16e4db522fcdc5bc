"""Colours of curves and maps, the same on the screen and in exported figures."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

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
    (Palette.POSITIVE, False): "colorbrewer:orrd_9",
    (Palette.POSITIVE, True): "colorcet:cet_l3",
}


_REACH = 8.0


def curve_colour(index: int, dark: bool) -> str:
    """Return the colour of the index-th curve, as ``#RRGGBB``."""
    cycle = _CYCLE_DARK if dark else _CYCLE_LIGHT
    return cycle[index % len(cycle)]


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
        From ``-top`` to ``top``; zero has the ground's colour.
    top : float
        Positive.
    dark : bool
        For a dark ground.

    Returns
    -------
    ndarray, shape (n, 3), uint8
        RGB.
    """
    table = colour_table(Palette.SIGNED, dark)
    places = np.clip(np.round((values / top + 1) * 127.5), 0, 255).astype(int)
    colours: NDArray[np.uint8] = table[places]
    return colours


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

    References
    ----------
    .. [1] Kovesi (2015), Good Colour Maps: How to Design Them, arXiv:1509.03700.
    """
    from cmap import Colormap

    table = np.array(Colormap(_MAPS[palette, dark], interpolation="linear").lut(256)[:, :3])
    # Published maps only come near the ground colour at zero; ours must reach it exactly.
    zero = 127.5 if palette is Palette.SIGNED else 0.0
    nearness = np.exp(-((np.maximum(np.abs(np.arange(256) - zero) - 0.5, 0) / _REACH) ** 2))[
        :, None
    ]
    table = table * (1 - nearness) + (0.0 if dark else 1.0) * nearness
    rgb: NDArray[np.uint8] = np.round(255 * table).astype(np.uint8)
    rgb.flags.writeable = False
    return rgb
