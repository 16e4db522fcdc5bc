"""The main window: hands what the person does to the workspace, and contents to the panels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QMainWindow, QToolBar

from spectracnn.gui.messages import Message, Severity, summary
from spectracnn.gui.widgets.drop_veil import DropVeil
from spectracnn.gui.window.commands.command_set import CommandSet
from spectracnn.gui.window.commands.edits import remove
from spectracnn.gui.window.commands.scope import Scope
from spectracnn.gui.window.commands.table import shortcut_groups
from spectracnn.gui.window.context_menus import ContextMenus
from spectracnn.gui.window.held_back import HeldBack
from spectracnn.gui.window.menus import build_menus, build_toolbar
from spectracnn.gui.window.message_actions import EDIT_CARD, OPEN_ANYWAY
from spectracnn.gui.window.plot_editing import PlotEditing
from spectracnn.gui.window.pop_out import PopOuts
from spectracnn.gui.window.recent_menus import RecentMenus
from spectracnn.gui.window.window_layout import WindowLayout
from spectracnn.view.needs import needs_of_models
from spectracnn.view.stepping import stepped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QWidget

    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import Theme, ThemeManager
    from spectracnn.gui.workspace.file_reader import FileReader, ReadBatch
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.mesh_solver import MeshRow
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.document import Document
    from spectracnn.state.selection import LayerOptions, Selection
    from spectracnn.view.contents import Contents

_NO_MORE = object()
_ENGINE, _FILES = "engine", "files"
_USUAL, _MOST, _SHARE = QSize(1280, 800), QSize(1760, 1080), 0.9
_FRAME = QSize(2, 32)
"""What the desktop may draw around a window."""
_SPLITTERS = ("columns", "left", "right")


class MainWindow(QMainWindow):
    """The whole window. Widgets never call each other: everything goes through here.

    With ``lazily`` only the frame is made at first, which is soon on the screen; `build_soon` adds
    the columns.

    Signals
    -------
    built : ()
        The columns are there.
    """

    built = Signal()

    def __init__(
        self,
        workspace: Workspace,
        inference: Inference,
        reader: FileReader,
        themes: ThemeManager,
        settings: Settings,
        *,
        lazily: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace, self.inference, self.reader = workspace, inference, reader
        self.themes, self.settings = themes, settings
        self._overview_joined = False
        self._failures: list[str] = []
        self._notes: list[str] = []
        self._read: list[Path] = []
        self._added: list[int] = []
        self._filling = False
        self.setWindowTitle("SpectraCNN")
        self.setAcceptDrops(True)
        self.resize(_first_size(self.screen().availableGeometry().size()))
        self.ui = WindowLayout(self, themes.theme)
        self.held_back = HeldBack(workspace, self)
        self.held_back.messageRaised.connect(self.show_message)
        scope = Scope(
            self,
            self.ui,
            workspace,
            inference,
            reader,
            themes,
            settings,
            self.open_paths,
            self.open_text,
            self.show_message,
        )
        self.wishes = scope.wishes
        self.ui.toolbar = QToolBar()  # a command asks whether it is shown
        self.commands = CommandSet(scope, themes.theme)
        self.menus = build_menus(self, self.commands)
        self.ui.toolbar = build_toolbar(self, self.commands)
        self.pop_outs = PopOuts(self, workspace, themes)
        self.recent_menus = RecentMenus(self.menus, self.commands, settings, self)
        self._veil = DropVeil(self)
        self._connect_frame()
        self._restore_frame()
        self.ui.show_page(empty=True)
        self._building = self.ui.build()
        self._build_timer = QTimer(self, interval=0)
        self._build_timer.timeout.connect(self._on_build_timer_timeout)
        self._tint_timer = QTimer(self, singleShot=True, interval=0)
        self._tint_timer.timeout.connect(self._tint_icons)
        if not lazily:
            self.build_now()

    # --- building ----------------------------------------------------------------------------

    def build_soon(self) -> None:
        """Make the columns a step a turn, so that the window can be seen and moved meanwhile."""
        if not self.ui.built:
            self._build_timer.start()

    def build_now(self) -> None:
        """Make what is still to be made at once."""
        while not self.ui.built:
            self._on_build_timer_timeout()

    @Slot()
    def _on_build_timer_timeout(self) -> None:
        if next(self._building, _NO_MORE) is _NO_MORE:  # at the end, or after an error
            self._build_timer.stop()
        if self.ui.built:
            stack = self.ui.stack
            self.plot_editing = PlotEditing(stack.spectrum, self.workspace, self)
            self.context_menus = ContextMenus(self.commands)
            self._connect_columns()
            self._restore_columns()
            self.ui.view_bar.show_selection(self.workspace.selection)
            if self.workspace.document.model is not None:  # the engine was faster
                self._on_workspace_modelChanged(self.workspace.document.model)
            self.built.emit()

    def _connect_columns(self) -> None:
        ui, workspace = self.ui, self.workspace
        workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        workspace.entriesReset.connect(self._on_workspace_entriesReset)
        workspace.entriesUpdated.connect(ui.table.update_answers)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)
        workspace.currentChanged.connect(self._on_workspace_selectionChanged)
        workspace.overlaidChanged.connect(self._on_workspace_selectionChanged)
        workspace.rowsChosen.connect(ui.table.select)
        meshes = self.reader.meshes
        meshes.rowsChanged.connect(self._on_meshes_rowsChanged)
        ui.mesh_rows.cancelRequested.connect(meshes.cancel)
        ui.mesh_rows.cancelAllRequested.connect(meshes.cancel_all)
        ui.table.currentRequested.connect(workspace.set_current)
        ui.table.selectionChanged.connect(self.commands.refresh)
        ui.table.overlayRequested.connect(workspace.set_overlaid)
        ui.table.removalRequested.connect(self._on_table_removalRequested)
        ui.table.orderRequested.connect(workspace.reorder)
        ui.table.labelRequested.connect(self._on_table_labelRequested)
        ui.stack.hoverRequested.connect(workspace.hover)
        ui.stack.pinRequested.connect(self.plot_editing.pin_or_mute)
        self.pop_outs.pinRequested.connect(self.plot_editing.pin_or_mute)
        ui.stack.spectrum.rangeRequested.connect(workspace.choose_range)
        ui.stack.stepRequested.connect(self._on_stack_stepRequested)
        ui.stack.optionsRequested.connect(self._on_stack_optionsRequested)
        ui.stack.rangeRequested.connect(workspace.set_colour_range)
        ui.stack.popOutRequested.connect(self._on_stack_popOutRequested)
        ui.prediction.thresholdChanged.connect(workspace.editing.set_threshold)
        ui.prediction.levelChanged.connect(self._on_prediction_levelChanged)
        workspace.set_level(self.settings.set_level)
        ui.strip.layerRequested.connect(ui.stack.scroll_to)
        ui.view_bar.viewRequested.connect(self._on_view_bar_viewRequested)
        ui.refused.modelRequested.connect(self.commands["open_model"].trigger)
        ui.refused.cardRequested.connect(self.commands["edit_model_card"].trigger)
        ui.stack.spectrum.viewRequested.connect(self._on_view_bar_viewRequested)
        ui.view_bar.fitRequested.connect(ui.stack.fit)

    @Slot(float)
    def _on_prediction_levelChanged(self, level: float) -> None:
        self.settings.set_level = level
        self.workspace.set_level(level)

    def _connect_frame(self) -> None:
        ui = self.ui
        ui.welcome.openRequested.connect(self.commands["open_files"].trigger)
        ui.welcome.samplesRequested.connect(self.commands["open_samples"].trigger)
        ui.welcome.modelRequested.connect(self.commands["open_model"].trigger)
        ui.welcome.tourRequested.connect(self.commands["tour"].trigger)
        ui.welcome.fileRequested.connect(self.open_paths)
        ui.welcome.show_recent(self.settings.recent)
        ui.message_bar.actionTriggered.connect(self._on_message_bar_actionTriggered)
        ui.status.cancelRequested.connect(self._on_status_cancelRequested)
        self.reader.batchRead.connect(self._on_reader_batchRead)
        self.reader.jobFinished.connect(self._on_reader_jobFinished)
        self.inference.stateChanged.connect(self._on_inference_stateChanged)
        self.inference.progressed.connect(self._on_inference_progressed)
        self.inference.messageRaised.connect(self._on_inference_messageRaised)
        self.themes.themeChanged.connect(self._on_themes_themeChanged)
        self.recent_menus.fileRequested.connect(self.open_paths)
        self.wishes.popOutRequested.connect(self._on_stack_popOutRequested)
        self.wishes.paletteRequested.connect(self._on_wishes_paletteRequested)
        self.wishes.shortcutsRequested.connect(self._on_wishes_shortcutsRequested)

    # --- opening -----------------------------------------------------------------------------

    def open_paths(self, paths: Iterable[Path | str]) -> None:
        """Open spectrum files, folders and models, as they were dropped or given."""
        # The reader tells models from spectra: that needs a look into each file.
        files = list(map(Path, paths))
        if files:
            self.build_now()
            self.reader.open(files)

    def open_text(self, text: str) -> None:
        """Read spectra from pasted text."""
        self.build_now()
        self.reader.open_text(text)

    @Slot(object, str, str)
    def show_message(self, message: Message, action: str = "", action_text: str = "") -> None:
        """Show a message, and a button if there is something to be done about it."""
        self.ui.message_bar.show_message(message, action, action_text)

    def preview_import(self, path: Path) -> None:
        """Let the person choose which way a table is read, and read it so."""
        from spectracnn.gui.dialogs.import_table.import_preview import ImportPreview

        dialog = ImportPreview(path, self.themes.theme, self)
        if dialog.exec():
            document = self.workspace.document
            self.workspace.remove([e.id for e in document.entries if e.spectrum.source == path])
            self.reader.open([path], orientation=dialog.orientation)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._veil.light_up()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.open_paths(paths)
        else:
            self.show_message(Message("Only files of this computer can be dropped here."))

    # --- what the workspace says -------------------------------------------------------------

    @Slot(object)
    def _on_workspace_contentsChanged(self, contents: Contents) -> None:
        self._show_centre(contents)
        self.ui.prediction.set_contents(contents)
        self.ui.status.readout.setText(contents.readout)
        self.ui.view_bar.show_selection(self.workspace.selection)
        self.pop_outs.set_contents(contents)
        self._show_refusal()

    def _show_centre(self, contents: Contents) -> None:
        """Bring up to date the page in the middle that is shown, and it alone."""
        workspace = self.workspace
        if not workspace.selection.overview:
            self.ui.show_layers()
            self.ui.stack.set_contents(contents)
            return
        page = self.ui.show_overview()
        if not self._overview_joined:
            self._overview_joined = True
            page.overview.layerRequested.connect(self._on_overview_layerRequested)
        page.overview.set_contents(contents, workspace.document, workspace.selection.current)

    @Slot(int)
    def _on_overview_layerRequested(self, layer: int) -> None:
        if layer < 0:
            self.workspace.set_view(overview=False)
            return
        # As high as it wants to be, and at the top: that is what zooming to a layer means here.
        self.workspace.set_view(overview=False, fit_layers=False)
        self.ui.stack.scroll_soon(layer)

    def _show_refusal(self) -> None:
        """Say once, over the layers, why the model cannot read the spectrum that is shown."""
        document = self.workspace.document
        entry = document.entry(self.workspace.selection.current)
        if entry is None or document.model is None or not entry.refusal:
            self.ui.refused.hide()
        else:
            self.ui.refused.explain(document.model.name, entry.refusal, needs_of_models(document))

    def _show_title(self) -> None:
        """Name the spectrum and the model, as far as there are any."""
        document = self.workspace.document
        entry = document.entry(self.workspace.selection.current)
        model = document.model.name if document.model else ""
        parts = [entry.spectrum.name if entry else "", model, "SpectraCNN"]
        self.setWindowTitle(" \u2013 ".join(filter(None, parts)))

    @Slot(object)
    def _on_workspace_entriesReset(self, document: Document) -> None:
        self.ui.table.reset(document)
        self.ui.show_page(empty=not document.entries and not self.reader.meshes.rows)

    @Slot(object)
    def _on_meshes_rowsChanged(self, rows: tuple[MeshRow, ...]) -> None:
        self.ui.mesh_rows.show_rows(rows)
        self.ui.show_page(empty=not self.workspace.document.entries and not rows)

    @Slot(object)
    def _on_workspace_modelChanged(self, model: ModelDescription) -> None:
        self.ui.strip.show_model(model)
        self.ui.fit_left()
        self._show_title()
        self.pop_outs.close_all()
        self.ui.message_bar.forget(_ENGINE)
        # Of a card that is assumed, the dialog that asks for a real one speaks.
        for warning in () if model.card_assumed else model.warnings:
            self.show_message(Message(warning, severity=Severity.NOTE))

    @Slot(object)
    def _on_workspace_selectionChanged(self, selection: Selection) -> None:
        self.ui.table.show_selection(selection)
        self._show_title()
        self._show_refusal()

    # --- what the panels ask -----------------------------------------------------------------

    @Slot(int, str)
    def _on_table_labelRequested(self, entry_id: int, text: str) -> None:
        self.workspace.editing.set_labels([entry_id], text)

    @Slot(object)
    def _on_table_removalRequested(self, ids: list[int]) -> None:
        remove(self.commands.scope, ids)

    @Slot(object)
    def _on_view_bar_viewRequested(self, changes: dict[str, object]) -> None:
        self.workspace.set_view(**changes)

    @Slot(int, object)
    def _on_stack_optionsRequested(self, layer: int, options: LayerOptions) -> None:
        self.workspace.set_layer_options(layer, options)

    @Slot(int)
    def _on_stack_popOutRequested(self, layer: int) -> None:
        self.pop_outs.open(self.workspace.contents.layers[layer])

    @Slot()
    def _on_wishes_paletteRequested(self) -> None:
        from spectracnn.gui.window.palette import CommandPalette, command_items

        items = [*command_items(self.commands), *self.recent_menus.items()]
        CommandPalette(items, self.themes.theme, self).open()

    @Slot()
    def _on_wishes_shortcutsRequested(self) -> None:
        from spectracnn.gui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(shortcut_groups(), self).exec()

    @Slot(int, int)
    def _on_stack_stepRequested(self, steps: int, channels: int) -> None:
        sample = stepped(self.workspace.document, self.workspace.selection, steps, channels)
        if sample is not None and sample != self.workspace.selection.pinned:
            self.workspace.hover(None)
            self.workspace.pin(sample)

    # --- what the background says ------------------------------------------------------------

    @Slot(object)
    def _on_reader_batchRead(self, batch: ReadBatch) -> None:
        known = len(self.workspace.document.entries)
        self.held_back.add(batch.spectra)
        self._note_added(known)
        self._failures += batch.failures
        self._notes += batch.notes
        self._read += batch.read
        for path in batch.models:
            self.inference.open_model(str(path))
        if batch.total:
            self.ui.status.set_task("Reading", batch.done, batch.total)
        for path, assumed in batch.ambiguous:
            text = f"{path.name}: rows or columns could be the spectra; {assumed} were assumed."
            self.show_message(Message(text), f"preview:{path}", "Preview\u2026")

    def _note_added(self, known: int) -> None:
        """Show the first of the rows that came to a table which had some already."""
        added = [entry.id for entry in self.workspace.document.entries[known:]]
        # What goes on arriving in a table that was empty belongs to its first spectrum.
        self._filling = self._filling or (not known and bool(added))
        if not self._filling and added:
            if not self._added:
                self.workspace.set_current(added[0])
            self._added += added

    def _select_added(self) -> None:
        """Select what was opened, unless the person has gone elsewhere meanwhile."""
        added, self._added = self._added, []
        if added and self.workspace.selection.current == added[0]:
            self.ui.table.select(added)

    @Slot(bool)
    def _on_reader_jobFinished(self, _cancelled: bool) -> None:
        if not self.reader.busy:
            self.ui.status.set_task("Reading", 0, 0)
        self._filling = False
        self._select_added()
        if self._read and not self._failures:
            self.ui.message_bar.forget(_FILES)
        for message in (
            summary(self._failures, "files could not be read", topic=_FILES),
            summary(self._notes, "remarks on the files", Severity.NOTE),
        ):
            if message is not None:
                self.show_message(message)
        self.held_back.report()
        self.settings.remember(self._read)
        self.recent_menus.refresh()
        self.ui.welcome.show_recent(self.settings.recent)
        self._failures, self._notes, self._read = [], [], []

    @Slot(object, str)
    def _on_inference_stateChanged(self, state: object, sentence: str) -> None:
        self.ui.status.set_engine(str(getattr(state, "value", state)).lower(), sentence)

    @Slot(object)
    def _on_inference_messageRaised(self, message: Message) -> None:
        self.show_message(replace(message, topic=_ENGINE))

    @Slot(int, int)
    def _on_inference_progressed(self, done: int, total: int) -> None:
        self.ui.status.set_task("Classifying", done, total)

    @Slot()
    def _on_status_cancelRequested(self) -> None:
        self.reader.cancel()
        self.inference.cancel_predictions()

    @Slot(str)
    def _on_message_bar_actionTriggered(self, action: str) -> None:
        name, _, argument = action.partition(":")
        if name == "preview":
            self.preview_import(Path(argument))
        elif name == OPEN_ANYWAY:
            self.held_back.overrule(argument)
        elif name == EDIT_CARD:
            self.commands.run("edit_model_card")

    @Slot(object)
    def _on_themes_themeChanged(self, theme: Theme) -> None:
        self.ui.apply_theme(theme)
        self._tint_timer.start()  # in its own time: there are many icons
        self.pop_outs.apply_theme(theme)

    @Slot()
    def _tint_icons(self) -> None:
        self.commands.apply_theme(self.themes.theme)

    # --- beginning and end -------------------------------------------------------------------

    def _restore_frame(self) -> None:
        self.ui.toolbar.setVisible(self.settings.toolbar)
        geometry = self.settings.load_bytes("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _restore_columns(self) -> None:
        self.ui.fit_columns(self.width())
        for name in _SPLITTERS:
            state = self.settings.load_bytes(f"splitter/{name}")
            if state is not None:
                getattr(self.ui, name).restoreState(state)
        self.ui.own_columns = self.settings.load_bytes("splitter/columns") is not None
        self.ui.own_left = self.settings.load_bytes("splitter/left") is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.ui.built and not self.ui.own_columns:
            self.ui.fit_columns(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.save_bytes("geometry", self.saveGeometry())
        self._build_timer.stop()
        for name in self.ui.own_splitters:
            self.settings.save_bytes(f"splitter/{name}", getattr(self.ui, name).saveState())
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():  # its threads end with it, not after it
                dialog.reject()
        self.pop_outs.close_all()
        self.inference.cancel_predictions()
        self.reader.close()
        super().closeEvent(event)


def _first_size(room: QSize) -> QSize:
    """Return the size at the first start: most of the screen, never more than there is."""
    wanted = (room * _SHARE).boundedTo(_MOST).expandedTo(_USUAL)
    return wanted.boundedTo(room - _FRAME)
