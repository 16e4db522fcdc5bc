"""Document and selection, and every change of them that a person makes."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.core.bulk import without_collection
from spectracnn.state.document import Document, Entry, current_entry
from spectracnn.state.labels import with_labels
from spectracnn.state.removal import with_returned
from spectracnn.state.selection import ChannelOrder, Sample, Selection, with_colour_range
from spectracnn.state.sessions import within_layers
from spectracnn.state.tools import ToolChoices
from spectracnn.view.resolve import preparing, resolve
from spectracnn.view.spectra import prepare_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.state.participants import Participants
    from spectracnn.state.removal import Removal
    from spectracnn.state.selection import ColourRange, LayerOptions
    from spectracnn.view.contents import Contents

MOST_OVERLAID_AT_FIRST = 24
_TRACE_PATIENCE_MS = 80
_LAYERS_AT_ONCE, _CURVES_AT_ONCE = 12, 50
_SECONDS_A_TURN = 0.008
"""Of the processor, for pictures of layers."""


class OpenDocument(QObject):
    """Holds document and selection, changes them, and requests what the network says of them.

    Every method is one change, followed by the signals that say what is different now.

    Signals
    -------
    contentsChanged : Contents
        What the panels show.
    entriesReset : Document
        Entries came, went or moved.
    entriesUpdated : (Document, int, int)
        Something was said of them; the rows from first to last may differ.
    modelChanged : ModelDescription
    currentChanged, overlaidChanged : Selection
    weightsChanged : tuple of WeightEdit
        The network is looked through with other weights.
    rowsChosen : list of int
        A view names entries whose rows are to be seen.
    filterRequested : str
        A view names conditions that rows of the table are to fulfil.
    choicesChanged : ToolChoices
        A tool shows something else.
    """

    contentsChanged = Signal(object)
    entriesReset = Signal(object)
    entriesUpdated = Signal(object, int, int)
    modelChanged = Signal(object)
    currentChanged = Signal(object)
    overlaidChanged = Signal(object)
    weightsChanged = Signal(object)
    rowsChosen = Signal(object)
    filterRequested = Signal(str)
    choicesChanged = Signal(object)

    def __init__(self, inference: Inference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = Document()
        self.selection = Selection()
        self.choices = ToolChoices()
        self.contents: Contents = resolve(self.document, self.selection)
        self._ids = count(1)
        self._inference = inference
        # A trace takes a few milliseconds: waiting for it avoids a flash of empty panels.
        self._patience = QTimer(self, singleShot=True, interval=_TRACE_PATIENCE_MS)
        self._patience.timeout.connect(self._refresh)
        self._preparing: Iterator[None] = iter(())
        self._prepare_timer = QTimer(self, interval=0)
        self._prepare_timer.timeout.connect(self._on_prepare_timer_timeout)

    @property
    def current(self) -> Entry | None:
        """The entry whose maps are shown; None where none is."""
        return current_entry(self.document, self.selection)

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

    # --- selection ---------------------------------------------------------------------------

    def set_current(self, entry_id: int | None) -> None:
        """Show another entry's maps."""
        if entry_id == self.selection.current:
            return
        self._select(current=entry_id, hovered=None, pinned=self._pin_that_stays())
        self.document = self.document.with_shown(attribution=None)
        self._request_trace()
        self.currentChanged.emit(self.selection)
        if entry_id is None:
            self._refresh()
        else:
            self._refresh_with_trace()

    def set_overlaid(self, ids: Iterable[int]) -> None:
        """Choose which spectra are drawn together."""
        self._select(overlaid=frozenset(ids))
        self.overlaidChanged.emit(self.selection)
        if len(self.selection.overlaid) > _CURVES_AT_ONCE:
            self._prepare(prepare_points(self.document, self.selection))
        else:
            self._refresh()

    def choose_rows(self, ids: Iterable[int]) -> None:
        """Have the table select these entries; the first is shown, if the current is none."""
        chosen = [int(item) for item in ids]
        if chosen and self.selection.current not in set(chosen):
            self.set_current(chosen[0])
        self.rowsChosen.emit(chosen)

    @Slot(object)
    def hover(self, sample: Sample | None) -> None:
        """Mark the sample under the pointer."""
        model = self.document.model
        if sample is not None and model is not None and sample.layer >= len(model.layers):
            return  # of the network before, whose panels are still there for a moment
        if sample != self.selection.hovered:
            self._select(hovered=sample)
            self._refresh()

    @Slot(object)
    def pin(self, sample: Sample | None) -> None:
        """Keep a sample marked when the pointer leaves; the same one again releases it."""
        pinned = None if sample == self.selection.pinned else sample
        self._select(pinned=pinned)
        self._refresh()

    def pin_at(self, sample: Sample) -> None:
        """Pin a sample, whether or not it is pinned already, and let go of the hovered one."""
        if sample != self.selection.pinned or self.selection.hovered is not None:
            self._select(pinned=sample, hovered=None)
            self._refresh()

    @Slot(object)
    def choose_range(self, span: tuple[int, int] | None) -> None:
        """Mark all that depends on these eigenvalues; None to mark nothing."""
        if span != self.selection.index_range:
            self._select(index_range=span)
            self._refresh()

    def release(self) -> None:
        """Forget the pinned sample and the chosen eigenvalues."""
        self._select(pinned=None, index_range=None)
        self._refresh()

    def set_layer_options(self, layer: int, options: LayerOptions) -> None:
        """Change how one layer is shown."""
        layers = {**self.selection.layers, layer: options}
        self.set_view(layers=MappingProxyType(layers))

    @Slot(int, object)
    def set_colour_range(self, layer: int, chosen: ColourRange) -> None:
        """Change the colour range of one layer, or of all where they share one."""
        self.selection = with_colour_range(self.selection, layer, chosen)
        self._refresh()

    def set_view(self, **changes: Any) -> None:
        """Change fields of the selection that say how things are shown."""
        before = self.selection
        self._select(**changes)
        # Which channels are alike, and flows, are computed only when they are wanted.
        order = self.selection.channel_order
        alike = order is not before.channel_order and order is ChannelOrder.SIMILARITY
        if alike or (self.selection.overview and not before.overview):
            self._request_trace()
        if self.selection.coloured_by != before.coloured_by:
            self.overlaidChanged.emit(self.selection)  # the table shows the same colours
        self._refresh()

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

    # --- within ------------------------------------------------------------------------------

    def _request_trace(self) -> None:
        if self.document.model is not None:
            self._inference.request_trace(self.document, self.selection)

    @Slot()
    def _request_predictions(self) -> None:
        if self.document.model is not None:
            self._inference.request_predictions(self.document)

    def _pin_that_stays(self) -> Sample | None:
        # A pinned sample of a layer stays while spectra are compared under it.
        pinned = self.selection.pinned
        return pinned if pinned is not None and pinned.layer >= 0 else None

    def _select(self, **changes: Any) -> None:
        self.selection = replace(self.selection, **changes)

    def _refresh_with_trace(self) -> None:
        """Show the news together with the trace that was asked for, once."""
        if self.document.model is None:
            self._refresh()
        elif not self._patience.isActive():
            self._patience.start()

    def _refresh_in_steps(self) -> None:
        """Show a new trace: of a network of many layers, when their pictures are computed."""
        model = self.document.model
        if model is None or len(model.layers) <= _LAYERS_AT_ONCE:
            self._refresh()
            return
        self._prepare(preparing(self.document, self.selection))

    def _prepare(self, steps: Iterator[None]) -> None:
        """Compute step by step what is shown then."""
        self._patience.stop()
        self._preparing = steps
        self._prepare_timer.start()

    @Slot()
    def _on_prepare_timer_timeout(self) -> None:
        end = time.thread_time() + _SECONDS_A_TURN
        for _ in self._preparing:
            if time.thread_time() > end:
                return
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self._patience.stop()
        self._prepare_timer.stop()
        self.contents = resolve(self.document, self.selection)
        self.contentsChanged.emit(self.contents)
