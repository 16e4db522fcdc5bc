"""Saves the workspace to a file, and opens it again as it was."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message, Severity, summary
from spectracnn.state.sessions import read_workspace, saved_workspace, with_ids, write_workspace

if TYPE_CHECKING:
    from spectracnn.gui.workspace.file_reader import FileReader
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.saving import SavedWorkspace
    from spectracnn.state.tools import ToolChoices


class Session(QObject):
    """Reads a workspace's files and its model again, and then puts back what was done and chosen.

    Parameters
    ----------
    workspace, inference, reader : Workspace, Inference, FileReader
        What is open, the engine, and what reads files.

    Signals
    -------
    messageRaised : Message
        Something is not as it was when the workspace was saved.
    restored : ()
        All is there again.
    """

    messageRaised = Signal(object)
    restored = Signal()

    def __init__(
        self,
        workspace: Workspace,
        inference: Inference,
        reader: FileReader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._inference, self._reader = workspace, inference, reader
        self._saved: SavedWorkspace | None = None
        self._reading = self._opening = False
        inference.messageRaised.connect(self._on_inference_messageRaised)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)

    def watch_reader(self) -> None:
        """Follow the reader from here on: behind whoever adds to the table what it has read."""
        self._reader.jobFinished.connect(self._on_reader_jobFinished)

    def save(self, path: Path) -> None:
        """Write a workspace file.

        Raises
        ------
        ExportError
            If it cannot be written.
        """
        workspace = self._workspace
        saved = saved_workspace(workspace.document, workspace.selection, workspace.choices)
        write_workspace(saved, path)
        left_out = len(workspace.document.entries) - len(saved.entries)
        if left_out:
            what = "1 spectrum has" if left_out == 1 else f"{left_out} spectra have"
            text = f"{what} no file of their own and cannot be in a workspace: save them first."
            self.messageRaised.emit(Message(text, severity=Severity.NOTE))

    def open(self, path: Path) -> None:
        """Close what is open, and open a saved workspace instead.

        Raises
        ------
        SavedStateError
            If the file is none; nothing changes then.
        """
        saved = read_workspace(path)
        document = self._workspace.document
        self._workspace.editing.remove([entry.id for entry in document.entries])
        self._saved = saved
        paths = list(dict.fromkeys(Path(entry.path) for entry in saved.entries))
        model = saved.model
        self._reading = bool(paths)
        self._opening = model is not None and not self._is_same_model(saved)
        if model is not None and self._opening:
            self._inference.open_model(model.path)
        if paths:
            self._reader.open(paths)
        self._finish()

    # --- within ------------------------------------------------------------------------------

    @Slot(bool)
    def _on_reader_jobFinished(self, _cancelled: bool) -> None:
        if self._saved is not None and not self._reader.busy:
            self._reading = False
            self._finish()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        self._opening = False
        self._finish()

    @Slot(object)
    def _on_inference_messageRaised(self, _message: object) -> None:
        if not self._inference.is_opening:  # it could not be opened
            self._opening = False
            self._finish()

    def _finish(self) -> None:
        """Put back what was done and chosen, once files and model are there."""
        if self._saved is None or self._reading or self._opening:
            return
        saved, self._saved = self._saved, None
        ids = self._found(saved)
        workspace = self._workspace
        wanted = set(ids.values())
        workspace.remove([e.id for e in workspace.document.entries if e.id not in wanted])
        missing = [
            f"{entry.name} ({Path(entry.path).name})"
            for entry in saved.entries
            if entry.id not in ids
        ]
        saved = with_ids(saved, ids)
        workspace.reorder([entry.id for entry in saved.entries])
        failures = []
        for entry in saved.entries:
            if entry.edits:
                try:
                    workspace.set_edits(entry.id, entry.edits)
                except SpectraCNNError as error:
                    failures.append(f"{entry.name}: its edits cannot be made again: {error}")
        if saved.labels:
            workspace.set_labels(saved.labels)
        workspace.restore(saved.selection, self._choices(saved))
        workspace.editing.stack.clear()
        self._report(saved, missing, failures)
        self.restored.emit()

    def _found(self, saved: SavedWorkspace) -> dict[int, int]:
        """Return the new number of each saved entry that was read again."""
        read = defaultdict(list)
        for entry in self._workspace.document.entries:
            spectrum = entry.original or entry.spectrum
            if spectrum.source is not None:
                place = (str(Path(spectrum.source).absolute()), spectrum.key, spectrum.name)
                read[place].append(entry.id)
        ids = {}
        for item in saved.entries:
            same = read[item.path, item.key, item.name]
            if same:
                ids[item.id] = same.pop(0)
        return ids

    def _is_same_model(self, saved: SavedWorkspace) -> bool:
        model, now = saved.model, self._workspace.document.model
        if model is None or now is None:
            return False
        return Path(model.path).absolute() == Path(now.path).absolute()

    def _choices(self, saved: SavedWorkspace) -> ToolChoices:
        same = self._is_same_model(saved)
        return saved.choices if same else saved.choices.for_another_model()

    def _report(self, saved: SavedWorkspace, missing: list[str], failures: list[str]) -> None:
        now = self._workspace.document.model
        if self._is_same_model(saved) and saved.model is not None and now is not None:
            if saved.model.sha256 and saved.model.sha256 != now.sha256:
                failures.append(f"{now.name}: the file has changed since the workspace was saved.")
        for message in (
            summary(missing, "spectra are no longer in their files"),
            summary(failures, "things could not be put back", Severity.NOTE),
        ):
            if message is not None:
                self.messageRaised.emit(message)
