"""Lesson 1: a membrane swings in its modes, whose eigenvalues stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from spectracnn.geometry.membrane import DRUMS, Modes, Outline, membrane_modes, partners
from spectracnn.gui.learn.lessons.membrane_views import ModeView, SpectrumBars
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict

if TYPE_CHECKING:
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

SINGLE = tuple(outline for outline in Outline if outline not in DRUMS)
BOTH_DRUMS = "Two drums that sound alike"
DRUM_GRID = 95
_STILL = (
    "Computed by finite differences. White lines (black in the dark theme) do not move: the higher "
    "the eigenvalue, the more of them."
)


class DrumPicture(Picture):
    """Outline, mode and eigenvalues; or two drums with one spectrum."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.outline_box = QComboBox()
        self.outline_box.addItems([*(outline.value for outline in SINGLE), BOTH_DRUMS])
        self.outline_box.setAccessibleName("Outline of the membrane")
        self.mode_view, self.twin_view = ModeView(theme), ModeView(theme)
        self.twin_view.setAccessibleName("The mode of the other membrane")
        self.bars = SpectrumBars(theme)
        self.row("Membrane", self.outline_box)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.mode_view, 1)
        both.addWidget(self.twin_view, 1)
        both.addWidget(self.bars, 1)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.note)
        self.outline_box.currentIndexChanged.connect(self._on_outline_changed)
        self.bars.chosen.connect(self.choose)
        self._modes: tuple[Modes, ...] = ()
        self._on_outline_changed(0)

    @Slot(int)
    def _on_outline_changed(self, index: int) -> None:
        if index < len(SINGLE):
            self._modes = (membrane_modes(SINGLE[index]),)
        else:
            self._modes = tuple(membrane_modes(drum, size=DRUM_GRID) for drum in DRUMS)
        self.twin_view.setVisible(len(self._modes) > 1)
        self.choose(0)

    @Slot(int)
    def choose(self, place: int) -> None:
        """Show a mode."""
        for view, modes in zip((self.mode_view, self.twin_view), self._modes, strict=False):
            view.show_mode(modes.shapes[place])
        unit = "width\u00b2" if len(self._modes) == 1 else "(third of the width)\u00b2"
        self.bars.show_values(self._modes[0].eigenvalues, place, unit)
        self.note.setText(_STILL if len(self._modes) == 1 else _alike(*self._modes))

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for view in (self.mode_view, self.twin_view, self.bars):
            view.theme = theme
            view.update()

    def script(self) -> tuple[str, ...]:
        outlines = [SINGLE[self.outline_box.currentIndex()]] if len(self._modes) == 1 else DRUMS
        size = "" if len(self._modes) == 1 else f", size={DRUM_GRID}"
        return (
            "from spectracnn.geometry.membrane import Outline, membrane_modes",
            "",
            "modes = [",
            *(f"    membrane_modes(Outline.{outline.name}{size})," for outline in outlines),
            "]",
            "eigenvalues = modes[0].eigenvalues",
            f"shapes = [found.shapes[{self.bars.place}] for found in modes]",
        )

    def check(self) -> Verdict:
        place = self.bars.place
        if self.outline_box.currentIndex() != SINGLE.index(Outline.SQUARE):
            return Verdict(False, "The question is about the square: choose it first.")
        eigenvalues = self._modes[0].eigenvalues
        value, same = eigenvalues[place], partners(eigenvalues, place)
        if not same:
            return Verdict(False, f"No other mode of the square has {value:.1f}. Try another bar.")
        return Verdict(
            True,
            f"Yes: modes {place + 1} and {same[0] + 1} share {value:.1f}. They are each other "
            "rotated by 90 degrees; symmetric shapes have such pairs.",
        )


def _alike(one: Modes, other: Modes) -> str:
    """Return what two drums of one spectrum mean for a network, with the difference computed."""
    differ = float(np.abs(one.eigenvalues / other.eigenvalues - 1).max())
    digits = f"less than 1e{int(np.ceil(np.log10(max(differ, 1e-16))))}"
    return (
        "One cannot hear the shape of a drum (Gordon, Webb and Wolpert 1992): these two have "
        f"different outlines, and all their eigenvalues are the same. The {one.eigenvalues.size} "
        f"computed here differ by {digits} of their size. Whatever a network computes from "
        "eigenvalues, it answers the same for both: no network can tell them apart."
    )
