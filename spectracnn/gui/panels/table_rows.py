"""The rows of the table: spectra, and below them meshes whose spectra are not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt

from spectracnn.gui.panels.spectra_filter import Index, SpectraFilterModel
from spectracnn.view.columns import NAME
from spectracnn.view.shape_words import mesh_row_tip, mesh_row_words
from spectracnn.view.table import runs

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection

    from spectracnn.state.mesh_rows import MeshRow

_NOWHERE = QModelIndex()
_SPOKEN = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


class TableRows(SpectraFilterModel):
    """Has the meshes in the order in which they were opened, whatever is sorted or filtered.

    A mesh stands where its spectrum will appear: behind all others.
    """

    _meshes: tuple[MeshRow, ...] = ()

    @property
    def spectra(self) -> int:
        """How many spectra are shown; rows from here on are meshes."""
        return super().rowCount()

    @property
    def meshes(self) -> tuple[MeshRow, ...]:
        """Those that are shown."""
        return self._meshes

    def mesh(self, row: int) -> MeshRow | None:
        """Return the mesh in a row, None where there is a spectrum or nothing."""
        if not self._meshes:  # the usual case, asked for every cell
            return None
        place = row - self.spectra
        return self._meshes[place] if 0 <= place < len(self._meshes) else None

    def set_meshes(self, meshes: tuple[MeshRow, ...]) -> None:
        """Show these: meshes go from anywhere, and others come behind the last."""
        wanted = {mesh.number: mesh for mesh in meshes}
        gone = [at for at, mesh in enumerate(self._meshes) if mesh.number not in wanted]
        for first, last in reversed(list(runs(gone))):
            start = self.spectra
            self.beginRemoveRows(QModelIndex(), start + first, start + last)
            self._meshes = self._meshes[:first] + self._meshes[last + 1 :]
            self.endRemoveRows()
        kept, start = len(self._meshes), self.spectra
        changed = [at for at in range(kept) if self._meshes[at] is not meshes[at]]
        if len(meshes) > kept:
            self.beginInsertRows(QModelIndex(), start + kept, start + len(meshes) - 1)
            self._meshes = meshes
            self.endInsertRows()
        self._meshes = meshes
        if changed:
            top = self.index(start + changed[0], 0)
            bottom = self.index(start + changed[-1], self.columnCount() - 1)
            self.dataChanged.emit(top, bottom)

    def chosen_meshes(self, selection: QItemSelection) -> list[MeshRow]:
        """Return those in a selection, from the top."""
        if not self._meshes:
            return []
        first = self.spectra  # above it there may be tens of thousands of spectra
        parts = (selection.at(place) for place in range(selection.size()))
        rows = {row for part in parts for row in range(max(part.top(), first), part.bottom() + 1)}
        return [mesh for row in sorted(rows) if (mesh := self.mesh(row)) is not None]

    def _cell(self, mesh: MeshRow, place: int, role: int) -> Any:
        column = self._model.columns[place]
        if role == Qt.ItemDataRole.DisplayRole:
            if column is NAME:
                return mesh.path.name
            return mesh_row_words(mesh) if column.name == "class" else None
        return mesh_row_tip(mesh) if role in _SPOKEN else None

    # --- of the spectra alone ----------------------------------------------------------------

    def source_row(self, row: int) -> int:
        return super().source_row(row) if row < self.spectra else -1

    def _origin(self, row: int) -> int:
        return super()._origin(row) if row < self.spectra else self.spectra - 1 - row

    def _place(self, origin: int) -> int:
        return super()._place(origin) if origin >= 0 else self.spectra - 1 - origin

    # --- Qt's interface ----------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else super().rowCount() + len(self._meshes)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        if not parent.isValid() and self.mesh(row) is not None:
            known = 0 <= column < self.columnCount()
            return self.createIndex(row, column) if known else QModelIndex()
        return super().index(row, column, parent)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.mesh(index.row()) is not None:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return super().flags(index)

    def data(self, index: Index, role: int = 0) -> Any:
        mesh = self.mesh(index.row()) if index.isValid() else None
        return super().data(index, role) if mesh is None else self._cell(mesh, index.column(), role)
