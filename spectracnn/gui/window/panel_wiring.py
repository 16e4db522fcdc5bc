"""Between workspace and panels: contents to the panels, and what a person does to the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.window.commands.edits import remove
from spectracnn.view.needs import needs_of_models
from spectracnn.view.stepping import stepped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.window.commands.command_set import CommandSet
    from spectracnn.gui.window.plot_editing import PlotEditing
    from spectracnn.gui.window.pop_out import PopOuts
    from spectracnn.gui.workspace.mesh_solver import MeshSolver
    from spectracnn.state.document import Document
    from spectracnn.state.mesh_rows import MeshRow
    from spectracnn.state.selection import LayerOptions, Selection
    from spectracnn.state.tools import ToolChoices
    from spectracnn.view.contents import Contents

ENGINE = "engine"
"""Topic of messages about it."""


class PanelWiring(QObject):
    """Connects the columns once they are built; widgets never call each other.

    Parameters
    ----------
    window : QMainWindow
        Whose title names what is shown.
    commands : CommandSet
        With the parts that they act on.
    pop_outs : PopOuts
        Layers in windows of their own.
    plot_editing : PlotEditing
        Gestures on the plots.
    meshes : MeshSolver
        What is being computed.
    """

    def __init__(
        self,
        window: QMainWindow,
        commands: CommandSet,
        pop_outs: PopOuts,
        plot_editing: PlotEditing,
        meshes: MeshSolver,
    ) -> None:
        super().__init__(window)
        self._window, self._commands, self._pop_outs = window, commands, pop_outs
        self._plot_editing, self._meshes = plot_editing, meshes
        self._workspace, self._ui = commands.scope.workspace, commands.scope.ui
        self._overview_joined = False
        self._mesh_state: tuple[tuple[int, bool], ...] = ()
        self._connect()

    def show_all(self) -> None:
        """Show what is there already: the engine may have been faster than the columns."""
        self._ui.view_bar.show_selection(self._workspace.selection)
        model = self._workspace.document.model
        if model is not None:
            self._on_workspace_modelChanged(model)

    def _connect(self) -> None:
        ui, workspace = self._ui, self._workspace
        workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        workspace.entriesReset.connect(self._on_workspace_entriesReset)
        workspace.entriesUpdated.connect(ui.table.update_answers)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)
        workspace.currentChanged.connect(self._on_workspace_selectionChanged)
        workspace.overlaidChanged.connect(self._on_workspace_selectionChanged)
        workspace.rowsChosen.connect(ui.table.select)
        workspace.filterRequested.connect(ui.table.filter_edit.setText)
        meshes = self._meshes
        meshes.rowsChanged.connect(self._on_meshes_rowsChanged)
        workspace.choicesChanged.connect(self._on_workspace_choicesChanged)
        ui.table.meshes.stopRequested.connect(meshes.cancel)
        ui.table.currentRequested.connect(workspace.set_current)
        ui.table.selectionChanged.connect(self._commands.refresh)
        ui.table.overlayRequested.connect(workspace.set_overlaid)
        ui.table.removalRequested.connect(self._on_table_removalRequested)
        ui.table.orderRequested.connect(workspace.reorder)
        ui.table.labelRequested.connect(self._on_table_labelRequested)
        ui.stack.hoverRequested.connect(workspace.hover)
        ui.stack.pinRequested.connect(self._plot_editing.pin_or_mute)
        self._pop_outs.pinRequested.connect(self._plot_editing.pin_or_mute)
        ui.stack.spectrum.rangeRequested.connect(workspace.choose_range)
        ui.stack.stepRequested.connect(self._on_stack_stepRequested)
        ui.stack.optionsRequested.connect(self._on_stack_optionsRequested)
        ui.stack.rangeRequested.connect(workspace.set_colour_range)
        ui.stack.popOutRequested.connect(self._pop_outs.open_layer)
        ui.prediction.thresholdChanged.connect(workspace.editing.set_threshold)
        ui.prediction.levelChanged.connect(self._on_prediction_levelChanged)
        workspace.set_level(self._commands.scope.settings.set_level)
        ui.strip.layerRequested.connect(ui.stack.scroll_to)
        ui.view_bar.viewRequested.connect(self._on_view_bar_viewRequested)
        ui.refused.modelRequested.connect(self._commands["open_model"].trigger)
        ui.refused.cardRequested.connect(self._commands["edit_model_card"].trigger)
        ui.stack.spectrum.viewRequested.connect(self._on_view_bar_viewRequested)
        ui.view_bar.fitRequested.connect(ui.stack.fit)

    @Slot(float)
    def _on_prediction_levelChanged(self, level: float) -> None:
        self._commands.scope.settings.set_level = level
        self._workspace.set_level(level)

    # --- what the workspace says -------------------------------------------------------------

    @Slot(object)
    def _on_workspace_contentsChanged(self, contents: Contents) -> None:
        self._show_centre(contents)
        self._ui.prediction.set_contents(contents)
        self._ui.status.readout.setText(contents.readout)
        self._ui.view_bar.show_selection(self._workspace.selection)
        self._pop_outs.set_contents(contents)
        self._show_refusal()

    def _show_centre(self, contents: Contents) -> None:
        """Bring up to date the page in the middle that is shown, and it alone."""
        workspace = self._workspace
        if not workspace.selection.overview:
            self._ui.show_layers()
            self._ui.stack.set_contents(contents)
            return
        page = self._ui.show_overview()
        if not self._overview_joined:
            self._overview_joined = True
            page.overview.layerRequested.connect(self._on_overview_layerRequested)
        page.overview.set_contents(contents, workspace.document, workspace.selection.current)

    @Slot(int)
    def _on_overview_layerRequested(self, layer: int) -> None:
        if layer < 0:
            self._workspace.set_view(overview=False)
            return
        # As high as it wants to be, and at the top: that is what zooming to a layer means here.
        self._workspace.set_view(overview=False, fit_layers=False)
        self._ui.stack.scroll_soon(layer)

    def _show_refusal(self) -> None:
        """Say once, over the layers, why the model cannot read the spectrum that is shown."""
        document = self._workspace.document
        entry = self._workspace.current
        if entry is None or document.model is None or not entry.refusal:
            self._ui.refused.hide()
        else:
            self._ui.refused.explain(document.model.name, entry.refusal, needs_of_models(document))

    def _show_title(self) -> None:
        """Name the spectrum and the model, as far as there are any."""
        document = self._workspace.document
        entry = self._workspace.current
        model = document.model.name if document.model else ""
        parts = [entry.spectrum.name if entry else "", model, "SpectraCNN"]
        self._window.setWindowTitle(" \u2013 ".join(filter(None, parts)))

    @Slot(object)
    def _on_workspace_entriesReset(self, document: Document) -> None:
        self._ui.table.reset(document)
        self._ui.show_page(empty=not document.entries and not self._meshes.rows)

    @Slot(object)
    def _on_workspace_choicesChanged(self, choices: ToolChoices) -> None:
        self._meshes.options = choices.shape.solving

    @Slot(object)
    def _on_meshes_rowsChanged(self, rows: tuple[MeshRow, ...]) -> None:
        self._ui.table.show_meshes(rows)
        self._ui.show_page(empty=not self._workspace.document.entries and not rows)
        state = tuple((row.number, bool(row.failure)) for row in rows)
        if state != self._mesh_state:  # and not at each step of progress
            self._mesh_state = state
            self._commands.refresh()

    @Slot(object)
    def _on_workspace_modelChanged(self, model: ModelDescription) -> None:
        self._ui.strip.show_model(model)
        self._ui.fit_left()
        self._show_title()
        self._pop_outs.close_all()
        self._ui.message_bar.forget(ENGINE)
        # Of a card that is assumed, the dialog that asks for a real one speaks.
        for warning in () if model.card_assumed else model.warnings:
            self._commands.scope.report(Message(warning, severity=Severity.NOTE))

    @Slot(object)
    def _on_workspace_selectionChanged(self, selection: Selection) -> None:
        self._ui.table.show_selection(selection)
        self._show_title()
        self._show_refusal()

    @Slot(int, str)
    def _on_table_labelRequested(self, entry_id: int, text: str) -> None:
        self._workspace.editing.set_labels([entry_id], text)

    @Slot(object)
    def _on_table_removalRequested(self, ids: list[int]) -> None:
        remove(self._commands.scope, ids)

    @Slot(object)
    def _on_view_bar_viewRequested(self, changes: dict[str, object]) -> None:
        self._workspace.set_view(**changes)

    @Slot(int, object)
    def _on_stack_optionsRequested(self, layer: int, options: LayerOptions) -> None:
        self._workspace.set_layer_options(layer, options)

    @Slot(int, int)
    def _on_stack_stepRequested(self, steps: int, channels: int) -> None:
        sample = stepped(self._workspace.document, self._workspace.selection, steps, channels)
        if sample is not None and sample != self._workspace.selection.pinned:
            self._workspace.hover(None)
            self._workspace.pin(sample)
