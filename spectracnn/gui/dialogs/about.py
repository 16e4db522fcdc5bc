"""Version, licence, and what SpectraCNN is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn import __version__
from spectracnn.gui.dialogs.base import (
    GAP,
    MARGIN,
    Dialog,
    button_row,
    heading,
    muted,
    named,
    primary,
    secondary,
)
from spectracnn.gui.dialogs.parts import parts
from spectracnn.resources import resource

if TYPE_CHECKING:
    from spectracnn.gui.dialogs.parts import Package

_ICON = 64


class AboutDialog(Dialog):
    """Icon, version, licence, and the packages with theirs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About SpectraCNN", parent)
        self.parts: list[Package] = []
        self.tree = named(QTreeWidget(), "Packages")
        self.tree.setRootIsDecorated(False)
        self.tree.setHeaderLabels(["Package", "Version", "Licence"])
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setProperty("framed", True)
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.tree.setColumnWidth(0, 168)
        self.tree.setColumnWidth(1, 96)
        self.copy_button = secondary("Copy")
        self.copy_button.setToolTip("Copy versions and licences as text")
        close_button = primary("Close")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addLayout(_title())
        layout.addSpacing(GAP)
        layout.addWidget(heading("Made of"))
        layout.addWidget(self.tree, 1)
        layout.addSpacing(GAP)
        layout.addLayout(button_row(self.copy_button, close_button))
        self.resize(600, 520)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        close_button.clicked.connect(self.accept)
        # One package each time the event loop is idle: all at once would take a while.
        self._rest = parts()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    @property
    def complete(self) -> bool:
        """Whether all packages are listed."""
        return not self._timer.isActive()

    def lines(self) -> list[str]:
        """Return SpectraCNN and its packages as text, a line each."""
        lines = [f"SpectraCNN {__version__} (MIT)"]
        return lines + [f"{part.name} {part.version} ({part.licence})" for part in self.parts]

    @Slot()
    def _on_timer_timeout(self) -> None:
        part = next(self._rest, None)
        if part is None:
            self._timer.stop()
            return
        self.parts.append(part)
        item = QTreeWidgetItem([part.name, part.version, part.licence])
        item.setToolTip(2, part.licence)
        self.tree.addTopLevelItem(item)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.lines()))
        self.copy_button.setText("Copied")


def _title() -> QHBoxLayout:
    icon = QLabel()
    icon.setPixmap(QIcon(str(resource("icons/spectracnn.svg"))).pixmap(QSize(_ICON, _ICON)))
    name = QLabel("SpectraCNN")
    name.setProperty("headline", True)
    version = muted(f"Version {__version__}  ·  MIT licence")
    version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    purpose = QLabel(
        "Shows why a network classifies a Laplace–Beltrami spectrum as it does.",
        wordWrap=True,
    )
    texts = QVBoxLayout()
    texts.setSpacing(GAP // 2)
    for label in (name, version, purpose):
        texts.addWidget(label)
    row = QHBoxLayout()
    row.setSpacing(MARGIN)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(texts, 1)
    return row
