"""Keeps what the models that are open beside the current one say of the spectra coming."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from spectracnn.core.arrays import frozen_array
from spectracnn.engine.broker import Policy
from spectracnn.state.other_model import EntryPrediction
from spectracnn.state.prediction_requests import other_prediction_request

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.engine.broker import Broker
    from spectracnn.engine.messages import BatchPredictions
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.entry import Entry

_PATIENCE_MS = 250


class OtherModels(QObject):
    """Requests the predictions of the other models; the current model stays the current one.

    Parameters
    ----------
    workspace : Workspace
        Holds the models, and what they said.
    inference : Inference
        Knows within which limits a model is opened.
    broker : Broker
        Sends the requests.
    """

    def __init__(
        self,
        workspace: Workspace,
        inference: Inference,
        broker: Broker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._inference, self._broker = workspace, inference, broker
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
            model = self._inference.opening(other.model.path, other.model.card, other.model.sha256)
            made = other_prediction_request(document, other, model)
            owner = f"other model {other.model.path}"
            if made is None or self._broker.waiting(owner):
                continue
            self._broker.submit(
                made.request,
                owner,
                Policy.LATEST_WAITS,
                partial(self._receive, other.model, made.entries),
                partial(self._fail, other.model, made.entries),
                key=made.key,
                wanted=partial(self._is_open, other.model.path),
            )

    def _is_open(self, path: str) -> bool:
        return any(other.model.path == path for other in self._workspace.document.others)

    def _receive(
        self, model: ModelDescription, requested: tuple[Entry, ...], predictions: BatchPredictions
    ) -> None:
        found = {}
        columns = (predictions.probabilities, predictions.outputs, predictions.errors)
        judged = predictions.judgements
        for place, (entry, row, output, error) in enumerate(zip(requested, *columns, strict=True)):
            if error is None:
                kept = frozen_array(output)
                found[entry.id] = EntryPrediction(
                    entry.revision, frozen_array(row), outputs=kept, judged=judged[place]
                )
            else:
                found[entry.id] = EntryPrediction(entry.revision, None, error.message)
        self._workspace.receive_others(model, found)
        self._timer.start()  # what came meanwhile

    def _fail(
        self, model: ModelDescription, requested: tuple[Entry, ...], error: SpectraCNNError
    ) -> None:
        found = {
            entry.id: EntryPrediction(entry.revision, None, error.message) for entry in requested
        }
        self._workspace.receive_others(model, found)
