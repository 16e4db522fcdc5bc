"""Looks into a model file without Keras: what it is, and whether it is safe to hand on."""

from __future__ import annotations

import json
import lzma
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from spectracnn.core.regular import open_regular
from spectracnn.errors import ModelError
from spectracnn.nn.hdf5_check import STORE_ERRORS, check_store
from spectracnn.nn.judge import judge
from spectracnn.nn.old_weights import are_misplaced, put_in_place
from spectracnn.nn.repair import repaired
from spectracnn.nn.tasks import loss_name
from spectracnn.nn.vetting import vetted

if TYPE_CHECKING:
    from collections.abc import Iterator


_CONFIG = "config.json"
_WEIGHTS = "model.weights.h5"
_ZIP_ENTRIES = {"metadata.json", _CONFIG, _WEIGHTS}
_MOST_BYTES = 4 << 30
_MOST_RATIO = 200
_MOST_CONFIG = 64 << 20
_WEIGHTS_ONLY = frozenset({"layers", "model_weights", "layer_names"})
_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
)  # fmt: skip
_CUT = "The archive is damaged or cut off."


@dataclass(frozen=True, eq=False)
class ModelFile:
    """A model file whose configuration was judged.

    Parameters
    ----------
    path : Path
        The file.
    suffix : str
        What Keras expects such a file to be called: ``.keras`` or ``.h5``.
    config : dict
        The configuration as Keras 3 reads it rightly.
    changed : bool
        Whether the file itself says something else.
    misplaced : bool
        Whether the weights lie under paths where Keras 3 does not find them.
    of_keras_2 : bool
        Whether Keras 2 or older wrote it.
    loss : str
        The name of the loss that the network was trained with; empty if unknown.
    """

    path: Path
    suffix: str
    config: dict[str, Any]
    changed: bool
    loss: str = ""
    misplaced: bool = False
    of_keras_2: bool = False

    @contextmanager
    def for_keras(self) -> Iterator[Path]:
        """Give a path that Keras loads: the file itself, or a repaired copy of it."""
        if not self.changed and not self.misplaced and self.path.suffix == self.suffix:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="spectracnn-") as folder:
            copy = Path(folder, f"model{self.suffix}")
            if self.suffix == ".keras":
                self._copy_archive(copy, Path(folder, _WEIGHTS))
            else:
                self._copy_store(copy)
            yield copy

    def _copy_archive(self, copy: Path, weights: Path) -> None:
        with zipfile.ZipFile(self.path) as old, zipfile.ZipFile(copy, "w") as new:
            kept = _ZIP_ENTRIES - {_CONFIG}
            if self.misplaced:
                kept -= {_WEIGHTS}
                with old.open(_WEIGHTS) as source, weights.open("wb") as target:
                    shutil.copyfileobj(source, target)
                put_in_place(weights)
                new.write(weights, _WEIGHTS)
            for entry in (name for name in old.namelist() if name in kept):
                with old.open(entry) as source, new.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
            new.writestr(_CONFIG, json.dumps(self.config))

    def _copy_store(self, copy: Path) -> None:
        import h5py

        shutil.copyfile(self.path, copy)
        with h5py.File(copy, "r+") as store:
            store.attrs["model_config"] = json.dumps(self.config).encode()


def read_model_file(path: Path) -> ModelFile:
    """Refuse a file that is no model, or that holds anything but a network of built-in layers.

    Parameters
    ----------
    path : Path
        A ``.keras`` archive or a legacy HDF5 file.

    Returns
    -------
    ModelFile
        Safe to hand on to Keras.

    Raises
    ------
    ModelError
        One sentence that names the file and the entry or layer.
    """
    try:
        with open_regular(path) as stream:
            stream.read(1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path.name}: cannot be read ({reason}).") from error
    try:
        suffix, found, trained = vetted(path)
        config = repaired(found)
        judge(config)
    except ModelError as error:
        raise ModelError(f"{path.name}: {error.message}", error.hint) from error
    except RecursionError as error:
        raise ModelError(f"{path.name}: The configuration is nested too deeply.") from error
    except (TypeError, AttributeError, KeyError, ValueError, IndexError) as error:
        raise ModelError(f"{path.name}: The configuration is damaged ({error}).") from error
    misplaced = suffix == ".keras" and _is_misplaced(path)
    old = _version(path, suffix).startswith(("0.", "1.", "2."))
    return ModelFile(path, suffix, config, config != found, loss_name(trained), misplaced, old)


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
            for name in (_CONFIG, _WEIGHTS):
                if name not in names:
                    raise ModelError(f"The archive has no {name}, so it is no Keras model.")
            texts = {name: _small(archive, name) for name in sorted({*names} - {_WEIGHTS})}
            _check_weights(archive, read)
    except _ZIP_ERRORS as error:
        raise ModelError(_CUT) from error
    return _parsed(texts[_CONFIG], "The archive's config.json")


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
    if entry.filename not in _ZIP_ENTRIES and not entry.is_dir():
        raise ModelError(f"The archive has the unexpected entry '{entry.filename}'.")
    huge = entry.file_size > _MOST_BYTES
    if huge or entry.file_size > _MOST_RATIO * max(entry.compress_size, 1 << 16):
        raise ModelError(f"The archive's entry '{entry.filename}' unpacks to an absurd size.")


def _check_weights(archive: zipfile.ZipFile, read: bool) -> None:
    import h5py

    with tempfile.SpooledTemporaryFile(max_size=256 << 20) as copy:
        with archive.open(_WEIGHTS) as stream:
            shutil.copyfileobj(stream, copy)
        copy.seek(0)
        try:
            with h5py.File(copy, "r") as store:
                check_store(store, read=read)
        except STORE_ERRORS as error:
            raise ModelError("The archive's model.weights.h5 is damaged.") from error


def _is_misplaced(path: Path) -> bool:
    import h5py

    with (
        zipfile.ZipFile(path) as archive,
        archive.open(_WEIGHTS) as stream,
        h5py.File(stream, "r") as store,
    ):
        return are_misplaced(store)


def _version(path: Path, suffix: str) -> str:
    """Return the version of Keras that wrote the file; a file that does not say is an old one."""
    import h5py

    if suffix == ".h5":
        with h5py.File(path, "r") as store:
            found: Any = store.attrs.get("keras_version", "1.0")
    else:
        with zipfile.ZipFile(path) as archive:
            about = archive.read("metadata.json") if "metadata.json" in archive.namelist() else b""
        try:
            known = json.loads(about) if about else {}
        except ValueError:
            known = {}
        found = known.get("keras_version", "3.0") if isinstance(known, dict) else "3.0"
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)


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
