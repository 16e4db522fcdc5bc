"""What an attribution method can be told: one small field each, only those that it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QSpinBox, QWidget

from spectracnn.core.attribution import AttributionOptions
from spectracnn.core.attribution_methods import cam_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import ModelDescription

_DEFAULT = AttributionOptions()
_NUMBERS = {
    "steps": ("Steps", 8, 2048),
    "samples": ("Copies", 4, 1024),
    "window": ("Window", 1, 99),
    "seed": ("Seed", 0, 9999),
}


class OptionsRow(QWidget):
    """Fields of `AttributionOptions`.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self.labels: dict[str, QLabel] = {}
        self.fields: dict[str, QSpinBox | QDoubleSpinBox | QComboBox] = {}
        for name, (text, low, high) in _NUMBERS.items():
            box = QSpinBox(minimum=low, maximum=high, value=getattr(_DEFAULT, name))
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._on_field_changed)
            self._add(name, text, box)
        noise = QDoubleSpinBox(minimum=0.0, maximum=1.0, singleStep=0.05, value=_DEFAULT.noise)
        noise.setKeyboardTracking(False)
        noise.valueChanged.connect(self._on_field_changed)
        self._add("noise", "Noise", noise)
        layer = QComboBox()
        layer.activated.connect(self._on_field_changed)
        self._add("layer", "Layer", layer)

    def _add(self, name: str, text: str, field: QSpinBox | QDoubleSpinBox | QComboBox) -> None:
        field.setParent(self)
        field.hide()
        field.setAccessibleName(text)
        self.labels[name] = QLabel(text, self)
        self.labels[name].hide()
        self.fields[name] = field

    def show_model(self, model: ModelDescription) -> None:
        """Offer the convolutions of this model."""
        combo = self.fields["layer"]
        assert isinstance(combo, QComboBox)
        combo.clear()
        for layer in cam_layers(model):
            combo.addItem(model.layers[layer].name, layer)
        combo.setCurrentIndex(combo.count() - 1)

    def show_fields(self, names: Sequence[str]) -> None:
        """Show only these."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
        for place, name in enumerate(names):
            field = self.fields[name]
            row, column = divmod(place, 2)
            for offset, widget in enumerate((self.labels[name], field)):
                self._grid.addWidget(widget, row, 2 * column + offset)
                widget.show()
        self._grid.setColumnStretch(4, 1)
        self.setVisible(bool(names))

    def show_options(self, options: AttributionOptions) -> None:
        """Let the fields say this."""
        for name, field in self.fields.items():
            with QSignalBlocker(field):
                value = getattr(options, name)
                if isinstance(field, QSpinBox | QDoubleSpinBox):
                    field.setValue(value)
                elif value is None:
                    field.setCurrentIndex(field.count() - 1)
                else:
                    field.setCurrentIndex(max(0, field.findData(value)))

    @property
    def options(self) -> AttributionOptions:
        """What the fields say."""
        numbers = {
            name: field.value()
            for name, field in self.fields.items()
            if not isinstance(field, QComboBox)
        }
        combo = self.fields["layer"]
        layer = combo.currentData() if isinstance(combo, QComboBox) else None
        return AttributionOptions(**numbers, layer=layer)  # type: ignore[arg-type]

    @property
    def choice(self) -> AttributionOptions:
        """What the fields say, without the layer where it is the usual one."""
        found, combo = self.options, self.fields["layer"]
        assert isinstance(combo, QComboBox)
        last = combo.currentIndex() == combo.count() - 1
        return replace(found, layer=None) if last else found

    @Slot()
    def _on_field_changed(self) -> None:
        self.changed.emit()
