"""Two spectra, or means of groups, through every layer; and one spectrum before and after edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.result import Result, dimensions, picture_figure
from spectracnn.state.selection import Selection
from spectracnn.view.compare import (
    ChannelDifference,
    LogitDifference,
    channel_differences,
    compare_contents,
    difference,
    logit_differences,
)
from spectracnn.view.tool_pictures import ComparePicture

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.figures.style import ThemeName


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """The first of two passes through the network minus the second.

    Parameters
    ----------
    names : (str, str)
        Of the two sides.
    first, second : Trace
        Each a spectrum's pass, or the mean of a group's.
    description : ModelDescription
        The network.
    """

    _header = ("layer", "channel", "rms of the difference", "relative")

    names: tuple[str, str]
    first: Trace
    second: Trace
    description: ModelDescription

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Of the network, in forward order."""
        return tuple(layer.name for layer in self.description.layers)

    @property
    def layers(self) -> dict[str, NDArray[np.float32]]:
        """Each layer's difference by name, shape (steps, channels) or (units,)."""
        found = difference(self.first, self.second)
        return {
            name: layer.output for name, layer in zip(self.layer_names, found.layers, strict=True)
        }

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """The difference of what the outputs say, shape (classes,)."""
        return self.first.probabilities - self.second.probabilities

    @property
    def logits(self) -> list[LogitDifference]:
        """Of every class, the largest difference first."""
        return logit_differences(self.description, self.first, self.second)

    @property
    def channels(self) -> list[ChannelDifference]:
        """Filters that see the two most differently, the largest relative difference first."""
        return channel_differences(self.description, self.first, self.second)

    def _summary(self) -> str:
        return f"Comparison: {self.names[0]} minus {self.names[1]}"

    def _rows(self) -> list[tuple[str, int, str, str]]:
        return [
            (self.layer_names[at.layer], at.channel, f"{at.rms:.4g}", f"{at.relative:.4g}")
            for at in self.channels
        ]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a layer, step and channel; needs pandas."""
        import pandas as pd

        parts = []
        for name, values in self.layers.items():
            flat = values.reshape(-1, values.shape[-1])
            steps, channels = np.indices(flat.shape)
            parts.append(
                pd.DataFrame(
                    {
                        "layer": name,
                        "step": steps.ravel(),
                        "channel": channels.ravel(),
                        "difference": flat.ravel(),
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def to_xarray(self) -> Any:
        """Return an xarray Dataset with one variable a layer; needs xarray."""
        import xarray as xr

        return xr.Dataset(
            {
                name: (dimensions(name, values.ndim, ()), values)
                for name, values in self.layers.items()
            }
        )

    def figure(self, theme: ThemeName = "light", view: Selection | None = None) -> Figure:
        """Draw the difference as the window's *Compare* does.

        Parameters
        ----------
        theme : {'light', 'dark'}
            Colours.
        view : Selection, optional
            How it is shown.
        """
        sides = ((self.names[0], self.first), (self.names[1], self.second))
        contents = compare_contents(self.description, sides, view or Selection())
        return picture_figure(ComparePicture(contents), theme)


@dataclass(frozen=True, eq=False, repr=False)
class WhatIf(Result):
    """What a model says of a spectrum as it was read, and as it is with edits and muted filters.

    Parameters
    ----------
    name : str
        Of the spectrum.
    classes : tuple of str
        Of the outputs.
    before, after : Trace
        The two passes.
    """

    _header = ("class", "before", "after", "difference")

    name: str
    classes: tuple[str, ...]
    before: Trace
    after: Trace

    def _values(self) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float32]]:
        """Return names, and probabilities, or of a regression the outputs."""
        before, after = self.before.probabilities, self.after.probabilities
        if not before.size:
            before, after = self.before.output.ravel(), self.after.output.ravel()
        names = self.classes if len(self.classes) == before.size else ()
        return names or tuple(f"output {place}" for place in range(before.size)), before, after

    @property
    def difference(self) -> NDArray[np.float32]:
        """After minus before, shape (classes,)."""
        _, before, after = self._values()
        return after - before

    def _summary(self) -> str:
        return f"What if: {self.name}, before and after"

    def _rows(self) -> list[tuple[str, str, str, str]]:
        names, before, after = self._values()
        rows = zip(names, before, after, after - before, strict=True)
        return [(name, f"{a:.4f}", f"{b:.4f}", f"{c:.4f}") for name, a, b, c in rows]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a class; needs pandas."""
        import pandas as pd

        names, before, after = self._values()
        values = {"before": before, "after": after, "difference": self.difference}
        return pd.DataFrame({"class": names, **values})

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (state, class); needs xarray."""
        import xarray as xr

        names, before, after = self._values()
        coords = {"state": ["before", "after"], "class": list(names)}
        return xr.DataArray(np.stack([before, after]), dims=("state", "class"), coords=coords)
