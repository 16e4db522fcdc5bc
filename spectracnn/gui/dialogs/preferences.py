"""What opening a model may take, and how much of what was computed is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spectracnn.geometry import cache
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
from spectracnn.gui.settings import AtStart, ModelLimits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

_MOST_GIB, _MOST_SECONDS, _MOST_MIB = 1024, 3600, 1 << 20
_NO_LIMIT = "no limit"


class PreferencesDialog(Dialog):
    """Asks for the limits; 0 stands for none (of what is kept, for nothing).

    Parameters
    ----------
    limits : ModelLimits
        As they are.
    kept_mib : int
        How much of the computed spectra of meshes is kept at most.
    at_start : AtStart
        What a start without files does about the session before.
    parent : QWidget, optional
        The main window.
    """

    def __init__(
        self,
        limits: ModelLimits,
        kept_mib: int = cache.LIMIT_MIB,
        at_start: AtStart = AtStart.OFFER,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Preferences", parent)
        self.memory_spin = _spin(limits.memory_gib, _MOST_GIB, " GiB", "Memory for a model")
        self.time_spin = _spin(limits.seconds, _MOST_SECONDS, " s", "Time for a model")
        self.kept_spin = _spin(kept_mib, _MOST_MIB, " MiB", "Kept spectra of meshes")
        self.kept_spin.setSingleStep(256)
        self.kept_spin.setSpecialValueText("nothing")
        self.start_box = named(QComboBox(), "At the start")
        for wanted in AtStart:
            self.start_box.addItem(wanted.value.capitalize(), wanted)
        self.start_box.setCurrentIndex(list(AtStart).index(at_start))
        self.kept_label = muted("")
        self.clear_button = secondary("Clear now")
        self.default_button = secondary("Defaults")
        self.cancel_button = secondary("Cancel")
        self.ok_button = primary("OK")
        self._show_kept()
        self._arrange(self.default_button, self.cancel_button, self.ok_button)
        self.clear_button.clicked.connect(self._on_clear_clicked)
        self.default_button.clicked.connect(self._on_default_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.ok_button.clicked.connect(self.accept)

    def _arrange(self, *buttons: QPushButton) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(heading("Opening a model may take"))
        layout.addLayout(_form(("&Memory", self.memory_spin), ("&Time", self.time_spin)))
        layout.addWidget(
            muted(
                "A model that needs more is not opened, and the one before stays. Memory counts "
                "beyond what Keras itself takes, and is limited on Linux only."
            )
        )
        layout.addSpacing(GAP)
        layout.addWidget(heading("Computed spectra of meshes"))
        layout.addLayout(_form(("&Keep at most", self.kept_spin)))
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.kept_label, 1)
        row.addWidget(self.clear_button)
        layout.addLayout(row)
        layout.addSpacing(GAP)
        layout.addWidget(heading("At the start"))
        layout.addWidget(self.start_box)
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
        self.kept_spin.setValue(cache.LIMIT_MIB)
        self.start_box.setCurrentIndex(0)

    @property
    def at_start(self) -> AtStart:
        """What was chosen about the last session."""
        return AtStart(self.start_box.currentData())

    @property
    def kept_mib(self) -> int:
        """How much is to be kept."""
        return self.kept_spin.value()

    def _show_kept(self) -> None:
        kept = cache.kept_bytes()
        self.kept_label.setText(
            f"{kept / (1 << 20):.1f} MiB are kept on this disk." if kept else "Nothing is kept."
        )
        self.clear_button.setEnabled(bool(kept))

    def _on_clear_clicked(self) -> None:
        cache.clear()
        self._show_kept()


def _form(*rows: tuple[str, QSpinBox]) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(MARGIN)
    form.setVerticalSpacing(GAP)
    for text, spin in rows:
        label = QLabel(text)
        label.setBuddy(spin)
        label.setMinimumHeight(spin.sizeHint().height())
        form.addRow(label, spin)
    return form


def _spin(value: int | None, most: int, unit: str, name: str) -> QSpinBox:
    spin = named(QSpinBox(), name)
    spin.setRange(0, most)
    spin.setSuffix(unit)
    spin.setSpecialValueText(_NO_LIMIT)
    spin.setValue(value or 0)
    return spin
