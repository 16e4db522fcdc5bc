"""The shape beside its spectrum: its modes, and where on it the decision comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import MapsOnShape
from spectracnn.errors import SpectraCNNError
from spectracnn.geometry.formats import is_mesh
from spectracnn.geometry.morph import REACH
from spectracnn.geometry.write_maps import write_maps
from spectracnn.gui.tools.shape.morph_row import MorphRow
from spectracnn.gui.tools.shape.solving import SolveThread
from spectracnn.gui.tools.shape.surface_view import SurfaceView
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.view.shape_picture import skin
from spectracnn.view.shape_words import HELP, mode_words, report_words, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QHideEvent, QShowEvent

    from spectracnn.geometry.solve import Solution
    from spectracnn.geometry.surface_maps import SurfaceMaps
    from spectracnn.gui.workspace.context import ToolContext

_OWNER = "the shape"
_COUNT = 200
_FRAME_MS = 80
_SHOWN = (
    ("Eigenfunction", "mode"),
    ("Mode energy", "mode_energy"),
    ("Shape sensitivity", "sensitivity"),
    ("Morph", "morph"),
)


class ShapeTool(QWidget):
    """Solves the current spectrum's mesh, and shows what is chosen on it."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self._path: Path | None = None
        self._solution: Solution | None = None
        self._maps: SurfaceMaps | None = None
        self._thread: SolveThread | None = None
        self._old: list[SolveThread] = []
        self._phase = 0.0
        self.view = SurfaceView()
        self.show_box = QComboBox()
        for text, name in _SHOWN:
            self.show_box.addItem(text, name)
        self.show_box.setAccessibleName("What is shown on the shape")
        self.mode_box = QSpinBox(minimum=0, maximum=0)
        self.mode_box.setAccessibleName("Number of the eigenfunction")
        self.animate_button = tool_button("Animate", "Let the mode swing", checkable=True)
        self.reset_button = tool_button("Reset view", "Turn and zoom as at first")
        self.picture_button = tool_button("Picture\u2026", "Save what is shown as PNG")
        self.export_button = tool_button("Export\u2026", "Save the shape with its map: VTK, GIFTI")
        self.morph_row = MorphRow(context)
        self.morph_row.hide()
        self.words = QLabel(wordWrap=True)
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("muted", True)
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._arrange()
        self._connect()
        self.resize(620, 680)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for widget in (
            self.show_box,
            self.mode_box,
            self.animate_button,
            self.reset_button,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.picture_button)
        row.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.morph_row)
        for label in (self.words, self.note):
            label.setContentsMargins(16, 6, 16, 6)
            layout.addWidget(label)

    def _connect(self) -> None:
        self.show_box.currentIndexChanged.connect(self._on_show_box_changed)
        self.mode_box.valueChanged.connect(self._on_mode_changed)
        self.animate_button.toggled.connect(self._on_animate_toggled)
        self.reset_button.clicked.connect(self.view.reset)
        self.picture_button.clicked.connect(self._on_picture_clicked)
        self.export_button.clicked.connect(self._on_export_clicked)
        self.morph_row.moved.connect(self._refresh)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._workspace.modelChanged.connect(self._on_workspace_modelChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.close_threads)

    # --- what is shown -----------------------------------------------------------------------

    def _follow(self) -> None:
        """Take the current spectrum's mesh, if it has one."""
        entry = self._workspace.document.entry(self._workspace.selection.current)
        source = entry.spectrum.source if entry is not None else None
        if source is not None and source == self._path:
            return
        self._stop()
        self._path, self._solution, self._maps = source, None, None
        self.morph_row.set_shape(None, None, 0)
        self.view.set_shape(None)
        self.words.clear()
        if source is None or not is_mesh(source):
            self.note.setText(
                "Open a mesh to see its modes: OFF, OBJ, PLY, STL, VTK, GIFTI, FreeSurfer, Gmsh; "
                "or a shape of File > Open sample."
            )
            self._set_enabled(False)
            return
        self.note.setText(f"Computing the eigenfunctions of {source.name}\u2026")
        self._thread = SolveThread(Path(source), _COUNT)
        self._old.append(self._thread)
        self._thread.solved.connect(self._on_thread_solved)
        self._thread.failed.connect(self._on_thread_failed)
        self._thread.shareDone.connect(self._on_thread_shareDone)
        self._thread.start()

    def _stop(self) -> None:
        self.animate_button.setChecked(False)
        if self._thread is not None:
            self._thread.cancel()
            self._thread = None

    def _set_enabled(self, on: bool) -> None:
        for widget in (self.show_box, self.mode_box, self.animate_button, self.export_button):
            widget.setEnabled(on)

    def _shown(self) -> NDArray[np.float64] | None:
        """Return the chosen values at the vertices."""
        if self._solution is None or self._solution.eigenfunctions is None:
            return None
        name = self.show_box.currentData()
        if name == "mode":
            functions = self._solution.eigenfunctions
            return np.asarray(functions[:, self.mode_box.value()], np.float64)
        if name == "morph":
            direction = self.morph_row.direction
            return None if direction is None else self.morph_row.amount / REACH * direction
        return None if self._maps is None else self._maps.to_dict()[name]

    @Slot()
    def _refresh(self) -> None:
        name = self.show_box.currentData()
        self.morph_row.setVisible(name == "morph" and self._solution is not None)
        self.mode_box.setEnabled(name == "mode" and self._solution is not None)
        self.animate_button.setEnabled(name == "mode" and self._solution is not None)
        if self._solution is None:
            return
        if name != "mode" and self._maps is None:
            self._request_maps()
        values = self._shown()
        caption = mode_words(self._solution, self.mode_box.value()) if name == "mode" else ""
        self.words.setText(f"{caption}\n{HELP[name]}".strip())
        if values is not None:
            swing = float(np.cos(self._phase)) if self._timer.isActive() else 1.0
            if name != "morph":  # which is as far as it was moved, not as far as it can be
                values = scaled(values, centred=name != "mode_energy") * swing
            self.view.set_values(values)

    def _request_maps(self) -> None:
        self.note.setText("Asking the network where its decision comes from\u2026")
        self._context.broker.submit(
            MapsOnShape(str(self._path), _COUNT),
            _OWNER,
            Policy.LATEST_WINS,
            partial(self._receive_maps, self._path),
            self._on_maps_failed,
            key=(self._path, id(self._workspace.document.model)),
        )

    def _receive_maps(self, path: Path | None, found: Any) -> None:
        if path != self._path or self._solution is None:
            return
        maps, target = found
        self._maps = maps
        model = self._workspace.document.model
        name = model.classes[target] if model is not None else str(target)
        self.morph_row.set_shape(self._solution, maps.sensitivity, target)
        self.note.setText(f"About the class {name}.\n{report_words(self._solution)}")
        self._refresh()

    def _on_maps_failed(self, error: SpectraCNNError) -> None:
        self.note.setText(str(error))

    # --- slots -------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_thread_solved(self, path: Path, solution: Solution) -> None:
        if path != self._path:
            return
        self._solution, self._thread = solution, None
        self.mode_box.setMaximum(len(solution.eigenvalues) - 1)
        self.mode_box.setValue(min(1, self.mode_box.maximum()))
        self.view.set_shape(skin(solution.mesh))
        self.note.setText(report_words(solution))
        self._set_enabled(True)
        self._refresh()

    @Slot(object, str)
    def _on_thread_failed(self, path: Path, reason: str) -> None:
        if path == self._path:
            self.note.setText(f"{path.name}: {reason}")

    @Slot(float)
    def _on_thread_shareDone(self, share: float) -> None:
        if self._path is not None and self._solution is None:
            name = self._path.name
            self.note.setText(f"Computing the eigenfunctions of {name}\u2026 {100 * share:.0f} %")

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if not self.isVisible():
            return
        self._follow()
        sample = self._workspace.selection.hovered or self._workspace.selection.pinned
        if sample is not None and sample.layer < 0 and self.show_box.currentData() == "mode":
            self.mode_box.setValue(min(sample.step, self.mode_box.maximum()))

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self._maps = None
        self.morph_row.set_shape(None, None, 0)
        if self.isVisible():
            self._refresh()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self._refresh()

    @Slot(int)
    def _on_show_box_changed(self, _index: int) -> None:
        self.animate_button.setChecked(False)
        self._refresh()

    @Slot(int)
    def _on_mode_changed(self, _value: int) -> None:
        self._refresh()

    @Slot(bool)
    def _on_animate_toggled(self, on: bool) -> None:
        self._phase = 0.0
        if on:
            self._timer.start()
        else:
            self._timer.stop()
            self._refresh()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._phase += 0.25
        self._refresh()

    @Slot()
    def _on_picture_clicked(self) -> None:
        image = self.view.picture()
        if image is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save the picture", "", "PNG (*.png)")
        if name and not image.save(name if name.endswith(".png") else f"{name}.png"):
            self.note.setText(f"{name}: cannot be written.")

    @Slot()
    def _on_export_clicked(self) -> None:
        values, solution = self._shown(), self._solution
        if values is None or solution is None:
            return
        kinds = "VTK (*.vtk);;GIFTI (*.gii)"
        name, _ = QFileDialog.getSaveFileName(self, "Save the shape with its map", "", kinds)
        if name:
            self.export(Path(name), values, solution)

    def export(self, path: Path, values: NDArray[np.float64], solution: Solution) -> None:
        """Write what is shown; the note says how it went."""
        shown = self.show_box.currentData()
        label = f"eigenfunction_{self.mode_box.value()}" if shown == "mode" else shown
        try:
            write_maps(solution.mesh, {label: values}, path)
        except SpectraCNNError as error:
            self.note.setText(str(error))
        else:
            self.note.setText(f"Written to {path}.")

    @Slot()
    def close_threads(self) -> None:
        """End what was started."""
        self.morph_row.close_threads()
        _end(self.view, self._old)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.animate_button.setChecked(False)


def _end(view: SurfaceView, threads: list[SolveThread], *_: object) -> None:
    """End what the tool has started."""
    for thread in threads:
        thread.cancel()
    for thread in threads:
        thread.wait()
    view.close_thread()
