"""The left half of the export dialog: what, as what, and where to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spectracnn.figures.job import (
    FIGURE_FORMATS,
    GROUPS,
    LEAST_DPI,
    LEAST_MM,
    MOST_DPI,
    MOST_MM,
    VALUES_FORMATS,
    ExportChoice,
)
from spectracnn.gui.dialogs.base import GAP, MARGIN, heading, muted, named
from spectracnn.gui.widgets.segmented import SegmentedControl

if TYPE_CHECKING:
    from spectracnn.view.contents import Contents

_CAPTION_WIDTH, _ROW_HEIGHT = 80, 28
_THEMES = ("light", "dark")
SIZES = {
    "natural": ("As the contents need, up to a page", None),
    "column": ("Journal column, 89 mm wide", None),
    "page": ("Journal page, 183 mm wide", None),
    "slide": ("Slide, 16 : 9", (339, 191)),
    "own": ("Own size", None),
}


class ExportForm(QWidget):
    """Controls for an `ExportChoice`, a folder and a name.

    Signals
    -------
    choiceChanged : ()
        Something that the preview shows.
    placeChanged : ()
        Folder or name.
    """

    choiceChanged = Signal()
    placeChanged = Signal()

    def __init__(self, choice: ExportChoice, contents: Contents, name: str) -> None:
        super().__init__()
        self._remembered = choice
        self._make_controls()
        self._arrange()
        self._fill(choice, contents, name)
        self._connect()

    def _make_controls(self) -> None:
        self.what_combo = named(QComboBox(), "What to export")
        self.kind_control = SegmentedControl(("Figure", "Values"), "Export as")
        self.figure_control = SegmentedControl(("PNG", "SVG", "PDF"), "Figure format")
        self.values_control = SegmentedControl(("CSV", "NPZ", "HDF5"), "Values format")
        self.size_combo = named(QComboBox(), "Size of the figure")
        self.size_combo.addItems([text for text, _ in SIZES.values()])
        self.width_spin = self._spin(LEAST_MM, MOST_MM, " mm", "Width of the figure")
        self.height_spin = self._spin(LEAST_MM, MOST_MM, " mm", "Height of the figure")
        self.height_spin.setToolTip("A stack of layers that needs more height gets it.")
        self.dpi_spin = self._spin(LEAST_DPI, MOST_DPI, " dpi", "Resolution")
        self.dpi_spin.setSingleStep(50)
        self.dpi_spin.setToolTip("In SVG and PDF, the resolution of heat maps alone.")
        self.theme_control = SegmentedControl(("Light", "Dark"), "Colours of the figure")
        self.folder_edit = named(QLineEdit(), "Folder")
        self.folder_button = QPushButton("Choose…", autoDefault=False)
        self.folder_button.setAccessibleName("Choose the folder")
        self.name_edit = named(QLineEdit(), "File name")
        self.files_label = muted()

    def _spin(self, least: int, most: int, suffix: str, name: str) -> QSpinBox:
        spin = named(QSpinBox(minimum=least, maximum=most, suffix=suffix), name)
        # One preview for a number typed, not one for each digit.
        spin.setKeyboardTracking(False)
        # The style sheet cannot indent the text of a spin box without buttons.
        spin.lineEdit().setTextMargins(6, 0, 0, 0)
        return spin

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        size_row = _row(self.width_spin, QLabel("×"), self.height_spin)
        what, self._looks, where = _form(), _form(), _form()
        what.addRow(_caption("Panel"), self.what_combo)
        what.addRow(_caption("As"), _row(self.kind_control))
        what.addRow(_caption("Format"), _row(self.figure_control, self.values_control))
        self._looks.addRow(_caption("Size"), self.size_combo)
        self._looks.addRow(_caption(), size_row)
        self._looks.addRow(_caption("Resolution"), _row(self.dpi_spin))
        self._looks.addRow(_caption("Colours"), _row(self.theme_control))
        where.addRow(_caption("Folder"), _row(self.folder_edit, self.folder_button, stretch=False))
        where.addRow(_caption("Name"), self.name_edit)
        where.addRow(_caption(), self.files_label)
        self.looks = QWidget()
        looks_layout = QVBoxLayout(self.looks)
        looks_layout.setContentsMargins(0, MARGIN - GAP, 0, 0)
        looks_layout.setSpacing(GAP)
        looks_layout.addWidget(heading("Look"))
        looks_layout.addLayout(self._looks)
        layout.addWidget(heading("Export"))
        layout.addLayout(what)
        layout.addWidget(self.looks)
        layout.addSpacing(MARGIN - GAP)
        layout.addWidget(heading("Files"))
        layout.addLayout(where)
        layout.addStretch(1)

    def _fill(self, choice: ExportChoice, contents: Contents, name: str) -> None:
        for key in ("all", "each", "spectrum", "layers"):
            self.what_combo.addItem(GROUPS[key], key)
        if contents.layers:
            self.what_combo.addItem(GROUPS["overview"], "overview")
        if contents.attribution is not None:
            self.what_combo.addItem(GROUPS["attribution"], "attribution")
        for layer in contents.layers:
            self.what_combo.addItem(f"Layer {layer.title}", f"layer {layer.index}")
        self.what_combo.addItem(GROUPS["prediction"], "prediction")
        self.what_combo.insertSeparator(2)
        place = self.what_combo.findData(choice.what)
        self.what_combo.setCurrentIndex(max(place, 0))
        self.kind_control.set_index(int(choice.values))
        self.figure_control.set_index(FIGURE_FORMATS.index(choice.figure_format))
        self.values_control.set_index(VALUES_FORMATS.index(choice.values_format))
        sizes = list(SIZES)
        self.size_combo.setCurrentIndex(sizes.index(choice.size) if choice.size in sizes else 0)
        self.width_spin.setValue(choice.width)
        self.height_spin.setValue(choice.height)
        self.dpi_spin.setValue(choice.dpi)
        self.theme_control.set_index(_THEMES.index(choice.theme))
        self.folder_edit.setText(choice.folder)
        self.name_edit.setText(name)
        self._show_relevant()

    def _connect(self) -> None:
        self.what_combo.currentIndexChanged.connect(self._on_control_changed)
        for control in (
            self.kind_control,
            self.figure_control,
            self.values_control,
            self.theme_control,
        ):
            control.chosen.connect(self._on_control_changed)
        self.size_combo.currentIndexChanged.connect(self._on_size_currentIndexChanged)
        for spin in (self.width_spin, self.height_spin, self.dpi_spin):
            spin.valueChanged.connect(self._on_control_changed)
        for edit in (self.folder_edit, self.name_edit):
            edit.textChanged.connect(self.placeChanged)
        self.folder_button.clicked.connect(self._on_folder_clicked)

    @property
    def choice(self) -> ExportChoice:
        """What is chosen."""
        return replace(
            self._remembered,
            what=str(self.what_combo.currentData()),
            values=self.kind_control.index == 1,
            figure_format=FIGURE_FORMATS[self.figure_control.index],
            values_format=VALUES_FORMATS[self.values_control.index],
            size=list(SIZES)[self.size_combo.currentIndex()],
            width=self.width_spin.value(),
            height=self.height_spin.value(),
            dpi=self.dpi_spin.value(),
            theme=_THEMES[self.theme_control.index],
            folder=self.folder_edit.text().strip(),
        )

    def _show_relevant(self) -> None:
        values = self.kind_control.index == 1
        self.figure_control.setVisible(not values)
        self.values_control.setVisible(values)
        self.looks.setVisible(not values)
        own = list(SIZES)[self.size_combo.currentIndex()] == "own"
        self._looks.setRowVisible(1, own)

    def _on_control_changed(self, _value: object = None) -> None:
        self._show_relevant()
        self.choiceChanged.emit()

    def _on_size_currentIndexChanged(self, index: int) -> None:
        preset = list(SIZES.values())[index][1]
        if preset is not None:
            for spin, side in zip((self.width_spin, self.height_spin), preset, strict=True):
                spin.blockSignals(True)
                spin.setValue(side)
                spin.blockSignals(False)
        self._on_control_changed()

    def _on_folder_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Export to", self.folder_edit.text())
        if folder:
            self.folder_edit.setText(folder)


def _form() -> QFormLayout:
    form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setHorizontalSpacing(GAP)
    form.setVerticalSpacing(GAP)
    return form


def _caption(text: str = "") -> QLabel:
    caption = QLabel(text, alignment=Qt.AlignmentFlag.AlignVCenter)
    # The same in every group, so that the controls stand in one column.
    caption.setFixedWidth(_CAPTION_WIDTH)
    caption.setMinimumHeight(_ROW_HEIGHT if text else 0)
    return caption


def _row(*widgets: QWidget, stretch: bool = True) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return row
