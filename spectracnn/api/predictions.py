"""What a model says of spectra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.api.result import Result, class_name, labels_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading
    from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True, eq=False, repr=False)
class Predictions(Result):
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
    reading : Reading
        How the card reads the outputs, with its threshold.
    """

    _header = ("spectrum", "class", "probability")

    names: tuple[str, ...]
    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    outputs: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]
    reading: Reading

    def __len__(self) -> int:
        return len(self.names)

    @property
    def labels(self) -> tuple[str, ...]:
        """The class of each spectrum, or its labels, by the card; empty where there is none."""
        return labels_of(self.reading, self.probabilities)

    def _summary(self) -> str:
        refused = sum(error is not None for error in self.errors)
        words = f"Predictions of {len(self)} spectra, {len(self.classes)} classes"
        return f"{words}, {refused} refused" if refused else words

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        columns = (self.names, self.labels, self.probabilities, self.errors)
        for name, label, row, error in zip(*columns, strict=True):
            text = label if error is None else str(error)
            shown = label in self.classes and error is None
            rows.append((name, text, f"{row[self.classes.index(label)]:.3f}" if shown else ""))
        return rows

    def _values(self) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        """Return one row a spectrum, probabilities where there are any, and the columns' names."""
        has = bool(self.probabilities.shape[1])
        values = self.probabilities if has else self.outputs.reshape(len(self), -1)
        return values, tuple(class_name(self.classes, at) for at in range(values.shape[1]))

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame: one row a spectrum, a column a class; needs pandas."""
        import pandas as pd

        frame = pd.DataFrame({"name": self.names, "class": self.labels})
        values, names = self._values()
        for name, column in zip(names, values.T, strict=True):
            frame[name] = column
        frame["error"] = [str(error) if error is not None else "" for error in self.errors]
        return frame

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (spectrum, class); needs xarray."""
        import xarray as xr

        values, names = self._values()
        coords = {"spectrum": list(self.names), "class": list(names)}
        return xr.DataArray(values, dims=("spectrum", "class"), coords=coords, name="probability")
