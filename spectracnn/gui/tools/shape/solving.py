"""Finds and solves a spectrum's mesh in a process of its own, waited for by a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QThread, Signal

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.geometry.belonging import mesh_beside, same_shape
from spectracnn.geometry.computing import SolveRequest, solver
from spectracnn.geometry.formats import is_mesh
from spectracnn.jobs.attempt import attempt

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject

    from spectracnn.geometry.options import SolveOptions


class SolveThread(QThread):
    """One spectrum's mesh, to its eigenfunctions.

    Parameters
    ----------
    source : Path
        The mesh, or a file of eigenvalues with a mesh beside it.
    options : SolveOptions
        How, and how many eigenfunctions.
    name : str
        Of the spectrum.
    known : tuple of Path
        Meshes elsewhere that may be its own, by their names.
    chosen : Path, optional
        The mesh that a person chose for it.

    Signals
    -------
    shareDone : float
    solved : (Path, Path, Solution)
        The source, the mesh, the outcome.
    failed : (Path, str)
    missing : Path
        The source has no mesh.
    """

    shareDone = Signal(float)
    solved = Signal(object, object, object)
    failed = Signal(object, str)
    missing = Signal(object)

    def __init__(
        self,
        source: Path,
        options: SolveOptions,
        name: str = "",
        known: tuple[Path, ...] = (),
        chosen: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.source = source
        self._options, self._name, self._known, self._chosen = options, name, known, chosen
        self._progress = Progress()

    def cancel(self) -> None:
        """Ask the process to stop; then nothing more is reported."""
        self._progress.cancel()

    def run(self) -> None:
        mesh = self._mesh()
        if mesh is None:
            self.missing.emit(self.source)
        elif not self._progress.cancelled:
            self._solve(mesh)

    def _mesh(self) -> Path | None:
        if self._chosen is not None:
            return self._chosen
        # Here, and not in the window's thread: the disk may be a slow one.
        found = mesh_beside(self.source, self._name)
        if found is not None:
            return found
        alike = (path for path in self._known if same_shape(path, self._name))
        return next((path for path in alike if is_mesh(path)), None)

    def _solve(self, mesh: Path) -> None:
        from spectracnn.jobs.child import Child

        request = SolveRequest(mesh, self._options, fit=True)
        child = Child(solver, name="SpectraCNN solver")
        try:
            found = attempt(
                lambda: child.request(request, self._progress, self._on_report), "Solving a mesh"
            )
        except OperationCancelled:
            return
        finally:
            child.end(stuck=True)
        if isinstance(found, SpectraCNNError):
            self.failed.emit(self.source, f"{found} {found.hint}".strip())
        else:
            self.solved.emit(self.source, mesh, found)

    def _on_report(self, report: object) -> None:
        if isinstance(report, float):
            self.shareDone.emit(report)
