"""The window that shows all spectra as points, and who lies near whom."""

from __future__ import annotations

import math
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.features import INPUT, Axes, Reduction
from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.embedding.scatter import Scatter
from spectracnn.gui.widgets.background import Background
from spectracnn.state.requests import features_key, features_request
from spectracnn.state.script import ScriptView
from spectracnn.view.colouring import colouring, fields
from spectracnn.view.embedding import (
    Embedding,
    component_labels,
    leading_axes,
    nearest,
    principal_components,
    projected,
    shape_dna,
)
from spectracnn.view.tool_pictures import PointsPicture, ToolView

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from spectracnn.core.requests import CollectFeatures
    from spectracnn.engine.messages import BatchFeatures
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.requests import Made
    from spectracnn.view.embedding import ShapeDNA

_OWNER = "embedding"
MOST_NUMBERS = 16 << 20
"""So many numbers of a layer are kept of all spectra; of more, coordinates along some axes."""
MOST_SAMPLED = 3_000
"""From so many spectra these axes are found."""
_MOST_IN_LEGEND = 24
_REDUCTIONS = {
    Reduction.FLAT: "all samples",
    Reduction.MEAN: "mean over steps",
    Reduction.MAX: "maximum over steps",
}


class EmbeddingTool(QWidget):
    """A scatter of principal components with neighbours beside it."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self._background = Background(self._receive_embedding, self)
        self._dna_background = Background(self._receive_dna, self)
        self._key: Hashable = None
        self._ids: tuple[int, ...] = ()
        self._features: NDArray[np.float32] | None = None
        self._axes: Axes | None = None
        self._dna: ShapeDNA | None = None
        self._model: object = None
        self.embedding: Embedding | None = None
        self._chosen = Chosen(self._workspace, "embedding", "Embedding", self)
        self.resize(1040, 700)
        self._make_widgets()
        self._arrange()
        self._connect()
        self.scatter.apply_theme(context.themes.theme)

    def _make_widgets(self) -> None:
        self.layer_box, self.reduction_box, self.colour_box = QComboBox(), QComboBox(), QComboBox()
        for box, name in (
            (self.layer_box, "Layer whose output makes the points"),
            (self.reduction_box, "How a feature map becomes numbers"),
            (self.colour_box, "What colours mean"),
        ):
            box.setAccessibleName(name)
            box.setMinimumWidth(130)
        for reduction, words in _REDUCTIONS.items():
            self.reduction_box.addItem(words, reduction)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.scatter = Scatter()
        self.legend = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self.near = {"network": QListWidget(), "dna": QListWidget()}
        self.headings = {"network": QLabel(), "dna": QLabel()}
        for key, widget in self.near.items():
            widget.setProperty("framed", True)
            widget.setAccessibleName(f"Nearest by {key}")
            self.headings[key].setProperty("title", True)
        self.rule = QLabel(wordWrap=True)
        self.rule.setProperty("muted", True)
        self.hint = QLabel("Drag over points to tick them; click one to show it.", wordWrap=True)
        self.hint.setProperty("muted", True)
        self.copy_button = QPushButton("Copy points")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for text, box in (
            ("Layer", self.layer_box),
            ("", self.reduction_box),
            ("Colour", self.colour_box),
        ):
            if text:
                row.addWidget(QLabel(text))
            row.addWidget(box)
        row.addWidget(self.note, 1)
        side = QFrame()
        side.setProperty("card", True)
        side.setFixedWidth(260)
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.legend)
        for key in ("network", "dna"):
            column.addWidget(self.headings[key])
            column.addWidget(self.near[key], 1)
        column.addWidget(self.rule)
        column.addWidget(self.hint)
        column.addWidget(self.copy_button)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.scatter, 1)
        body.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self._chosen.bind("layer", self.layer_box, "layer", self._usual_layer)
        self._chosen.bind("reduction", self.reduction_box, "numbers of a feature map")
        self._chosen.bind("colour", self.colour_box, "colours")
        self._chosen.changed.connect(self._on_chosen_changed)
        self.scatter.brushed.connect(self._on_scatter_brushed)
        self.scatter.chosen.connect(self._on_scatter_chosen)
        self.copy_button.clicked.connect(self.copy)
        for widget in self.near.values():
            widget.itemClicked.connect(self._on_near_itemClicked)
        workspace = self._workspace
        workspace.entriesReset.connect(self._on_workspace_changed)
        workspace.modelChanged.connect(self._on_workspace_changed)
        workspace.entriesUpdated.connect(self._on_workspace_entriesUpdated)
        workspace.currentChanged.connect(self._on_workspace_selectionChanged)
        workspace.overlaidChanged.connect(self._on_workspace_selectionChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- computing ---------------------------------------------------------------------------

    def _request(self) -> None:
        document = self._workspace.document
        if not self.isVisible() or document.model is None or not document.entries:
            return
        self._offer()
        layer = self.layer_box.currentData()
        shape = (
            document.model.layers[layer].output_shape
            if layer != INPUT
            else document.model.input_shape
        )
        self.reduction_box.setEnabled(len(shape) >= 2)
        reduction = Reduction(self.reduction_box.currentData())
        wanted = document, self._workspace.selection, layer, reduction
        key = features_key(*wanted)
        if key == self._key:
            return
        self._key, self._axes = key, None
        self._ids = tuple(document.answers.ids.tolist())
        size = math.prod(shape) if reduction is Reduction.FLAT else shape[-1]
        few = size * len(self._ids) <= MOST_NUMBERS
        self._submit(features_request(*wanted, most=None if few else MOST_SAMPLED), few)
        spectra = tuple(entry.spectrum for entry in document.entries)
        self._dna_background.run(partial(shape_dna, spectra))

    def _submit(self, made: Made[CollectFeatures] | None, whole: bool) -> None:
        if made is None:
            return
        self.note.setText(f"Collecting from {len(made.entries):,} spectra \u2026")
        self._context.broker.submit(
            made.request,
            _OWNER,
            Policy.LATEST_WINS,
            self._receive if whole else self._receive_sample,
            self._fail,
            key=made.key,
            wanted=self.isVisible,
        )

    def _receive_sample(self, features: BatchFeatures) -> None:
        """Find the axes of a sample; all spectra are projected onto them by the engine."""
        self._background.run(partial(leading_axes, features.values))

    def _project(self, axes: Axes) -> None:
        self._axes = axes
        layer, reduction = self.layer_box.currentData(), self.reduction_box.currentData()
        document, selection = self._workspace.document, self._workspace.selection
        wanted = document, selection, layer, Reduction(reduction)
        if features_key(*wanted) == self._key:
            self._submit(features_request(*wanted, axes=axes), True)
        else:
            self._request()

    def _offer(self) -> None:
        document = self._workspace.document
        model = document.model
        if model is not None and model is not self._model:
            self._model = model
            self.layer_box.clear()
            self.layer_box.addItem("model's input", INPUT)
            for place, info in enumerate(model.layers):
                self.layer_box.addItem(info.name, place)
        offered = fields(document)
        if [self.colour_box.itemText(i) for i in range(self.colour_box.count())] != offered:
            self.colour_box.clear()
            for name in offered:
                self.colour_box.addItem(name, name)
        self._chosen.show()

    def _usual_layer(self) -> int | None:
        """Return the layer before the last, which says most of the classes."""
        found = self.layer_box.itemData(max(self.layer_box.count() - 2, 0))
        return None if found is None else int(found)

    def _receive(self, features: BatchFeatures) -> None:
        self._features = features.values
        refused = sum(error is not None for error in features.errors)
        text = f"The model cannot read {refused} of the spectra." if refused else ""
        model = self._workspace.document.model
        if not text and model is not None and len(model.structures) > 1:
            text = "All structures of a subject share one point: the model reads them together."
        if self._axes is not None:
            text += (
                f" Axes of {self._axes.found_from:,} spectra drawn at random; neighbours by the "
                f"first {len(self._axes.shares)} components."
            )
        self.note.setText(text.strip())
        if self._axes is None:
            self._background.run(partial(principal_components, features.values))
        else:
            self._background.run(partial(projected, features.values, self._axes))

    def _receive_embedding(self, found: Embedding | Axes) -> None:
        if isinstance(found, Axes):
            self._project(found)
            return
        self.embedding = found
        self._draw()

    def _receive_dna(self, dna: ShapeDNA) -> None:
        self._dna = dna
        self._list_neighbours()

    def _fail(self, error: SpectraCNNError) -> None:
        self.note.setText(error.message)

    # --- showing -----------------------------------------------------------------------------

    def _draw(self) -> None:
        document, theme = self._workspace.document, self._context.themes.theme
        if self.embedding is None or len(document.entries) != len(self.embedding.points):
            return
        colours = colouring(document, self.colour_box.currentText(), theme.dark)
        looks = list(zip(colours.colours, colours.symbols, strict=True))
        names = [f"  {entry.spectrum.name}" for entry in document.entries]
        self.scatter.show_points(self.embedding.points, looks, names, theme)
        for name, text in zip(("bottom", "left"), component_labels(self.embedding), strict=True):
            self.scatter.getAxis(name).setLabel(text, color=theme.muted)
        shown = colours.legend[:_MOST_IN_LEGEND]
        parts = [
            f'<span style="color:{colour}">{symbol}</span>&nbsp;{escape(word)}'
            for word, colour, symbol in shown
        ]
        if len(colours.legend) > len(shown):
            parts.append(f"+ {len(colours.legend) - len(shown)} more")
        self.legend.setText("&nbsp; ".join(parts))
        self._mark()

    def _mark(self) -> None:
        selection, rows = self._workspace.selection, self._workspace.document.rows
        current = rows.get(selection.current) if selection.current is not None else None
        # Rings around everything would say nothing.
        all_ticked = len(selection.overlaid) >= len(rows)
        ticked = [] if all_ticked else [rows[i] for i in selection.overlaid if i in rows]
        self.scatter.mark(ticked, current, self._context.themes.theme)
        self._list_neighbours()

    def _list_neighbours(self) -> None:
        document, current = self._workspace.document, self._workspace.selection.current
        place = document.rows.get(current) if current is not None else None
        name = document.entries[place].spectrum.name if place is not None else ""
        self.headings["network"].setText(f"Nearest to {name} in this layer" if name else "")
        self.headings["dna"].setText("Nearest by ShapeDNA" if name else "")
        self.rule.setText(f"ShapeDNA: {self._dna.rule}." if self._dna is not None else "")
        dna = self._dna.values if self._dna is not None else None
        sources = {"network": self._features, "dna": dna}
        for key, values in sources.items():
            widget = self.near[key]
            widget.clear()
            if place is None or values is None or len(values) != len(document.entries):
                continue
            for row, distance in nearest(np.asarray(values), place):
                item = QListWidgetItem(f"{document.entries[row].spectrum.name}   {distance:.3g}")
                item.setData(Qt.ItemDataRole.UserRole, document.entries[row].id)
                widget.addItem(item)

    @Slot()
    def copy(self) -> None:
        """Put the points into the clipboard, tab-separated."""
        if self.embedding is not None:
            QGuiApplication.clipboard().setText(self.values_tsv())

    def figure_view(self) -> ToolView | None:
        """Return the points as they are shown, for a figure."""
        document, theme = self._workspace.document, self._context.themes.theme
        if self.embedding is None or len(document.entries) != len(self.embedding.points):
            return None
        look = colouring(document, self.colour_box.currentText(), theme.dark)
        current = self._workspace.selection.current
        picture = PointsPicture(
            self.embedding.points,
            tuple(entry.spectrum.name for entry in document.entries),
            look.colours,
            look.symbols,
            look.legend,
            component_labels(self.embedding),
            document.rows.get(current) if current is not None else None,
        )
        return ToolView(picture, theme.dark)

    def script_view(self) -> ScriptView | None:
        """Return the points as they are shown, for a script."""
        layer = self.layer_box.currentData()
        if layer is None:
            return None
        reduction = Reduction(self.reduction_box.currentData())
        colour = self.colour_box.currentText()
        return ScriptView(
            (
                f"points = scene.embedding({layer}, {reduction.value!r})",
                "neighbours = points.neighbours(current)",
                "neighbours_by_shape = points.neighbours_by_shape(current)",
                f"figure = points.figure({colour!r}, current)",
            ),
            everything=True,
        )

    def values_tsv(self) -> str:
        """Return the points, tab-separated."""
        document = self._workspace.document
        if self.embedding is None:
            return ""
        lines = ["name\tfile\tcomponent 1\tcomponent 2"]
        for entry, point in zip(document.entries, self.embedding.points, strict=False):
            source = entry.spectrum.source
            file = source.name if source is not None else ""
            cells = (entry.spectrum.name, file, repr(float(point[0])), repr(float(point[1])))
            lines.append("\t".join(cells))
        return "\n".join(lines) + "\n"

    # --- what happens ------------------------------------------------------------------------

    @Slot(object)
    def _on_scatter_brushed(self, places: list[int]) -> None:
        inside = [self._ids[place] for place in places if place < len(self._ids)]
        if inside:
            self._workspace.set_overlaid(inside)
            if self._workspace.selection.current not in inside:
                self._workspace.set_current(inside[0])

    @Slot(int)
    def _on_scatter_chosen(self, place: int) -> None:
        if place < len(self._ids):
            self._workspace.set_current(self._ids[place])

    @Slot(QListWidgetItem)
    def _on_near_itemClicked(self, item: QListWidgetItem) -> None:
        self._workspace.set_current(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._request()
        self._draw()

    @Slot(object)
    def _on_workspace_changed(self, _what: object) -> None:
        self._request()

    @Slot(object, int, int)
    def _on_workspace_entriesUpdated(self, _document: object, _first: int, _last: int) -> None:
        if self.isVisible():
            self._request()
            self._draw()

    @Slot(object)
    def _on_workspace_selectionChanged(self, _selection: object) -> None:
        if self.isVisible() and self.embedding is not None:
            self._mark()

    @Slot(object)
    def _on_themes_themeChanged(self, theme: object) -> None:
        self.scatter.apply_theme(self._context.themes.theme)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request()
