"""The shape beside its spectrum: its modes, and where on it the decision comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.shape.captions import ShapeCaptions
from spectracnn.gui.tools.shape.controls import ShapeControls
from spectracnn.gui.tools.shape.maps import ShapeMaps
from spectracnn.gui.tools.shape.morph_row import MorphRow
from spectracnn.gui.tools.shape.painting import paint, values_on
from spectracnn.gui.tools.shape.pane import COUNT, ShapePane, Wanted
from spectracnn.gui.tools.shape.swing import Swing
from spectracnn.gui.tools.shape.writing import shape_writer, values_table
from spectracnn.state.document import current_entry
from spectracnn.state.script import ScriptView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QShowEvent

    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.entry import Entry


class ShapeTool(QWidget):
    """Solves the current spectrum's mesh, and shows what is chosen on it; another one beside it."""

    export_filter = (
        "PNG picture (*.png);;VTK with the map (*.vtk);;VTU with the map (*.vtu);;"
        "PLY with the map (*.ply);;GIFTI with the map (*.gii);;"
        "Numbers, comma-separated (*.csv);;Numbers, tab-separated (*.tsv)"
    )

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self.pane, self.other = ShapePane(), ShapePane()
        self.other.hide()
        self.controls = ShapeControls()
        self._chosen = Chosen(self._workspace, "shape", "Shape", self)
        self.morph_row = MorphRow(context)
        self.morph_row.hide()
        self.captions = ShapeCaptions()
        self._maps, self._swing = ShapeMaps(context, self), Swing(self)
        self._arrange()
        self._connect()
        self._chosen.show()
        self.resize(720, 680)

    @property
    def panes(self) -> tuple[ShapePane, ...]:
        """Those that are shown."""
        return (self.pane,) if self.other.isHidden() else (self.pane, self.other)

    def _arrange(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(1)
        both.addWidget(self.pane, 1)
        both.addWidget(self.other, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.controls)
        layout.addLayout(both, 1)
        layout.addWidget(self.morph_row)
        layout.addWidget(self.captions)

    def _connect(self) -> None:
        controls = self.controls
        self._chosen.bind("show", controls.show_box, "what is shown")
        self._chosen.bind("mode", controls.mode_box, "eigenfunction", controls.usual_mode)
        self._chosen.bind("beside", controls.beside_box, "shape beside")
        self._chosen.changed.connect(self._on_chosen_changed)
        controls.show_box.currentIndexChanged.connect(self._on_show_box_changed)
        controls.mode_box.valueChanged.connect(self._on_mode_changed)
        controls.animate_button.toggled.connect(self._swing.set_running)
        controls.beside_box.activated.connect(self._on_beside_box_activated)
        controls.reset_button.clicked.connect(self._on_reset_button_clicked)
        self.morph_row.moved.connect(self._refresh)
        self._swing.moved.connect(self._paint)
        self._maps.received.connect(self._on_maps_received)
        self._maps.failed.connect(self.captions.note.setText)
        for pane, twin in ((self.pane, self.other), (self.other, self.pane)):
            pane.changed.connect(self._on_pane_changed)
            pane.next_step.chosen.connect(self._context.run_command)
            pane.view.poseChanged.connect(twin.view.set_pose)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._workspace.modelChanged.connect(self._on_workspace_modelChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.close_threads)

    # --- what is shown -----------------------------------------------------------------------

    def _follow(self) -> None:
        """Show the current spectrum's shape, and the one that was chosen beside it."""
        document, selection = self._workspace.document, self._workspace.selection
        entry = current_entry(document, selection)
        others = [document.entry(at) for at in selection.overlaid if at != selection.current]
        self.controls.offer([other for other in others if other is not None])
        self.pane.follow(self._wanted(entry))
        self._chosen.show("beside")
        beside = document.entry(self.controls.beside)
        self.other.setVisible(beside is not None and self.controls.shown != "morph")
        self.other.follow(self._wanted(beside))

    def _wanted(self, entry: Entry | None) -> Wanted | None:
        if entry is None:
            return None
        # A mesh that was opened elsewhere may be the spectrum's own, by its name.
        ids = self._workspace.selection.overlaid
        open_ones = [self._workspace.document.entry(at) for at in ids]
        sources = [other.spectrum.source for other in open_ones if other is not None]
        known = tuple(path for path in sources if path is not None)
        chosen = self._chosen.record.meshes.get(entry.id)
        return Wanted(entry.id, entry.spectrum, known, Path(chosen) if chosen else None)

    @Slot()
    def _refresh(self) -> None:
        """Bring words and colours up to date."""
        name, solution = self.controls.shown, self.pane.solution
        self.morph_row.setVisible(name == "morph" and solution is not None)
        self.controls.show_state(solved=solution is not None)
        if solution is not None and name != "mode":
            self._maps.request(self.panes)
        model = self._workspace.document.model
        self.captions.explain(self.panes, name, self.controls.mode_box.value(), model)
        self._paint()

    @Slot()
    def _paint(self) -> None:
        for pane in self.panes:
            values = values_on(pane, self.controls, self.morph_row)
            if values is not None:
                paint(pane, self.controls.shown, values, self._swing.factor)

    def script_view(self) -> ScriptView | None:
        """Return the maps on the shape, for a script."""
        pane = self.pane
        if pane.solution is None or pane.entry_id is None:
            return None
        line = f"shape_maps = scene.shape_maps(<shape>[0], {str(pane.mesh)!r}, count={COUNT})"
        return ScriptView((line,), {"shape": (pane.entry_id,)})

    # --- slots -------------------------------------------------------------------------------

    @Slot()
    def _on_pane_changed(self) -> None:
        solution = self.pane.solution
        if solution is None or self.pane.maps is None:
            self.morph_row.set_shape(None, None, 0)
        if solution is None:
            self.controls.animate_button.setChecked(False)
        else:
            with self._chosen.quiet():
                self.controls.set_modes(len(solution.eigenvalues))
            if self._chosen.record.mode is not None:
                self._chosen.show("mode")
        self._refresh()

    @Slot(object)
    def _on_maps_received(self, pane: ShapePane) -> None:
        if pane is self.pane and pane.maps is not None:
            self.morph_row.set_shape(pane.solution, pane.maps.sensitivity, pane.target)
        self._refresh()

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        if not self.isVisible():
            return
        self._follow()
        sample = self._workspace.selection.hovered or self._workspace.selection.pinned
        if sample is not None and sample.layer < 0 and self.controls.shown == "mode":
            box = self.controls.mode_box
            with self._chosen.quiet():
                box.setValue(min(sample.step, box.maximum()))

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self.pane.maps = self.other.maps = None
        self.morph_row.set_shape(None, None, 0)
        if self.isVisible():
            self._refresh()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self._refresh()

    @Slot(int)
    def _on_show_box_changed(self, _index: int) -> None:
        self.controls.animate_button.setChecked(False)
        self._follow()
        self._refresh()

    @Slot()
    def _on_chosen_changed(self) -> None:
        if self.controls.shown != "mode":
            self.controls.animate_button.setChecked(False)
        self._follow()
        self._refresh()

    @Slot(int)
    def _on_mode_changed(self, _value: int) -> None:
        self._refresh()

    @Slot(int)
    def _on_beside_box_activated(self, _index: int) -> None:
        self._follow()
        self.other.view.set_pose(*self.pane.view.pose)
        self._refresh()

    @Slot()
    def _on_reset_button_clicked(self) -> None:
        for pane in self.panes:
            pane.view.reset()

    # --- export and end ----------------------------------------------------------------------

    def values_tsv(self) -> str:
        """Return the values at the vertices, tab-separated."""
        values = values_on(self.pane, self.controls, self.morph_row)
        if values is None or self.pane.solution is None:
            return ""
        return values_table(self.pane.solution.mesh, self._label(), values)

    def begin_own_export(self, path: Path) -> Callable[[], None] | None:
        """Return what writes a picture or a shape with its map, for a thread; else None.

        Raises
        ------
        ExportError
            If there is no shape yet.
        """
        shown = [(pane, values_on(pane, self.controls, self.morph_row)) for pane in self.panes]
        return shape_writer(path, shown, self._label())

    def _label(self) -> str:
        name = self.controls.shown
        return f"eigenfunction_{self.controls.mode_box.value()}" if name == "mode" else name

    @Slot()
    def close_threads(self) -> None:
        """End what was started."""
        self.morph_row.close_threads()
        for pane in (self.pane, self.other):
            pane.close_threads()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.controls.animate_button.setChecked(False)
