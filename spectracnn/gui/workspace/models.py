"""Asks the models that are open beside the current one what they say of the spectra."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from spectracnn.core.arrays import frozen_array
from spectracnn.engine.messages import PredictSpectra
from spectracnn.errors import EngineError, SpectraCNNError
from spectracnn.state.others import Answer

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.engine.messages import Predictions
    from spectracnn.gui.workspace.answers import Answers
    from spectracnn.gui.workspace.questions import Questions
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.document import Entry

_PATIENCE_MS = 250


class OtherModels(QObject):
    """Keeps the other models' answers coming.

    Parameters
    ----------
    workspace : Workspace
        Holds the models, and takes the answers.
    answers : Answers
        Knows how a model is opened.
    questions : Questions
        Asks the engine; the current model stays the current one.
    """

    def __init__(
        self,
        workspace: Workspace,
        answers: Answers,
        questions: Questions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._answers, self._questions = workspace, answers, questions
        self._lost: set[str] = set()
        # Spectra arrive in batches, and edits many times a second.
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        workspace.entriesReset.connect(self._on_workspace_entriesReset)
        workspace.entriesUpdated.connect(self._on_workspace_entriesUpdated)

    @Slot(object)
    def _on_workspace_entriesReset(self, _document: object) -> None:
        self._timer.start()

    @Slot(object, int, int)
    def _on_workspace_entriesUpdated(self, _document: object, _first: int, _last: int) -> None:
        if self._workspace.document.others:
            self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        document = self._workspace.document
        for other in document.others:
            topic = f"other model {other.model.path}"
            asked = other.questions(document)
            if not asked or self._questions.waiting(topic):
                continue
            model = self._answers.opening(other.model.path, other.model.card, other.model.sha256)
            self._questions.ask(
                PredictSpectra(tuple(entry.spectrum for entry in asked), model),
                topic,
                partial(self._take, other.model, asked),
                partial(self._fail, other.model, asked),
            )

    def _take(
        self, model: ModelDescription, asked: tuple[Entry, ...], predictions: Predictions
    ) -> None:
        self._lost.discard(model.path)
        answers = {}
        columns = (predictions.probabilities, predictions.outputs, predictions.errors)
        for entry, row, output, error in zip(asked, *columns, strict=True):
            if error is None:
                kept = frozen_array(output)
                answers[entry.id] = Answer(entry.spectrum, frozen_array(row), outputs=kept)
            else:
                answers[entry.id] = Answer(entry.spectrum, None, error.message)
        self._workspace.take_answers(model, answers)
        self._timer.start()  # what came meanwhile

    def _fail(self, model: ModelDescription, asked: tuple[Entry, ...], error: Exception) -> None:
        if isinstance(error, EngineError) and model.path not in self._lost:
            self._lost.add(model.path)  # once more: perhaps another question ended the engine
            self._timer.start()
            return
        sentence = error.message if isinstance(error, SpectraCNNError) else str(error)
        answers = {entry.id: Answer(entry.spectrum, None, sentence) for entry in asked}
        self._workspace.take_answers(model, answers)
