"""Loss and metric, epoch by epoch, of training and validation data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from spectracnn.core.outputs import Task
from spectracnn.gui.panels.items import ScaledAxis
from spectracnn.gui.theme import number_font
from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from spectracnn.state.training import TrainingState
    from spectracnn.view.theme import Theme


class CurvePlot(pg.PlotWidget):
    """Two curves over the epochs."""

    def __init__(self, title: str, theme: Theme) -> None:
        box = pg.ViewBox(enableMenu=False)
        axes = {"left": ScaledAxis("left"), "bottom": ScaledAxis("bottom", whole=True)}
        super().__init__(axisItems=axes, viewBox=box, enableMenu=False)
        self.setAccessibleName(title)
        self.getPlotItem().hideButtons()
        self.setMouseEnabled(False, False)
        self.caption = title
        self._validated = False
        self._show_axes(False)
        self.training, self.validation = (self.plot([], []) for _ in range(2))
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.cursor.hide()
        self.addItem(self.cursor, ignoreBounds=True)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.setBackground(QColor(theme.ground))
        for name in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(name)
            axis.setPen(QColor(theme.line))
            axis.setTextPen(QColor(theme.muted))
            axis.setStyle(tickFont=number_font(self.font()))
        self.training.setPen(pg.mkPen(curve_colour(0, theme.dark), width=2))
        self.validation.setPen(pg.mkPen(curve_colour(1, theme.dark), width=2))
        self.cursor.setPen(pg.mkPen(QColor(theme.accent)))
        self._theme = theme
        self._show_title()

    def _show_axes(self, shown: bool) -> None:
        """Draw both axes, or none: numbers of an empty plot would be nobody's."""
        for side in ("left", "bottom"):
            self.getPlotItem().showAxis(side, shown)

    def _show_title(self) -> None:
        """Name the curves that there are, in their colours."""
        theme = self._theme
        names = ["training", "validation"][: 1 + self._validated]
        words = [
            f'<span style="color:{curve_colour(place, theme.dark)}">{name}</span>'
            for place, name in enumerate(names)
        ]
        head = f'<span style="color:{theme.ink}">{self.caption}</span>'
        self.setTitle(" ".join([head, *words]), size="9pt")

    def show_values(
        self, epochs: np.ndarray, training: np.ndarray, validation: np.ndarray, at: int | None
    ) -> None:
        """Show both curves; NaN leaves a gap."""
        self._show_axes(epochs.size > 0)
        validated = bool(np.isfinite(validation).any())
        if validated != self._validated:
            self._validated = validated
            self._show_title()
        self.training.setData(epochs, training)
        self.validation.setData(epochs, validation, connect="finite")
        self.mark(at)

    def mark(self, at: int | None) -> None:
        """Put the mark at an epoch; None for nowhere."""
        self.cursor.setVisible(at is not None)
        if at is not None:
            self.cursor.setValue(at)


class TrainingCurves(QWidget):
    """Loss at the left, metric at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.loss = CurvePlot("Loss", theme)
        self.scores = CurvePlot("Accuracy", theme)
        self._row.addWidget(self.loss)
        self._row.addWidget(self.scores)

    def show_state(self, state: TrainingState | None, at: int | None) -> None:
        """Show what was reported; a mark stands at the epoch that is looked at."""
        done = () if state is None else state.epochs
        regression = state is not None and state.plan.task is Task.REGRESSION
        title = "Mean absolute error" if regression else "Accuracy"
        if title != self.scores.caption:
            self.scores.caption = title
            self.scores.apply_theme(self.theme)
        epochs = np.array([item.epoch for item in done], float)
        for plot, names in (
            (self.loss, ("loss", "validation_loss")),
            (self.scores, ("metric", "validation_metric")),
        ):
            training, validation = (
                np.array([_number(getattr(item, name)) for item in done], float) for name in names
            )
            plot.show_values(epochs, training, validation, at)

    def mark_epoch(self, at: int) -> None:
        """Put the mark at an epoch that is looked at."""
        self.loss.mark(at)
        self.scores.mark(at)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme = theme
        self.loss.apply_theme(theme)
        self.scores.apply_theme(theme)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
