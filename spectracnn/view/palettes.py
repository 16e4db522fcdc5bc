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


class Palette(StrEnum):
    """What the colours of a map say."""

    SIGNED = "signed"
    """Diverging, zero in the middle: white on a light ground, black on a dark one."""
    POSITIVE = "positive"
    """One perceptually even ramp from zero up."""


_MAPS = {
    (Palette.SIGNED, False): "diverging_bwr_55_98_c37",
    (Palette.SIGNED, True): "diverging_bkr_55_10_c35",
    (Palette.POSITIVE, False): "linear_wyor_100_45_c55",
    (Palette.POSITIVE, True): "linear_kryw_0_100_c71",
}


def curve_colour(index: int, dark: bool) -> str:
    """Return the colour of the index-th curve, as ``#RRGGBB``."""
    cycle = _CYCLE_DARK if dark else _CYCLE_LIGHT
    return cycle[index % len(cycle)]


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
        RGB, read-only. Of a signed map, the middle is exactly the ground colour.

    References
    ----------
    .. [1] Kovesi (2015), Good Colour Maps: How to Design Them, arXiv:1509.03700.
    """
    import colorcet

    table = np.array(colorcet.palette[_MAPS[palette, dark]], dtype=object)
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in table], dtype=np.uint8)
    if palette is Palette.SIGNED:
        rgb[127:129] = 0 if dark else 255
    rgb.flags.writeable = False
    return rgb
