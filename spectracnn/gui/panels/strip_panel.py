"""The architecture strip: every layer in a line of facts; a click scrolls to its panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.theme import number_font
from spectracnn.view.rails import RailRow, rails

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from spectracnn.core.trace import LayerInfo, ModelDescription

_HEADINGS = ("Layer", "Output", "Params", "Sees")
_LANE, _MOST_LANES = 9, 8


class StripPanel(QWidget):
    """Lists the layers of the open model.

    Signals
    -------
    layerRequested : int
    """

    layerRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Network")
        title.setProperty("title", True)
        self.summary = QLabel()
        self.summary.setProperty("muted", True)
        self.tree = QTreeWidget()
        self._set_up_tree()
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.tree, 1)
        self.tree.itemClicked.connect(self._on_tree_itemClicked)
        self.tree.itemActivated.connect(self._on_tree_itemClicked)

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setHeaderLabels(_HEADINGS)
        tree.setAccessibleName("Layers of the network")
        tree.setFont(number_font(tree.font()))
        tree.setRootIsDecorated(False)
        self._graph = _Graph(tree)
        tree.setItemDelegateForColumn(0, self._graph)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(_HEADINGS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_model(self, model: ModelDescription) -> None:
        """List a model's layers."""
        self.summary.setText(f"{model.n_params:,} parameters".replace(",", "\u2009"))
        self.summary.setToolTip(model.path)
        self.tree.clear()
        self._graph.rows = rails(model.layers)
        self.tree.addTopLevelItems([_item(info) for info in model.layers])

    def needed_height(self) -> int:
        """Return how high the panel must be for every layer to be seen."""
        first = self.tree.topLevelItem(0)
        row = self.tree.visualItemRect(first).height() if first is not None else 0
        around = self.height() - self.tree.viewport().height()
        return around + self.tree.topLevelItemCount() * row + 8

    def _on_tree_itemClicked(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        self.layerRequested.emit(self.tree.indexOfTopLevelItem(item))


class _Graph(QStyledItemDelegate):
    """Paints the rails of the graph before the names, where the network branches."""

    rows: Sequence[RailRow] = ()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if self.rows:
            room = _LANE * min(max(row.width for row in self.rows), _MOST_LANES)
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(room, 1)
            option.icon = QIcon(_nothing(room))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        place = index.row()
        if place < len(self.rows):
            area = QRectF(option.rect)
            palette = option.palette
            _paint_rails(painter, self.rows[place], area, palette.placeholderText().color())


def _nothing(width: int) -> QPixmap:
    pixmap = QPixmap(width, 1)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _paint_rails(painter: QPainter, row: RailRow, area: QRectF, colour: QColor) -> None:
    def x(lane: int) -> float:
        return area.left() + 4 + _LANE * (min(lane, _MOST_LANES - 1) + 0.5)

    middle = area.center().y()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.3))
    for pairs, top, bottom in ((row.above, area.top(), middle), (row.below, middle, area.bottom())):
        for start, stop in pairs:
            painter.drawLine(QPointF(x(start), top), QPointF(x(stop), bottom + 1))
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(x(row.lane), middle), 2.6, 2.6)
    painter.restore()


def _item(info: LayerInfo) -> QTreeWidgetItem:
    field = info.field
    sees = "" if field is None else "all" if field.covers_everything else str(field.size)
    shape = "\u00d7".join(str(size) for size in info.output_shape)
    parameters = f"{info.n_params:,}".replace(",", "\u2009") if info.n_params else "\u2013"
    item = QTreeWidgetItem([info.name, shape, parameters, sees])
    for column in range(1, len(_HEADINGS)):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(0, layer_facts(info))
    return item


def layer_facts(info: LayerInfo) -> str:
    """Return everything known of a layer, one fact a line."""
    facts = [
        ("Class", info.layer_class),
        ("Kernel", info.kernel_size),
        ("Stride", info.strides),
        ("Dilation", info.dilation),
        ("Padding", info.padding),
        ("Activation", info.activation),
        ("Receptive field", info.field.size if info.field else None),
        ("Jump", f"{info.field.jump:g}" if info.field else None),
    ]
    lines = [f"{name}: {value}" for name, value in facts if value not in (None, "")]
    return "\n".join([info.name, *lines])
