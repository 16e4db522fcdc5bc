"""Solves a mesh for its eigenfunctions in a process of its own, waited for by a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QThread, Signal

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.geometry.computing import SolveRequest, solver
from spectracnn.geometry.options import SolveOptions

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject


class SolveThread(QThread):
    """One mesh.

    Signals
    -------
    shareDone : float
    solved : (Path, Solution)
    failed : (Path, str)
    """

    shareDone = Signal(float)
    solved = Signal(object, object)
    failed = Signal(object, str)

    def __init__(self, path: Path, count: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._request = SolveRequest(path, SolveOptions(k=count, eigenfunctions=True), fit=True)
        self._progress = Progress()

    def cancel(self) -> None:
        """Ask the process to stop; then nothing more is reported."""
        self._progress.cancel()

    def run(self) -> None:
        from spectracnn.jobs.child import Child

        child = Child(solver, name="SpectraCNN solver")
        try:
            found = child.request(self._request, self._progress, self.shareDone.emit)
        except OperationCancelled:
            return
        except SpectraCNNError as error:
            self.failed.emit(self.path, f"{error} {error.hint}".strip())
        except Exception as error:  # noqa: BLE001
            self.failed.emit(self.path, f"Solving stopped unexpectedly: {error!r}")
        else:
            self.solved.emit(self.path, found)
        finally:
            child.end(stuck=True)
