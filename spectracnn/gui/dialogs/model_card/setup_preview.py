"""What a card makes of the spectrum on the screen: the model's input, and the prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from spectracnn.gui.dialogs.base import GAP, heading, muted, named
from spectracnn.gui.panels.prediction_panel import ClassBars
from spectracnn.gui.theme import number_font
from spectracnn.view.contents import PredictionContents
from spectracnn.view.palettes import curve_colour
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from spectracnn.core.trace import Trace
    from spectracnn.gui.theme import Theme

_MOST_CURVES = 12
_MOST_CLASSES = 6


class ModelInputPreview(QFrame):
    """A plot of the model's input over class bars; both come from the engine."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("preview", True)
        self._theme = theme
        self.title = heading("The model's input")
        self.caption = muted()
        self.problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.problem.setProperty("error", True)
        self.plot = named(pg.PlotWidget(background=theme.ground), "Plot of the model's input")
        self._shown: tuple[Trace, str, tuple[str, ...], tuple[str, ...]] | None = None
        self._legend = self.plot.getPlotItem().addLegend(offset=(8, 8), labelTextSize="8pt")
        self._set_up_plot()
        self.bars_title = heading("Prediction")
        self.bars = ClassBars(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        for widget in (self.title, self.caption, self.problem):
            layout.addWidget(widget)
        layout.addWidget(self.plot, 1)
        layout.addSpacing(GAP)
        layout.addWidget(self.bars_title)
        layout.addWidget(self.bars)
        self.show_sentence("")

    def _set_up_plot(self) -> None:
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMinimumHeight(160)
        item = self.plot.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.getViewBox().setMouseEnabled(x=False, y=False)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setStyle(tickFont=number_font(self.font()))
            axis.enableAutoSIPrefix(False)
        self._recolour()

    def _recolour(self) -> None:
        self.plot.setBackground(QColor(self._theme.ground))
        self.plot.setLabel("bottom", "eigenvalue index", color=self._theme.muted)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(QColor(self._theme.line))
            axis.setTextPen(QColor(self._theme.muted))
        self._legend.setLabelTextColor(QColor(self._theme.ink))

    def apply_theme(self, theme: Theme) -> None:
        """Draw again in other colours."""
        self._theme = theme
        self._recolour()
        if self._shown is not None:
            self.show_trace(*self._shown)

    def show_sentence(self, sentence: str, *, wrong: bool = False) -> None:
        """Say why there is nothing to see; what was seen goes."""
        self._clear()
        self.caption.setText("" if wrong else sentence)
        self.caption.setVisible(bool(sentence) and not wrong)
        self.problem.setText(sentence if wrong else "")
        self.problem.setVisible(wrong)
        for widget in (self.bars_title, self.bars):
            widget.setVisible(False)

    def show_trace(
        self, trace: Trace, name: str, classes: tuple[str, ...], structures: tuple[str, ...]
    ) -> None:
        """Draw a pass.

        Parameters
        ----------
        trace : Trace
            By the card as it stands in the dialog.
        name : str
            Of the spectrum.
        classes : tuple of str
            Parallel to the probabilities.
        structures : tuple of str
            Of the channels or rows; empty for one spectrum.
        """
        self._clear()
        self._shown = (trace, name, classes, structures)
        rows = trace.input[:, :, 0] if trace.input.ndim == 3 else trace.input.T
        for place, row in enumerate(rows[:_MOST_CURVES]):
            pen = pg.mkPen(QColor(curve_colour(place, self._theme.dark)), width=1.5)
            label = structures[place] if len(rows) > 1 and any(structures) else None
            self.plot.plot(
                input_positions(trace.positions),
                row,
                pen=pen,
                name=label,
                antialias=True,
                connect="finite",
            )
        first, last = trace.positions.min(), trace.positions.max()
        low, high = np.nanmin(trace.input), np.nanmax(trace.input)
        span = f"from {low:.4g} to {high:.4g}".replace("-", "\u2212")
        self.caption.setText(
            f"{name}: eigenvalues {first} to {last} give {rows.shape[1]} values {span}"
        )
        self.bars.set_contents(_prediction(trace, classes), self._theme)
        self.problem.setVisible(False)
        for widget in (self.caption, self.bars_title, self.bars):
            widget.setVisible(True)

    def _clear(self) -> None:
        self._shown = None
        self.plot.clear()
        self._legend.clear()


def _prediction(trace: Trace, classes: tuple[str, ...]) -> PredictionContents:
    """Return the bars of a pass; of a regression its values."""
    if not trace.probabilities.size:
        values = trace.output.ravel()[: min(_MOST_CLASSES, len(classes))]
        texts = tuple(f"{value:.4g}" for value in values)
        return PredictionContents(classes[: len(values)], values, "", texts=texts)
    order = np.argsort(-trace.probabilities, kind="stable")[:_MOST_CLASSES]
    named_classes = tuple(classes[i] for i in order)
    return PredictionContents(named_classes, trace.probabilities[order], "")
