"""What an open HDF5 file holds of Keras, by the names in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import h5py


def keras_content(file: h5py.File) -> str:
    """Return what an HDF5 file holds of Keras: ``model``, ``weights``, or nothing.

    Only names are looked at. Keras writes ``model_config`` as an attribute beside the group
    ``model_weights``; files of weights have ``layer_names`` (Keras 2), or the groups ``layers``
    and ``vars`` (Keras 3).
    """
    if "model_config" in file.attrs or "model_weights" in file:
        return "model"
    if "layer_names" in file.attrs or ("layers" in file and "vars" in file):
        return "weights"
    return ""
