"""Train a network on labelled spectra; panels, filters and prediction follow while it learns."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSlider,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.training import StageBegan, StopWish, TrainingDone
from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import SnapshotEdits
from spectracnn.engine.training import TrainingJob
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.tools.training.choosing import FormChoice
from spectracnn.gui.tools.training.curves import TrainingCurves
from spectracnn.gui.tools.training.form import PlanForm
from spectracnn.gui.tools.training.report import ReportView
from spectracnn.gui.tools.training.runs import RunsTable
from spectracnn.gui.widgets.background import Background
from spectracnn.io.participants import read_table
from spectracnn.jobs.job import Done, JobCancelled, JobFailed, Reported
from spectracnn.state.labels import are_labelled, training_labels
from spectracnn.state.script import ScriptView
from spectracnn.state.script_values import options_code
from spectracnn.state.training import TrainingState
from spectracnn.view.tool_pictures import ToolView
from spectracnn.view.training import headline
from spectracnn.view.training_picture import curves_picture, result_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from spectracnn.core.participants import ParticipantsTable
    from spectracnn.core.training import TrainingEvent
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.job import JobEvent

    Start = Callable[[TrainingPlan, Callable[[JobEvent], None]], TrainingJob]

_OWNER = "training"
_PARTS = 1000
_REPORTS_MS = 60
"""Between two looks at what the training has reported."""

_OPEN_MS = 20


class TrainingTool(QWidget):
    """Plan at the left; at the right what happens, and what came of it.

    Parameters
    ----------
    context : ToolContext
        The parts of the program.
    start : callable
        Starts a training; ``TrainingJob``.
    """

    jobReported = Signal(object)

    def __init__(
        self, context: ToolContext, start: Start = TrainingJob, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._start = context, start
        self.state: TrainingState | None = None
        self._job: TrainingJob | None = None
        self.reports: list[JobEvent] = []
        self._report_timer = QTimer(self, singleShot=True, interval=_REPORTS_MS)
        self._report_timer.timeout.connect(self._on_report_timer_timeout)
        self._reader = Background(self._receive_table, self)
        self.form = PlanForm()
        self.start_button = QPushButton("Train")
        self.start_button.setProperty("primary", True)
        self.pause_button = QPushButton("Pause")
        self.stop_button = QPushButton("Stop and keep the best")
        self.cancel_button = QPushButton("Cancel")
        self.progress = QProgressBar(maximum=_PARTS, textVisible=False)
        self.status = QLabel("Choose what to learn from, and press Train.", wordWrap=True)
        self.follow_box = QCheckBox("Panels follow each epoch")
        self.follow_box.setChecked(True)
        self.epoch_slider = QSlider(Qt.Orientation.Horizontal)
        self.epoch_slider.setAccessibleName("Epoch that the window shows")
        self.epoch_label = QLabel("epoch \u2013")
        self.curves = TrainingCurves(context.themes.theme)
        self.report = ReportView(context.themes.theme)
        self.runs = RunsTable()
        self.tabs = QTabWidget()
        self._arrange()
        self._connect()
        self._choice = FormChoice(context.workspace, self.form, self.follow_box, self)
        self._refresh()
        self.resize(1100, 700)

    def _arrange(self) -> None:
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        # Nothing of the form may be cut at its right edge.
        bar = area.verticalScrollBar().sizeHint().width()
        area.setMinimumWidth(self.form.minimumSizeHint().width() + bar)
        live = QWidget()
        column = QVBoxLayout(live)
        column.addWidget(self.curves, 1)
        row = QHBoxLayout()
        row.addWidget(self.follow_box)
        row.addWidget(self.epoch_slider, 1)
        row.addWidget(self.epoch_label)
        column.addLayout(row)
        self.tabs.addTab(live, "Learning")
        self.tabs.addTab(self.report, "Result")
        self.tabs.addTab(self.runs, "Runs")
        splitter = QSplitter()
        splitter.addWidget(area)
        splitter.addWidget(self.tabs)
        splitter.setSizes([420, 680])
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 8)
        buttons.setSpacing(8)
        for button in (self.start_button, self.pause_button, self.stop_button, self.cancel_button):
            buttons.addWidget(button)
        buttons.addWidget(self.status, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        # The job reports from its own thread: the signal brings it here.
        self.jobReported.connect(self._on_jobReported, Qt.ConnectionType.QueuedConnection)
        self.form.labels.tableChosen.connect(self._on_form_tableChosen)
        self.form.labels.openRequested.connect(self._on_form_openRequested)
        self.start_button.clicked.connect(self.begin)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button.clicked.connect(partial(self._want, StopWish.STOP))
        self.cancel_button.clicked.connect(partial(self._want, StopWish.CANCEL))
        self.epoch_slider.valueChanged.connect(self._on_slider_changed)
        self._context.themes.themeChanged.connect(self._on_themes_themeChanged)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._choice.restore() and self._job is None:
            labels = self.form.labels
            document = self._context.workspace.document
            if document.labels or (not labels.data and are_labelled(document)):
                self.learn_open_spectra()
            elif not labels.data:
                labels.choose_bundled()

    @Slot()
    def _on_form_openRequested(self) -> None:
        self.learn_open_spectra()
        self.form.edited.emit("spectra")

    @Slot()
    def learn_open_spectra(self) -> None:
        """Learn from the files of the open spectra, and offer the labels typed in the window."""
        document = self._context.workspace.document
        files = dict.fromkeys(
            str(entry.spectrum.source) for entry in document.entries if entry.spectrum.source
        )
        if not files:
            self.status.setText("No spectrum that was read from a file is open.")
            return
        self.form.labels.set_data(list(files), open_words(len(document.entries), len(files)))
        self.form.labels.set_typed(training_labels(document) if document.labels else ())

    def learn_layers(self, lines: tuple[str, ...]) -> None:
        """Offer layers that were put together by hand as the architecture."""
        self.form.network.set_layers(lines)

    def script_view(self) -> ScriptView | None:
        """Return the training that is shown, or planned, for a script."""
        plan = self.form.plan() if self.state is None else self.state.plan
        data = list(plan.data)
        return ScriptView(
            (
                "import spectracnn as sc",
                "",
                f"done = sc.train({data!r}, {plan.out!r}{options_code(plan)})",
                "report = done.report",
            ),
            alone=True,
        )

    # --- the training ------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Start a training by the plan."""
        if self._job is not None and self._job.running:
            return
        try:
            plan = self.form.plan()
        except SpectraCNNError as error:
            self.status.setText(error.message)
            return
        self._forget()
        self.reports = []
        self.state = TrainingState(plan)
        self._job = self._start(plan, self.jobReported.emit)
        self.tabs.setCurrentIndex(0)
        self._refresh()

    def _want(self, wish: StopWish) -> None:
        if self._job is not None:
            self._job.want(wish)

    @Slot()
    def _on_pause_clicked(self) -> None:
        paused = self.state is not None and self.state.paused
        self._want(StopWish.RESUME if paused else StopWish.PAUSE)

    @Slot(object)
    def _on_jobReported(self, event: JobEvent) -> None:
        self.reports.append(event)
        if not self._report_timer.isActive():
            self._report_timer.start()

    @Slot()
    def _on_report_timer_timeout(self) -> None:
        """Show all that was reported since the last time at once, so that the window can breathe.

        Epochs may come faster than they can be painted; and what is posted to the event loop comes
        before the mouse and the keys.
        """
        reports, self.reports = self.reports, []
        for event in reports:
            self._receive_report(event)
        self._follow()
        self._refresh()

    def _receive_report(self, event: JobEvent) -> None:
        if self.state is None:
            return
        if isinstance(event, Reported):
            self._receive(event.value)
        elif isinstance(event, JobFailed):
            words = f"{event.error.message} {event.error.hint}".strip()
            self.state = replace(self.state, problem=words)
        elif isinstance(event, JobCancelled):
            self.state = replace(self.state, problem="Cancelled; nothing was written.")
        elif isinstance(event, Done) and self.state.done is None:
            self._receive(event.result)

    def _receive(self, event: TrainingEvent) -> None:
        if self.state is None:
            return
        self.state = self.state.after(event)
        if isinstance(event, StageBegan) and event.network and self.follow_box.isChecked():
            self._context.workspace.passing_model = event.network
            self._context.open_model(event.network)
        elif isinstance(event, TrainingDone):
            # A turn of the event loop each: the figures, then the window with the new network.
            self.report.show_report(event.report)
            self.runs.show_folder(Path(event.model).parent)
            self.tabs.setCurrentIndex(1)
            QTimer.singleShot(_OPEN_MS, self, partial(self._context.open_model, event.model))

    def _follow(self) -> None:
        """Move the slider to the last epoch, unless the person looks at an earlier one."""
        last = 0 if self.state is None else len(self.state.epochs)
        at_end = self.epoch_slider.value() >= self.epoch_slider.maximum()
        if last != self.epoch_slider.maximum():
            self.epoch_slider.setMaximum(last)
            if at_end and self.follow_box.isChecked():
                self.epoch_slider.setValue(last)

    def _refresh(self) -> None:
        state = self.state
        running = state is not None and state.running
        self.form.setEnabled(not running)
        self.start_button.setEnabled(not running)
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setEnabled(running)
        self.pause_button.setText("Go on" if state is not None and state.paused else "Pause")
        self.progress.setValue(0 if state is None else round(_PARTS * state.progress))
        if state is not None:
            self.status.setText(state.sentence)
        self.epoch_slider.setEnabled(state is not None and bool(state.epochs))
        place = self.epoch_slider.value()
        known = state is not None and 1 <= place <= len(state.epochs)
        at = state.epochs[place - 1].epoch if state is not None and known else None
        self.curves.show_state(state, at)

    def figure_view(self) -> ToolView | None:
        """Return what the tab shows, for a figure: the curves, or what the training came to."""
        state = self.state
        if state is None:
            return None
        done = state.done
        if self.tabs.currentWidget() is self.report and done is not None:
            picture = result_picture(done.report, headline(done.report).partition(": ")[0])
        else:
            picture = curves_picture(state)
        return None if picture is None else ToolView(picture, self._context.themes.theme.dark)

    # --- epochs ------------------------------------------------------------------------------

    @Slot(int)
    def _on_slider_changed(self, epoch: int) -> None:
        """Look through the network as it was after an epoch."""
        state = self.state
        if state is None or not 1 <= epoch <= len(state.epochs):
            return
        number = state.epochs[epoch - 1].epoch  # of a run that was resumed not the place
        self.epoch_label.setText(f"epoch {number}")
        self.curves.mark_epoch(number)
        snapshot = state.epochs[epoch - 1].snapshot
        model = self._context.workspace.document.model
        watched = model is not None and model.path in (state.network, state.plan.out)
        if snapshot and watched:
            self._context.broker.submit(
                SnapshotEdits(snapshot, f"epoch {number}"),
                _OWNER,
                Policy.LATEST_WAITS,
                self._show_epoch,
                key=(snapshot, model.path if model is not None else ""),
            )

    def _show_epoch(self, edits: tuple[WeightEdit, ...]) -> None:
        self._context.workspace.set_weight_edits(edits)

    # --- the table ---------------------------------------------------------------------------

    @Slot(str)
    def _on_form_tableChosen(self, path: str) -> None:
        if path:
            self._reader.run(partial(_table_or_error, path))
        else:
            self.form.labels.set_table(None)

    def _receive_table(self, found: ParticipantsTable | SpectraCNNError) -> None:
        if isinstance(found, SpectraCNNError):
            name = Path(self.form.labels.table_edit.text()).name
            self.status.setText(f"{name}: {found.message}")
            self.form.labels.set_table(None)
        else:
            self.form.labels.set_table(found)
            self.status.setText(" ".join(found.notes) or f"{len(found)} rows.")

    # --- the end -----------------------------------------------------------------------------

    def _forget(self) -> None:
        """End what runs, and remove the epochs of the training before."""
        if self._job is not None:
            self._job.close()
        if self.state is not None and not self.state.running:
            out = Path(self.state.plan.out)
            if self.state.done is not None:
                shutil.rmtree(out.with_name(f"{out.stem}.training"), ignore_errors=True)
        self.epoch_slider.setValue(0)
        self.epoch_slider.setMaximum(0)
        self._job = None

    def close_job(self) -> None:
        """End everything; for the end of the program."""
        self._forget()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        self.curves.apply_theme(self._context.themes.theme)
        self.report.apply_theme(self._context.themes.theme)


def open_words(spectra: int, files: int) -> str:
    """Return what the open spectra are called in the form.

    Examples
    --------
    >>> open_words(300, 1)
    'the 300 open spectra, from one file'
    """
    return f"the {spectra} open spectra, from {'one file' if files == 1 else f'{files} files'}"


def _table_or_error(path: str) -> ParticipantsTable | SpectraCNNError:
    try:
        return read_table(path)
    except SpectraCNNError as error:
        return error
