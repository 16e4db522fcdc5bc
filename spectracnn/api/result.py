"""What all results of the Python API have in common: a short name, and a table for notebooks."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.html import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading
    from spectracnn.figures.style import ThemeName
    from spectracnn.view.tool_pictures import ToolPicture


class Result(ABC):
    """A frozen record of NumPy arrays."""

    _header: tuple[str, ...]
    """Of the columns of the table in a notebook."""

    @abstractmethod
    def _summary(self) -> str:
        """Return what this is, in a few words."""

    @abstractmethod
    def _rows(self) -> Sequence[Sequence[object]]:
        """Return the rows of the table in a notebook."""

    @abstractmethod
    def to_dataframe(self) -> Any:
        """Return a pandas DataFrame; needs pandas."""

    @abstractmethod
    def to_xarray(self) -> Any:
        """Return an xarray DataArray or Dataset; needs xarray."""

    def __repr__(self) -> str:
        return f"<{self._summary()}>"

    def _repr_html_(self) -> str:
        rows = self._rows()
        return table(self._summary(), self._header, rows, len(rows))


def class_name(classes: tuple[str, ...], target: int) -> str:
    """Return what an output is called."""
    return classes[target] if 0 <= target < len(classes) else f"output {target}"


def labels_of(reading: Reading, probabilities: NDArray[np.float32]) -> tuple[str, ...]:
    """Return the class or the labels of each spectrum in words; empty where there are none."""
    return tuple("" if np.isnan(row).any() else reading.describe(row) for row in probabilities)


def dimensions(name: str, count: int, first: tuple[str, ...] = ("spectrum",)) -> tuple[str, ...]:
    """Return names of the dimensions of an array about spectra, or with others than ``first``."""
    return (*first, *(f"{name} axis {axis}" for axis in range(count - len(first))))


def channels_last(values: NDArray[Any]) -> NDArray[Any]:
    """Return one layer's output as ``(places, channels)``: rows of a plane one after the other."""
    return np.asarray(values).reshape(-1, values.shape[-1])


def picture_figure(picture: ToolPicture, theme: ThemeName) -> Figure:
    """Return the figure of what a view of the window shows."""
    from spectracnn.figures.style import make_style
    from spectracnn.figures.tools import tool_figure

    return shown_in_notebooks(tool_figure(picture, make_style(theme)))


def shown_in_notebooks(made: Figure) -> Figure:
    """Give a figure its picture for notebooks, which know how to show figures of pyplot only."""
    made._repr_png_ = partial(_png, made)  # type: ignore[attr-defined]
    return made


def _png(drawn: Figure) -> bytes:
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=drawn.dpi)
    return buffer.getvalue()
