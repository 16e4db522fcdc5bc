"""The models that are open: a menu, and a button that names the current one."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from spectracnn.gui.widgets.icons import command_icon
from spectracnn.gui.window.commands.record import Menu

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.window.main_window import MainWindow
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.document import Document

_MOST_NAME = 400
"""Pixels of a model's name in the toolbar."""


class ModelsMenu(QObject):
    """Fills the menu; each model's action carries its path.

    Parameters
    ----------
    window : MainWindow
        Gets the menu, among those for files.
    workspace : Workspace
        Holds the models.
    inference : Inference
        Opens the one that is chosen.
    """

    def __init__(self, window: MainWindow, workspace: Workspace, inference: Inference) -> None:
        super().__init__(window)
        self._workspace, self._inference = workspace, inference
        self._menu = QMenu("Open m&odels", window.menus[Menu.FILE])
        window.menus[Menu.FILE].insertMenu(window.commands["edit_model_card"], self._menu)
        self.button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setMenu(self._menu)
        self.button.setProperty("named", True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # In the corner of the menu bar it is seen however narrow the window is.
        self._window = window
        window.menuBar().setCornerWidget(self.button)
        self.button.show()
        window.themes.themeChanged.connect(self._on_themes_themeChanged)
        self._on_themes_themeChanged(window.themes.theme)
        self._order: list[str] = []
        self._models: tuple[ModelDescription | None, ...] = ()
        self._group: QActionGroup | None = None
        workspace.entriesReset.connect(self._on_workspace_entriesReset)
        self.refresh()

    def refresh(self) -> None:
        """Show the models that are open now, in the order in which they were opened."""
        document = self._workspace.document
        models = {other.model.path: other.model for other in document.others}
        if document.model is not None:
            models[document.model.path] = document.model
        kept = [path for path in self._order if path in models]
        self._order = [*kept, *(path for path in models if path not in kept)]
        self._menu.clear()
        if self._group is not None:
            self._group.deleteLater()
        self._group = QActionGroup(self)
        for number, path in enumerate(self._order, 1):
            self._add(models[path], number, models[path] is document.model)
        self._name_button(document.model)
        if not models:
            self._menu.addAction("No model is open").setEnabled(False)
        self._menu.addSeparator()
        for name in ("open_model", "open_bundled_model", "edit_model_card", "about_model"):
            self._menu.addAction(self._window.commands[name])
        self._menu.addSeparator()
        close = self._menu.addAction("&Close this model")
        close.triggered.connect(self._on_close_triggered)
        close_others = self._menu.addAction("Close the &others")
        close_others.triggered.connect(self._on_close_others_triggered)
        for action in (close, close_others):
            action.setEnabled(bool(document.others))

    def _name_button(self, model: ModelDescription | None) -> None:
        name = "No model" if model is None else model.name
        metrics = self.button.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _MOST_NAME)
        self.button.setText(f"{short} \u25be".replace("&", "&&"))
        # A menu bar does not see that its corner needs more room by now.
        self._window.menuBar().setCornerWidget(self.button)
        self.button.setAccessibleName(f"Open model: {name}")
        place = "" if model is None else f"\n{model.path}"
        self.button.setToolTip(f"The open model: {name}{place}\nClick to open or choose another.")

    @Slot(object)
    def _on_themes_themeChanged(self, theme: Theme) -> None:
        self.button.setIcon(command_icon("model", theme))

    def _add(self, model: ModelDescription, number: int, current: bool) -> None:
        name = model.name.replace("&", "&&")
        action = QAction(f"&{number} {name}", self._group, checkable=True, checked=current)
        action.setData(model.path)
        action.setStatusTip(model.path)
        action.triggered.connect(self._on_model_triggered)
        self._menu.addAction(action)

    @Slot(object)
    def _on_workspace_entriesReset(self, document: Document) -> None:
        models = (document.model, *(other.model for other in document.others))
        same = len(models) == len(self._models) and all(map(is_, models, self._models))
        if not same:  # spectra come and go more often
            self._models = models
            self.refresh()

    @Slot()
    def _on_model_triggered(self) -> None:
        action = self.sender()
        current = self._workspace.document.model
        if isinstance(action, QAction) and (current is None or action.data() != current.path):
            self._inference.open_model(action.data())

    @Slot()
    def _on_close_triggered(self) -> None:
        document = self._workspace.document
        if document.model is not None and document.others:
            # It goes when the other one is there; if that cannot be opened, it stays.
            self._workspace.passing_model = document.model.path
            self._inference.open_model(document.others[-1].model.path)

    @Slot()
    def _on_close_others_triggered(self) -> None:
        for other in self._workspace.document.others:
            self._workspace.close_model(other.model.path)
