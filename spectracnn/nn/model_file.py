"""Looks into a model file without Keras: what it is, and whether it is safe to hand on."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ModelError
from spectracnn.nn.judge import judge

if TYPE_CHECKING:
    from pathlib import Path

_ZIP_ENTRIES = {"metadata.json", "config.json", "model.weights.h5"}
_MOST_BYTES = 4 << 30
_MOST_RATIO = 200
_MOST_CONFIG = 64 << 20
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"


def check_model_file(path: Path) -> None:
    """Refuse a file that is no model, or that holds anything but a network of built-in layers.

    Parameters
    ----------
    path : Path
        A ``.keras`` archive or a legacy HDF5 file.

    Raises
    ------
    ModelError
        One sentence that names the file and the entry or layer.
    """
    try:
        with path.open("rb") as stream:
            magic = stream.read(8)
    except OSError as error:
        raise ModelError(f"{path.name}: cannot be read ({error.strerror or error}).") from error
    try:
        if zipfile.is_zipfile(path):
            judge(_archive_config(path))
        elif magic == _HDF5_MAGIC:
            judge(_hdf5_config(path))
        elif magic[:2] == b"PK":
            raise ModelError("The archive is damaged or cut off.")
        else:
            raise ModelError("This is no Keras model: neither a .keras archive nor an HDF5 file.")
    except ModelError as error:
        raise ModelError(f"{path.name}: {error.message}", error.hint) from error


def _archive_config(path: Path) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                _check_entry(entry)
            if "config.json" not in archive.namelist():
                raise ModelError("The archive has no config.json, so it is no Keras model.")
            if archive.getinfo("config.json").file_size > _MOST_CONFIG:
                raise ModelError("The archive's config.json is too large to be real.")
            if archive.testzip() is not None:
                raise ModelError("The archive is damaged.")
            return json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise ModelError("The archive is damaged or cut off.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError("The archive's config.json is not valid JSON.") from error


def _check_entry(entry: zipfile.ZipInfo) -> None:
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in entry.filename:
        raise ModelError(f"The archive's entry '{entry.filename}' points outside.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ModelError(f"The archive's entry '{entry.filename}' is a link.")
    if entry.filename not in _ZIP_ENTRIES and not entry.is_dir():
        raise ModelError(f"The archive has the unexpected entry '{entry.filename}'.")
    huge = entry.file_size > _MOST_BYTES
    if huge or entry.file_size > _MOST_RATIO * max(entry.compress_size, 1 << 16):
        raise ModelError(f"The archive's entry '{entry.filename}' unpacks to an absurd size.")


def _hdf5_config(path: Path) -> Any:
    import h5py

    try:
        with h5py.File(path, "r") as store:
            text = store.attrs.get("model_config")
            _check_links(store)
            weights_only = text is None and ("layers" in store or "model_weights" in store)
    except (OSError, RuntimeError, KeyError) as error:
        raise ModelError("The HDF5 file is damaged or cut off.") from error
    if text is None:
        if weights_only or path.name.endswith(".weights.h5"):
            raise ModelError(
                "The file holds weights without an architecture.",
                "Save the whole model: model.save('NAME.keras').",
            )
        raise ModelError("The HDF5 file holds no Keras model.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError("The file's model_config is not valid JSON.") from error


def _check_links(group: Any) -> None:
    import h5py

    for name in group:
        link = group.get(name, getlink=True)
        if isinstance(link, (h5py.ExternalLink, h5py.SoftLink)):
            raise ModelError(f"The HDF5 entry '{group.name}/{name}' is a link.")
        item = group[name]
        if isinstance(item, h5py.Group):
            _check_links(item)
        elif item.is_virtual or item.external:
            raise ModelError(f"The HDF5 entry '{item.name}' takes its data from another file.")
