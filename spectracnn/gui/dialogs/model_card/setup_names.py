"""Names of classes, as a list, and of structures, chosen from those that are open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.dialogs.base import GAP, heading, muted, named, secondary
from spectracnn.view.card_draft import parse_names

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BYTES = 1 << 20
_COLUMNS = 2
_LEAST_HEIGHT = 80
_FEW, _LIST_HEIGHT = 6, 150
"""More structures than these scroll, so that no box is squeezed."""


class ClassesEditor(QWidget):
    """One name a line; a list can be pasted, or loaded from a text file.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(self, names: Sequence[str], count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self.problem = ""
        self.text = named(QPlainTextEdit("\n".join(names)), "Class names, one per line")
        self.text.setProperty("framed", True)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(_LEAST_HEIGHT)
        self.caption = muted()
        self.load_button = secondary("Load list\u2026")
        self.load_button.setToolTip("Read the names from a text file or a JSON list")
        head = QHBoxLayout()
        head.addWidget(heading("Classes"))
        head.addWidget(self.caption, 1)
        head.addWidget(self.load_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)
        self.text.textChanged.connect(self._on_text_textChanged)
        self.load_button.clicked.connect(self._on_load_clicked)
        self._show_count()

    @property
    def names(self) -> tuple[str, ...]:
        """As typed; a JSON list or one line with commas are taken apart."""
        text = self.text.toPlainText().rstrip()
        if text.lstrip().startswith("[") or (self._count > 1 and "\n" not in text and "," in text):
            return parse_names(text)
        return tuple(line.strip() for line in text.split("\n")) if text else ()

    def load(self, path: Path) -> None:
        """Take the names from a file; what is wrong with it becomes `problem`."""
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise ValueError("it is too large to be a list of names")
            names = parse_names(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            self.problem = f"{path.name} cannot be read ({getattr(error, 'strerror', 0) or error})."
            self.changed.emit()
            return
        self.text.setPlainText("\n".join(names))

    def _show_count(self) -> None:
        self.caption.setText(f"{len(self.names)} of {self._count}, one per line")

    @Slot()
    def _on_text_textChanged(self) -> None:
        self.problem = ""
        self._show_count()
        self.changed.emit()

    @Slot()
    def _on_load_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Load class names", "", "Text (*.txt *.json *.csv);;All files (*)"
        )
        if name:
            self.load(Path(name))


class StructuresEditor(QWidget):
    """Which structure of a file is which channel, or row, of the model's input.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(
        self,
        names: Sequence[str],
        known: Sequence[str],
        axis: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.combos: list[QComboBox] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        for place, name in enumerate(names):
            combo = named(QComboBox(editable=True), f"Structure of {axis} {place}")
            combo.addItems(["", *known])
            combo.setCurrentText(name)
            line = combo.lineEdit()
            if line is not None:
                line.setPlaceholderText("in the file's order")
            combo.currentTextChanged.connect(self._on_combo_currentTextChanged)
            row, column = divmod(place, _COLUMNS)
            grid.addWidget(QLabel(f"{axis} {place}"), row, 2 * column)
            grid.addWidget(combo, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
            self.combos.append(combo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(heading("Structures"))
        if len(names) <= _FEW:
            layout.addLayout(grid)
            return
        inside = QWidget()
        inside.setLayout(grid)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setProperty("framed", True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_LIST_HEIGHT)
        scroll.setWidget(inside)
        layout.addWidget(scroll, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """As chosen; all empty stands for the file's order."""
        return tuple(combo.currentText().strip() for combo in self.combos)

    @Slot(str)
    def _on_combo_currentTextChanged(self, _text: str) -> None:
        self.changed.emit()
