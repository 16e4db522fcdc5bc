"""Shows what a table of participants has to do with the open spectra, before it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, primary
from spectracnn.gui.widgets.background import Background
from spectracnn.io.joining import join
from spectracnn.io.participants import read_table
from spectracnn.state.participants import Participants

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from spectracnn.state.document import Entry

_FOUND_OUT = "found out"


@dataclass(frozen=True)
class _Found:
    """What came of reading and joining; no participants with a sentence that says why."""

    participants: Participants | None
    notes: tuple[str, ...]
    names: tuple[str, ...] = ()


class ParticipantsDialog(Dialog):
    """The preview of a join: what matched, what did not, and why.

    Parameters
    ----------
    path : Path
        The table.
    entries : tuple of Entry
        The open spectra.

    Attributes
    ----------
    participants : Participants or None
        What was joined, once the dialog is accepted.
    """

    def __init__(
        self, path: Path, entries: tuple[Entry, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"Table of participants: {path.name}", parent)
        self._path, self._entries = path, entries
        self.participants: Participants | None = None
        self.column_box = QComboBox()
        self.column_box.addItem(_FOUND_OUT)
        self.column_box.setAccessibleName("Column with the participant's name")
        self.text = QPlainTextEdit(f"Reading {path.name} \u2026")
        self.text.setReadOnly(True)
        self.text.setMinimumSize(560, 220)
        self.text.setAccessibleName("What matched, and what did not")
        self.join_button, cancel_button = primary("Use this table"), QPushButton("Cancel")
        self.join_button.setEnabled(False)
        self.join_button.clicked.connect(self.accept)
        cancel_button.clicked.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(MARGIN)
        form.setVerticalSpacing(GAP)
        form.addRow("&Rows are named by", self.column_box)
        about = QLabel("Its columns stand beside the spectra: filter, sort and compare by them.")
        about.setProperty("muted", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(self.text, 1)
        layout.addLayout(button_row(cancel_button, self.join_button))
        self.column_box.activated.connect(self._on_column_box_activated)
        self._background = Background(self._show, self)
        self._look()

    def _look(self) -> None:
        chosen = self.column_box.currentText()
        id_column = "" if chosen == _FOUND_OUT else chosen
        path, entries = self._path, self._entries
        self._background.run(lambda: _looked(path, entries, id_column))

    def _show(self, found: _Found) -> None:
        self.participants = found.participants
        self.join_button.setEnabled(found.participants is not None)
        self.text.setPlainText("\n".join(found.notes))
        if found.names and self.column_box.count() == 1:
            self.column_box.addItems(list(found.names))

    @Slot(int)
    def _on_column_box_activated(self, _place: int) -> None:
        self.join_button.setEnabled(False)
        self._look()


def _looked(path: Path, entries: tuple[Entry, ...], id_column: str) -> _Found:
    """Read and join; runs in a thread."""
    names: tuple[str, ...] = ()
    try:
        table = read_table(path)
        names = table.names
        kinds = [f"{column.name} ({column.kind})" for column in table.columns]
        size = f"{len(table):,} rows; columns: {', '.join(kinds)}."
        if not entries:
            return _Found(Participants(table, id_column), (size, *table.notes), names)
        joined = join([e.original or e.spectrum for e in entries], table, id_column or None)
        participants = Participants(table, joined.id_column).with_entries(entries)
    except SpectraCNNError as error:
        return _Found(None, (f"{error} {error.hint}".strip(),), names)
    return _Found(participants, (*joined.notes, "", size, *table.notes), names)
