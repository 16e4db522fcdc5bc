"""The lessons as a window of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot

from spectracnn.engine.broker import Policy
from spectracnn.gui.dialogs.guide import show_page
from spectracnn.gui.learn.lessons.picture import Material
from spectracnn.gui.learn.lessons.window import NO_SPECTRUM, LessonsWindow
from spectracnn.state.script import ScriptView

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.lessons import LessonProgress

_TOPIC = "lesson"


class LessonsTool(LessonsWindow):
    """Speaks of the current spectrum, and remembers how far the person is."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        progress = context.settings.lessons
        super().__init__(self._send, context.themes.theme, progress, self._current())
        context.themes.themeChanged.connect(self._on_themes_themeChanged)
        self.progressChanged.connect(self._on_progressChanged)
        self.pageRequested.connect(self._on_pageRequested)

    def _send(
        self, request: Any, on_result: Callable[[Any], None], on_failure: Callable[[str], None]
    ) -> None:
        self._context.broker.submit(
            request,
            _TOPIC,
            Policy.LATEST_WINS,
            on_result,
            lambda error: on_failure(str(error)),
        )

    def _current(self) -> Material:
        workspace = self._context.workspace
        entry = workspace.current
        trace = None if entry is None else workspace.document.traces.get(entry.id)
        if entry is None or trace is None or trace.input.ndim != 2:
            return NO_SPECTRUM
        return Material.of(entry.spectrum.name, trace.input)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_material(self._current())

    def script_view(self) -> ScriptView:
        """Return what the lesson that is open computes, for a script."""
        assert self.picture is not None  # a lesson is always open
        return ScriptView(self.picture.script(), alone=True)

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self.apply_theme(self._context.themes.theme)

    @Slot(object)
    def _on_progressChanged(self, progress: LessonProgress) -> None:
        self._context.settings.lessons = progress

    @Slot(str)
    def _on_pageRequested(self, page: str) -> None:
        show_page(page, self)
