"""Opens a model from a file, or from Keras."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from spectracnn.api.model import Model
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import read_card
from spectracnn.errors import ModelError
from spectracnn.resources import default_model


def open_model(
    path: str | os.PathLike[str] | Any = None,
    *,
    card: ModelCard | str | os.PathLike[str] | None = None,
    length: int | None = None,
    threshold: float | None = None,
) -> Model:
    """Open a model.

    Parameters
    ----------
    path : path or keras.Model, optional
        A ``.keras`` or HDF5 file, or a Keras model that need not be saved; the bundled model
        without it.
    card : ModelCard or path, optional
        Instead of the card beside the file.
    length : int, optional
        How many values to take where neither the network nor a card says so.
    threshold : float, optional
        From 0 to 1, instead of the card's: from which probability on the second class of a single
        sigmoid, or a label, is given.

    Raises
    ------
    ModelError, CardError
        If it cannot, or must not, be opened: a file that would run code is refused.
    ValueError
        If the threshold is not between 0 and 1.

    Examples
    --------
    >>> import spectracnn as sc
    >>> sc.open_model().classes[0]
    'airplane'
    """
    from spectracnn.nn.loading import open_model as open_file

    if threshold is not None and not 0 <= threshold <= 1:
        raise ValueError(f"A threshold is between 0 and 1; found {threshold}.")
    found = card if isinstance(card, ModelCard) or card is None else read_card(Path(card))
    if path is None:
        path = default_model()
    if isinstance(path, str | os.PathLike):
        return Model(open_file(Path(path), found, length=length), threshold)
    with tempfile.TemporaryDirectory(prefix="spectracnn-") as folder:
        return Model(open_file(save_keras(path, Path(folder)), found, length=length), threshold)


def save_keras(model: Any, folder: Path) -> Path:
    """Write a Keras model that is not in a file yet.

    Raises
    ------
    ModelError
        If this is no Keras model.
    """
    save = getattr(model, "save", None)
    if save is None:
        raise ModelError(f"A model is a path or a Keras model; found {type(model).__name__}.")
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in str(model.name)) or "model"
    path = folder / f"{name}.keras"
    save(path)
    return path
