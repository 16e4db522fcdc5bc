"""The empty window: what to do first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

_ICON_SIZE, _MOST_RECENT, _NAME_WIDTH, _PLACE_WIDTH = 72, 5, 180, 300
_KINDS = (
    ".ev  \u00b7  BrainPrint and Mindboggle .csv  \u00b7  .txt  \u00b7  .json  "
    "\u00b7  .npy  \u00b7  .npz  \u00b7  .h5  \u00b7  .mat  \u00b7  .pkl  \u00b7  meshes  "
    "\u00b7  numbers from the clipboard"
)


class Welcome(QWidget):
    """Greets, and offers files, samples, a model, the tour, and what was open before.

    Signals
    -------
    openRequested, samplesRequested, modelRequested, tourRequested, continueRequested : ()
    fileRequested : list of Path
    """

    openRequested = Signal()
    samplesRequested = Signal()
    modelRequested = Signal()
    tourRequested = Signal()
    continueRequested = Signal()
    fileRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = QLabel()
        picture = QIcon(str(resource("icons/spectracnn.svg"))).pixmap(_ICON_SIZE, _ICON_SIZE)
        icon.setPixmap(picture)
        headline = QLabel("Drop spectra, meshes or a model anywhere")
        headline.setProperty("headline", True)
        text = _muted(
            "SpectraCNN plots Laplace\u2013Beltrami spectra, runs a convolutional network\n"
            "on them, and shows what every layer makes of every eigenvalue."
        )
        self.samples_button = QPushButton("Open the samples")
        self.samples_button.setProperty("primary", True)
        self.open_button = QPushButton("Open files\u2026")
        self.model_button = QPushButton("Open a model\u2026")
        self.tour_button = QPushButton("Take the tour")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (
            self.samples_button,
            self.open_button,
            self.model_button,
            self.tour_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.past = QWidget()
        self.past_button = QPushButton("Continue where you stopped")
        self.past_words = _muted("")
        past = QVBoxLayout(self.past)
        past.setContentsMargins(0, 0, 0, 0)
        past.setSpacing(4)
        past.addWidget(self.past_button, 0, Qt.AlignmentFlag.AlignHCenter)
        past.addWidget(self.past_words, 0, Qt.AlignmentFlag.AlignHCenter)
        self.past.hide()
        self.recent = QWidget()
        self._recent_grid = QGridLayout(self.recent)
        self._recent_grid.setContentsMargins(0, 8, 0, 0)
        self._recent_grid.setHorizontalSpacing(12)
        self._recent_grid.setVerticalSpacing(2)
        kinds = _muted(_KINDS)
        kinds.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(2)
        for label in (icon, headline, text):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addWidget(self.past, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.recent, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(kinds)
        layout.addStretch(3)
        self.open_button.clicked.connect(self.openRequested)
        self.samples_button.clicked.connect(self.samplesRequested)
        self.model_button.clicked.connect(self.modelRequested)
        self.tour_button.clicked.connect(self.tourRequested)
        self.past_button.clicked.connect(self.continueRequested)
        self.show_recent(())

    def show_past(self, words: str) -> None:
        """Offer to go on with the last session.

        Parameters
        ----------
        words : str
            What was open in it.
        """
        self.past_words.setText(words)
        self.past.setVisible(bool(words))

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer the files that were opened last."""
        for widget in self.recent.findChildren(QWidget):
            widget.hide()
            widget.deleteLater()
        self.recent.setVisible(bool(paths))
        if not paths:
            return
        title = QLabel("Recent files")
        title.setProperty("title", True)
        self._recent_grid.addWidget(title, 0, 0, 1, 2)
        for row, path in enumerate(paths[:_MOST_RECENT], 1):
            button = tool_button(path.name, f"Open {path}", quiet=True)
            button.setProperty("link", True)
            button.setProperty("path", str(path))
            button.setMaximumWidth(_NAME_WIDTH)
            button.clicked.connect(self._on_recent_clicked)
            place = _muted(str(path.parent))
            metrics = place.fontMetrics()
            middle = Qt.TextElideMode.ElideMiddle
            place.setText(metrics.elidedText(str(path.parent), middle, _PLACE_WIDTH))
            place.setToolTip(str(path.parent))
            self._recent_grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
            self._recent_grid.addWidget(place, row, 1, Qt.AlignmentFlag.AlignLeft)

    def _on_recent_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QToolButton):
            self.fileRequested.emit([Path(button.property("path"))])


def _muted(text: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("muted", True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label
