"""What a model says of spectra, as frozen records of NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.html import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.trace import Trace
    from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True, eq=False, repr=False)
class Predictions:
    """What a model says of n spectra.

    Parameters
    ----------
    names : tuple of str
        Of the spectra.
    classes : tuple of str
        Of the outputs.
    probabilities : ndarray, shape (n, classes), float32
        By the model's card; NaN where a spectrum was refused; no columns for a regression.
    outputs : ndarray, shape (n, ...), float32
        What the network computed, as it is.
    errors : tuple of SpectraCNNError or None
        Why a spectrum was refused.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    outputs: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def labels(self) -> tuple[str, ...]:
        """The most probable class of each spectrum; empty where there is none."""
        if not self.probabilities.shape[1]:
            return ("",) * len(self)
        return tuple(
            "" if np.isnan(row).any() else self.classes[int(row.argmax())]
            for row in self.probabilities
        )

    def __repr__(self) -> str:
        refused = sum(error is not None for error in self.errors)
        words = f"Predictions of {len(self)} spectra, {len(self.classes)} classes"
        return f"<{words}, {refused} refused>" if refused else f"<{words}>"

    def _repr_html_(self) -> str:
        return table(
            repr(self)[1:-1], ("spectrum", "class", "probability"), self._rows(), len(self)
        )

    def _rows(self) -> Any:
        for name, label, row, error in zip(
            self.names, self.labels, self.probabilities, self.errors, strict=True
        ):
            if error is not None:
                yield name, str(error), ""
            elif label:
                yield name, label, f"{row.max():.3f}"
            else:
                yield name, "", ""

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame: one row a spectrum, a column a class; needs pandas."""
        import pandas as pd

        frame = pd.DataFrame({"name": self.names, "class": self.labels})
        has = bool(self.probabilities.shape[1])
        values = self.probabilities if has else self.outputs.reshape(len(self), -1)
        for place in range(values.shape[1]):
            known = place < len(self.classes)
            frame[self.classes[place] if known else f"output {place}"] = values[:, place]
        frame["error"] = [str(error) if error is not None else "" for error in self.errors]
        return frame

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (spectrum, class); needs xarray."""
        import xarray as xr

        has = bool(self.probabilities.shape[1])
        values = self.probabilities if has else self.outputs.reshape(len(self), -1)
        labels = list(self.classes) if len(self.classes) == values.shape[1] else None
        coords: dict[str, Any] = {"spectrum": list(self.names)}
        if labels is not None:
            coords["class"] = labels
        return xr.DataArray(values, dims=("spectrum", "class"), coords=coords, name="probability")


@dataclass(frozen=True, eq=False, repr=False)
class Traces:
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
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    items: tuple[Trace, ...]
    layer_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Trace:
        return self.items[place]

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

    def __repr__(self) -> str:
        return f"<Traces of {len(self)} spectra through {len(self.layer_names)} layers>"

    def _repr_html_(self) -> str:
        shapes = zip(self.layer_names, self.items[0].layers if self.items else (), strict=False)
        rows = [(name, " × ".join(map(str, one.output.shape))) for name, one in shapes]
        return table(repr(self)[1:-1], ("layer", "shape"), rows, len(rows))

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

        variables: dict[str, Any] = {"input": (_dims("input", self.inputs.ndim), self.inputs)}
        for name, values in self.layers.items():
            variables[name] = (_dims(name, values.ndim), values)
        return xr.Dataset(variables, coords={"spectrum": list(self.names)})


@dataclass(frozen=True, eq=False, repr=False)
class Attributions:
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

    names: tuple[str, ...]
    classes: tuple[str, ...]
    items: tuple[Attribution, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Attribution:
        return self.items[place]

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
        return tuple(_named(self.classes, one.target) for one in self.items)

    def __repr__(self) -> str:
        method = f" by {self.items[0].method}" if self.items else ""
        return f"<Attributions of {len(self)} spectra{method}>"

    def _repr_html_(self) -> str:
        rows = []
        for name, target, one in zip(self.names, self.targets, self.items, strict=True):
            strengths = np.abs(one.values.reshape(len(one.positions), -1)).sum(axis=1)
            rows.append((name, target, int(one.positions[int(np.nanargmax(strengths))])))
        header = ("spectrum", "class", "strongest eigenvalue")
        return table(repr(self)[1:-1], header, rows, len(self))

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
        dims = ("spectrum", "step", "channel") if values.ndim == 3 else _dims("input", values.ndim)
        return xr.DataArray(values, dims=dims, coords={"spectrum": list(self.names)})


def _named(classes: tuple[str, ...], target: int) -> str:
    return classes[target] if 0 <= target < len(classes) else f"output {target}"


def _dims(name: str, count: int) -> tuple[str, ...]:
    return ("spectrum", *(f"{name} axis {axis}" for axis in range(count - 1)))
