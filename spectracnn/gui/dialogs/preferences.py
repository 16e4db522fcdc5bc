"""What opening a model may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

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
from spectracnn.gui.settings import ModelLimits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

_MOST_GIB, _MOST_SECONDS = 1024, 3600
_NO_LIMIT = "no limit"


class PreferencesDialog(Dialog):
    """Asks for the limits; 0 stands for none.

    Parameters
    ----------
    limits : ModelLimits
        As they are.
    parent : QWidget, optional
        The main window.
    """

    def __init__(self, limits: ModelLimits, parent: QWidget | None = None) -> None:
        super().__init__("Preferences", parent)
        self.memory_spin = _spin(limits.memory_gib, _MOST_GIB, " GiB", "Memory for a model")
        self.time_spin = _spin(limits.seconds, _MOST_SECONDS, " s", "Time for a model")
        self.default_button = secondary("Defaults")
        self.cancel_button = secondary("Cancel")
        self.ok_button = primary("OK")
        self._arrange(self.default_button, self.cancel_button, self.ok_button)
        self.default_button.clicked.connect(self._on_default_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.ok_button.clicked.connect(self.accept)

    def _arrange(self, *buttons: QPushButton) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(MARGIN)
        form.setVerticalSpacing(GAP)
        for text, spin in (("&Memory", self.memory_spin), ("&Time", self.time_spin)):
            label = QLabel(text)
            label.setBuddy(spin)
            label.setMinimumHeight(spin.sizeHint().height())
            form.addRow(label, spin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(heading("Opening a model may take"))
        layout.addLayout(form)
        layout.addWidget(
            muted(
                "A model that needs more is not opened, and the one before stays. Memory counts "
                "beyond what Keras itself takes, and is limited on Linux only."
            )
        )
        layout.addSpacing(GAP)
        layout.addLayout(button_row(*buttons))
        self.setFixedWidth(420)

    @property
    def limits(self) -> ModelLimits:
        """What was chosen."""
        return ModelLimits(self.memory_spin.value() or None, self.time_spin.value() or None)

    def _on_default_clicked(self) -> None:
        default = ModelLimits()
        self.memory_spin.setValue(default.memory_gib or 0)
        self.time_spin.setValue(default.seconds or 0)


def _spin(value: int | None, most: int, unit: str, name: str) -> QSpinBox:
    spin = named(QSpinBox(), name)
    spin.setRange(0, most)
    spin.setSuffix(unit)
    spin.setSpecialValueText(_NO_LIMIT)
    spin.setValue(value or 0)
    return spin
