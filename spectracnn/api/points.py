"""Spectra as vectors of a layer's output, and as points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.result import Result, picture_figure
from spectracnn.view.colouring import colouring
from spectracnn.view.embedding import component_labels, nearest
from spectracnn.view.tool_pictures import PointsPicture

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.errors import SpectraCNNError
    from spectracnn.figures.style import ThemeName
    from spectracnn.state.document import Document
    from spectracnn.view.embedding import Embedding, ShapeDNA


@dataclass(frozen=True, eq=False, repr=False)
class Features(Result):
    """One vector a spectrum: what a layer makes of it.

    Parameters
    ----------
    names : tuple of str
        Of the spectra.
    layer : str
        Which layer, or ``model's input``.
    values : ndarray, shape (n, d), float32
        NaN where a spectrum was refused.
    errors : tuple of SpectraCNNError or None
        Why a spectrum was refused.
    """

    _header = ("spectrum", "smallest", "mean", "largest")

    names: tuple[str, ...]
    layer: str
    values: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]

    def __len__(self) -> int:
        return len(self.names)

    def neighbours(self, place: int, most: int = 8) -> list[tuple[str, float]]:
        """Return names and Euclidean distances of the nearest spectra, the nearest first."""
        found = nearest(self.values.astype(np.float64), place, most)
        return [(self.names[row], distance) for row, distance in found]

    def _summary(self) -> str:
        return (
            f"Features of {len(self)} spectra in {self.layer}, {self.values.shape[1]} numbers each"
        )

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (name, f"{row.min():.4g}", f"{row.mean():.4g}", f"{row.max():.4g}")
            for name, row in zip(self.names, self.values, strict=True)
        ]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame: one row a spectrum, one column a number; needs pandas."""
        import pandas as pd

        columns = [f"{self.layer} {place}" for place in range(self.values.shape[1])]
        frame = pd.DataFrame(self.values, columns=columns)
        frame.insert(0, "name", self.names)
        return frame

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (spectrum, feature); needs xarray."""
        import xarray as xr

        coords = {"spectrum": list(self.names)}
        return xr.DataArray(self.values, dims=("spectrum", "feature"), coords=coords)


@dataclass(frozen=True, eq=False, repr=False)
class Points(Result):
    """Spectra as points in the plane: principal components of a layer's output.

    Parameters
    ----------
    features : Features
        What the components are of.
    embedding : Embedding
        The points, and the share of the variance along each axis.
    shape_dna : ShapeDNA
        The spectra made comparable without any network.
    document : Document
        The spectra, for colours.
    """

    _header = ("spectrum", "component 1", "component 2")

    features: Features
    embedding: Embedding
    shape_dna: ShapeDNA
    document: Document

    @property
    def names(self) -> tuple[str, ...]:
        """Of the spectra."""
        return self.features.names

    @property
    def points(self) -> NDArray[np.float64]:
        """Shape (n, 2); NaN where a spectrum was refused."""
        return self.embedding.points

    @property
    def explained(self) -> tuple[float, float]:
        """Share of the variance along each axis."""
        return self.embedding.explained

    def neighbours(self, place: int, most: int = 8) -> list[tuple[str, float]]:
        """Return who is nearest to a spectrum in this layer."""
        return self.features.neighbours(place, most)

    def neighbours_by_shape(self, place: int, most: int = 8) -> list[tuple[str, float]]:
        """Return who is nearest to a spectrum by ShapeDNA, without any network."""
        found = nearest(self.shape_dna.values, place, most)
        return [(self.names[row], distance) for row, distance in found]

    def _summary(self) -> str:
        shares = " and ".join(f"{100 * share:.0f} %" for share in self.explained)
        layer = self.features.layer
        return f"{len(self.names)} spectra as points, {shares} of the variance of {layer}"

    def _rows(self) -> list[tuple[str, str, str]]:
        pairs = zip(self.names, self.points, strict=True)
        return [(name, f"{x:.4g}", f"{y:.4g}") for name, (x, y) in pairs]

    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame with one row a spectrum; needs pandas."""
        import pandas as pd

        first, second = self.points.T
        return pd.DataFrame({"name": self.names, "component 1": first, "component 2": second})

    def to_xarray(self) -> Any:
        """Return an xarray DataArray of dimensions (spectrum, component); needs xarray."""
        import xarray as xr

        coords = {"spectrum": list(self.names), "component": [1, 2]}
        return xr.DataArray(self.points, dims=("spectrum", "component"), coords=coords)

    def figure(
        self, colour: str = "", current: int | None = None, theme: ThemeName = "light"
    ) -> Figure:
        """Draw the points as the window's *Embedding* does.

        Parameters
        ----------
        colour : str
            What colours mean, as the window offers it, such as ``Predicted class``.
        current : int, optional
            Which point is marked.
        theme : {'light', 'dark'}
            Colours.
        """
        look = colouring(self.document, colour, theme == "dark")
        labels = component_labels(self.embedding)
        looks = (look.colours, look.symbols, look.legend)
        return picture_figure(
            PointsPicture(self.points, self.names, *looks, labels, current), theme
        )
