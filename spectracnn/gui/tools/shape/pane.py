"""One shape of the view: it is found, solved and shown; its own words stand over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from spectracnn.geometry.options import SolveOptions
from spectracnn.gui.tools.shape.solving import SolveThread
from spectracnn.gui.tools.shape.surface_view import SurfaceView
from spectracnn.gui.widgets.next_step import NextStep
from spectracnn.view.shape_picture import skin
from spectracnn.view.shape_words import Agreement, agreement, report_words

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.geometry.solve import Solution
    from spectracnn.geometry.surface_maps import SurfaceMaps

COUNT = 200
"""How many eigenfunctions are computed, where the mesh has as many."""

_NO_SHAPE = (
    "This spectrum has no shape here. Choose its mesh (OFF, OBJ, PLY, STL, VTK, GIFTI, FreeSurfer, "
    "Gmsh) with File > Choose its mesh, or open a mesh, or a shape of File > Open sample."
)

_STEPS = (
    ("choose_mesh", "Choose its mesh\u2026"),
    ("open_files", "Open a mesh\u2026"),
    ("open_sample_shape", "Open a sample shape"),
)


@dataclass(frozen=True, eq=False)
class Wanted:
    """Whose shape is shown.

    Parameters
    ----------
    entry_id : int
        Of the table.
    spectrum : Spectrum
        With the file that it is from.
    known : tuple of Path
        Open meshes, one of which may be its own.
    chosen : Path or None
        The mesh that a person chose for it.
    """

    entry_id: int
    spectrum: Spectrum
    known: tuple[Path, ...] = ()
    chosen: Path | None = None

    @property
    def source(self) -> Path | None:
        """The file from which the search for the shape starts."""
        return self.spectrum.source or self.chosen


class ShapePane(QWidget):
    """A shape with a line over it.

    Signals
    -------
    changed : ()
        A shape came or went; or there is something to say.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spectrum: Spectrum | None = None
        self.entry_id: int | None = None
        self.solution: Solution | None = None
        self.maps: SurfaceMaps | None = None
        self.target = 0
        self.mesh: Path | None = None
        self.note = _NO_SHAPE
        self._chosen: Path | None = None
        self._thread: SolveThread | None = None
        self._old: list[SolveThread] = []
        self.view = SurfaceView()
        self.next_step = NextStep(_STEPS)
        self.caption = QLabel()
        self.caption.setContentsMargins(16, 2, 16, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.next_step, 1)
        self._show_next_step()

    def _show_next_step(self) -> None:
        """Where there is no shape, and none is on its way, say what to do in its place."""
        missing = self.solution is None and not self.computing
        self.next_step.setVisible(missing)
        self.view.setVisible(not missing)
        if missing:
            chosen = self.spectrum is not None
            why = "This spectrum has no shape here." if chosen else "No spectrum is chosen."
            steps = [name for name, _ in _STEPS if chosen or name != "choose_mesh"]
            self.next_step.explain(why, steps)

    def _report_change(self) -> None:
        self._show_next_step()
        self.changed.emit()

    def follow(self, wanted: Wanted | None) -> None:
        """Show this spectrum's shape; the same one goes on as it is."""
        spectrum = wanted.spectrum if wanted is not None else None
        chosen = wanted.chosen if wanted is not None else None
        before = self.spectrum
        alike = (
            spectrum is not None
            and before is not None
            and (spectrum.source, spectrum.name) == (before.source, before.name)
            and chosen == self._chosen
            and _options(spectrum) == _options(before)
        )
        self.spectrum, self._chosen = spectrum, chosen
        self.entry_id = wanted.entry_id if wanted is not None else None
        if alike:
            return
        self._stop()
        self.solution = self.maps = self.mesh = None
        self.view.set_shape(None)
        self.caption.setText(spectrum.name if spectrum is not None else "")
        self.note = _NO_SHAPE
        if spectrum is not None and wanted is not None and wanted.source is not None:
            self.note = f"Looking for the shape of {spectrum.name}\u2026"
            self._start(
                SolveThread(
                    wanted.source, _options(spectrum), spectrum.name, wanted.known, wanted.chosen
                )
            )
        self._report_change()

    def _start(self, thread: SolveThread) -> None:
        self._old = [old for old in self._old if old.isRunning()]
        self._old.append(thread)
        self._thread = thread
        thread.solved.connect(self._on_thread_solved)
        thread.failed.connect(self._on_thread_failed)
        thread.missing.connect(self._on_thread_missing)
        thread.shareDone.connect(self._on_thread_shareDone)
        thread.start()

    def _stop(self) -> None:
        if self._thread is not None:
            self._thread.cancel()
            self._thread = None

    @property
    def computing(self) -> bool:
        """Whether its shape is still on its way."""
        return self._thread is not None

    def words(self) -> str:
        """Return what is known of the shape, or why there is none."""
        if self.solution is None or self.spectrum is None:
            return self.note
        return report_words(self.solution)

    def agreement(self) -> Agreement | None:
        """Return how far the mesh's spectrum is that of the file, where they are two files."""
        if self.solution is None or self.spectrum is None or self.mesh is None:
            return None
        if self.mesh == self.spectrum.source:
            return None
        return agreement(self.spectrum, self.solution, self.mesh.name)

    def close_threads(self) -> None:
        """End what was started."""
        for thread in self._old:
            thread.cancel()
        for thread in self._old:
            thread.wait()
        self.view.close_thread()

    @Slot(object, object, object)
    def _on_thread_solved(self, source: Path, mesh: Path, solution: Solution) -> None:
        if self._is_stale():
            return
        self._thread = None
        self.solution, self.mesh = solution, mesh
        self.view.set_shape(skin(solution.mesh))
        self._report_change()

    @Slot(object, str)
    def _on_thread_failed(self, source: Path, reason: str) -> None:
        if not self._is_stale():
            self._thread = None
            self.note = f"{source.name}: {reason}"
            self._report_change()

    @Slot(object)
    def _on_thread_missing(self, source: Path) -> None:
        if not self._is_stale():
            self._thread = None
            self.note = _NO_SHAPE
            self._report_change()

    @Slot(float)
    def _on_thread_shareDone(self, share: float) -> None:
        if self._thread is not None and self.spectrum is not None:
            name = self.spectrum.name
            self.note = f"Computing the eigenfunctions of {name}\u2026 {100 * share:.0f} %"
            self._report_change()

    def _is_stale(self) -> bool:
        return self.sender() is not self._thread or self.spectrum is None


def _options(spectrum: Spectrum) -> SolveOptions:
    """Return how the shape is solved: as its spectrum was."""
    return SolveOptions.from_metadata(spectrum.metadata, k=COUNT, eigenfunctions=True)
