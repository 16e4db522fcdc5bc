"""The eigenvalues in the order of how much they matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.view.selection import SPECTRUM

if TYPE_CHECKING:
    from spectracnn.view.attribution import AttributionPicture, Ranked
    from spectracnn.view.selection import Sample

Index = QModelIndex | QPersistentModelIndex
_HEADINGS = ("#", "index", "input", "attr.", "share")
_TIPS = (
    "Rank by magnitude",
    "Index of the eigenvalue in the file",
    "The model's input there",
    "Attribution: positive speaks for the class, negative against it",
    "Share of the sum of all magnitudes",
)


class RankedModel(QAbstractTableModel):
    """One row an eigenvalue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ranked: tuple[Ranked, ...] = ()

    def show_ranked(self, ranked: tuple[Ranked, ...]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.ranked = ranked
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ranked)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _HEADINGS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def cells(self, row: int) -> tuple[str, ...]:
        """Return a row as it is shown."""
        item = self.ranked[row]
        numbers = f"{item.input:.3g}", f"{item.attribution:+.2g}", f"{100 * item.share:.1f} %"
        return (str(row + 1), str(item.index), *(n.replace("-", "\u2212") for n in numbers))


class RankedTable(QTableView):
    """The ranked eigenvalues.

    Signals
    -------
    chosen : int
        Index in the file of the eigenvalue that was chosen.
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
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(180)
        self._picture: AttributionPicture | None = None
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_clicked)

    def show_picture(self, picture: AttributionPicture | None) -> None:
        """Show what is given."""
        if picture is not self._picture:
            self._picture = picture
            self.ranked_model.show_ranked(picture.ranked if picture is not None else ())

    def mark(self, sample: Sample | None) -> None:
        """Select the row of the eigenvalue that is marked on the spectrum."""
        if sample is None or sample.layer != SPECTRUM or self._picture is None:
            return
        for row, item in enumerate(self._picture.ranked):
            if item.index == sample.step:
                if self.currentIndex().row() != row:
                    self.selectRow(row)
                return

    @Slot()
    def copy(self) -> None:
        """Put the table into the clipboard, tab-separated, in full precision."""
        if self._picture is None:
            return
        lines = ["\t".join(("rank", "index", "input", "attribution", "share"))]
        for rank, item in enumerate(self._picture.ranked, 1):
            numbers = (item.input, item.attribution, item.share)
            lines.append("\t".join((str(rank), str(item.index), *map(repr, numbers))))
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.ranked_model.ranked[index.row()].index)
