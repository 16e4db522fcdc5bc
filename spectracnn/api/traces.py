"""Every layer's output."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.items import Items
from spectracnn.api.result import dimensions, labels_of
from spectracnn.core.trace import Trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading


@dataclass(frozen=True, eq=False, repr=False)
class Traces(Items[Trace]):
    """Every layer's output for n spectra.

    Parameters
    ----------
    names : tuple of str
        Of the spectra.
    classes : tuple of str
        Of the outputs.
    items : tuple of Trace
        One a spectrum.
    layer_names : tuple of str
        Of the network, in forward order.
    reading : Reading
        How the card reads the outputs, with its threshold.
    """

    _header = ("layer", "shape")

    layer_names: tuple[str, ...]
    reading: Reading

    @property
    def inputs(self) -> NDArray[np.float32]:
        """What the network was given, shape (n, steps, channels)."""
        return np.stack([trace.input for trace in self.items])

    @property
    def positions(self) -> NDArray[np.int64]:
        """Which of the file's eigenvalues each input sample came from, shape (n, steps)."""
        return np.stack([trace.positions for trace in self.items])

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """What the outputs say by the card, shape (n, classes)."""
        return np.stack([trace.probabilities for trace in self.items])

    @property
    def labels(self) -> tuple[str, ...]:
        """The class of each spectrum, or its labels, by the card; empty for a regression."""
        return labels_of(self.reading, self.probabilities)

    @property
    def layers(self) -> Mapping[str, NDArray[np.float32]]:
        """Each layer's output by name, shape (n, steps, channels) or (n, units)."""
        return {name: self.layer(name) for name in self.layer_names}

    def layer(self, layer: str | int, *, before: bool = False) -> NDArray[np.float32]:
        """Return one layer's output.

        Parameters
        ----------
        layer : str or int
            Its name, or its place in forward order.
        before : bool
            Before the activation that is fused into the layer.

        Returns
        -------
        ndarray, shape (n, steps, channels) or (n, units), float32

        Raises
        ------
        KeyError
            If there is no such layer, or no fused activation.
        """
        names = self.layer_names
        place = names.index(layer) if layer in names else layer
        if not isinstance(place, int) or not -len(names) <= place < len(names):
            raise KeyError(f"There is no layer {layer!r}; the layers are {', '.join(names)}.")
        found = [trace.layers[place] for trace in self.items]
        arrays = [one.before if before else one.output for one in found]
        if any(array is None for array in arrays):
            raise KeyError(f"The layer {names[place]!r} has no fused activation.")
        return np.stack([array for array in arrays if array is not None])

    def _summary(self) -> str:
        return f"Traces of {len(self)} spectra through {len(self.layer_names)} layers"

    def _rows(self) -> list[tuple[str, str]]:
        shapes = zip(self.layer_names, self.items[0].layers if self.items else (), strict=False)
        return [(name, " × ".join(map(str, one.output.shape))) for name, one in shapes]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a spectrum, layer, step and channel."""
        import pandas as pd

        parts = []
        for name, values in self.layers.items():
            flat = values.reshape(len(self), -1, values.shape[-1])
            index = pd.MultiIndex.from_product(
                (self.names, (name,), range(flat.shape[1]), range(flat.shape[2])),
                names=("name", "layer", "step", "channel"),
            )
            parts.append(pd.DataFrame({"value": flat.ravel()}, index=index).reset_index())
        return pd.concat(parts, ignore_index=True)

    def to_xarray(self) -> Any:
        """Return an xarray Dataset with one variable a layer; needs xarray."""
        import xarray as xr

        variables: dict[str, Any] = {"input": (dimensions("input", self.inputs.ndim), self.inputs)}
        for name, values in self.layers.items():
            variables[name] = (dimensions(name, values.ndim), values)
        return xr.Dataset(variables, coords={"spectrum": list(self.names)})
