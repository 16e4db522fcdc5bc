"""The window that shows all spectra as points, and who lies near whom."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

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

from spectracnn.core.features import INPUT, Reduction
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.embedding.gathering import Gathering, output_shape
from spectracnn.gui.tools.embedding.scatter import MOST_NAMED, Scatter
from spectracnn.gui.widgets.background import Background
from spectracnn.state.script import ScriptView
from spectracnn.view.colouring import colouring, fields
from spectracnn.view.embedding import component_labels, nearest
from spectracnn.view.tool_pictures import PointsPicture, ToolView

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.entry import Entry

    _Near = dict[str, list[tuple[int, float]]]

_AT_ONCE = 2000
"""Among more spectra neighbours are looked for in a thread."""
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
        self.gathering = Gathering(context.workspace, context.broker, self.isVisible, self)
        self._near_background = Background(self._show_neighbours, self)
        self._model: object = None
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
        self.gathering.noted.connect(self.note.setText)
        self.gathering.embedded.connect(self._draw)
        self.gathering.shapesCompared.connect(self._list_neighbours)
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
        shape = output_shape(document.model, layer)
        self.reduction_box.setEnabled(len(shape) >= 2)
        self.gathering.request(layer, Reduction(self.reduction_box.currentData()))

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

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def _draw(self) -> None:
        document, theme = self._workspace.document, self._context.themes.theme
        if self.gathering.embedding is None or len(document.entries) != len(
            self.gathering.embedding.points
        ):
            return
        colours = colouring(document, self.colour_box.currentText(), theme.dark)
        looks = list(zip(colours.colours, colours.symbols, strict=True))
        entries = document.entries if len(document.entries) <= MOST_NAMED else ()
        names = [f"  {entry.spectrum.name}" for entry in entries]
        self.scatter.show_points(self.gathering.embedding.points, looks, names, theme)
        for name, text in zip(
            ("bottom", "left"), component_labels(self.gathering.embedding), strict=True
        ):
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

    @Slot()
    def _list_neighbours(self) -> None:
        document, current = self._workspace.document, self._workspace.selection.current
        place = document.rows.get(current) if current is not None else None
        name = document.entries[place].spectrum.name if place is not None else ""
        self.headings["network"].setText(f"Nearest to {name} in this layer" if name else "")
        self.headings["dna"].setText("Nearest by ShapeDNA" if name else "")
        self.rule.setText(
            f"ShapeDNA: {self.gathering.dna.rule}." if self.gathering.dna is not None else ""
        )
        dna = self.gathering.dna.values if self.gathering.dna is not None else None
        sources = {"network": self.gathering.features, "dna": dna}
        known: dict[str, NDArray[Any]] = {
            key: np.asarray(values)
            for key, values in sources.items()
            if values is not None and len(values) == len(document.entries)
        }
        if place is None or len(document.entries) <= _AT_ONCE:
            self._show_neighbours((document.entries, _neighbours(known, place)))
        else:
            find = partial(_neighbours, known, place)
            self._near_background.run(lambda: (document.entries, find()))

    def _show_neighbours(self, found: tuple[tuple[Entry, ...], _Near]) -> None:
        entries, rows = found
        for key, widget in self.near.items():
            widget.clear()
            for row, distance in rows.get(key, ()):
                item = QListWidgetItem(f"{entries[row].spectrum.name}   {distance:.3g}")
                item.setData(Qt.ItemDataRole.UserRole, entries[row].id)
                widget.addItem(item)

    @Slot()
    def copy(self) -> None:
        """Put the points into the clipboard, tab-separated."""
        if self.gathering.embedding is not None:
            QGuiApplication.clipboard().setText(self.values_tsv())

    def figure_view(self) -> ToolView | None:
        """Return the points as they are shown, for a figure."""
        document, theme = self._workspace.document, self._context.themes.theme
        if self.gathering.embedding is None or len(document.entries) != len(
            self.gathering.embedding.points
        ):
            return None
        look = colouring(document, self.colour_box.currentText(), theme.dark)
        current = self._workspace.selection.current
        picture = PointsPicture(
            self.gathering.embedding.points,
            tuple(entry.spectrum.name for entry in document.entries),
            look.colours,
            look.symbols,
            look.legend,
            component_labels(self.gathering.embedding),
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
        if self.gathering.embedding is None:
            return ""
        lines = ["name\tfile\tcomponent 1\tcomponent 2"]
        for entry, point in zip(document.entries, self.gathering.embedding.points, strict=False):
            source = entry.spectrum.source
            file = source.name if source is not None else ""
            cells = (entry.spectrum.name, file, repr(float(point[0])), repr(float(point[1])))
            lines.append("\t".join(cells))
        return "\n".join(lines) + "\n"

    # --- what happens ------------------------------------------------------------------------

    @Slot(object)
    def _on_scatter_brushed(self, places: list[int]) -> None:
        inside = [self.gathering.ids[place] for place in places if place < len(self.gathering.ids)]
        if inside:
            self._workspace.set_overlaid(inside)
            if self._workspace.selection.current not in inside:
                self._workspace.set_current(inside[0])

    @Slot(int)
    def _on_scatter_chosen(self, place: int) -> None:
        if place < len(self.gathering.ids):
            self._workspace.set_current(self.gathering.ids[place])

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
        if self.isVisible() and self.gathering.embedding is not None:
            self._mark()

    @Slot(object)
    def _on_themes_themeChanged(self, theme: object) -> None:
        self.scatter.apply_theme(self._context.themes.theme)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request()


def _neighbours(sources: dict[str, NDArray[Any]], place: int | None) -> _Near:
    """Return the rows that lie nearest to one, by each of the sources."""
    if place is None:
        return {}
    return {key: nearest(values, place) for key, values in sources.items()}
