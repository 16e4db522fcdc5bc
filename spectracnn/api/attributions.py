"""How much each input sample speaks for a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.items import Items
from spectracnn.api.result import class_name, dimensions
from spectracnn.core.attribution import Attribution

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class Attributions(Items[Attribution]):
    """How much each input sample of n spectra speaks for a class.

    Parameters
    ----------
    names : tuple of str
        Of the spectra.
    classes : tuple of str
        Of the outputs.
    items : tuple of Attribution
        One a spectrum.
    """

    _header = ("spectrum", "class", "strongest eigenvalue")

    @property
    def values(self) -> NDArray[np.float32]:
        """Shape (n, steps, channels); logit units."""
        return np.stack([one.values for one in self.items])

    @property
    def positions(self) -> NDArray[np.int64]:
        """Which of the file's eigenvalues each step came from, shape (n, steps)."""
        return np.stack([one.positions for one in self.items])

    @property
    def targets(self) -> tuple[str, ...]:
        """The class that each is about."""
        return tuple(class_name(self.classes, one.target) for one in self.items)

    def _summary(self) -> str:
        method = f" by {self.items[0].method}" if self.items else ""
        return f"Attributions of {len(self)} spectra{method}"

    def _rows(self) -> list[tuple[str, str, int]]:
        rows = []
        for name, target, one in zip(self.names, self.targets, self.items, strict=True):
            strengths = np.abs(one.values.reshape(len(one.positions), -1)).sum(axis=1)
            rows.append((name, target, int(one.positions[int(np.nanargmax(strengths))])))
        return rows

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a spectrum, step and channel."""
        import pandas as pd

        parts = []
        for name, target, one in zip(self.names, self.targets, self.items, strict=True):
            values = one.values.reshape(len(one.positions), -1)
            steps, channels = np.indices(values.shape)
            parts.append(
                pd.DataFrame(
                    {
                        "name": name,
                        "class": target,
                        "step": steps.ravel(),
                        "position": one.positions[steps.ravel()],
                        "channel": channels.ravel(),
                        "input": one.input.reshape(values.shape).ravel(),
                        "attribution": values.ravel(),
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (spectrum, step, channel); needs xarray."""
        import xarray as xr

        values = self.values
        dims = (
            ("spectrum", "step", "channel")
            if values.ndim == 3
            else dimensions("input", values.ndim)
        )
        return xr.DataArray(values, dims=dims, coords={"spectrum": list(self.names)})
