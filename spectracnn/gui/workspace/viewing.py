"""What is looked at, and how: the frozen selection, and every change of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.gui.workspace.pacing import Pacer
from spectracnn.state.document import Document, Entry, current_entry
from spectracnn.state.selection import ChannelOrder, Sample, Selection, with_colour_range
from spectracnn.view.resolve import preparing, resolve
from spectracnn.view.spectra import prepare_points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.state.selection import ColourRange, LayerOptions
    from spectracnn.view.contents import Contents

_LAYERS_AT_ONCE, _CURVES_AT_ONCE = 12, 50


class Viewing(QObject):
    """Holds document and selection, changes what is looked at and how, and shows it.

    Every method is one change, followed by the signals that say what is different now.

    Signals
    -------
    contentsChanged : Contents
        What the panels show.
    currentChanged, overlaidChanged : Selection
    rowsChosen : list of int
        A view names entries whose rows are to be seen.
    """

    contentsChanged = Signal(object)
    currentChanged = Signal(object)
    overlaidChanged = Signal(object)
    rowsChosen = Signal(object)

    def __init__(self, inference: Inference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = Document()
        self.selection = Selection()
        self.contents: Contents = resolve(self.document, self.selection)
        self._inference = inference
        self._pacer = Pacer(self)
        self._pacer.due.connect(self._refresh)

    @property
    def current(self) -> Entry | None:
        """The entry whose maps are shown; None where none is."""
        return current_entry(self.document, self.selection)

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
            self._pacer.compute(prepare_points(self.document, self.selection))
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
        """Show the news together with the trace that was requested, once."""
        if self.document.model is None:
            self._refresh()
        else:
            self._pacer.wait_for_trace()

    def _refresh_in_steps(self) -> None:
        """Show a new trace: of a network of many layers, when their pictures are computed."""
        model = self.document.model
        if model is None or len(model.layers) <= _LAYERS_AT_ONCE:
            self._refresh()
        else:
            self._pacer.compute(preparing(self.document, self.selection))

    @Slot()
    def _refresh(self) -> None:
        self._pacer.stop()
        self.contents = resolve(self.document, self.selection)
        self.contentsChanged.emit(self.contents)
