"""Choices that pages share: several columns from a menu, and what a test is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.tools.cohort.page import fill_box, labelled
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.view.cohort.settings import PERMUTATIONS, TestSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.gui.tools.chosen import Chosen
    from spectracnn.stats.features import Scale

_SCALES = (("as they are", None), ("unit area", "area"), ("unit volume", "volume"))
_NO_SITE, _ALL, _FOUND = "no site", "all others", "automatic"
_FEATURES = ("eigenvalues", "bands", "octaves")


class ColumnsButton(QToolButton):
    """A menu of columns of which any number is chosen.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(self, name: str, nothing: str) -> None:
        super().__init__()
        self._nothing = nothing
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMaximumWidth(260)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._show()

    def offer(self, names: Sequence[str]) -> None:
        """Offer these; those that are chosen stay so."""
        if [action.text() for action in self._menu.actions()] == list(names):
            return
        chosen = self.chosen
        self._menu.clear()
        for name in names:
            action = QAction(name, self._menu, checkable=True)
            action.setChecked(name in chosen)
            action.toggled.connect(self._on_action_toggled)
            self._menu.addAction(action)
        self._show()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names that are chosen, in order."""
        return tuple(action.text() for action in self._menu.actions() if action.isChecked())

    def choose(self, names: Sequence[str]) -> None:
        """Choose exactly these."""
        for action in self._menu.actions():
            action.setChecked(action.text() in names)

    def _show(self) -> None:
        text = ", ".join(self.chosen) or self._nothing
        self.setText(f"{text} \u25be")

    @Slot(bool)
    def _on_action_toggled(self, _on: bool) -> None:
        self._show()
        self.changed.emit()


class TestForm(QWidget):
    """What is tested, in two rows.

    Signals
    -------
    columnChanged : ()
        Another column is asked about, whose groups are to be offered.
    """

    __test__ = False  # for pytest: no test

    columnChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = SegmentedControl(("Groups of", "Association with"), "What is asked")
        self.kind.set_index(0)
        self.column_box, self.reference_box, self.other_box = QComboBox(), QComboBox(), QComboBox()
        self.covariates = ColumnsButton("Columns that are regressed out", "none")
        self.site_box, self.scale_box, self.features_box = QComboBox(), QComboBox(), QComboBox()
        self.combat = QCheckBox("ComBat")
        self.combat.setToolTip("Harmonise the sites before the test")
        self.asymmetry = QCheckBox("Left\u2212right")
        self.asymmetry.setToolTip("Compare the asymmetry index 2(L\u2212R)/(L+R) of pairs")
        self.permutations, self.seed = QSpinBox(), QSpinBox()
        self._names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._set_up()
        self._arrange()
        self.kind.chosen.connect(self._on_kind_chosen)
        self.column_box.activated.connect(self._on_column_box_activated)

    def _set_up(self) -> None:
        for box, tip in (
            (self.column_box, "Column to analyse"),
            (
                self.reference_box,
                "Group that others are compared with; automatic: by its name",
            ),
            (self.other_box, "Group that is compared with it"),
            (self.site_box, "Column of sites: regressed out, and permuted within"),
            (self.scale_box, "How eigenvalues are scaled before the test"),
            (self.features_box, "Each eigenvalue, means of 1-3, 4-8, ..., or of octaves"),
        ):
            box.setToolTip(tip)
            box.setAccessibleName(tip)
            box.setMinimumWidth(96)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(180)
        self.scale_box.addItems([words for words, _ in _SCALES])
        self.features_box.addItems(_FEATURES)
        self.permutations.setRange(9, 1_000_000)
        self.permutations.setValue(PERMUTATIONS)
        self.permutations.setSingleStep(1000)
        self.seed.setRange(0, 999_999)
        for number in (self.permutations, self.seed):
            number.setFixedWidth(84)

    def _arrange(self) -> None:
        rows = [QHBoxLayout(), QHBoxLayout()]
        rows[0].addWidget(self.kind)
        rows[0].addWidget(self.column_box)
        self._group_parts: list[QWidget] = [
            labelled(rows[0], "Reference", self.reference_box),
            self.reference_box,
            labelled(rows[0], "beside", self.other_box),
            self.other_box,
        ]
        labelled(rows[0], "Covariates", self.covariates)
        rows[0].addStretch(1)
        labelled(rows[1], "Site", self.site_box)
        for widget in (self.combat, QLabel("of"), self.features_box, self.scale_box):
            rows[1].addWidget(widget)
        rows[1].addWidget(self.asymmetry)
        labelled(rows[1], "Permutations", self.permutations)
        labelled(rows[1], "Seed", self.seed)
        rows[1].addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for row in rows:
            row.setSpacing(8)
            layout.addLayout(row)

    def bind(self, chosen: Chosen) -> None:
        """Keep in a record what is chosen here."""
        groups = ("reference", "other")
        chosen.bind_by(
            "kind",
            self.kind,
            self.kind.chosen,
            lambda: max(self.kind.index, 0),
            self._show_kind,
            "groups or association",
            resets=("column", *groups),
        )
        box = self.column_box
        chosen.bind_by(
            "column",
            box,
            box.activated,
            box.currentText,
            self._show_column,
            "column",
            resets=groups,
        )
        chosen.bind_text("reference", self.reference_box, "reference", nothing=_FOUND)
        chosen.bind_text("other", self.other_box, "other group", nothing=_ALL)
        button = self.covariates
        chosen.bind_by(
            "covariates",
            button,
            button.changed,
            lambda: button.chosen,
            button.choose,
            "covariates",
        )
        chosen.bind_text("site", self.site_box, "site", nothing=_NO_SITE)
        chosen.bind("combat", self.combat, "ComBat")
        chosen.bind("asymmetry", self.asymmetry, "asymmetry")
        chosen.bind_text("features", self.features_box, "features")
        chosen.bind_text("scale", self.scale_box, "scale")
        chosen.bind("permutations", self.permutations, "permutations")
        chosen.bind("seed", self.seed, "seed")

    def _show_kind(self, place: int) -> None:
        if place != self.kind.index:
            self.kind.set_index(place)
            self._offer_columns()

    def _show_column(self, name: str | None) -> None:
        place = 0 if name is None else self.column_box.findText(name)
        if place >= 0 and place != self.column_box.currentIndex():
            self.column_box.setCurrentIndex(place)
            self.columnChanged.emit()

    def offer(self, groups: tuple[str, ...], numbers: tuple[str, ...]) -> None:
        """Offer columns of groups, and columns of numbers."""
        self._names = (groups, numbers)
        self._offer_columns()
        self.covariates.offer(tuple(dict.fromkeys((*numbers, *groups))))
        fill_box(self.site_box, groups, _NO_SITE)

    def offer_levels(self, levels: tuple[str, ...]) -> None:
        """Offer the groups of the column."""
        fill_box(self.reference_box, levels, _FOUND)
        fill_box(self.other_box, levels, _ALL)

    def settings(self) -> TestSettings:
        """Return what is chosen."""
        group = self.kind.index == 0
        reference, other = self.reference_box.currentText(), self.other_box.currentText()
        reference = "" if reference == _FOUND else reference
        chosen = (reference, other) if other not in ("", _ALL) and reference else ()
        site = self.site_box.currentText()
        return TestSettings(
            self.column_box.currentText(),
            group,
            chosen if group else (),
            reference if group else "",
            self.covariates.chosen,
            "" if site == _NO_SITE else site,
            self.combat.isChecked(),
            self.features_box.currentIndex() == 1,
            self.features_box.currentIndex() == 2,
            (),
            cast("Scale | None", _SCALES[self.scale_box.currentIndex()][1]),
            permutations=self.permutations.value(),
            seed=self.seed.value(),
            asymmetry=self.asymmetry.isChecked(),
        )

    def _offer_columns(self) -> None:
        fill_box(self.column_box, self._names[max(self.kind.index, 0)])
        for widget in self._group_parts:
            widget.setVisible(self.kind.index == 0)
        self.columnChanged.emit()

    @Slot(int)
    def _on_kind_chosen(self, _place: int) -> None:
        self._offer_columns()

    @Slot(int)
    def _on_column_box_activated(self, _place: int) -> None:
        self.columnChanged.emit()
