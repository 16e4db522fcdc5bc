"""What-if edits and muted filters, with undo and redo for every one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from spectracnn.gui.workspace.changes import Change
from spectracnn.gui.workspace.closing import close
from spectracnn.state.labels import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.edits import Edit
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.gui.workspace.open_document import OpenDocument

_MOST_UNDOS = 500
_THRESHOLD = 1 << 30
"""The one gesture that every move of the threshold belongs to."""


class Editing(QObject):
    """Changes the current spectrum and mutes filters; the workspace holds the outcome.

    A gesture, such as one drag of a slider, may change its edit many times: it is one step of
    undo, and one edit of the list.

    Signals
    -------
    changed
        Edits, muted filters or what can be undone are others now.
    draggingChanged : bool
        Whether points of the spectrum plot can be dragged.
    """

    changed = Signal()
    draggingChanged = Signal(bool)

    def __init__(self, workspace: OpenDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_MOST_UNDOS)
        self.stack.indexChanged.connect(self._on_stack_indexChanged)
        self._gestures = 0
        self._kept: tuple[Edit, ...] = ()
        self._edited: int | None = None
        self._dragging = False
        workspace.modelChanged.connect(self._on_workspace_modelChanged)
        workspace.currentChanged.connect(self._on_workspace_currentChanged)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was done to the current spectrum."""
        entry = self._workspace.current
        return entry.edits if entry is not None else ()

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last place that edits act on; None for all."""
        return self._workspace.choices.what_if.span

    @property
    def muted(self) -> frozenset[tuple[int, int]]:
        """Layers and channels that are set to 0."""
        return self._workspace.selection.muted

    @property
    def dragging(self) -> bool:
        """Whether points of the spectrum plot can be dragged."""
        return self._dragging

    def set_dragging(self, wanted: bool) -> None:
        """Let points of the spectrum plot be dragged, or let drags move the view again."""
        if wanted != self._dragging:
            self._dragging = wanted
            self.draggingChanged.emit(wanted)

    def begin(self, *, again: bool = False) -> None:
        """Begin a gesture: what `change` makes from here on is one edit.

        Parameters
        ----------
        again : bool
            In the place of the last edit, as when a slider that was left is moved on.
        """
        self._gestures += 1
        self._kept = self.edits[:-1] if again else self.edits
        self._edited = self._workspace.selection.current

    def change(self, edit: Edit | None) -> None:
        """Make this gesture's edit, in the place of the one it made before; None for no edit.

        Raises
        ------
        SpectrumError
            If it leaves no finite eigenvalue; nothing changes then.
        """
        if self._edited is None or self._edited != self._workspace.selection.current:
            self.begin()
        if self._edited is not None:
            edits = self._kept if edit is None else (*self._kept, edit)
            self._push_edits(self._edited, edits, "no change" if edit is None else edit.sentence)

    def make(self, edit: Edit) -> None:
        """Make one edit that is a gesture of its own."""
        self.begin()
        self.change(edit)
        self._edited = None

    def restore_original(self) -> None:
        """Take back all edits of the current spectrum; this too can be undone."""
        current = self._workspace.selection.current
        if current is not None and self.edits:
            self.begin()
            self._push_edits(current, (), "back to the original")
            self._edited = None

    def _push_edits(self, entry_id: int, after: tuple[Edit, ...], text: str) -> None:
        entry = self._workspace.document.entry(entry_id)
        if entry is None:
            return
        # Applied once, and refused here, before it could stand in the list.
        made = [entry.with_edits(after)]

        def apply(edits: object) -> None:
            if self._workspace.document.entry(entry_id) is None:
                return  # read again from its file, under another number
            self._workspace.set_current(entry_id)  # nothing changes unseen
            if made:
                self._workspace.replace_edited(made.pop())
            elif isinstance(edits, tuple):
                self._workspace.set_edits(entry_id, edits)

        name = (entry.original or entry.spectrum).name
        self.stack.push(Change(f"{name}: {text}", self._gestures, apply, entry.edits, after))

    # --- spectra -----------------------------------------------------------------------------

    def remove(self, ids: Iterable[int]) -> int:
        """Close spectra, which can be undone while they fit into memory, and return how many."""
        self._gestures += 1
        return close(self._workspace, self.stack, self._gestures, ids)

    def set_labels(self, ids: Iterable[int], text: str) -> None:
        """Give spectra a label; one step of undo.

        Parameters
        ----------
        ids : iterable of int
            Entries.
        text : str
            The label; empty for none.
        """
        document = self._workspace.document
        entries = [entry for item in ids if (entry := document.entry(item)) is not None]
        before = {entry.id: label_of(document, entry) for entry in entries}
        after = dict.fromkeys(before, text.strip())
        if before == after:
            return
        what = entries[0].spectrum.name if len(entries) == 1 else f"{len(entries)} spectra"

        def apply(labels: object) -> None:
            if isinstance(labels, dict):
                self._workspace.set_labels(labels)

        self._gestures += 1
        self.stack.push(Change(f"label of {what}", self._gestures, apply, before, after))

    # --- tools -------------------------------------------------------------------------------

    def new_gesture(self) -> int:
        """Return a number for a gesture that goes on over many changes."""
        self._gestures += 1
        return self._gestures

    def choose(self, tool: str, record: object, text: str, gesture: int | None = None) -> None:
        """Change what a tool shows.

        Parameters
        ----------
        tool : str
            A field of `spectracnn.state.tools.ToolChoices`.
        record : object
            The new one.
        text : str
            What was chosen, for the history.
        gesture : int, optional
            From `new_gesture`, where changes in a row are one step.
        """

        def apply(after: object) -> None:
            changes: dict[str, Any] = {tool: after}
            self._workspace.set_choices(replace(self._workspace.choices, **changes))

        before = getattr(self._workspace.choices, tool)
        self.stack.push(Change(text, gesture or self.new_gesture(), apply, before, record))

    # --- weights -----------------------------------------------------------------------------

    def begin_weights(self) -> None:
        """Begin a gesture on weights: what follows, up to the next one, is one step of undo."""
        self._gestures += 1

    def set_weights(self, edits: tuple[WeightEdit, ...], text: str) -> None:
        """Look through the network with these weights instead of those before.

        Parameters
        ----------
        edits : tuple of WeightEdit
            All that differ from the model's own; empty for the model as it is.
        text : str
            What was done, for the history.
        """

        def apply(after: object) -> None:
            if isinstance(after, tuple):
                self._workspace.set_weight_edits(after)

        before = self._workspace.selection.weight_edits
        self.stack.push(Change(text, self._gestures, apply, before, edits))

    # --- how answers are read ----------------------------------------------------------------

    @Slot(float)
    def set_threshold(self, threshold: float) -> None:
        """Say a class or a label from another probability on; moves in a row are one step."""
        model = self._workspace.document.model
        if model is None or model.card.threshold == threshold:
            return

        def apply(value: object) -> None:
            if isinstance(value, float):
                self._workspace.set_threshold(value)

        before, text = model.card.threshold, f"threshold {threshold:g}"
        self.stack.push(Change(text, _THRESHOLD, apply, before, threshold))

    # --- filters -----------------------------------------------------------------------------

    def toggle_mute(self, layer: int, channel: int) -> None:
        """Mute a filter, or unmute it."""
        wanted = self.muted ^ {(layer, channel)}
        verb = "mute" if (layer, channel) in wanted else "unmute"
        self._push_muted(wanted, f"{verb} filter {channel} of {self._name(layer)}")

    def solo(self, layer: int, channel: int) -> None:
        """Mute all other filters of the layer; for the same one again: unmute them."""
        model = self._workspace.document.model
        if model is None:
            return
        channels = model.layers[layer].output_shape[-1]
        others = {(layer, c) for c in range(channels) if c != channel}
        elsewhere = {(at, c) for at, c in self.muted if at != layer}
        again = others <= self.muted and (layer, channel) not in self.muted
        wanted = frozenset(elsewhere if again else elsewhere | others)
        text = f"unmute {self._name(layer)}" if again else f"solo filter {channel}"
        self._push_muted(wanted, text if again else f"{text} of {self._name(layer)}")

    def unmute_all(self) -> None:
        """Let every filter speak."""
        if self.muted:
            self._push_muted(frozenset(), "unmute all filters")

    def _push_muted(self, after: frozenset[tuple[int, int]], text: str) -> None:
        self._gestures += 1

        def apply(muted: object) -> None:
            if isinstance(muted, frozenset):
                self._workspace.set_muted(muted)

        self.stack.push(Change(text, self._gestures, apply, self.muted, after))

    def _name(self, layer: int) -> str:
        model = self._workspace.document.model
        return model.layers[layer].name if model is not None else str(layer)

    # --- within ------------------------------------------------------------------------------

    @Slot(int)
    def _on_stack_indexChanged(self, _index: int) -> None:
        self.changed.emit()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        # Steps back would bring edits and filters of another network.
        self._edited = None
        self.stack.clear()
        self.changed.emit()

    @Slot(object)
    def _on_workspace_currentChanged(self, _selection: object) -> None:
        self._edited = None
        self.changed.emit()
