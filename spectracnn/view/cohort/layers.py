"""What the layers of a network computed for a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Layers:
    """What a network computed for n spectra of a cohort.

    Parameters
    ----------
    units : ndarray, shape (n,), int64
        Which participant each is of.
    inputs : ndarray, shape (n, ...)
        The network's input.
    outputs : dict of str to ndarray, shape (n, features)
        Every layer's output, by name, in order.
    answer : ndarray, shape (n, classes)
        What the network says: probabilities by the card's reading.
    classes : tuple of str
        Their names.
    """

    units: NDArray[np.int64]
    inputs: NDArray[np.float32]
    outputs: dict[str, NDArray[np.float32]]
    answer: NDArray[np.float32]
    classes: tuple[str, ...] = ()
