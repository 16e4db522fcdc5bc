"""The attribution tab: which eigenvalues speak for a class, by which method, how exactly."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.requests import CheckAttribution
from spectracnn.engine.broker import Policy
from spectracnn.gui.tools.attribution.choices import AttributionChoices
from spectracnn.gui.tools.attribution.plot import InputPlot
from spectracnn.gui.tools.attribution.requesting import AttributionRequests, AttributionWish
from spectracnn.gui.tools.attribution.table import RankedTable
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.widgets.next_step import NextStep
from spectracnn.state.requests import attribution_request, seen_key
from spectracnn.state.script import ScriptView
from spectracnn.state.script_values import method_code
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.attribution import headline
from spectracnn.view.needs import next_steps
from spectracnn.view.tool_pictures import ToolView, WhyPicture

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PySide6.QtGui import QHideEvent, QShowEvent

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.attribution_checks import AttributionChecks
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.theme import Theme
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.view.contents import Contents
_CAPTION = "Model\u2019s input; red speaks for the class, blue against it"
_CAPTION_OF_VALUE = "Model\u2019s input; red raises the value, blue lowers it"
_CAPTIONS = {
    "method": "method",
    "target": "class",
    "options": "options of the method",
    "follows": "follow changes",
}


_STEPS = (
    ("open_model", "Open a model\u2026"),
    ("edit_model_card", "Edit the model's card\u2026"),
    ("open_files", "Open files\u2026"),
    ("open_samples", "Open the samples"),
)


class AttributionTool(QScrollArea):
    """Asks for attributions of what is shown, while it is visible, and ranks the eigenvalues."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._context, self._workspace = context, context.workspace
        self.requests = AttributionRequests(context.broker, self)
        self._make_widgets()
        self._arrange()
        self._connect()
        self.choices.show_choice(self._chosen.record)

    # --- making ------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.choices = AttributionChoices()
        self._chosen = Chosen(self._workspace, "attribution", "Attribution", self)
        self._options_gesture = self._workspace.editing.new_gesture()
        self.headline = QLabel(wordWrap=True)
        self.completeness = QLabel(wordWrap=True)
        self.completeness.setProperty("muted", True)
        self.problem = QLabel(wordWrap=True)
        self.problem.setProperty("warning", True)
        self.problem.hide()
        self.caption = QLabel(_CAPTION)
        self.caption.setWordWrap(True)
        self.caption.setProperty("muted", True)
        self.plot: InputPlot | None = None  # made with the first answer, to open the tab sooner
        self._plot_place = QVBoxLayout()
        self._plot_place.addSpacing(InputPlot.HEIGHT)
        self.table = RankedTable()
        self.checks = QLabel(wordWrap=True)
        self.checks.setProperty("muted", True)
        self.checks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.checks.hide()
        self.check_button = QPushButton("Check")
        self.check_button.setToolTip(
            "How far to believe it: agreement with other methods, and whether the class's "
            "probability falls when the most important eigenvalues are taken away"
        )
        self._checked: Hashable = None
        self.copy_button = QPushButton("Copy table")
        self.export_button = QPushButton("Export\u2026")
        self.export_button.setToolTip("Write a figure of the attribution, or its numbers")

    def _arrange(self) -> None:
        self.body, self.next_step = QWidget(), NextStep(_STEPS)
        self.next_step.hide()
        layout = QVBoxLayout(self.body)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (
            self.choices,
            self.headline,
            self.completeness,
            self.problem,
            self.caption,
        ):
            layout.addWidget(widget)
        layout.addLayout(self._plot_place)
        layout.addWidget(self.checks)
        layout.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.export_button)
        layout.addLayout(buttons)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body, 1)
        column.addWidget(self.next_step, 1)
        self.setWidget(whole)

    def _connect(self) -> None:
        self.choices.changed.connect(self._on_choices_changed)
        self.choices.modelShown.connect(self._on_choices_modelShown)
        self._chosen.changed.connect(self._on_chosen_changed)
        self.choices.updateRequested.connect(self._on_choices_updateRequested)
        self.requests.received.connect(self._on_requests_received)
        self.requests.failed.connect(self._on_requests_failed)
        self.table.chosen.connect(self._on_table_chosen)
        self.check_button.clicked.connect(self._on_check_button_clicked)
        self.copy_button.clicked.connect(self.table.copy)
        self.next_step.chosen.connect(self._context.run_command)
        self.export_button.clicked.connect(self._on_export_button_clicked)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    # --- asking ------------------------------------------------------------------------------

    def _wanted(self) -> AttributionWish | None:
        """Return what would be asked now; None as long as the network shows nothing."""
        document, selection = self._workspace.document, self._workspace.selection
        if document.trace(selection.current) is None:
            return None
        choices = self.choices
        made = attribution_request(
            document, selection, choices.method, choices.target, choices.attribution_options
        )
        return None if made is None else AttributionWish(made, seen_key(document, selection))

    def _follow(self) -> None:
        """Ask for what is shown, unless that is settled or only asked for by hand."""
        wanted = self._wanted()
        if wanted is None:
            self.requests.forget()
            self.choices.offer_update(False)
            return
        there = self._workspace.document.attribution is not None
        settled = self.requests.settles(wanted, shown=there)
        if not self.choices.follows:
            self.requests.hold()
        elif not settled:
            self.requests.send_soon(wanted)
        by_hand = not settled and not self.choices.follows
        self.choices.offer_update(by_hand or bool(self.requests.problem(wanted)))

    @Slot(object, object)
    def _on_requests_received(self, wanted: AttributionWish, attribution: Attribution) -> None:
        if self.isVisible() and self._is_shown(wanted):
            self._workspace.set_attribution(wanted.entry_id, attribution)

    @Slot(object)
    def _on_requests_failed(self, wanted: AttributionWish) -> None:
        if self._is_shown(wanted):
            self._workspace.set_attribution(wanted.entry_id, None)

    def _is_shown(self, wanted: AttributionWish) -> bool:
        return wanted.seen == seen_key(self._workspace.document, self._workspace.selection)

    # --- what is shown -----------------------------------------------------------------------

    @Slot(object)
    def _on_workspace_contentsChanged(self, contents: Contents) -> None:
        if not self.isVisible():
            return
        document = self._workspace.document
        trace = document.traces.get(self._workspace.selection.current or 0)
        self.choices.show_model(document.model, trace)
        self._follow()
        self._show(contents)

    def _show(self, contents: Contents) -> None:
        picture = contents.attribution
        if self.plot is None and picture is not None:
            self.plot = self._make_plot()
        if self.plot is not None:
            self.plot.set_contents(contents)
        self.table.show_picture(picture)
        self.table.mark(contents.sample)
        wanted = self._wanted()
        if wanted is None or wanted.key != self._checked:  # they were about something else
            self._show_checks("", None)
        self._show_next_step(contents, empty=picture is None and wanted is None)
        for widget in (self.check_button, self.copy_button, self.export_button):
            widget.setEnabled(picture is not None)
        reason = self.requests.problem(self._wanted())
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        self.headline.setText(headline(contents, busy=self.requests.busy))
        self.headline.setVisible(not reason)
        self.completeness.setText(picture.completeness if picture is not None else "")
        self.completeness.setVisible(bool(self.completeness.text()))
        model = self._workspace.document.model
        self.caption.setToolTip(model.card.input_meaning if model is not None else "")
        of_value = model is not None and model.reading.is_values
        self.caption.setText(_CAPTION_OF_VALUE if of_value else _CAPTION)

    def _show_next_step(self, contents: Contents, *, empty: bool) -> None:
        """Where nothing can be explained, say why and what helps, in place of idle controls."""
        self.body.setVisible(not empty)
        self.next_step.setVisible(empty)
        if empty:
            document = self._workspace.document
            entry = self._workspace.current
            self.next_step.explain(contents.prediction.detail, next_steps(document, entry))

    def _make_plot(self) -> InputPlot:
        plot = InputPlot(self._context.themes.theme)
        plot.hoverRequested.connect(self._workspace.hover)
        plot.pinRequested.connect(self._workspace.pin)
        self._plot_place.takeAt(0)
        self._plot_place.addWidget(plot)
        return plot

    @Slot(object)
    def _on_themes_themeChanged(self, theme: Theme) -> None:
        if self.plot is not None:
            self.plot.apply_theme(theme)

    def script_view(self) -> ScriptView | None:
        """Return the attribution as it is shown, for a script."""
        choices, found = self.choices, self._workspace.document.attribution
        target = choices.target if found is None else int(found.target)
        how = method_code(choices.method, target, choices.attribution_options)
        return ScriptView(
            (
                f"attributions = scene.explain(current, {how})",
                f'figure = scene.figure("attribution", current, {how})',
            )
        )

    def figure_view(self) -> ToolView | None:
        """Return the spectrum with the attribution below it; None while there is none."""
        contents = self._workspace.contents
        if contents.attribution is None:
            return None
        return ToolView(WhyPicture(contents), dark=self._context.themes.theme.dark)

    def values_tsv(self) -> str:
        """Return the ranked eigenvalues, tab-separated."""
        return self.table.tsv()

    # --- what the person does ----------------------------------------------------------------

    @Slot()
    def _on_choices_changed(self) -> None:
        before, after = self._chosen.record, self.choices.choice
        for name, caption in _CAPTIONS.items():
            if getattr(before, name) != getattr(after, name):
                gesture = self._options_gesture if name == "options" else None
                self._chosen.choose(caption, gesture, **{name: getattr(after, name)})

    @Slot()
    def _on_choices_modelShown(self) -> None:
        self.choices.show_choice(self._chosen.record)

    @Slot()
    def _on_chosen_changed(self) -> None:
        self.choices.show_choice(self._chosen.record)
        self._follow()
        self._show(self._workspace.contents)

    @Slot()
    def _on_choices_updateRequested(self) -> None:
        wanted = self._wanted()
        if wanted is not None:
            self.requests.send(wanted)
            self._show(self._workspace.contents)
            self.choices.offer_update(False)

    @Slot()
    def _on_check_button_clicked(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        self._show_checks("Checking\u2026", wanted.key)
        self._context.broker.submit(
            CheckAttribution(wanted.made.request),
            "attribution checks",
            Policy.LATEST_WINS,
            partial(self._receive_checks, wanted.key),
            partial(self._fail_checks, wanted.key),
            key=("checks", wanted.key),
        )

    def _receive_checks(self, key: Hashable, checks: AttributionChecks) -> None:
        if key == self._checked:
            self._show_checks("\n".join(checks.words()), key)

    def _fail_checks(self, key: Hashable, error: SpectraCNNError) -> None:
        if key == self._checked:
            self._show_checks(error.message, key)

    def _show_checks(self, text: str, key: Hashable) -> None:
        self._checked = key
        self.checks.setText(text)
        self.checks.setVisible(bool(text))

    @Slot(int)
    def _on_table_chosen(self, place: int) -> None:
        self._workspace.pin_at(Sample(SPECTRUM, place))

    @Slot()
    def _on_export_button_clicked(self) -> None:
        from spectracnn.gui.export.dialog import ExportDialog

        context = self._context
        ExportDialog(
            context.workspace, context.themes, context.settings, self.window(), what="attribution"
        ).exec()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The strip under the spectrum is made then: not in the same breath as this tab.
        QTimer.singleShot(0, self._on_shown)

    @Slot()
    def _on_shown(self) -> None:
        if self.isVisible():
            self._workspace.set_view(explaining=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.requests.forget()
        self._workspace.set_view(explaining=False)
