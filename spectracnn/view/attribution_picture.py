"""What is drawn of an attribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Ranked:
    """One eigenvalue of the ranked table.

    Parameters
    ----------
    step : int
        Place in the model's input.
    index : int
        Of the eigenvalue in the file.
    place : int
        Where it stands on the index axis: ``index``, unless the file was not in ascending order.
    input : float
        The model's input there; of several structures, their mean.
    attribution : float
        Positive speaks for the class.
    share : float
        Of the sum of all magnitudes, from 0 to 1.
    label : str
        Structure and eigenvalue, where structures stand one after the other; else empty.
    """

    step: int
    index: int
    place: int
    input: float
    attribution: float
    share: float
    label: str = ""


@dataclass(frozen=True, eq=False)
class AttributionPicture:
    """One attribution, ready to be drawn.

    Parameters
    ----------
    title : str
        The method, and the layer that it looked at.
    caption : str
        What the bars say.
    target : str
        The class.
    at : ndarray, shape (steps,)
        Index-axis position of each sample.
    values : ndarray, shape (steps,)
        In logits; summed over structures.
    inputs : ndarray, shape (steps,)
        The model's input; the mean of the structures.
    top : float
        Largest magnitude of ``values``; 1 where all are 0.
    ranked : tuple of Ranked
        The largest magnitude first.
    logit : float
        Of the class.
    completeness : str
        How well the values add up; empty for methods that do not promise it.
    image : ndarray, shape (rows, steps), or None
        Of a network that reads an image, each row by itself, summed over channels: rows are
        structures, columns eigenvalues.
    row_names : tuple of str
        Of the image's rows.
    image_top : float
        Largest magnitude in the image; 1 where all are 0.
    of_value : bool
        Whether a regression's value is explained, and not a class's logit.
    unit : str
        Of that value.
    """

    title: str
    caption: str
    target: str
    at: NDArray[np.float64]
    values: NDArray[np.float64]
    inputs: NDArray[np.float64]
    top: float
    ranked: tuple[Ranked, ...]
    logit: float
    completeness: str
    image: NDArray[np.float64] | None = None
    row_names: tuple[str, ...] = ()
    image_top: float = 1.0
    of_value: bool = False
    unit: str = ""

    @property
    def directions(self) -> tuple[str, str]:
        """What positive and negative values say, in words."""
        if self.of_value:
            return f"raises {self.target}", f"lowers {self.target}"
        return f"speaks for {self.target}", f"speaks against {self.target}"
