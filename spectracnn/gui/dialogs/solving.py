"""Asks how the spectra of meshes are computed: operator, mass, boundary, components, refinement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QPushButton, QSpinBox, QVBoxLayout

from spectracnn.geometry.options import LARGEST_REFINEMENT, SolveOptions
from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, muted, named, primary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

_MOST = 100_000
_OPERATORS = (
    ("Linear finite elements", False),
    ("Intrinsic Delaunay, for bad triangles (Sharp and Crane)", True),
)
_BOUNDARIES = (
    ("Nothing flows out (Neumann)", "neumann"),
    ("Functions are zero there (Dirichlet)", "dirichlet"),
)
_COMPONENTS = (("The largest alone", "largest"), ("All of them", "all"))
_ABOUT = (
    "For meshes that are opened from now on. Each spectrum keeps what it was computed with: the "
    "shape view and its maps follow it, and its file says so."
)


class SolvingDialog(Dialog):
    """Shows options, and gives them back.

    Parameters
    ----------
    options : SolveOptions
        What is proposed.
    again : str
        Name of the open mesh that can be computed again; empty for none.
    parent : QWidget, optional
        Which window it belongs to.
    """

    def __init__(
        self, options: SolveOptions, again: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("How meshes are solved", parent)
        self.again = False
        self.k_box = named(QSpinBox(minimum=1, maximum=_MOST, value=options.k), "Eigenvalues")
        self.operator_box = _combo("Operator", _OPERATORS, options.robust)
        self.lump_box = QCheckBox("Lumped: coarser, and diagonal")
        self.lump_box.setChecked(options.lump)
        self.boundary_box = _combo("At a boundary", _BOUNDARIES, options.boundary)
        self.components_box = _combo("Components", _COMPONENTS, options.components)
        self.refine_box = QSpinBox(minimum=0, maximum=LARGEST_REFINEMENT, value=options.refine)
        self.refine_box.setSpecialValueText("none")
        named(self.refine_box, "How often each triangle is cut into four").setSuffix(" times")
        form = QFormLayout()
        form.setHorizontalSpacing(MARGIN)
        form.setVerticalSpacing(GAP)
        for text, widget in (
            ("&Eigenvalues", self.k_box),
            ("&Operator", self.operator_box),
            ("&Mass", self.lump_box),
            ("At a &boundary", self.boundary_box),
            ("&Components", self.components_box),
            ("&Refinement", self.refine_box),
        ):
            form.addRow(text, widget)
        use_button, cancel_button = primary("Use"), QPushButton("Cancel")
        self.again_button = QPushButton(f"Use, and compute {again} again")
        self.again_button.setVisible(bool(again))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(muted(_ABOUT))
        layout.addLayout(form)
        layout.addLayout(button_row(cancel_button, self.again_button, use_button))
        self.operator_box.currentIndexChanged.connect(self._on_operator_changed)
        use_button.clicked.connect(self.accept)
        self.again_button.clicked.connect(self._on_again_clicked)
        cancel_button.clicked.connect(self.reject)
        self._on_operator_changed()
        self.resize(480, self.sizeHint().height())

    @property
    def options(self) -> SolveOptions:
        """What was chosen."""
        robust = bool(self.operator_box.currentData())
        return SolveOptions(
            k=self.k_box.value(),
            lump=self.lump_box.isChecked() and not robust,
            boundary=self.boundary_box.currentData(),
            components=self.components_box.currentData(),
            refine=self.refine_box.value(),
            robust=robust,
        )

    @Slot()
    def _on_operator_changed(self, _index: int = 0) -> None:
        """Offer the mass as a choice where it is one: the intrinsic operator's is always lumped."""
        self.lump_box.setEnabled(not self.operator_box.currentData())

    @Slot()
    def _on_again_clicked(self) -> None:
        self.again = True
        self.accept()


def _combo(name: str, choices: Sequence[tuple[str, object]], chosen: object) -> QComboBox:
    box = named(QComboBox(), name)
    for text, value in choices:
        box.addItem(text, value)
    box.setCurrentIndex([value for _, value in choices].index(chosen))
    return box
