"""The inspector's widgets in their places: one column, or two where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from spectracnn.gui.tools.inspector.compare import Compare
from spectracnn.gui.tools.inspector.player import Player
from spectracnn.gui.tools.inspector.reach import Reach
from spectracnn.gui.tools.inspector.slide import SlideView
from spectracnn.gui.tools.inspector.strips import StripView
from spectracnn.gui.tools.inspector.sum import ActivationView, SumView
from spectracnn.gui.tools.inspector.terms import TermView
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.view.inspect.picture import largest_before
from spectracnn.view.inspect.records import Convolution
from spectracnn.view.inspect.strips import strip_set
from spectracnn.view.inspect.terms import class_list, term_list
from spectracnn.view.inspect.tracks import slide
from spectracnn.view.inspect.words import check_words

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.gui.theme import Theme
    from spectracnn.view.inspect.records import Check, Inspection

_TWO_COLUMNS = 600


class InspectorPage(QWidget):
    """Shows one inspection, or two filters side by side.

    Signals
    -------
    sampleRequested : Sample
        Where a number comes from was clicked.
    placeRequested : int
        Another input channel was chosen.
    """

    sampleRequested = Signal(object)
    placeRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: int | None = None
        self._shown_for: tuple[int, int] | None = None
        self.hint = _label("muted")
        self.title, self.subtitle = _label("title"), _label("muted")
        # Two lines are kept free: what stands below must not move from sample to sample.
        self.subtitle.setMinimumHeight(2 * self.subtitle.fontMetrics().lineSpacing())
        self.subtitle.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence, self.check = _label("muted"), _label("good")
        self._check_colour = ""
        self.copy_button = tool_button("Copy", "Copy all these numbers as text (Ctrl+C)")
        self.example_button = QPushButton("Take the strongest sample")
        self.example_button.setToolTip("Pin the largest output of the first layer")
        self.example_button.hide()
        self.compare = Compare()
        self.player = Player(theme)
        self.slide = SlideView(theme)
        self.strips = StripView(theme)
        self.terms = TermView("Terms of the sum", theme)
        self.lines = SumView(theme)
        self.activation = ActivationView(theme)
        self.classes = TermView("Softmax", theme)
        self.reach = Reach(theme)
        self._arrange()
        for view in (self.strips, self.terms, self.lines):
            view.sampleRequested.connect(self.sampleRequested)
        self.terms.placeRequested.connect(self._on_terms_placeRequested)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        for button in (self.compare.button, self.copy_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        top = QVBoxLayout()
        top.setSpacing(4)
        top.addLayout(head)
        for widget in (self.subtitle, self.player, self.compare, self.slide):
            top.addWidget(widget)
        left = _column(self.strips, self.terms)
        right = _column(self.lines, self.activation, self.classes, self.check)
        right.addWidget(self.sentence)
        for column in (left, right):
            column.setSpacing(12)
            column.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 12)
        layout.setSpacing(12)
        layout.addWidget(self.hint)
        layout.addWidget(self.example_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(top)
        layout.addLayout(self._columns)
        layout.addSpacing(8)
        layout.addWidget(self.reach)
        layout.addStretch(1)

    def fit(self, width: int) -> None:
        """Use one column or two."""
        wide = width >= _TWO_COLUMNS
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(direction)
        self._columns.setSpacing(32 if wide else 12)

    # --- what is shown -----------------------------------------------------------------------

    def show_hint(self, text: str) -> None:
        """Say what to do, and show nothing else."""
        self.player.stop()
        for widget in self._all():
            widget.setVisible(False)
        self.hint.setText(text)
        self.hint.setVisible(True)

    def show_simple(self, inspection: Inspection, theme: Theme) -> None:
        """Show lines alone."""
        self.show_hint("")
        self.hint.setVisible(False)
        for widget in (self.title, self.subtitle, self.sentence, self.lines, self.copy_button):
            widget.setVisible(True)
        self._show_texts(inspection, theme)
        self.lines.set_lines((inspection,), theme)

    def show_sample(
        self,
        model: ModelDescription,
        trace: Trace,
        inspection: Inspection,
        other: Inspection | None,
        theme: Theme,
    ) -> None:
        """Show a sample of a layer, and another filter's at the same step."""
        self.hint.setVisible(False)
        self.example_button.setVisible(False)
        place = self.chosen_place(inspection)
        both = (inspection,) if other is None else (inspection, other)
        channel = None if other is None else other.sample.channel
        self._show_texts(inspection, theme)
        moving = slide(model, trace, inspection, place, channel)
        self.slide.set_slide(moving, theme)
        self.player.setVisible(moving is not None)
        self.compare.apply_theme(theme)
        is_filter = isinstance(inspection.body, Convolution) and moving is not None
        self.compare.button.setVisible(is_filter)
        self.player.set_position(
            inspection.sample.step, moving.made.x.size if moving is not None else 0
        )
        self.strips.set_strips(strip_set(model, trace, inspection, place, other), theme)
        self.terms.set_terms(term_list(inspection), place, theme)
        self.lines.set_lines(both, theme)
        self.lines.setVisible(True)
        largest = largest_before(trace, inspection.sample.layer)
        self.activation.set_inspections(both, theme, largest)
        shares = None if inspection.softmax is None else class_list(inspection.softmax)
        self.classes.set_terms(shares, inspection.sample.step, theme)
        self._show_check(inspection.check, theme)
        for widget in (self.title, self.subtitle, self.sentence, self.copy_button):
            widget.setVisible(True)

    def _all(self) -> tuple[QWidget, ...]:
        words = (self.title, self.subtitle, self.sentence, self.check)
        controls = (
            self.example_button,
            self.copy_button,
            self.compare,
            self.compare.button,
            self.player,
        )
        terms = (self.strips, self.terms, self.lines, self.activation, self.classes)
        return (*words, *controls, *terms, self.slide, self.example_button)

    def _show_texts(self, inspection: Inspection, theme: Theme) -> None:
        self.title.setText(inspection.title)
        self.subtitle.setText(inspection.subtitle)
        self.sentence.setText(inspection.sentence)

    def _show_check(self, check: Check | None, theme: Theme) -> None:
        """Say whether the numbers add up to the network's own."""
        self.check.setVisible(check is not None)
        if check is None:
            return
        colour = theme.good if check.agrees else theme.error
        if colour != self._check_colour:  # a style sheet is read again at each
            self._check_colour = colour
            self.check.setStyleSheet(f"color: {colour}")
        self.check.setText(check_words(check))

    def chosen_place(self, inspection: Inspection) -> int:
        """Return which input channel is drawn: the one asked for, else the strongest."""
        body = inspection.body
        if not isinstance(body, Convolution):
            return 0
        here = (inspection.sample.layer, int(body.channels[0]))
        if self._shown_for != here:
            self._shown_for, self._place = here, None
        return int(body.order[0]) if self._place is None else self._place

    @Slot(int)
    def _on_terms_placeRequested(self, place: int) -> None:
        self._place = place
        self.placeRequested.emit(place)


def _label(kind: str) -> QLabel:
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty(kind, True)
    return label


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    for widget in widgets:
        column.addWidget(widget)
    return column
