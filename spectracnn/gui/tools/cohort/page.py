"""What all pages about a cohort have in common: choices above, progress, a note, what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.cohort.runner import Runner
from spectracnn.state.script import ScriptView
from spectracnn.view.cohort.panels import CohortPicture
from spectracnn.view.tool_pictures import ToolView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QShowEvent

    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker
    from spectracnn.view.cohort.panels import Panel
    from spectracnn.view.cohort.work import CohortRequest

    Ids = Sequence[int] | NDArray[np.int64]

_PARTS = 1000
MOST_SELECTED = 500
"""Of more spectra the table is filtered, where it can be, instead of their rows selected."""


class CohortPage(QWidget):
    """A page; computes only while it is visible.

    Parameters
    ----------
    context : ToolContext
        The parts of the program.
    worker : Worker
        The child that computes.
    """

    title = ""
    record = ""
    """Of `spectracnn.state.tools.ToolChoices`: the field with what is chosen."""

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__()
        self._context, self._workspace = context, context.workspace
        self.chosen = Chosen(context.workspace, self.record, self.title, self)
        self.runner = Runner(worker, self._receive, self._fail, self._show_progress, self)
        self.plots: list[PanelPlot] = []
        self.head = QHBoxLayout()
        self.head.setContentsMargins(16, 8, 16, 0)
        self.head.setSpacing(8)
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("muted", True)
        self.note.setContentsMargins(16, 0, 16, 0)
        self.selection_note = QLabel()
        self.selection_note.setProperty("muted", True)
        self.selection_note.setContentsMargins(16, 0, 16, 0)
        self.selection_note.hide()
        self.progress = QProgressBar(maximum=_PARTS, textVisible=False)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.hide()
        self.progress.hide()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(16, 0, 16, 0)
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(8)
        layout.addLayout(self.head)
        layout.addWidget(self.note)
        layout.addWidget(self.progress)
        layout.addLayout(self.body, 1)
        layout.addWidget(self.selection_note)
        self.cancel_button.clicked.connect(self._on_cancel_button_clicked)
        context.themes.themeChanged.connect(self._on_themes_themeChanged)
        for signal in (
            self._workspace.entriesReset,
            self._workspace.modelChanged,
            self._workspace.entriesUpdated,
        ):
            signal.connect(self._on_workspace_changed)

    # --- for the pages -----------------------------------------------------------------------

    def offer(self) -> None:
        """Bring the choices up to date with the document."""

    def refresh(self) -> None:
        """Show what there is; begin what is computed without being asked for."""

    def show_result(self, result: Any) -> None:
        """Show what was computed."""

    def picture(self) -> tuple[str, Sequence[Panel]]:
        """Return a title and the panels that are shown, for a figure."""
        return self.title, [plot.panel for plot in self.plots if plot.panel is not None]

    def values_tsv(self) -> str:
        """Return the numbers, tab-separated; empty where there are none."""
        return ""

    def methods(self) -> str:
        """Return a paragraph that says what was done; empty where nothing was."""
        return ""

    def script(self) -> str:
        """Return the call of `spectracnn.api.cohort.Cohort` that computes this; empty for none."""
        return ""

    # --- within ------------------------------------------------------------------------------

    def script_view(self) -> ScriptView | None:
        """Return what is shown, for a script."""
        call, document = self.script(), self._workspace.document
        if not call:
            return None
        words = []
        if document.participants is not None:
            words.append(repr(str(document.participants.table.path)))
            if document.participants.id_column:
                words.append(f"id_column={document.participants.id_column!r}")
        if document.labels:
            rows = document.rows
            labels = {rows[item]: text for item, text in document.labels.items() if item in rows}
            words.append(f"labels={labels!r}")
        lines = (f"cohort = scene.cohort({', '.join(words)})", f"found = cohort.{call}")
        return ScriptView(lines, everything=True)

    def figure_view(self) -> ToolView | None:
        """Return what is shown, for a figure."""
        title, panels = self.picture()
        if not panels:
            return None
        picture = CohortPicture(title, tuple(panels), self.note.text())
        return ToolView(picture, self._context.themes.theme.dark)

    def compute(self, make: Callable[[], CohortRequest], words: str) -> None:
        """Compute in the child, and say so."""
        self.say(words)
        self.show_waiting()
        self.runner.run(make)

    def show_waiting(self) -> None:
        """Show the progress bar, with a button to cancel."""
        self.progress.setValue(0)
        self.progress.show()
        self.cancel_button.show()

    def stop(self) -> None:
        """Drop what was asked of the engine."""

    def say(self, words: str, *, problem: bool = False) -> None:
        """Show a sentence under the choices."""
        self.note.setProperty("error", problem)
        self.note.setProperty("muted", not problem)
        self.note.style().polish(self.note)
        self.note.setText(words)

    def choose_spectra(self, ids: Ids, conditions: Sequence[tuple[str, str]] = ()) -> None:
        """Show these in the table of spectra: a few are selected, many by hiding the others.

        Parameters
        ----------
        ids : sequence of int, or ndarray
            The entries.
        conditions : sequence of (str, str)
            Columns and their values by which the table finds them; without any, the first of very
            many are selected, and that is said.
        """
        if len(ids) > MOST_SELECTED and conditions:
            text = " ".join(f'"{name}" = "{value}"' for name, value in conditions)
            self._workspace.filterRequested.emit(text)
            return
        self._workspace.choose_rows(map(int, ids[:MOST_SELECTED]))
        if len(ids) > MOST_SELECTED:
            words = f"The first {MOST_SELECTED} of {len(ids):,} spectra are selected in the table."
            self.selection_note.setText(words)
        self.selection_note.setVisible(len(ids) > MOST_SELECTED)

    def end_waiting(self) -> None:
        """Put away the progress bar."""
        self.progress.hide()
        self.cancel_button.hide()

    def _receive(self, result: Any) -> None:
        self.end_waiting()
        self.show_result(result)

    def _fail(self, error: SpectraCNNError) -> None:
        self.end_waiting()
        self.say(f"{error.message} {error.hint}".strip(), problem=True)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setValue(round(_PARTS * done / total) if total else 0)

    @Slot()
    def _on_cancel_button_clicked(self) -> None:
        self.stop()
        self.runner.cancel()
        self.end_waiting()
        self.say("Cancelled.")

    @Slot()
    def _on_workspace_changed(self) -> None:
        if self.isVisible():
            self.offer()
            self.refresh()

    @Slot(object)
    def _on_themes_themeChanged(self, _theme: object) -> None:
        for plot in self.plots:
            plot.apply_theme(self._context.themes.theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.chosen.show()
        self.offer()
        self.refresh()


def fill_box(box: QComboBox, names: Sequence[str], nothing: str = "") -> None:
    """Offer names in a box, and keep the one that was chosen; ``nothing`` stands first."""
    wanted = [nothing, *names] if nothing else list(names)
    if [box.itemText(at) for at in range(box.count())] != wanted:
        chosen = box.currentText()
        box.clear()
        box.addItems(wanted)
        box.setCurrentIndex(max(box.findText(chosen), 0))


def labelled(head: QHBoxLayout, text: str, widget: QWidget) -> QLabel:
    """Put a widget into a row behind its label."""
    label = QLabel(text)
    label.setBuddy(widget)
    head.addWidget(label)
    head.addWidget(widget)
    return label
