"""Opens the dialog about a model's card: by itself for a model without one, else when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.window.message_actions import EDIT_CARD
from spectracnn.state.subjects import subject_entries
from spectracnn.view.other_output import reading_output

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.engine.broker import Broker
    from spectracnn.gui.dialogs.model_card.setup import ModelSetupDialog, Subject
    from spectracnn.gui.theme import Theme, ThemeManager
    from spectracnn.gui.window.main_window import MainWindow
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace


class CardSetup(QObject):
    """Asks once for each model without a card; until it has one, says that it is assumed.

    Parameters
    ----------
    window : MainWindow
        Parent of the dialog; asks for it too.
    workspace : Workspace
        Holds the model and the current spectrum.
    inference, broker : Inference, Broker
        For the dialog.
    themes : ThemeManager
        Colours.
    """

    def __init__(
        self,
        window: MainWindow,
        workspace: Workspace,
        inference: Inference,
        broker: Broker,
        themes: ThemeManager,
    ) -> None:
        super().__init__(window)
        self._window, self._workspace, self._themes = window, workspace, themes
        self._inference, self._broker = inference, broker
        self._requested: set[tuple[str, str]] = set()
        self.dialog: ModelSetupDialog | None = None
        workspace.modelChanged.connect(self._on_workspace_modelChanged)
        workspace.currentChanged.connect(self._on_workspace_currentChanged)
        themes.themeChanged.connect(self._on_themes_themeChanged)
        window.wishes.cardEditRequested.connect(self.open)

    @Slot()
    def open(self) -> None:
        """Show the dialog about the open model."""
        model = self._workspace.document.model
        if model is not None and self.dialog is None:
            self._open(model)

    def _open(self, model: ModelDescription) -> None:
        from spectracnn.gui.dialogs.model_card.setup import ModelSetupDialog

        self.dialog = ModelSetupDialog(
            model,
            self._subject(),
            self._inference,
            self._broker,
            self._themes.theme,
            self._window,
        )
        self.dialog.cardSaved.connect(self._on_dialog_cardSaved)
        self.dialog.outputChosen.connect(self._on_dialog_outputChosen)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def _subject(self) -> Subject:
        from spectracnn.gui.dialogs.model_card.setup import Subject

        document = self._workspace.document
        entry = self._workspace.current
        if entry is None:
            return Subject()
        # All of them, for a network whose card does not say yet that it reads several.
        of_subject = subject_entries(document, entry)
        return Subject(entry.spectrum, tuple(member.spectrum for member in of_subject))

    @Slot(object)
    def _on_themes_themeChanged(self, theme: Theme) -> None:
        if self.dialog is not None:
            self.dialog.apply_theme(theme)

    @Slot(object)
    def _on_workspace_currentChanged(self, _selection: object) -> None:
        if self.dialog is not None:
            self.dialog.try_on(self._subject())

    @Slot(object)
    def _on_workspace_modelChanged(self, model: ModelDescription) -> None:
        if self.dialog is not None:
            self.dialog.reject()  # it is about a model that is not the current one any more
        if not model.card_assumed:
            return
        known = (model.path, model.sha256)
        if known in self._requested:
            self._show_assumed(model)
        else:
            self._requested.add(known)
            self.open()

    def _show_assumed(self, model: ModelDescription) -> None:
        sentence = " ".join(model.warnings)
        self._window.show_message(
            Message(sentence, severity=Severity.NOTE), EDIT_CARD, "Set up card\u2026"
        )

    @Slot(str)
    def _on_dialog_cardSaved(self, place: str) -> None:
        if self.dialog is not None:
            self._inference.open_model(self.dialog.model.path)
            beside = Path(place).parent == Path(self.dialog.model.path).parent
            where = Path(place).name if beside else place
            self._window.statusBar().showMessage(f"Saved {where}.", 8000)

    @Slot(int)
    def _on_dialog_outputChosen(self, place: int) -> None:
        """Ask about another output: other classes, another threshold or unit."""
        dialog, model = self.dialog, self._workspace.document.model
        if dialog is None or model is None or place == dialog.model.output:
            return
        dialog.finished.disconnect(self._on_dialog_finished)
        dialog.reject()
        self._open(reading_output(model, place))

    @Slot(int)
    def _on_dialog_finished(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        model = self._workspace.document.model
        if dialog is not None and not result and model is dialog.model and model.card_assumed:
            self._show_assumed(model)
