"""The empty window: what to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from spectracnn.resources import resource

_ICON_SIZE = 72


class Welcome(QWidget):
    """Greets, and offers to open files or the samples.

    Signals
    -------
    openRequested, samplesRequested : ()
    """

    openRequested = Signal()
    samplesRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = QLabel()
        picture = QIcon(str(resource("icons/spectracnn.svg"))).pixmap(_ICON_SIZE, _ICON_SIZE)
        icon.setPixmap(picture)
        headline = QLabel("Drop spectrum files anywhere")
        headline.setProperty("headline", True)
        text = QLabel(
            "SpectraCNN plots Laplace\u2013Beltrami spectra, runs a convolutional network\n"
            "on them, and shows what every layer makes of every eigenvalue."
        )
        text.setProperty("muted", True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        kinds = QLabel(
            ".ev  \u00b7  BrainPrint and Mindboggle .csv  \u00b7  .txt  \u00b7  .json  \u00b7  "
            ".npy  \u00b7  .npz  \u00b7  .h5  \u00b7  .mat  \u00b7  .pkl  \u00b7  "
            "numbers from the clipboard"
        )
        kinds.setProperty("muted", True)
        self.open_button = QPushButton("Open files\u2026")
        self.samples_button = QPushButton("Open the samples")
        self.samples_button.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.samples_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(1)
        for label in (icon, headline, text):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addWidget(kinds, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self.open_button.clicked.connect(self.openRequested)
        self.samples_button.clicked.connect(self.samplesRequested)
