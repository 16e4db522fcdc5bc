"""The eigenvalues in the order of how much they matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.state.selection import SPECTRUM
from spectracnn.view.attribution import column_texts

if TYPE_CHECKING:
    from spectracnn.state.selection import Sample
    from spectracnn.view.attribution_picture import AttributionPicture, Ranked

Index = QModelIndex | QPersistentModelIndex
_TIPS = (
    "Rank by magnitude",
    "Index of the eigenvalue in the file",
    "The model's input there",
    "Attribution: positive speaks for the class, or raises the value; negative against it",
    "Share of the sum of all magnitudes",
)
_CELL_MARGIN = 14


class RankedModel(QAbstractTableModel):
    """One row an eigenvalue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ranked: tuple[Ranked, ...] = ()
        self._headings: tuple[str, ...] = ("#", "index", "input", "logit", "%")
        self._rows: list[tuple[str, ...]] = []

    def show_picture(self, picture: AttributionPicture | None) -> None:
        """Show other rows."""
        # All that can fail comes before Qt hears of it: raising in between ends the program.
        headings, rows = self._headings, list[tuple[str, ...]]()
        if picture is not None:
            headings, rows = column_texts(picture)
        self.beginResetModel()
        self.ranked = () if picture is None else picture.ranked
        self._headings, self._rows = headings, rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ranked)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def cells(self, row: int) -> tuple[str, ...]:
        """Return a row as it is shown."""
        return self._rows[row]


class RankedTable(QTableView):
    """The ranked eigenvalues.

    Signals
    -------
    chosen : int
        Place on the index axis of the eigenvalue that was chosen.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ranked_model = RankedModel(self)
        self.setModel(self.ranked_model)
        self.setAccessibleName("Eigenvalues by attribution")
        self.setProperty("framed", True)
        self.setFont(number_font(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(16)
        self.setMinimumHeight(180)
        self._picture: AttributionPicture | None = None
        self._needed = [self._width_of(column) for column in range(len(_TIPS))]
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_clicked)

    def show_picture(self, picture: AttributionPicture | None) -> None:
        """Show what is given."""
        if picture is not self._picture:
            self._picture = picture
            self.ranked_model.show_picture(picture)
            self._needed = [self._width_of(column) for column in range(len(_TIPS))]
            self._fit_columns()

    def _width_of(self, column: int) -> int:
        """Return how wide a column must be for no number to be cut."""
        model, metrics = self.ranked_model, self.fontMetrics()
        texts = (model.cells(row)[column] for row in range(model.rowCount()))
        cells = max(map(metrics.horizontalAdvance, texts), default=0)
        heading = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        return max(cells, metrics.horizontalAdvance(str(heading))) + _CELL_MARGIN

    def _fit_columns(self) -> None:
        """Share what is left over: Qt's own mode would cut wide columns to widen others."""
        spare = max(0, self.viewport().width() - sum(self._needed))
        for column, width in enumerate(self._needed):
            self.setColumnWidth(column, width + spare // len(self._needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def mark(self, sample: Sample | None) -> None:
        """Select the row of the eigenvalue that is marked on the spectrum."""
        marked = sample.step if sample is not None and sample.layer == SPECTRUM else None
        ranked = self.ranked_model.ranked
        row = next((row for row, item in enumerate(ranked) if item.place == marked), None)
        if row is None:
            self.clearSelection()
        elif not self.selectionModel().isRowSelected(row):
            self.selectRow(row)

    @Slot()
    def copy(self) -> None:
        """Put the table into the clipboard, tab-separated, in full precision."""
        if self._picture is not None:
            QGuiApplication.clipboard().setText(self.tsv())

    def tsv(self) -> str:
        """Return the table, tab-separated, in full precision."""
        if self._picture is None:
            return ""
        lines = ["\t".join(("rank", "index", "input", "attribution", "share"))]
        for rank, item in enumerate(self._picture.ranked, 1):
            numbers = (item.input, item.attribution, item.share)
            lines.append("\t".join((str(rank), str(item.index), *map(repr, numbers))))
        return "\n".join(lines) + "\n"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.ranked_model.ranked[index.row()].place)
