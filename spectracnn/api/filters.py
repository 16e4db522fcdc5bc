"""A layer's filters: their weights and what they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.result import Result, picture_figure
from spectracnn.view.statistics import exciting
from spectracnn.view.tool_pictures import StatisticsPicture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.api.points import Features
    from spectracnn.figures.style import ThemeName
    from spectracnn.view.filters import FilterBank
    from spectracnn.view.statistics import LayerStatistics


@dataclass(frozen=True, eq=False, repr=False)
class Statistics(Result):
    """How much, how often and how alike a layer's filters answer to one spectrum and to all.

    Parameters
    ----------
    layer : str
        Which layer.
    of_layer : LayerStatistics
        ``mean``, ``spread``, ``zeros``, ``largest``, ``dead``, ``correlation``.
    maxima : Features
        The largest output of each filter for each spectrum.
    """

    _header = ("filter", "mean", "spread", "zeros", "largest", "dead")

    layer: str
    of_layer: LayerStatistics
    maxima: Features

    def _columns(self) -> Mapping[str, NDArray[Any]]:
        found = self.of_layer
        nothing = np.full(found.mean.size, np.nan)
        return {
            "mean": found.mean,
            "spread": found.spread,
            "zeros": found.zeros,
            "largest": nothing if found.largest is None else found.largest,
            "dead": np.zeros(found.mean.size, bool) if found.dead is None else found.dead,
        }

    def exciting(self, channel: int, most: int = 10) -> list[tuple[str, float]]:
        """Return the spectra that excite a filter most, with their largest output."""
        found = exciting(self.maxima.values, channel, most)
        return [(self.maxima.names[place], value) for place, value in found]

    def _summary(self) -> str:
        return f"Statistics of {self.of_layer.mean.size} filters of {self.layer}"

    def _rows(self) -> list[tuple[object, ...]]:
        *numbers, dead = self._columns().values()
        return [
            (channel, *(f"{value:.4g}" for value in row[:-1]), "dead" if row[-1] else "")
            for channel, row in enumerate(zip(*numbers, dead, strict=True))
        ]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a filter; needs pandas."""
        import pandas as pd

        return pd.DataFrame({"filter": range(self.of_layer.mean.size), **self._columns()})

    def to_xarray(self) -> Any:
        """Return an xarray Dataset over the filters, with their correlation; needs xarray."""
        import xarray as xr

        variables: dict[str, Any] = {
            name: ("filter", values) for name, values in self._columns().items()
        }
        variables["correlation"] = (("filter", "other filter"), self.of_layer.correlation)
        return xr.Dataset(variables)

    def figure(self, theme: ThemeName = "light") -> Figure:
        """Draw them as the window's *Layer statistics* does."""
        found = self.of_layer
        numbers = (found.mean, found.spread, found.zeros, found.dead, found.correlation)
        return picture_figure(StatisticsPicture(f"Filters of {self.layer}", *numbers), theme)


@dataclass(frozen=True, eq=False, repr=False)
class Filters(Result):
    """A layer's weights as curves or images, with the frequencies that they pass.

    Parameters
    ----------
    bank : FilterBank
        ``filters`` in the order of their channels, and ``frequencies``.
    """

    _header = ("filter", "norm", "mean activation", "contribution")

    bank: FilterBank

    def __len__(self) -> int:
        return len(self.bank.filters)

    @property
    def kernels(self) -> NDArray[np.float64]:
        """Shape (filters, taps, channels in), or (filters, rows, columns, channels in)."""
        stacked = np.stack([one.kernel for one in self.bank.filters])
        return stacked.reshape(len(stacked), *self.bank.window, -1)

    @property
    def responses(self) -> NDArray[np.float64]:
        """Magnitudes of the frequency responses, shape (filters, frequencies).

        Of images (filters, row frequencies, frequencies); ``bank.row_frequencies`` begin at -0.5.
        """
        return np.stack([one.response for one in self.bank.filters])

    @property
    def frequencies(self) -> NDArray[np.float64]:
        """Cycles per sample of the layer's input, or per column, from 0 to 0.5."""
        return self.bank.frequencies

    @property
    def contributions(self) -> NDArray[np.float64]:
        """By how much the class's logit falls without each filter; NaN where not computed."""
        found = [one.contribution for one in self.bank.filters]
        return np.array([np.nan if value is None else value for value in found])

    def _summary(self) -> str:
        return f"{len(self)} filters of {self.bank.name}"

    def _rows(self) -> list[tuple[object, ...]]:
        numbers = ((f.norm, f.activation, f.contribution) for f in self.bank.filters)
        return [
            (channel, *("" if value is None else f"{value:.4g}" for value in row))
            for channel, row in enumerate(numbers)
        ]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a filter; needs pandas."""
        import pandas as pd

        filters = self.bank.filters
        return pd.DataFrame(
            {
                "filter": range(len(self)),
                "norm": [one.norm for one in filters],
                "mean activation": [one.activation for one in filters],
                "contribution": self.contributions,
            }
        )

    def to_xarray(self) -> Any:
        """Return an xarray Dataset of kernels and responses; needs xarray."""
        import xarray as xr

        images = self.bank.images
        taps, rows = (("row", "column"), ("row frequency",)) if images else (("tap",), ())
        coords = {"frequency": self.frequencies}
        if images:
            coords["row frequency"] = self.bank.row_frequencies
        return xr.Dataset(
            {
                "kernel": (("filter", *taps, "input channel"), self.kernels),
                "response": (("filter", *rows, "frequency"), self.responses),
                "contribution": ("filter", self.contributions),
            },
            coords=coords,
        )
