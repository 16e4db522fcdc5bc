"""Opening the window from a notebook or a script, without waiting for it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.api.model import Model, as_list
from spectracnn.api.opening import save_keras
from spectracnn.core.card_file import card_path, write_card
from spectracnn.errors import ExportError
from spectracnn.io.write import write_hdf5

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.spectrum import Spectrum

_FILES = "SPECTRACNN_VIEW"


_PROCESSES: list[subprocess.Popen[bytes]] = []
"""Of all windows that were opened: one that nobody holds any more must not be warned about."""


class View:
    """A window that was opened by `view`, in a process of its own.

    Parameters
    ----------
    process : Popen
        The window's.
    folder : Path
        What was written for it; the window removes it when a person closes it.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._folder = process, folder

    @property
    def pid(self) -> int:
        """Of the window's process."""
        return self._process.pid

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed yet."""
        return self._process.poll() is None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is closed, at most so many seconds, and return whether it is."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        return not self.is_open

    def close(self) -> None:
        """Close it; safe to call twice."""
        if self.is_open:
            self._process.terminate()
            if not self.wait(10.0):
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __repr__(self) -> str:
        return f"<View {'open' if self.is_open else 'closed'}, process {self.pid}>"


def view(
    spectra: Spectrum | Iterable[Spectrum] | str | os.PathLike[str] | None = None,
    model: Model | str | os.PathLike[str] | Any = None,
) -> View:
    """Open the window, and return at once.

    Parameters
    ----------
    spectra : Spectrum, iterable of Spectrum, or path, optional
        What is in the table; spectra need not be in a file.
    model : Model, path or keras.Model, optional
        What is open, with its card; a Keras model need not be saved. The bundled one without it.

    Returns
    -------
    View
        To see whether the window is still open, to wait for it, or to close it. It stays open
        when the script or notebook that opened it ends.

    Raises
    ------
    ExportError
        If there is no such file, or no display to open a window on.
    """
    if sys.platform.startswith("linux") and not _has_display():
        raise ExportError("There is no display to open a window on.")
    folder = Path(tempfile.mkdtemp(prefix="spectracnn-view-"))
    try:
        arguments = [*_model_arguments(model, folder), "--", *_spectra_arguments(spectra, folder)]
        environment = {**os.environ, _FILES: json.dumps([str(folder), *arguments])}
        # The window's process is nobody's child in a terminal: Ctrl+C here leaves it open.
        process = subprocess.Popen(
            [sys.executable, "-m", "spectracnn.api.viewer"],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _PROCESSES.append(process)
    return View(process, folder)


def _spectra_arguments(spectra: Any, folder: Path) -> list[str]:
    if spectra is None:
        return []
    if isinstance(spectra, str | os.PathLike):
        path = Path(spectra).absolute()
        if not path.exists():
            raise ExportError(f"{path}: there is no such file.")
        return [str(path)]
    found = as_list(spectra)
    if not found:
        return []
    path = folder / "spectra.h5"
    write_hdf5(found, path)
    return [str(path)]


def _model_arguments(model: Any, folder: Path) -> list[str]:
    if model is None:
        return []
    if isinstance(model, str | os.PathLike):
        return ["--model", str(Path(model).absolute())]
    if not isinstance(model, Model):
        return ["--model", str(save_keras(model, folder))]
    path = model.write(folder)
    if not model.description.card_assumed:
        write_card(model.card, card_path(path))
    return ["--model", str(path)]


def _has_display() -> bool:
    return any(os.environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
