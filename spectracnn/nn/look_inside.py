"""Looks into a model file without Keras, and refuses what is more than plain weights."""

from __future__ import annotations

import json
import lzma
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from spectracnn.core.regular import open_regular
from spectracnn.errors import ModelError
from spectracnn.nn.hdf5_check import STORE_ERRORS, check_store

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "config.json"
WEIGHTS = "model.weights.h5"
ZIP_ENTRIES = {"metadata.json", CONFIG, WEIGHTS}
_MOST_BYTES = 4 << 30
_MOST_RATIO = 200
_MOST_CONFIG = 64 << 20
_WEIGHTS_ONLY = frozenset({"layers", "model_weights", "layer_names"})
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
)  # fmt: skip
_CUT = "The archive is damaged or cut off."


def look_inside(path: Path, *, read: bool = False) -> tuple[str, Any, Any]:
    """Return the suffix, the network's configuration, and how it was compiled.

    Parameters
    ----------
    path : Path
        The file.
    read : bool
        Whether to read every weight, to see that it can be read.

    Raises
    ------
    ModelError
        If it is no model, or holds more than plain arrays.
    """
    with open_regular(path) as stream:
        magic = stream.read(8)
    # The kind is told by the content; for_keras() sees to it that Keras, which goes by the
    # suffix, takes the file for the same.
    if magic == _HDF5_MAGIC:
        return ".h5", *_hdf5_config(path, read)
    if magic[:2] == b"PK":
        config = _archive_config(path, read)
        compiled = config.get("compile_config") if isinstance(config, dict) else None
        return ".keras", config, compiled
    if not magic:
        raise ModelError("The file is empty.")
    raise ModelError("This is no Keras model: neither a .keras archive nor an HDF5 file.")


def _archive_config(path: Path, read: bool) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            for entry in archive.infolist():
                _check_entry(entry)
            if len(set(names)) != len(names):
                raise ModelError("The archive has two entries of one name.")
            for name in (CONFIG, WEIGHTS):
                if name not in names:
                    raise ModelError(f"The archive has no {name}, so it is no Keras model.")
            texts = {name: _small(archive, name) for name in sorted({*names} - {WEIGHTS})}
            _check_weights(archive, read)
    except _ZIP_ERRORS as error:
        raise ModelError(_CUT) from error
    return _parsed(texts[CONFIG], "The archive's config.json")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry that is no weights; read here, so that it can be read later."""
    if archive.getinfo(name).file_size > _MOST_CONFIG:
        raise ModelError(f"The archive's {name} is too large to be real.")
    return archive.read(name)


def _parsed(text: bytes | str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{what} is not valid JSON.") from error


def _check_entry(entry: zipfile.ZipInfo) -> None:
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in entry.filename:
        raise ModelError(f"The archive's entry '{entry.filename}' points outside.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ModelError(f"The archive's entry '{entry.filename}' is a link.")
    if entry.filename not in ZIP_ENTRIES and not entry.is_dir():
        raise ModelError(f"The archive has the unexpected entry '{entry.filename}'.")
    huge = entry.file_size > _MOST_BYTES
    if huge or entry.file_size > _MOST_RATIO * max(entry.compress_size, 1 << 16):
        raise ModelError(f"The archive's entry '{entry.filename}' unpacks to an absurd size.")


def _check_weights(archive: zipfile.ZipFile, read: bool) -> None:
    import h5py

    with tempfile.SpooledTemporaryFile(max_size=256 << 20) as copy:
        with archive.open(WEIGHTS) as stream:
            shutil.copyfileobj(stream, copy)
        copy.seek(0)
        try:
            with h5py.File(copy, "r") as store:
                check_store(store, read=read)
        except STORE_ERRORS as error:
            raise ModelError("The archive's model.weights.h5 is damaged.") from error


def _hdf5_config(path: Path, read: bool) -> tuple[Any, Any]:
    import h5py

    try:
        with h5py.File(path, "r") as store:
            text = store.attrs.get("model_config")
            trained = store.attrs.get("training_config")
            check_store(store, read=read)
            weights_only = not _WEIGHTS_ONLY.isdisjoint({*store, *store.attrs})
    except STORE_ERRORS as error:
        raise ModelError("The HDF5 file is damaged or cut off.") from error
    if text is None:
        if weights_only or path.name.endswith(".weights.h5"):
            raise ModelError(
                "The file holds weights without an architecture.",
                "Save the whole model: model.save('NAME.keras').",
            )
        raise ModelError("The HDF5 file holds no Keras model.")
    if not isinstance(text, (str, bytes)):
        raise ModelError("The file's model_config is no text.")
    try:
        compiled = json.loads(trained) if isinstance(trained, (str, bytes)) else None
    except (ValueError, RecursionError):
        compiled = None  # it is not needed
    return _parsed(text, "The file's model_config"), compiled
