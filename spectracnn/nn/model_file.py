"""Looks into a model file without Keras: what it is, and whether it is safe to hand on."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.core.regular import open_regular
from spectracnn.errors import ModelError
from spectracnn.nn.judge import judge
from spectracnn.nn.look_inside import CONFIG, WEIGHTS, ZIP_ENTRIES
from spectracnn.nn.old_weights import are_misplaced, put_in_place
from spectracnn.nn.repair import repaired
from spectracnn.nn.tasks import loss_name
from spectracnn.nn.vetting import vetted

if TYPE_CHECKING:
    from collections.abc import Iterator


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
                self._copy_archive(copy, Path(folder, WEIGHTS))
            else:
                self._copy_store(copy)
            yield copy

    def _copy_archive(self, copy: Path, weights: Path) -> None:
        with zipfile.ZipFile(self.path) as old, zipfile.ZipFile(copy, "w") as new:
            kept = ZIP_ENTRIES - {CONFIG}
            if self.misplaced:
                kept -= {WEIGHTS}
                with old.open(WEIGHTS) as source, weights.open("wb") as target:
                    shutil.copyfileobj(source, target)
                put_in_place(weights)
                new.write(weights, WEIGHTS)
            for entry in (name for name in old.namelist() if name in kept):
                with old.open(entry) as source, new.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
            new.writestr(CONFIG, json.dumps(self.config))

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


def _is_misplaced(path: Path) -> bool:
    import h5py

    with (
        zipfile.ZipFile(path) as archive,
        archive.open(WEIGHTS) as stream,
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
