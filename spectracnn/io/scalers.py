"""Standardisers that were fitted elsewhere, such as scikit-learn's: their means and scales."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.scaling_steps import Standardise
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEANS = ("mean", "mean_", "means", "center", "center_")
_SCALES = ("scale", "scale_", "std", "sd", "stds")


def read_standardiser(path: str | Path) -> Standardise:
    """Read means and scales from arrays: nothing of the file is executed.

    Parameters
    ----------
    path : str or Path
        An ``.npz`` with arrays called ``mean`` (or ``mean_``) and ``scale`` (or ``scale_``,
        ``std``), or an ``.npy`` whose two rows are these. Of several structures one after the
        other, as long as all together.

    Returns
    -------
    Standardise
        The step of a card.

    Raises
    ------
    PreprocessingError
        If the file holds no such arrays; the sentence says how to write it.
    """
    path = Path(path)
    hint = "save it by numpy.savez(NAME, mean=scaler.mean_, scale=scaler.scale_)"
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            if found.ndim != 2 or len(found) != 2:
                raise PreprocessingError(
                    f"{path.name}: the array has the shape {found.shape}; two rows are needed, "
                    f"means and scales, or {hint}."
                )
            return Standardise(found[0], found[1])
        with found:
            arrays: dict[str, NDArray[np.float64]] = {
                name.lower(): np.asarray(found[name]) for name in found.files
            }
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise PreprocessingError(f"{path.name}: no arrays of NumPy; {hint}.") from error
    mean = next((arrays[name] for name in _MEANS if name in arrays), None)
    scale = next((arrays[name] for name in _SCALES if name in arrays), None)
    if mean is None or scale is None:
        names = ", ".join(sorted(arrays)) or "none"
        raise PreprocessingError(f"{path.name}: the arrays are {names}; {hint}.")
    return Standardise(np.ravel(mean), np.ravel(scale))
