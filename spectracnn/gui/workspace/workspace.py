"""The one object that changes the document and the selection."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from spectracnn.gui.workspace.editing import Editing
from spectracnn.gui.workspace.open_document import OpenDocument
from spectracnn.state.others import with_answers, with_model, without_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.state.document import Entry
    from spectracnn.state.others import EntryPrediction


class Workspace(OpenDocument):
    """What is open, with what the network says of it, and with undo.

    Attributes
    ----------
    editing : Editing
        Changes that can be undone.
    passing_model : str
        The model of the start, which gives way to the first one that a person opens.
    """

    def __init__(self, inference: Inference, parent: QObject | None = None) -> None:
        super().__init__(inference, parent)
        self.passing_model = ""
        self.editing = Editing(self, self)
        inference.modelOpened.connect(self._on_inference_modelOpened)
        inference.traceReceived.connect(self._on_inference_traceReceived)
        inference.traceRefused.connect(self._on_inference_traceRefused)
        inference.predicted.connect(self._on_inference_predicted)
        inference.batchEnded.connect(self._request_predictions)

    @Slot(object)
    def _on_inference_modelOpened(self, model: ModelDescription) -> None:
        before = self.document.model
        keep = before is None or before.path != self.passing_model
        self.document = with_model(self.document, model, keep=keep)
        self._select(hovered=None, pinned=None, layers=MappingProxyType({}))
        self._select(muted=frozenset(), weight_edits=())
        self.modelChanged.emit(model)
        self.set_choices(self.choices.for_another_model())
        self.entriesReset.emit(self.document)
        self._request_trace()
        self._request_predictions()
        if self.selection.current is None:
            self._refresh()
        else:  # with its first trace, in another turn of the event loop than the table
            self._refresh_with_trace()

    def receive_others(
        self, model: ModelDescription, answers: Mapping[int, EntryPrediction]
    ) -> None:
        """Keep what one of the other models said."""
        self.document = with_answers(self.document, model, answers)
        rows = [row for item in answers if (row := self.document.rows.get(item)) is not None]
        if rows:
            self.entriesUpdated.emit(self.document, min(rows), max(rows))

    def close_model(self, path: str) -> None:
        """Forget one of the other models."""
        self.document = without_model(self.document, path)
        self.entriesReset.emit(self.document)

    @Slot(object, object)
    def _on_inference_traceReceived(self, traced: Entry, trace: Trace | None) -> None:
        entry = self.document.entry(traced.id)
        if entry is None or entry.id != self.selection.current:
            return
        self.document = self.document.with_trace(entry.id, trace)
        # While a slider moves, a trace may be of the edit before the last: it is shown, as nothing
        # stands still, but what it says is not written into the table.
        same = entry.revision == traced.revision
        if same and trace is not None and entry.is_edited and self._is_own_network:
            answered = replace(
                entry,
                probabilities=trace.probabilities,
                outputs=trace.output,
                judged=trace.judged,
            )
            self.document = self.document.with_entries([answered])
            row = self.document.rows[entry.id]
            self.entriesUpdated.emit(self.document, row, row)
        self._refresh_in_steps()

    @property
    def _is_own_network(self) -> bool:
        """Whether what is shown is the network as its file has it."""
        return not self.selection.muted and not self.selection.weight_edits

    @Slot(object, str)
    def _on_inference_traceRefused(self, traced: Entry, reason: str) -> None:
        entry = self.document.entry(traced.id)
        if entry is not None and entry.is_edited and entry.revision == traced.revision:
            refused = replace(entry, probabilities=None, refusal=reason, outputs=None, judged=None)
            self.document = self.document.with_entries([refused])

    @Slot(object)
    def _on_inference_predicted(self, answered: list[Entry]) -> None:
        changed: dict[int, Entry] = {}
        for entry in answered:  # an edited one may be there twice: as it is, and as it was
            mine = changed.get(entry.id) or self.document.entry(entry.id)
            if mine is not None:
                changed[entry.id] = mine.with_answer(entry)
        self.document = self.document.with_entries(changed.values())
        rows = [row for entry in answered if (row := self.document.rows.get(entry.id)) is not None]
        if rows:
            self.entriesUpdated.emit(self.document, min(rows), max(rows))
        if any(entry.id == self.selection.current for entry in answered):
            self._refresh()
