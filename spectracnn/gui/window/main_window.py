"""The main window: hands what the person does to the workspace, and contents to the panels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QMainWindow, QToolBar

from spectracnn.gui.messages import Message
from spectracnn.gui.settings import AtStart
from spectracnn.gui.widgets.drop_veil import DropVeil
from spectracnn.gui.window.commands.command_set import CommandSet
from spectracnn.gui.window.commands.scope import Scope
from spectracnn.gui.window.commands.table import shortcut_groups
from spectracnn.gui.window.context_menus import ContextMenus
from spectracnn.gui.window.file_opening import FileOpening
from spectracnn.gui.window.geometry_keeper import GeometryKeeper
from spectracnn.gui.window.held_back import HeldBack
from spectracnn.gui.window.menus import build_menus, build_toolbar
from spectracnn.gui.window.message_actions import EDIT_CARD, OPEN_ANYWAY, PARTICIPANTS
from spectracnn.gui.window.panel_wiring import ENGINE, PanelWiring
from spectracnn.gui.window.plot_editing import PlotEditing
from spectracnn.gui.window.pop_out import PopOuts
from spectracnn.gui.window.recent_menus import RecentMenus
from spectracnn.gui.window.window_layout import WindowLayout
from spectracnn.gui.workspace.session import Session

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

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import Theme, ThemeManager
    from spectracnn.gui.workspace.file_reader import FileReader
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.last_session import PastSession
    from spectracnn.gui.workspace.workspace import Workspace

_NO_MORE = object()


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
        self.setWindowTitle("SpectraCNN")
        self.setAcceptDrops(True)
        self.geometry_keeper = GeometryKeeper(self, settings)
        self.ui = WindowLayout(self, themes.theme)
        self.session = Session(workspace, inference, reader, self)
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
            self.session,
        )
        self.wishes = scope.wishes
        self.ui.toolbar = QToolBar()  # a command asks whether it is shown
        self.commands = CommandSet(scope, themes.theme)
        self.menus = build_menus(self, self.commands)
        self.ui.toolbar = build_toolbar(self, self.commands)
        self.pop_outs = PopOuts(self, workspace, themes)
        self.recent_menus = RecentMenus(self.menus, self.commands, settings, self)
        self.held_back = HeldBack(workspace, self)
        self.held_back.messageRaised.connect(self.show_message)
        self.opening = FileOpening(self.commands.scope, self.recent_menus, self.held_back, self)
        self._veil = DropVeil(self)
        self._connect_frame()
        self.geometry_keeper.restore_frame(self.ui)
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
            self.wiring = PanelWiring(
                self, self.commands, self.pop_outs, self.plot_editing, self.reader.meshes
            )
            self.geometry_keeper.restore_columns(self.ui)
            self.wiring.show_all()
            self.built.emit()

    def _connect_frame(self) -> None:
        ui = self.ui
        ui.welcome.openRequested.connect(self.commands["open_files"].trigger)
        ui.welcome.samplesRequested.connect(self.commands["open_samples"].trigger)
        ui.welcome.modelRequested.connect(self.commands["open_model"].trigger)
        ui.welcome.tourRequested.connect(self.commands["tour"].trigger)
        ui.welcome.fileRequested.connect(self.open_paths)
        ui.welcome.continueRequested.connect(self.commands["continue_session"].trigger)
        ui.welcome.show_recent(self.settings.recent)
        ui.message_bar.actionTriggered.connect(self._on_message_bar_actionTriggered)
        ui.status.cancelRequested.connect(self._on_status_cancelRequested)
        self.session.messageRaised.connect(self.show_message)
        self.inference.stateChanged.connect(self._on_inference_stateChanged)
        self.inference.progressed.connect(self._on_inference_progressed)
        self.inference.messageRaised.connect(self._on_inference_messageRaised)
        self.themes.themeChanged.connect(self._on_themes_themeChanged)
        self.recent_menus.fileRequested.connect(self.open_paths)
        self.wishes.popOutRequested.connect(self.pop_outs.open_layer)
        self.wishes.paletteRequested.connect(self._on_wishes_paletteRequested)
        self.wishes.shortcutsRequested.connect(self._on_wishes_shortcutsRequested)

    # --- opening -----------------------------------------------------------------------------

    def open_paths(self, paths: Iterable[Path | str]) -> None:
        """Open spectrum files, folders and models, as they were dropped or given."""
        # The reader tells models from spectra: that needs a look into each file.
        files = list(map(Path, paths))
        if files:
            self.build_now()
            self.opening.open(files)

    def open_text(self, text: str) -> None:
        """Read spectra from pasted text."""
        self.build_now()
        self.reader.open_text(text)

    @Slot(object)
    def offer_session(self, past: PastSession) -> None:
        """Offer to go on with the session of an earlier run, or do so, as was preferred."""
        self.session.past = past
        self.commands.refresh()
        wanted = self.settings.at_start
        if wanted is AtStart.OFFER:
            self.ui.welcome.show_past(past.words)
        elif wanted is AtStart.CONTINUE and not self.workspace.document.entries:
            self.commands.run("continue_session")

    @Slot(object, str, str)
    def show_message(self, message: Message, action: str = "", action_text: str = "") -> None:
        """Show a message, and a button if there is something to be done about it."""
        self.ui.message_bar.show_message(message, action, action_text)

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

    # --- what commands ask for -----------------------------------------------------------------

    @Slot()
    def _on_wishes_paletteRequested(self) -> None:
        from spectracnn.gui.window.palette import CommandPalette, command_items

        items = [*command_items(self.commands), *self.recent_menus.items()]
        CommandPalette(items, self.themes.theme, self).open()

    @Slot()
    def _on_wishes_shortcutsRequested(self) -> None:
        from spectracnn.gui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(shortcut_groups(), self).exec()

    # --- what the background says ------------------------------------------------------------

    @Slot(object, str)
    def _on_inference_stateChanged(self, state: object, sentence: str) -> None:
        self.ui.status.set_engine(str(getattr(state, "value", state)).lower(), sentence)

    @Slot(object)
    def _on_inference_messageRaised(self, message: Message) -> None:
        self.show_message(replace(message, topic=ENGINE))

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
            self.opening.preview_import(Path(argument))
        elif name == PARTICIPANTS:
            self.opening.preview_participants(Path(argument))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.ui.built and not self.ui.own_columns:
            self.ui.fit_columns(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._build_timer.stop()
        self.geometry_keeper.save(self.ui)
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():  # its threads end with it, not after it
                dialog.reject()
        self.pop_outs.close_all()
        self.inference.cancel_predictions()
        self.reader.close()
        super().closeEvent(event)
