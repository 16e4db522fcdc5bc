"""What the views of the Explain menu show, in a form that figures are drawn from. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.view.cohort.panels import CohortPicture
from spectracnn.view.inspect.picture import InspectorPicture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.state.tools import Ranking
    from spectracnn.view.contents import Contents
    from spectracnn.view.filters import Filter
    from spectracnn.view.palettes import Palette
    from spectracnn.view.pictures import Range


@dataclass(frozen=True, eq=False)
class PointsPicture:
    """An embedding: a point a spectrum.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        NaN for spectra that the network refused.
    names : tuple of str
        One a point.
    colours, symbols : tuple of str
        ``#RRGGBB`` and a character, one a point.
    legend : tuple of (str, str, str)
        Word, colour and symbol.
    labels : (str, str)
        Of the axes.
    current : int or None
        Which point is the current spectrum.
    """

    points: NDArray[np.floating]
    names: tuple[str, ...]
    colours: tuple[str, ...]
    symbols: tuple[str, ...]
    legend: tuple[tuple[str, str, str], ...]
    labels: tuple[str, str]
    current: int | None = None


@dataclass(frozen=True, eq=False)
class StatisticsPicture:
    """Statistics of a layer's filters.

    Parameters
    ----------
    title : str
        Of the layer and the spectrum.
    mean, spread, zeros : ndarray, shape (channels,)
        Over the steps; zeros as a share.
    dead : ndarray of bool, shape (channels,), or None
        Filters that no spectrum excites, where that is known.
    correlation : ndarray, shape (channels, channels)
        NaN for a filter that does not vary.
    """

    title: str
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    zeros: NDArray[np.float64]
    dead: NDArray[np.bool_] | None
    correlation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MultiplesPicture:
    """One layer for several spectra on one colour range.

    Parameters
    ----------
    title : str
        Of the layer.
    names : tuple of str
        One a spectrum.
    maps : tuple of ndarray, shape (steps, channels)
        One a spectrum.
    palette : Palette
        Of all.
    levels : Range
        Of all.
    """

    title: str
    names: tuple[str, ...]
    maps: tuple[NDArray[np.float32], ...]
    palette: Palette
    levels: Range


@dataclass(frozen=True, eq=False)
class ComparePicture:
    """The difference of two spectra, layer by layer."""

    contents: Contents


@dataclass(frozen=True, eq=False)
class FiltersPicture:
    """A layer's filters in the order that is shown.

    Parameters
    ----------
    title : str
        Of the layer.
    filters : tuple of Filter
        Sorted.
    ranking : Ranking
        By what.
    window : tuple of int
        ``(rows, columns)`` where each filter is an image.
    """

    title: str
    filters: tuple[Filter, ...]
    ranking: Ranking
    window: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class WhyPicture:
    """Which eigenvalues drive a class, under the spectrum."""

    contents: Contents


@dataclass(frozen=True, eq=False)
class WhatIfPicture:
    """What edits and muted filters change.

    Parameters
    ----------
    title : str
        Of the spectrum.
    contents : Contents
        With the curve before the edits, and the classes before them.
    changes : tuple of str
        Every edit, and what is muted, in words; empty where nothing was changed.
    """

    title: str
    contents: Contents
    changes: tuple[str, ...]


ToolPicture = (
    PointsPicture
    | StatisticsPicture
    | MultiplesPicture
    | ComparePicture
    | FiltersPicture
    | CohortPicture
    | InspectorPicture
    | WhyPicture
    | WhatIfPicture
)


@dataclass(frozen=True, eq=False)
class ToolView:
    """A picture and the colours it is shown in."""

    picture: ToolPicture
    dark: bool
