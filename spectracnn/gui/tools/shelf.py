"""Where the tools are: tabs under the prediction, and windows of their own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from spectracnn.errors import ExportError, SpectraCNNError
from spectracnn.gui.messages import Message
from spectracnn.gui.tools.export_button import ExportButton, FitsCorner
from spectracnn.gui.tools.registry import TOOLS
from spectracnn.gui.widgets.background import Background
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.closing import close_by_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spectracnn.gui.tools.registry import ToolInfo
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.script import ScriptView

_FILTER = (
    "PNG picture (*.png);;SVG picture (*.svg);;PDF (*.pdf);;"
    "Numbers, comma-separated (*.csv);;Numbers, tab-separated (*.tsv)"
)

_PYTHON, _PYTHON_TIP = "Copy as Python", "Copy a script that computes what is shown here"


@runtime_checkable
class HasJob(Protocol):
    """A tool that computes in a process of its own."""

    def close_job(self) -> None:
        """End it, and wait until it has ended."""


@runtime_checkable
class HasScript(Protocol):
    """A tool that computes more than the panels show."""

    def script_view(self) -> ScriptView | None:
        """Return what it shows, for a script; None while it shows nothing."""


@runtime_checkable
class HasPages(Protocol):
    """A tool of several pages."""

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""


@runtime_checkable
class HasMethods(Protocol):
    """A tool that can say what was done, for a paper."""

    def methods_text(self) -> str:
        """Return a paragraph; empty where nothing was done yet."""
        ...


class _Place(QWidget):
    """An empty tab until its tool is made."""

    def __init__(self, info: ToolInfo) -> None:
        super().__init__()
        self.info = info
        self.tool: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def fill(self, tool: QWidget) -> None:
        """Put the tool here."""
        self.tool = tool
        self._layout.addWidget(tool)


class _ToolWindow(QWidget):
    """A tool in a window of its own, with a button to export what it shows."""

    def __init__(
        self, tool: QWidget, title: str, context: ToolContext, parent: QMainWindow
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.tool = tool
        tool.setWindowTitle(title)
        self.setWindowTitle(f"{title} \u2013 SpectraCNN")
        self.export_button = ExportButton(context)
        footer = QHBoxLayout()
        footer.setContentsMargins(16, 4, 8, 4)
        self.python_button = tool_button(_PYTHON, _PYTHON_TIP)
        footer.setSpacing(8)
        footer.addStretch(1)
        self.methods_button = tool_button(
            "Copy methods", "Copy a paragraph that says what was done, and the command for it"
        )
        self.methods_button.setVisible(isinstance(tool, HasMethods))
        footer.addWidget(self.methods_button)
        footer.addWidget(self.python_button)
        footer.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(tool, 1)
        layout.addLayout(footer)
        self.resize(tool.size())
        close_by_keys(self)


class Tools(QObject):
    """Makes tools when they are first asked for, and brings them to the front.

    Parameters
    ----------
    context : ToolContext
        What each tool is given.
    tabs : QTabWidget
        Where those without a window go.
    window : QMainWindow
        Parent of the tools' windows.
    infos : sequence of ToolInfo
        Which tools there are.

    Signals
    -------
    exported : str
        The file that a view was written to.
    exportFailed : Message
    copied : str
        What was put into the clipboard.
    """

    exported = Signal(str)
    exportFailed = Signal(object)
    copied = Signal(str)

    def __init__(
        self,
        context: ToolContext,
        tabs: QTabWidget,
        window: QMainWindow,
        infos: Sequence[ToolInfo] = TOOLS,
    ) -> None:
        super().__init__(window)
        self._context, self._tabs, self._window = context, tabs, window
        self._windows: dict[str, _ToolWindow] = {}
        self._background = Background(self._report_export, self)
        self._infos = {info.name: info for info in infos}
        for info in infos:
            if not info.window:
                place = tabs.addTab(_Place(info), info.title)
                tabs.setTabToolTip(place, info.tip)
        self._corner_button = ExportButton(context)
        self._corner_button.setProperty("corner", True)
        self._corner_button.exportRequested.connect(self._on_corner_button_exportRequested)
        self.python_action = QAction(_PYTHON, self)
        self.python_action.setToolTip(_PYTHON_TIP)
        self.python_action.triggered.connect(self._on_python_action_triggered)
        self._corner_button.menu().addAction(self.python_action)
        tabs.setCornerWidget(self._corner_button)
        FitsCorner(tabs, self._corner_button)
        tabs.currentChanged.connect(self._on_tabs_currentChanged)
        tabs.setVisible(tabs.count() > 0)

    @Slot(str)
    def open(self, name: str) -> QWidget:
        """Make a tool if need be, bring it to the front and return it.

        Parameters
        ----------
        name : str
            Of the tool; of several pages ``tool/page`` names one.
        """
        name, _, page = name.partition("/")
        if page:
            tool = self.open(name)
            if isinstance(tool, HasPages):
                tool.show_page(page)
            return tool
        if self._infos[name].window:
            return self._open_window(name)
        place = next(p for p in self._places() if p.info.name == name)
        self._fill(place)
        self._tabs.setCurrentWidget(place)
        assert place.tool is not None
        return place.tool

    @property
    def names(self) -> tuple[str, ...]:
        """Which tools there are."""
        return tuple(self._infos)

    def made(self, name: str) -> QWidget | None:
        """Return a tool that was made, else None."""
        if name in self._windows:
            return self._windows[name].tool
        return next((p.tool for p in self._places() if p.info.name == name), None)

    def show_current(self) -> None:
        """Make the tool of the tab that is in front; at launch this waits until there is time."""
        self._on_tabs_currentChanged(self._tabs.currentIndex())

    def close_windows(self) -> None:
        """Hide the windows; they keep what they show."""
        for window in self._windows.values():
            window.close()

    def end_jobs(self) -> None:
        """End what tools compute in processes of their own; for the end of the program."""
        tools: list[object] = [window.tool for window in self._windows.values()]
        for tool in (*tools, *(place.tool for place in self._places())):
            if isinstance(tool, HasJob):
                tool.close_job()

    def _places(self) -> list[_Place]:
        widgets = [self._tabs.widget(index) for index in range(self._tabs.count())]
        return [widget for widget in widgets if isinstance(widget, _Place)]

    def _fill(self, place: _Place) -> None:
        if place.tool is None:
            place.fill(place.info.make(self._context))

    def _open_window(self, name: str) -> QWidget:
        window = self._windows.get(name)
        if window is None:
            info = self._infos[name]
            window = _ToolWindow(info.make(self._context), info.title, self._context, self._window)
            window.export_button.exportRequested.connect(self._on_export_button_exportRequested)
            window.python_button.clicked.connect(partial(self._copy_python, window.tool))
            window.methods_button.clicked.connect(self.copy_methods)
            self._windows[name] = window
        window.show()
        window.raise_()
        window.activateWindow()
        return window.tool

    def _export(self, tool: QWidget, title: str) -> None:
        """Ask where to, and write what the tool shows."""
        from spectracnn.figures.job import clean_name
        from spectracnn.gui.export.view_export import WritesItself, begin_export

        kinds = tool.export_filter if isinstance(tool, WritesItself) else _FILTER
        settings = self._context.settings
        entry = self._context.workspace.current
        name = clean_name(f"{entry.spectrum.name if entry is not None else ''} {title}")
        chosen, _ = QFileDialog.getSaveFileName(
            tool.window(), f"Export {title}", str(Path(settings.folder) / f"{name}.png"), kinds
        )
        if not chosen:
            return
        try:
            finish = begin_export(
                tool, self._context.workspace, Path(chosen), settings.view_width or None
            )
        except ExportError as error:
            self._report_export(error)
        else:
            self._background.run(partial(_finished, finish, chosen))

    @Slot()
    def copy_methods(self) -> None:
        """Put a paragraph into the clipboard that says what the cohort's page in front shows."""
        tool = self.made("cohort")
        text = tool.methods_text() if isinstance(tool, HasMethods) else ""
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit("Copied a paragraph for the section on methods.")
        else:
            self.exportFailed.emit(
                Message("Nothing was computed yet.", "Compute something on a page of the cohort.")
            )

    def _copy_python(self, tool: QWidget, _checked: bool = False) -> None:
        """Put a script into the clipboard that computes what a tool shows."""
        from spectracnn.state.script import python_script

        workspace = self._context.workspace
        try:
            view = tool.script_view() if isinstance(tool, HasScript) else None
            text = python_script(workspace.document, workspace.selection, view)
        except SpectraCNNError as error:
            self.exportFailed.emit(Message(error.message, error.hint))
        else:
            QGuiApplication.clipboard().setText(text)

    def _report_export(self, outcome: str | ExportError) -> None:
        if isinstance(outcome, ExportError):
            self.exportFailed.emit(Message(outcome.message, outcome.hint))
        else:
            self.exported.emit(outcome)

    @Slot()
    def _on_export_button_exportRequested(self) -> None:
        button = self.sender()
        for name, window in self._windows.items():
            if button is window.export_button:
                self._export(window.tool, self._infos[name].title)

    @Slot()
    def _on_corner_button_exportRequested(self) -> None:
        place = self._tabs.currentWidget()
        if isinstance(place, _Place):
            self._fill(place)
            if place.tool is not None:
                self._export(place.tool, place.info.title)

    @Slot()
    def _on_python_action_triggered(self) -> None:
        place = self._tabs.currentWidget()
        if isinstance(place, _Place):
            self._fill(place)
            if place.tool is not None:
                self._copy_python(place.tool)

    @Slot(int)
    def _on_tabs_currentChanged(self, index: int) -> None:
        place = self._tabs.widget(index)
        if isinstance(place, _Place):
            self._fill(place)


def _finished(finish: Callable[[], None], path: str) -> str | ExportError:
    try:
        finish()
    except ExportError as error:
        return error
    return path
