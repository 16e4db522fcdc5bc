"""The composition root: makes every part once and ties them together."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from spectracnn.core.bulk import keep_for_good, keep_no_longer
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.settings import Settings
from spectracnn.gui.start.desktop import come_to_front
from spectracnn.gui.start.timing import mark
from spectracnn.gui.workspace.engine_bridge import EngineBridge
from spectracnn.jobs.spawning import start_behind
from spectracnn.resources import default_model

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from spectracnn.gui.tour.tour import Tour
    from spectracnn.gui.workspace.last_session import LastSession
    from spectracnn.view.contents import Contents

_TOOL_DELAY_MS = 400
_WARM_UP_DELAY_MS = 400
_DRAWING_DELAY_MS = 4000
_SWITCH_S = 0.0005
"""How long a thread that reads or imports may keep the interpreter from the window's thread. Nearly
each call of Qt's gives it away, so that Python's own 5 ms would add up to a visible gap."""

log = logging.getLogger(__name__)


class UnexpectedErrors(QObject):
    """Turns an error that nobody expected into a message; the program goes on."""

    raised = Signal(object)

    def hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Serve as ``sys.excepthook``."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected error\n%s", details)
        if isinstance(error, SpectraCNNError):
            self.raised.emit(Message(error.message, error.hint, severity=Severity.ERROR))
        else:
            sentence = "Something went wrong that should not have; your spectra are still here."
            self.raised.emit(Message(sentence, "", details, Severity.ERROR))


class Application(QObject):
    """All parts of the running program.

    Parameters
    ----------
    qt_application : QApplication
        Qt's.
    model : Path, optional
        The model to open first; the bundled one if not given.
    """

    def __init__(self, qt_application: QApplication, model: Path | None = None) -> None:
        super().__init__()
        sys.setswitchinterval(_SWITCH_S)
        start_behind()
        # The engine first: TensorFlow takes seconds, the window a fraction of one.
        self.engine = EngineBridge(self)
        self.engine.start()
        from spectracnn.gui.start.warm_up import (
            WarmUp,
            prepare_tools,
            start_drawing,
        )
        from spectracnn.gui.theme import ThemeManager
        from spectracnn.gui.tools.shelf import Tools
        from spectracnn.gui.window.main_window import MainWindow
        from spectracnn.gui.window.models_menu import ModelsMenu
        from spectracnn.gui.window.models_setup import CardSetup
        from spectracnn.gui.window.window_layout import import_columns
        from spectracnn.gui.workspace.context import ToolContext
        from spectracnn.gui.workspace.file_reader import FileReader
        from spectracnn.gui.workspace.inference import Inference
        from spectracnn.gui.workspace.models import OtherModels
        from spectracnn.gui.workspace.short_spectra import ShortSpectra
        from spectracnn.gui.workspace.workspace import Workspace
        from spectracnn.state.selection import FIRST_VIEW

        self.settings = Settings()
        self.themes = ThemeManager(qt_application, self.settings.theme)
        self.inference = Inference(self.engine, self)
        self.inference.limits = self.settings.model_limits
        self.workspace = Workspace(self.inference, self)
        self.workspace.selection = FIRST_VIEW
        self.reader = FileReader(self)
        self.broker = self.engine.broker
        self.window = MainWindow(
            self.workspace,
            self.inference,
            self.reader,
            self.themes,
            self.settings,
            lazily=True,
        )
        self.window.built.connect(self._on_window_built)
        context = ToolContext(
            self.workspace,
            self.broker,
            self.themes,
            self.settings,
            self.inference.open_model,
            lambda name: self.tools.open(name),
            self.window.commands.run,
        )
        self.tools = Tools(context, self.window.ui.tools, self.window)
        self.tools.exportFailed.connect(self.window.show_message)
        self.tools.exported.connect(self._on_tools_exported)
        self.tools.copied.connect(self._on_tools_copied)
        self.columns_imported = WarmUp(import_columns, self)
        self.warm_up = WarmUp(prepare_tools, self)
        # A preview of an export must not wait for another process; when all else is there.
        self.drawing_started = WarmUp(start_drawing, self)
        self._drawing_timer = QTimer(self, singleShot=True, interval=_DRAWING_DELAY_MS)
        self._drawing_timer.timeout.connect(self.drawing_started.start)
        self.other_models = OtherModels(self.workspace, self.inference, self.broker, self)
        self.short_spectra = ShortSpectra(self.workspace, self.inference, self)
        self.short_spectra.messageRaised.connect(self.window.show_message)
        self.models_menu = ModelsMenu(self.window, self.workspace, self.inference)
        self.card_setup = CardSetup(
            self.window, self.workspace, self.inference, self.broker, self.themes
        )
        self.window.wishes.tourRequested.connect(self._on_wishes_tourRequested)
        self.window.wishes.toolRequested.connect(self.tools.open)
        self.window.wishes.methodsRequested.connect(self.tools.copy_methods)
        self.unexpected = UnexpectedErrors(self)
        self.unexpected.raised.connect(self.window.show_message)
        self.workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self.tour: Tour | None = None
        self._session: LastSession | None = None
        self._paths: list[Path | str] = []
        if model is None:
            self.workspace.passing_model = str(default_model())
        self.inference.open_model(str(model or default_model()))
        keep_for_good()

    def show(self, paths: Iterable[Path | str] = ()) -> None:
        """Show the window, and open these files once it is there."""
        self.window.show()
        self._paths += paths
        QTimer.singleShot(0, self._on_shown)

    def keep_session(self) -> None:
        """Keep what is open for the next start, and offer what was open at the last one."""
        from spectracnn.gui.workspace.last_session import LastSession

        self._session = LastSession(self.workspace, parent=self)
        self._session.messageRaised.connect(self.window.show_message)
        self._session.found.connect(self.window.offer_session)

    def close(self) -> None:
        """End every thread and process."""
        self.window.close()
        if self._session is not None:
            self._session.close()
        self.tools.end_jobs()
        self.columns_imported.wait()
        self.warm_up.wait()
        self._drawing_timer.stop()
        self.drawing_started.wait()
        if self.drawing_started.begun:
            from spectracnn.gui.start.warm_up import end_drawing

            end_drawing()
        self.reader.close()
        self.engine.close()
        keep_no_longer()

    @Slot(object)
    def receive_files(self, paths: list[str]) -> None:
        """Open what another launch was given, and come to the front."""
        come_to_front(self.window)
        self.window.open_paths(paths)

    @Slot(str)
    def receive_file(self, path: str) -> None:
        """Open what the desktop hands over."""
        self.receive_files([path])

    @Slot()
    def _on_wishes_tourRequested(self) -> None:
        from spectracnn.gui.tour.tour import Tour

        if self.tour is None:
            self.tour = Tour(self.window, self.tools)
        self.tour.begin()

    @Slot()
    def _on_shown(self) -> None:
        mark("window_shown")
        self.columns_imported.when_done(self.window.build_soon)
        self.columns_imported.start()

    @Slot()
    def _on_window_built(self) -> None:
        # The columns are painted first: two threads that work at once are both slower.
        QTimer.singleShot(_WARM_UP_DELAY_MS, self.warm_up.start)
        if self._paths:
            self.window.open_paths(self._paths)
        if self._session is not None:
            self._session.look()

    @Slot(object)
    def _on_workspace_contentsChanged(self, contents: Contents) -> None:
        if any(layer.picture is not None for layer in contents.layers):
            self.workspace.contentsChanged.disconnect(self._on_workspace_contentsChanged)
            QTimer.singleShot(0, self._on_first_maps)

    @Slot()
    def _on_first_maps(self) -> None:
        mark("first_maps")
        # The panels of the layers are still being made, one a turn; the tool comes after them.
        QTimer.singleShot(_TOOL_DELAY_MS, self._on_tool_due)
        self._drawing_timer.start()

    @Slot(str)
    def _on_tools_copied(self, sentence: str) -> None:
        self.window.ui.status.showMessage(sentence, 8000)

    @Slot(str)
    def _on_tools_exported(self, path: str) -> None:
        self.window.statusBar().showMessage(f"Written to {path}", 5000)

    @Slot()
    def _on_tool_due(self) -> None:
        self.warm_up.when_done(self.tools.show_current)
