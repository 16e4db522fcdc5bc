"""Saves the workspace to a file, and opens it again as it was."""

from __future__ import annotations

from collections import defaultdict, deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message, Severity, summary
from spectracnn.gui.widgets.background import Background
from spectracnn.io.participants import read_table
from spectracnn.state.participants import Participants
from spectracnn.state.saving import SavedStateError
from spectracnn.state.sessions import (
    read_workspace,
    saved_workspace,
    spectrum_of,
    with_ids,
    write_workspace,
)

if TYPE_CHECKING:
    from spectracnn.core.participants import ParticipantsTable
    from spectracnn.gui.workspace.file_reader import FileReader
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.last_session import PastSession
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.saving import SavedModel, SavedWorkspace
    from spectracnn.state.tools import ToolChoices


class Session(QObject):
    """Reads a workspace's files and its models again, and then puts back what was done and chosen.

    Parameters
    ----------
    workspace, inference, reader : Workspace, Inference, FileReader
        What is open, the engine, and what reads files.

    Attributes
    ----------
    past : PastSession or None
        The session of an earlier run, where one can be opened.

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
        self.past: PastSession | None = None
        self._workspace, self._inference, self._reader = workspace, inference, reader
        self._saved: SavedWorkspace | None = None
        self._reading = self._opening = self._joining = False
        self._models: deque[SavedModel] = deque()
        self._table: ParticipantsTable | None = None
        self._failures: list[str] = []
        self._tables = Background(self._receive_table, self)
        self._waiting = False
        self._files = Background(self._receive_file, self)
        inference.messageRaised.connect(self._on_inference_messageRaised)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)

    def watch_reader(self) -> None:
        """Follow the reader from here on: behind whoever adds to the table what it has read."""
        self._reader.jobFinished.connect(self._on_reader_jobFinished)

    @property
    def opening(self) -> bool:
        """Whether a workspace is being opened."""
        return self._saved is not None or self._waiting

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
            text = f"{what} no file and too many values to be saved in a workspace."
            hint = "Save these spectra in files first."
            self.messageRaised.emit(Message(text, hint, severity=Severity.NOTE))

    def open(self, path: Path) -> None:
        """Read a saved workspace in a thread; then close what is open, and open that instead.

        A file that is none is reported, and nothing changes.
        """
        self._waiting = True
        self._files.run(partial(_workspace_or_error, path))

    def _receive_file(self, found: SavedWorkspace | SavedStateError) -> None:
        self._waiting = False
        if isinstance(found, SavedStateError):
            message = Message(found.message, found.hint, severity=Severity.WARNING)
            self.messageRaised.emit(message)
        else:
            self._begin(found)

    def _begin(self, saved: SavedWorkspace) -> None:
        document = self._workspace.document
        self._workspace.editing.remove([entry.id for entry in document.entries])
        self._workspace.set_participants(None)
        self._saved, self._failures, self._table = saved, [], None
        paths = list(dict.fromkeys(Path(entry.path) for entry in saved.entries if entry.path))
        # The current one is opened last: each one that is opened is the current one from then on.
        self._models = deque([*saved.others, *filter(None, [saved.model])])
        if len(self._models) == 1 and self._is_same_model(saved):
            self._models.clear()
        if saved.others:
            self._workspace.passing_model = ""  # it may be one of those that stay open
        self._reading, self._joining = bool(paths), saved.participants is not None
        if saved.participants is not None:
            self._tables.run(partial(_table_or_reason, Path(saved.participants.path)))
        self._open_next_model()
        if paths:
            self._reader.meshes.options = saved.choices.shape.solving
            self._reader.open(paths)
        self._finish()

    # --- within ------------------------------------------------------------------------------

    def _open_next_model(self) -> None:
        self._opening = bool(self._models)
        if self._models:
            self._inference.open_model(self._models.popleft().path)

    def _receive_table(self, found: ParticipantsTable | str) -> None:
        self._joining = False
        if isinstance(found, str):
            self._failures.append(found)
        else:
            self._table = found
        self._finish()

    @Slot(bool)
    def _on_reader_jobFinished(self, _cancelled: bool) -> None:
        if self._saved is not None and not self._reader.busy:
            self._reading = False
            self._finish()

    @Slot(object)
    def _on_workspace_modelChanged(self, _model: object) -> None:
        if self._saved is not None:
            self._open_next_model()
            self._finish()

    @Slot(object)
    def _on_inference_messageRaised(self, _message: object) -> None:
        if self._saved is not None and not self._inference.is_opening:  # it could not be opened
            self._open_next_model()
            self._finish()

    def _finish(self) -> None:
        """Put back what was done and chosen, once files and models are there."""
        if self._saved is None or self._reading or self._opening or self._joining:
            return
        saved, self._saved = self._saved, None
        ids = self._found(saved)
        workspace = self._workspace
        self._close_others(saved)
        wanted = set(ids.values())
        workspace.remove([e.id for e in workspace.document.entries if e.id not in wanted])
        missing = [
            f"{entry.name} ({Path(entry.path).name})"
            for entry in saved.entries
            if entry.id not in ids
        ]
        saved = with_ids(saved, ids)
        workspace.reorder([entry.id for entry in saved.entries])
        for entry in saved.entries:
            if entry.edits:
                try:
                    workspace.set_edits(entry.id, entry.edits)
                except SpectraCNNError as error:
                    words = f"{entry.name}: its edits cannot be made again: {error}"
                    self._failures.append(words)
        if saved.labels:
            workspace.set_labels(saved.labels)
        if self._table is not None and saved.participants is not None:
            workspace.set_participants(Participants(self._table, saved.participants.id_column))
        workspace.restore(saved.selection, self._choices(saved))
        workspace.editing.stack.clear()
        self._report(saved, missing)
        self.restored.emit()

    def _close_others(self, saved: SavedWorkspace) -> None:
        """Close the models that were open before."""
        wanted = {Path(model.path).absolute() for model in saved.others}
        for other in self._workspace.document.others:
            if Path(other.model.path).absolute() not in wanted:
                self._workspace.close_model(other.model.path)

    def _found(self, saved: SavedWorkspace) -> dict[int, int]:
        """Return the new number of each saved entry; those without a file are added here."""
        read: defaultdict[tuple[str, str, str], deque[int]] = defaultdict(deque)
        for entry in self._workspace.document.entries:
            spectrum = entry.original or entry.spectrum
            if spectrum.source is not None:
                place = (str(Path(spectrum.source).absolute()), spectrum.key, spectrum.name)
                read[place].append(entry.id)
        own = [item for item in saved.entries if item.spectrum is not None]
        self._workspace.add_spectra(map(spectrum_of, own))
        added = self._workspace.document.entries[-len(own) :] if own else ()
        ids = {item.id: entry.id for item, entry in zip(own, added, strict=True)}
        for item in saved.entries:
            same = read[item.path, item.key, item.name]
            if same and item.spectrum is None:
                ids[item.id] = same.popleft()
        return ids

    def _is_same_model(self, saved: SavedWorkspace) -> bool:
        model, now = saved.model, self._workspace.document.model
        if model is None or now is None:
            return False
        return Path(model.path).absolute() == Path(now.path).absolute()

    def _choices(self, saved: SavedWorkspace) -> ToolChoices:
        same = self._is_same_model(saved)
        return saved.choices if same else saved.choices.for_another_model()

    def _report(self, saved: SavedWorkspace, missing: list[str]) -> None:
        now = self._workspace.document.model
        if self._is_same_model(saved) and saved.model is not None and now is not None:
            if saved.model.sha256 and saved.model.sha256 != now.sha256:
                words = f"{now.name}: the file has changed since the workspace was saved."
                self._failures.append(words)
        for message in (
            summary(missing, "spectra are no longer in their files"),
            summary(self._failures, "things could not be put back", Severity.NOTE),
        ):
            if message is not None:
                self.messageRaised.emit(message)


def _workspace_or_error(path: Path) -> SavedWorkspace | SavedStateError:
    try:
        return read_workspace(path)
    except SavedStateError as error:
        return error


def _table_or_reason(path: Path) -> ParticipantsTable | str:
    """Read a table, or say why it cannot be read; runs in a thread."""
    try:
        return read_table(path)
    except SpectraCNNError as error:
        return f"{path.name}: {error}"
