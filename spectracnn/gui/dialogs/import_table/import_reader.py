"""Reads a table both ways, in a thread of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QThread, Signal, Slot

from spectracnn.errors import SpectraCNNError
from spectracnn.jobs.attempt import attempt

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io import Orientation

ORIENTATIONS: tuple[Orientation, Orientation] = ("rows", "columns")


@dataclass(frozen=True, eq=False)
class TableReading:
    """The table, read one way.

    Parameters
    ----------
    spectra : tuple of Spectrum
        Empty when it cannot be read so.
    failure : str
        Why not.
    assumed : str
        The orientation that the program found by itself; empty when it cannot be read.
    """

    spectra: tuple[Spectrum, ...] = ()
    failure: str = ""
    assumed: str = ""


class ImportReader(QThread):
    """Reads; a thread that nobody waits for any more ends by itself.

    Signals
    -------
    readingFinished : (str, TableReading)
        For ``rows`` and for ``columns``; the reading with an empty name tells what was assumed.
    """

    readingFinished = Signal(str, object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def run(self) -> None:
        for orientation in (None, *ORIENTATIONS):
            if self.isInterruptionRequested():
                return
            self.readingFinished.emit(orientation or "", self._read(orientation))

    def _read(self, orientation: Orientation | None) -> TableReading:
        from spectracnn import io

        read = partial(io.read_file, self._path, orientation=orientation)
        result = attempt(read, "Reading a table")
        if isinstance(result, SpectraCNNError):
            return TableReading(failure=result.message)
        return TableReading(result.spectra, assumed=result.assumed_orientation or "")

    def leave(self) -> None:
        """Let the thread finish in its own time; it must not be destroyed while it runs."""
        self.requestInterruption()
        if self.isFinished():
            return
        _left.add(self)
        self.finished.connect(self._on_finished)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._on_application_aboutToQuit)

    @Slot()
    def _on_finished(self) -> None:
        self.wait()
        _left.discard(self)

    @Slot()
    def _on_application_aboutToQuit(self) -> None:
        self.wait()


_left: set[ImportReader] = set()
