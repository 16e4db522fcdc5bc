"""A layer's filters in numbers: how much, how often, how alike, and what excites one most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import (
    QGraphicsRectItem,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.features import Reduction
from spectracnn.engine.broker import Policy
from spectracnn.gui.theme import number_font
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.layer_box import LayerBox, by_place, has_filters
from spectracnn.state.group_requests import features_key, features_request
from spectracnn.state.script import ScriptView
from spectracnn.state.selection import Sample
from spectracnn.view.palettes import MISSING, Palette, colour_table
from spectracnn.view.statistics import LayerStatistics, exciting, layer_statistics
from spectracnn.view.tool_pictures import StatisticsPicture, ToolView

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QShowEvent

    from spectracnn.engine.messages import BatchFeatures
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.context import ToolContext

_OWNER = "layer statistics"
_HEADINGS = ("filter", "mean", "spread", "zeros", "largest", "")
_TIPS = (
    "Which feature map",
    "Mean over the steps of the spectrum that is shown",
    "Standard deviation over its steps",
    "Share of its samples that are exactly 0",
    "Largest output over all open spectra",
    "Dead: no open spectrum activates it",
)


class _Number(QTableWidgetItem):
    """Sorts by value, not by text."""

    def __init__(self, value: float, text: str) -> None:
        super().__init__(text)
        self._value = value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return self._value < other._value if isinstance(other, _Number) else False


class StatisticsTab(QWidget):
    """Table of filters, their correlation, and the spectra that excite the chosen one."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._workspace = context, context.workspace
        self._maxima: BatchFeatures | None = None
        self._ids: tuple[int, ...] = ()
        self._key: Hashable = None
        self._shown: tuple[object, ...] = ()
        self.statistics: LayerStatistics | None = None
        self._chosen = Chosen(self._workspace, "statistics", "Layer statistics", self)
        self.layer_box = LayerBox(has_filters)
        self.note = QLabel()
        self.note.setProperty("muted", True)
        self.table = QTableWidget(0, len(_HEADINGS))
        for column, (heading, tip) in enumerate(zip(_HEADINGS, _TIPS, strict=True)):
            item = QTableWidgetItem(heading)
            item.setToolTip(tip)
            self.table.setHorizontalHeaderItem(column, item)
        self.table.setAccessibleName("Filters of the layer")
        self.table.setProperty("framed", True)
        self.table.setFont(number_font(self.font()))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(22)
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.matrix = pg.PlotWidget(enableMenu=False)
        self.matrix.setAccessibleName("Correlation between filters")
        self.image = pg.ImageItem(axisOrder="row-major")
        # A filter that does not vary has no correlation: transparent, over a grey of its own.
        self._under = QGraphicsRectItem()
        self._under.setPen(QPen(Qt.PenStyle.NoPen))
        self.matrix.addItem(self._under)
        self.matrix.addItem(self.image)
        self.matrix.setAspectLocked(True)
        self.matrix.invertY(True)
        self.matrix.hideButtons()
        self.matrix.setMouseEnabled(x=False, y=False)
        self.spectra = QListWidget()
        self.spectra.setProperty("framed", True)
        self.spectra.setSpacing(1)
        self.spectra.setAccessibleName("Spectra that excite the filter most")
        self.heading = QLabel("Choose a filter")
        self._colour_matrix()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(QLabel("Layer"))
        row.addWidget(self.layer_box)
        row.addWidget(self.note, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        title = QLabel("Correlation between filters, over the steps of this spectrum")
        for label in (title, self.heading):
            label.setProperty("title", True)
        right.addWidget(title)
        right.addWidget(self.matrix, 2)
        right.addWidget(self.heading)
        right.addWidget(self.spectra, 1)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.table, 1)
        body.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self._chosen.bind("layer", self.layer_box, "layer")
        self._chosen.bind_sorting(self.table)
        self._chosen.changed.connect(self._on_chosen_changed)
        self.table.itemSelectionChanged.connect(self._on_table_itemSelectionChanged)
        self.spectra.itemClicked.connect(self._on_spectra_itemClicked)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- asking and showing ------------------------------------------------------------------

    def _refresh(self) -> None:
        document = self._workspace.document
        if not self.isVisible() or document.model is None:
            return
        self.layer_box.show_model(document.model)
        self._chosen.show()
        layer = self.layer_box.layer
        if layer is None:
            return
        wanted = document, self._workspace.selection, layer, Reduction.MAX
        made = None if features_key(*wanted) == self._key else features_request(*wanted)
        if made is not None:
            self._key, self._maxima = made.key, None
            self._ids = tuple(entry.id for entry in made.entries)
            self.note.setText(f"Collecting from {len(self._ids)} spectra \u2026")
            self._context.broker.submit(
                made.request,
                _OWNER,
                Policy.LATEST_WINS,
                self._receive,
                self._fail,
                key=made.key,
                wanted=self.isVisible,
            )
        trace = document.trace(self._workspace.selection.current)
        if trace is None or layer >= len(trace.layers):
            return
        shown = (document.model, trace, layer, self._maxima)
        if shown != self._shown:
            self._shown = shown
            self._show(document.model.layers[layer].rectified, by_place(trace.layers[layer].output))

    def _receive(self, features: BatchFeatures) -> None:
        self._maxima = features
        refused = sum(error is not None for error in features.errors)
        suffix = f", {refused} refused" if refused else ""
        self.note.setText(f"largest output and dead filters over {len(self._ids)} spectra{suffix}")
        self._refresh()

    def _fail(self, error: SpectraCNNError) -> None:
        self.note.setText(error.message)

    def _show(self, rectified: bool, values: np.ndarray) -> None:
        maxima = self._maxima.values if self._maxima is not None else None
        found = self.statistics = layer_statistics(values, maxima, rectified=rectified)
        self.table.setSortingEnabled(False)
        self.table.setRowCount(found.mean.size)
        for channel in range(found.mean.size):
            largest = np.nan if found.largest is None else float(found.largest[channel])
            dead = found.dead is not None and bool(found.dead[channel])
            cells = (
                (channel, str(channel)),
                (found.mean[channel], f"{found.mean[channel]:.3g}"),
                (found.spread[channel], f"{found.spread[channel]:.3g}"),
                (found.zeros[channel], f"{100 * found.zeros[channel]:.0f} %"),
                (largest, "" if np.isnan(largest) else f"{largest:.3g}"),
                (dead, "dead" if dead else ""),
            )
            for column, (value, text) in enumerate(cells):
                self.table.setItem(
                    channel, column, _Number(float(value), text.replace("-", "\u2212"))
                )
        self.table.setSortingEnabled(True)
        self._draw_matrix(found.correlation)
        self._list_spectra()

    def _colour_matrix(self) -> None:
        theme = self._context.themes.theme
        self.matrix.setBackground(QColor(theme.ground))
        for name in ("left", "bottom"):
            self.matrix.getAxis(name).setPen(QColor(theme.line))
            self.matrix.getAxis(name).setTextPen(QColor(theme.muted))

    def _draw_matrix(self, correlation: np.ndarray) -> None:
        theme = self._context.themes.theme
        size = correlation.shape[0]
        area = QRectF(-0.5, -0.5, size, size)
        self._under.setBrush(QColor(MISSING[theme.dark]))
        self._under.setRect(area)
        self.image.setImage(correlation, levels=(-1, 1), autoLevels=False)
        self.image.setLookupTable(colour_table(Palette.SIGNED, theme.dark))
        self.image.setRect(area)

    @property
    def channel(self) -> int | None:
        """Which filter is chosen."""
        rows = self.table.selectionModel().selectedRows()
        item = self.table.item(rows[0].row(), 0) if rows else None
        return int(item.text()) if item is not None else None

    def _list_spectra(self) -> None:
        self.spectra.clear()
        channel = self.channel
        if channel is None or self._maxima is None or channel >= self._maxima.values.shape[1]:
            self.heading.setText("Choose a filter to see what excites it")
            return
        self.heading.setText(f"Spectra that excite filter {channel} most")
        for place, value in exciting(self._maxima.values, channel):
            entry = self._workspace.document.entry(self._ids[place])
            if entry is not None:
                item = QListWidgetItem(f"{entry.spectrum.name}   {value:.3g}")
                item.setData(Qt.ItemDataRole.UserRole, entry.id)
                self.spectra.addItem(item)

    def figure_view(self) -> ToolView | None:
        """Return the statistics as they are shown, for a figure."""
        found, layer = self.statistics, self.layer_box.layer
        model = self._workspace.document.model
        if found is None or layer is None or model is None:
            return None
        picture = StatisticsPicture(
            f"Filters of {model.layers[layer].name}",
            found.mean,
            found.spread,
            found.zeros,
            found.dead,
            found.correlation,
        )
        return ToolView(picture, self._context.themes.theme.dark)

    def script_view(self) -> ScriptView | None:
        """Return the statistics as they are shown, for a script."""
        layer, channel = self.layer_box.layer, self.channel
        if layer is None:
            return None
        lines = [f"statistics = scene.statistics(current, {layer})"]
        if channel is not None:
            lines.append(f"exciting = statistics.exciting({channel})")
        return ScriptView((*lines, "figure = statistics.figure()"), everything=True)

    def values_tsv(self) -> str:
        """Return the table and the correlations, tab-separated, in full precision."""
        found = self.statistics
        if found is None:
            return ""
        nothing = np.full(found.mean.size, np.nan)
        largest = nothing if found.largest is None else found.largest
        dead = nothing if found.dead is None else found.dead
        lines = ["\t".join(("filter", "mean", "spread", "zeros", "largest", "dead"))]
        for row in zip(
            range(found.mean.size),
            found.mean,
            found.spread,
            found.zeros,
            largest,
            dead,
            strict=True,
        ):
            lines.append("\t".join(str(value) for value in row))
        lines += ["", "correlation"]
        lines += ["\t".join(repr(float(value)) for value in row) for row in found.correlation]
        return "\n".join(lines) + "\n"

    # --- what happens ------------------------------------------------------------------------

    @Slot()
    def _on_table_itemSelectionChanged(self) -> None:
        self._list_spectra()
        layer, channel = self.layer_box.layer, self.channel
        trace = self._workspace.document.trace(self._workspace.selection.current)
        if layer is None or channel is None or trace is None:
            return
        sample = Sample(
            layer, int(by_place(trace.layers[layer].output)[:, channel].argmax()), channel
        )
        if sample != self._workspace.selection.pinned:
            self._workspace.pin(sample)

    @Slot(QListWidgetItem)
    def _on_spectra_itemClicked(self, item: QListWidgetItem) -> None:
        self._workspace.set_current(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._refresh()

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: object) -> None:
        self._refresh()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self._colour_matrix()
        if self.statistics is not None:
            self._draw_matrix(self.statistics.correlation)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
