"""Exports figures or values of the panels: choices at the left, what comes out at the right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_documents_path
from PySide6.QtCore import QCoreApplication, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from spectracnn.core.restoring import plain, restored
from spectracnn.figures.job import (
    ExportChoice,
    FigureFile,
    Snapshot,
    choice_of,
    clean_name,
    default_stem,
    targets,
)
from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, named, primary, secondary
from spectracnn.gui.export.form import ExportForm
from spectracnn.gui.export.preview import PreviewView
from spectracnn.gui.export.worker import Exporter, ExportOutcome, Preview

if TYPE_CHECKING:
    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import ThemeManager
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.view.contents import Contents

_PREVIEW_MS = 150
_PATIENCE_MS = 300


class ExportDialog(Dialog):
    """Asks what to export, shows it, and writes it in the background.

    Parameters
    ----------
    workspace : Workspace
        What is shown is exported.
    themes : ThemeManager
        The window's theme is offered first when nothing was exported yet.
    settings : Settings
        Remember the choices.
    parent : QWidget, optional
        The main window.
    panel : int
        Layer index of the panel with the focus, to be offered first; -1 offers the last choice.
    what : str
        A key of `GROUPS` to be offered first instead; empty for none.
    """

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        settings: Settings,
        parent: QWidget | None = None,
        panel: int = -1,
        what: str = "",
    ) -> None:
        super().__init__("Export", parent)
        self._workspace, self._settings = workspace, settings
        self._snapshot = Snapshot.of(workspace.document, workspace.selection)
        self._document = workspace.document
        self._written: tuple[Path, ...] = ()
        contents = workspace.contents
        choice = _first_choice(settings, dark=themes.theme.dark)
        if what or panel >= 0:
            choice = replace(choice, what=what or choice_of(panel))
        self.form = ExportForm(choice, contents, default_stem(contents))
        self.preview = PreviewView()
        self.exporter = Exporter(self)
        self._make_foot()
        self._arrange()
        self._preview_timer = QTimer(self, singleShot=True, interval=_PREVIEW_MS)
        self._patience_timer = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._connect()
        self.resize(960, 640)
        self._show_targets()
        self._request_preview()

    def _make_foot(self) -> None:
        self.status_label = QLabel(wordWrap=True)
        self.status_label.setAccessibleName("Result")
        self.bar = named(QProgressBar(textVisible=False), "Progress")
        self.cancel_button = secondary("Cancel")
        self.show_button = secondary("Show in folder")
        self.close_button = secondary("Close")
        self.export_button = primary("Export")
        for widget in (self.bar, self.cancel_button, self.show_button):
            widget.hide()

    def _arrange(self) -> None:
        self.form.setFixedWidth(340)
        middle = QHBoxLayout()
        middle.setSpacing(MARGIN)
        middle.addWidget(self.form)
        middle.addWidget(self.preview, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.status_label, 1)
        self.bar.setFixedWidth(160)
        for widget in (
            self.bar,
            self.cancel_button,
            self.show_button,
            self.close_button,
            self.export_button,
        ):
            foot.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.form.choiceChanged.connect(self._on_form_choiceChanged)
        self.form.placeChanged.connect(self._show_targets)
        self._preview_timer.timeout.connect(self._request_preview)
        self._patience_timer.timeout.connect(self._on_patience_timer_timeout)
        self.exporter.previewFinished.connect(self._on_exporter_previewFinished)
        self.exporter.progressed.connect(self._on_exporter_progressed)
        self.exporter.exportFinished.connect(self._on_exporter_exportFinished)
        self.export_button.clicked.connect(self._on_export_clicked)
        self.cancel_button.clicked.connect(self.exporter.cancel)
        self.close_button.clicked.connect(self.reject)
        self.show_button.clicked.connect(self._on_show_clicked)
        self._workspace.contentsChanged.connect(self._on_workspace_contentsChanged)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.exporter.close)

    def done(self, result: int) -> None:
        self._settings.export = plain(self.form.choice)
        self._workspace.contentsChanged.disconnect(self._on_workspace_contentsChanged)
        self.exporter.close()
        super().done(result)

    # --- what will come out ------------------------------------------------------------------

    def targets(self) -> list[FigureFile]:
        """Return the files that would be written now."""
        choice = self.form.choice
        stem = clean_name(self.form.name_edit.text())
        return targets(choice, self._workspace.contents, Path(choice.folder), stem)

    @Slot()
    def _show_targets(self) -> None:
        files = self.targets()
        folder, stem = self.form.choice.folder, clean_name(self.form.name_edit.text())
        text = files[0].path.name if len(files) == 1 else _several(files)
        if folder and stem:
            there = sum(target.path.exists() for target in files)
            if there:
                which = "" if len(files) == 1 else f" {there} of them"
                exists = "exists" if there == 1 else "exist"
                text += f"{which} {exists} and will be replaced."
        self.form.files_label.setText(text if stem else "Give the file a name.")
        self.export_button.setEnabled(bool(folder and stem) and not self.exporter.busy)

    @Slot()
    def _on_form_choiceChanged(self) -> None:
        self._show_targets()
        self.preview.show_waiting()
        self._preview_timer.start()

    @Slot()
    def _request_preview(self) -> None:
        panel = self.targets()[0].panel
        self.exporter.preview(self._snapshot, self.form.choice, panel)

    @Slot(object)
    def _on_exporter_previewFinished(self, preview: Preview) -> None:
        self.preview.show_preview(preview, self.form.choice, len(self.targets()))

    @Slot(object)
    def _on_workspace_contentsChanged(self, _contents: Contents) -> None:
        # The network may answer while the dialog is open.
        if self._workspace.document is not self._document:
            self._document = self._workspace.document
            self._snapshot = Snapshot.of(self._workspace.document, self._workspace.selection)
            self._on_form_choiceChanged()

    # --- writing -----------------------------------------------------------------------------

    @Slot()
    def _on_export_clicked(self) -> None:
        self._show_message("")
        self.show_button.hide()
        self._set_busy(True)
        self.exporter.export(self._snapshot, self.form.choice, self.targets())

    def _set_busy(self, busy: bool) -> None:
        self.form.setEnabled(not busy)
        self.export_button.setEnabled(not busy)
        if busy:
            self.bar.setRange(0, 0)
            # Short work should not flash a progress bar.
            self._patience_timer.start()
        else:
            self._patience_timer.stop()
            self.bar.hide()
            self.cancel_button.hide()

    @Slot()
    def _on_patience_timer_timeout(self) -> None:
        self.bar.show()
        self.cancel_button.show()

    @Slot(int, int)
    def _on_exporter_progressed(self, done: int, total: int) -> None:
        if total > 1:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    @Slot(object)
    def _on_exporter_exportFinished(self, outcome: ExportOutcome) -> None:
        self._set_busy(False)
        self._written = outcome.paths
        self.show_button.setVisible(bool(outcome.paths))
        if outcome.failure:
            self._show_message(outcome.failure, error=True)
        elif outcome.paths:
            self._show_message(_success(outcome.paths))
        else:
            self._show_message("Cancelled; nothing was written.")
        self._show_targets()

    def _show_message(self, sentence: str, *, error: bool = False) -> None:
        self.status_label.setText(sentence)
        self.status_label.setProperty("error", error)
        # A changed property needs a new look-up in the style sheet.
        self.status_label.style().polish(self.status_label)

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0].parent)))


def _first_choice(settings: Settings, *, dark: bool) -> ExportChoice:
    record = settings.export
    choice = restored(ExportChoice, record)
    if not record and dark:
        choice = replace(choice, theme="dark")
    if not choice.folder or not Path(choice.folder).is_dir():
        documents = user_documents_path()
        choice = replace(choice, folder=str(documents if documents.is_dir() else Path.home()))
    return choice


def _several(files: list[FigureFile]) -> str:
    return f"{len(files)} files: {files[0].path.name}, {files[1].path.name} …"


def _success(paths: tuple[Path, ...]) -> str:
    what = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    return f"Wrote {what} to {paths[0].parent.name or paths[0].parent}."
