"""What is open, and every change of it that a person makes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from spectracnn.core.bulk import without_collection
from spectracnn.gui.workspace.viewing import Viewing
from spectracnn.state.document import Entry
from spectracnn.state.labels import with_labels
from spectracnn.state.removal import with_returned
from spectracnn.state.sessions import within_layers
from spectracnn.state.tools import ToolChoices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.state.participants import Participants
    from spectracnn.state.removal import Removal
    from spectracnn.state.selection import Selection

MOST_OVERLAID_AT_FIRST = 24


class OpenDocument(Viewing):
    """What is open, and every change of it that a person makes.

    Every method is one change, followed by the signals that say what is different now.

    Signals
    -------
    entriesReset : Document
        Entries came, went or moved.
    entriesUpdated : (Document, int, int)
        Something was said of them; the rows from first to last may differ.
    modelChanged : ModelDescription
    weightsChanged : tuple of WeightEdit
        The network is looked through with other weights.
    filterRequested : str
        A view names conditions that rows of the table are to fulfil.
    choicesChanged : ToolChoices
        A tool shows something else.
    """

    entriesReset = Signal(object)
    entriesUpdated = Signal(object, int, int)
    modelChanged = Signal(object)
    weightsChanged = Signal(object)
    filterRequested = Signal(str)
    choicesChanged = Signal(object)

    def __init__(self, inference: Inference, parent: QObject | None = None) -> None:
        super().__init__(inference, parent)
        self.choices = ToolChoices()
        self._ids = count(1)

    # --- entries -----------------------------------------------------------------------------

    def add_spectra(self, spectra: Iterable[Spectrum]) -> None:
        """Append spectra to the table; the first one ever is shown."""
        with without_collection():
            added = tuple(Entry(next(self._ids), spectrum) for spectrum in spectra)
        if not added:
            return
        self.document = self.document.with_appended(added)
        room = max(0, MOST_OVERLAID_AT_FIRST - len(self.selection.overlaid))
        self._select(overlaid=self.selection.overlaid | {entry.id for entry in added[:room]})
        self.entriesReset.emit(self.document)
        if room:
            self.overlaidChanged.emit(self.selection)
        if self.document.model is not None:
            self._inference.request_predictions(self.document, more=True)
        if self.selection.current is None:
            self.set_current(added[0].id)  # shown with its trace
        elif room:
            self._refresh()

    def set_participants(self, participants: Participants | None) -> None:
        """Put the columns of a table of participants beside the spectra, or take them away."""
        if participants is not None:
            participants = participants.with_entries(self.document.entries)
        self.document = self.document.with_shown(participants=participants)
        model = self.document.model
        if model is not None and model.card.preprocessing.harmony is not None:
            # What the network says of a spectrum depends on its site, which the table may name.
            self.document = self.document.without_answers(model)
            self._request_trace()
            self._request_predictions()
        self.entriesReset.emit(self.document)
        self._refresh()

    def set_labels(self, labels: Mapping[int, str]) -> None:
        """Give spectra labels, for a training."""
        shown = bool(self.document.labels)
        self.document = with_labels(self.document, labels)
        rows = [self.document.rows[item] for item in labels if item in self.document.rows]
        if shown and rows:
            self.entriesUpdated.emit(self.document, min(rows), max(rows))
        else:
            self.entriesReset.emit(self.document)  # a column comes
        self._refresh()

    def remove(self, ids: Iterable[int]) -> None:
        """Take entries out of the table."""
        gone = set(ids)
        row = self.document.rows.get(self.selection.current or 0, 0)
        self.document = self.document.without_entries(gone)
        entries = self.document.entries
        self._select(overlaid=self.selection.overlaid - gone)
        self.entriesReset.emit(self.document)
        shown = self.selection.current in gone
        if shown:
            self.set_current(entries[min(row, len(entries) - 1)].id if entries else None)
        if entries or not shown:  # else it was brought up to date just now
            self._refresh()

    def put_back(self, gone: Removal, selection: Selection) -> None:
        """Put removed entries where they were, draw those that were drawn, and show what was shown.

        Parameters
        ----------
        gone : Removal
            What was kept of them.
        selection : Selection
            What was chosen before they were removed.
        """
        gone = gone.of_missing(self.document)
        back = set(gone.answers.ids.tolist())
        if not back:
            return
        self.document = with_returned(self.document, gone)
        self._select(overlaid=self.selection.overlaid | (selection.overlaid & back))
        self.entriesReset.emit(self.document)
        self.overlaidChanged.emit(self.selection)
        if selection.current in back or self.selection.current is None:
            self.set_current(selection.current if selection.current in back else min(back))
        else:
            self._refresh()
        self._request_predictions()

    def reorder(self, ids: Iterable[int]) -> None:
        """Put the entries in this order; ids that are not named stay behind the others."""
        wanted = {entry_id: place for place, entry_id in enumerate(ids)}
        entries = sorted(self.document.entries, key=lambda entry: wanted.get(entry.id, len(wanted)))
        self.document = replace(self.document, entries=tuple(entries))
        self.entriesReset.emit(self.document)
        self._refresh()

    # --- tools -------------------------------------------------------------------------------

    def restore(self, selection: Selection, choices: ToolChoices) -> None:
        """Choose and show what was saved; what the model has not is left out."""
        model = self.document.model
        self.selection = within_layers(selection, len(model.layers) if model is not None else 0)
        self.document = self.document.with_shown(attribution=None)
        self.currentChanged.emit(self.selection)
        self.overlaidChanged.emit(self.selection)
        self.weightsChanged.emit(self.selection.weight_edits)
        self.set_choices(choices)
        self._request_predictions()
        self._request_trace()
        self._refresh_with_trace()

    def set_choices(self, choices: ToolChoices) -> None:
        """Let the tools show what these records say."""
        if choices != self.choices:
            self.choices = choices
            self.choicesChanged.emit(choices)

    # --- what if -----------------------------------------------------------------------------

    def set_edits(self, entry_id: int, edits: tuple[Edit, ...]) -> None:
        """Replace what was done to a spectrum; the panels follow.

        Raises
        ------
        SpectrumError
            If the edits leave no finite eigenvalue; nothing changes then.
        """
        entry = self.document.entry(entry_id)
        if entry is not None:
            self.replace_edited(entry.with_edits(edits))

    def replace_edited(self, entry: Entry) -> None:
        """Put an entry with other edits in the place of the one of its id; the panels follow."""
        if self.document.entry(entry.id) is None:
            return
        self.document = self.document.with_entries([entry])
        row = self.document.rows[entry.id]
        self.entriesUpdated.emit(self.document, row, row)
        self._request_predictions()
        if entry.id == self.selection.current:
            self.document = self.document.with_shown(attribution=None)
            self._request_trace()
            self._refresh_with_trace()

    def set_muted(self, muted: frozenset[tuple[int, int]]) -> None:
        """Choose the filters whose output is set to 0."""
        self._select(muted=muted)
        self.document = self.document.with_shown(attribution=None)
        self._request_trace()
        self._refresh_with_trace()

    def set_weight_edits(self, edits: tuple[WeightEdit, ...]) -> None:
        """Look through the network with these weights; the model itself stays as it is."""
        self._select(weight_edits=edits)
        self.document = self.document.with_shown(attribution=None)
        self.weightsChanged.emit(edits)
        self._request_trace()
        self._refresh_with_trace()

    def set_threshold(self, threshold: float) -> None:
        """Say a class or a label from another probability on, everywhere; the file stays.

        Parameters
        ----------
        threshold : float
            Between 0 and 1, in the place of the card's.
        """
        model = self.document.model
        if model is None or model.card.threshold == threshold:
            return
        changed = replace(model, card=replace(model.card, threshold=threshold))
        self._show_everywhere(model=changed)

    def set_level(self, level: float) -> None:
        """Let prediction sets hold the truth as often as this.

        Parameters
        ----------
        level : float
            Between 0 and 1, both excluded.
        """
        if level != self.document.level:
            self._show_everywhere(level=level)

    def _show_everywhere(self, **changes: Any) -> None:
        self.document = self.document.with_shown(**changes)
        if self.document.entries:
            self.entriesUpdated.emit(self.document, 0, len(self.document.entries) - 1)
        self._refresh()

    def set_attribution(self, entry_id: int, attribution: Attribution | None) -> None:
        """Show which eigenvalues drive a class; that of another spectrum is passed over."""
        if entry_id == self.selection.current:
            self.document = self.document.with_shown(attribution=attribution)
            self._refresh()
