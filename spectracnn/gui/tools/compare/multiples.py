"""Small multiples: one layer for up to twelve spectra, side by side on one scale."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, QTimer, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.layer_box import LayerBox, as_drawn, has_filters, strongest
from spectracnn.gui.widgets.colour_bar import ColourBar
from spectracnn.state.document import current_entry
from spectracnn.state.requests import trace_request
from spectracnn.state.script import ScriptView
from spectracnn.state.selection import ROBUST, Stage
from spectracnn.view.layers import layer_palette
from spectracnn.view.palettes import Palette, colour_table
from spectracnn.view.ranges import clipped, colour_levels
from spectracnn.view.tool_pictures import MultiplesPicture, ToolView

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from spectracnn.core.trace import Trace
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.document import Entry

MOST = 12
_COLUMNS = 4
_NEW_AT_ONCE = 4


class MultiplesTab(QWidget):
    """A grid of heat maps of the ticked spectra; a click shows that spectrum."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self.traces: dict[int, Trace] = {}
        self._keys: dict[int, Hashable] = {}
        self.problems: dict[int, str] = {}
        self._drawn: Hashable = None
        self.layer_box = LayerBox(has_filters)
        self.channel_box = QSpinBox(prefix="channel ")
        self.channel_box.setAccessibleName("Channel that is shown of a map with rows")
        self.channel_box.hide()
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.colour_bar = ColourBar()
        self.grid = pg.GraphicsLayoutWidget()
        self.grid.setAccessibleName("One layer for several spectra")
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(QLabel("Layer"))
        row.addWidget(self.layer_box)
        row.addWidget(self.channel_box)
        row.addWidget(self.note, 1)
        row.addWidget(self.colour_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.grid, 1)
        self._chosen = Chosen(self._workspace, "multiples", "Small multiples", self)
        self._chosen.bind("layer", self.layer_box, "layer", resets=("channel",))
        self._chosen.bind("channel", self.channel_box, "channel")
        self._chosen.changed.connect(self._on_chosen_changed)
        self._workspace.overlaidChanged.connect(self._on_workspace_changed)
        self._workspace.entriesReset.connect(self._on_workspace_changed)
        self._workspace.contentsChanged.connect(self._on_workspace_changed)
        self._workspace.modelChanged.connect(self._on_workspace_modelChanged)
        context.themes.themeChanged.connect(self._on_themes_themeChanged)
        self.grid.scene().sigMouseClicked.connect(self._on_scene_clicked)
        self._made: list[tuple[pg.PlotItem, pg.ImageItem]] = []
        self._cells: dict[int, pg.PlotItem] = {}
        self._picture: MultiplesPicture | None = None
        self._images: dict[int, pg.ImageItem] = {}
        self._laid_out: Hashable = None
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._on_more_timeout)

    def entries(self) -> list[Entry]:
        """Return which spectra are shown: the ticked ones, the current one first."""
        selection = self._workspace.selection
        ticked = [e for e in self._workspace.document.entries if e.id in selection.overlaid]
        current = current_entry(self._workspace.document, selection)
        if current is not None:
            ticked = [current, *(e for e in ticked if e.id != current.id)]
        return ticked[:MOST]

    def _request(self) -> None:
        document, selection = self._workspace.document, self._workspace.selection
        if not self.isVisible() or document.model is None:
            return
        self.layer_box.show_model(document.model)
        self._chosen.show()
        for entry in self.entries():
            made = trace_request(document, selection, entry.id)
            if made is None or self._keys.get(entry.id) == made.key:
                continue
            self._keys[entry.id] = made.key
            self.traces.pop(entry.id, None)
            self._context.broker.submit(
                made.request,
                f"multiple {entry.id}",
                Policy.LATEST_WINS,
                partial(self._receive, entry.id, made.key),
                partial(self._fail, entry.id),
                key=made.key,
                wanted=self.isVisible,
            )
        about = tuple((entry.id, self._keys.get(entry.id)) for entry in self.entries())
        if about != self._drawn:
            self._drawn = about
            self._draw()

    def _receive(self, entry_id: int, key: Hashable, trace: Trace) -> None:
        if self._keys.get(entry_id) == key:
            self.traces[entry_id] = trace
            self.problems.pop(entry_id, None)
            self._draw()

    def _fail(self, entry_id: int, error: SpectraCNNError) -> None:
        self.problems[entry_id] = error.message
        self._draw()

    def _sentence(self) -> str:
        """Return what is to be said beside the layer's name."""
        ticked = len(self._workspace.selection.overlaid)
        shown = {entry.id for entry in self.entries()}
        problems = [text for entry_id, text in self.problems.items() if entry_id in shown]
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            return f"{problems[0]}{more}"
        return f"the first {MOST} of {ticked} ticked spectra" if ticked > MOST else ""

    def figure_view(self) -> ToolView | None:
        """Return the maps as they are shown, for a figure."""
        if self._picture is None:
            return None
        return ToolView(self._picture, self._context.themes.theme.dark)

    def script_view(self) -> ScriptView | None:
        """Return the maps as they are shown, for a script."""
        layer, entries = self.layer_box.layer, self.entries()
        if layer is None or not entries:
            return None
        channel = self.channel
        part = "" if channel is None else f"[..., {channel}]"
        return ScriptView(
            (
                f"shown = {{place: scene.trace(place).layer({layer}) for place in <shown>}}",
                f"maps = {{spectra[place].name: values[0]{part} for place, values in "
                "shown.items()}",
            ),
            {"shown": tuple(entry.id for entry in entries)},
        )

    def _lay_out(self) -> None:
        """Give each spectrum a cell, in which its map appears when it arrives.

        A cell takes some milliseconds to make: those that stand are used again, and of many new
        ones some are made in the next turn of the event loop.
        """
        theme, entries = self._context.themes.theme, self.entries()
        for cell, _ in self._made[len(entries) :]:
            self.grid.removeItem(cell)
        del self._made[len(entries) :]
        most = min(len(entries), len(self._made) + _NEW_AT_ONCE)
        self._made += [self._make_cell(place) for place in range(len(self._made), most)]
        self._cells, self._images = {}, {}
        for entry, (cell, image) in zip(entries, self._made, strict=False):
            cell.setTitle(entry.spectrum.name, color=theme.ink, size="9pt")
            for name in ("left", "bottom"):
                axis = cell.getAxis(name)
                axis.setPen(QColor(theme.line))
                axis.setTextPen(QColor(theme.muted))
            self._cells[entry.id], self._images[entry.id] = cell, image
        if len(self._made) < len(entries):
            self._more.start()

    def _make_cell(self, place: int) -> tuple[pg.PlotItem, pg.ImageItem]:
        cell = self.grid.addPlot(*divmod(place, _COLUMNS), enableMenu=False)
        image = pg.ImageItem(axisOrder="row-major")
        cell.addItem(image)
        cell.hideButtons()
        cell.invertY(True)
        cell.setMouseEnabled(x=False, y=False)
        return cell, image

    def _draw(self) -> None:
        """Show the maps that are there; the grid stays as it is while others arrive."""
        model, layer = self._workspace.document.model, self.layer_box.layer
        theme = self._context.themes.theme
        self.grid.setBackground(QColor(theme.ground))
        self.note.setText(self._sentence())
        names = tuple((entry.id, entry.spectrum.name) for entry in self.entries())
        self._picture = None
        laid_out = (names, theme)
        if laid_out != self._laid_out:
            self._laid_out = laid_out
            self._lay_out()
        self._show_channels()
        arrays = {} if model is None or layer is None else self._arrays(layer)
        for entry_id, image in self._images.items():
            image.setVisible(entry_id in arrays)
        if model is None or layer is None or not arrays:
            return
        found = {layer_palette(model.layers[layer], a, Stage.AFTER) for a in arrays.values()}
        palette = Palette.SIGNED if Palette.SIGNED in found else Palette.POSITIVE
        together = np.concatenate([array.ravel() for array in arrays.values()])
        levels = colour_levels(together, palette, ROBUST)
        self.colour_bar.clipped = clipped(together, levels)
        self.colour_bar.set_range(palette, levels, False, theme)
        shown = dict(names)
        self._picture = MultiplesPicture(
            self._title(model.layers[layer].name),
            tuple(shown[entry_id] for entry_id in arrays),
            tuple(arrays.values()),
            palette,
            levels,
        )
        table = colour_table(palette, theme.dark)
        for entry_id, array in arrays.items():
            image = self._images[entry_id]
            image.setImage(array.T, autoLevels=False, levels=levels)
            image.setLookupTable(table)

    def _outputs(self, layer: int) -> dict[int, NDArray[np.floating]]:
        """Return the layer's outputs that have arrived, by entry."""
        found = {}
        for entry_id in self._images:
            trace = self.traces.get(entry_id)
            if trace is not None and layer < len(trace.layers):
                output = trace.layers[layer].output
                if output.ndim in (2, 3):
                    found[entry_id] = output
        return found

    def _arrays(self, layer: int) -> dict[int, NDArray[np.floating]]:
        """Return the maps as they are drawn, along the columns first."""
        channel = self.channel or 0
        return {at: as_drawn(output, channel) for at, output in self._outputs(layer).items()}

    @property
    def channel(self) -> int | None:
        """The channel that is shown of a layer with rows and columns; None for any other."""
        return self.channel_box.value() if self.channel_box.isVisibleTo(self) else None

    def _show_channels(self) -> None:
        """Offer the channels of a layer with rows and columns."""
        model, layer = self._workspace.document.model, self.layer_box.layer
        shape = () if model is None or layer is None else model.layers[layer].output_shape
        self.channel_box.setVisible(len(shape) == 3)
        if layer is None or len(shape) != 3:
            return
        with self._chosen.quiet(), QSignalBlocker(self.channel_box):
            self.channel_box.setMaximum(int(shape[-1] or 1) - 1)
            if self._chosen.record.channel is None:
                self.channel_box.setValue(strongest(self._outputs(layer).values()))
            else:
                self._chosen.show("channel")

    def _title(self, name: str) -> str:
        return name if self.channel is None else f"{name}, channel {self.channel}"

    @Slot(object)
    def _on_scene_clicked(self, event: object) -> None:
        at = event.scenePos()  # type: ignore[attr-defined]
        for entry_id, cell in self._cells.items():
            if cell.sceneBoundingRect().contains(at):
                self._workspace.set_current(entry_id)
                return

    @Slot()
    def _on_more_timeout(self) -> None:
        self._laid_out = None
        self._draw()

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._draw()

    @Slot(object)
    def _on_workspace_changed(self, _what: object) -> None:
        self._request()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self.traces, self._keys, self.problems = {}, {}, {}
        self._request()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        if self.isVisible():
            self._draw()
        else:
            self._drawn = None  # when it is shown again

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request()
