"""Opens the bundled network that reads as many eigenvalues as the current spectrum has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.gui.messages import Message, Severity
from spectracnn.resources import BUNDLED, bundled_for, default_model

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.entry import Entry


class ShortSpectra(QObject):
    """Replaces the network of the start, and never one that a person chose.

    Where spectra of both kinds are open, the network that fits the current one is shown, and what
    the other says of those that it reads stands beside in the table.

    Parameters
    ----------
    workspace : Workspace
        Holds the spectra and the model.
    inference : Inference
        Opens the other network.

    Signals
    -------
    messageRaised : Message
        What was opened and why.
    """

    messageRaised = Signal(object)

    def __init__(
        self, workspace: Workspace, inference: Inference, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._inference = workspace, inference
        self._opening = ""
        self._beside = False
        self._said = False
        workspace.entriesReset.connect(self._on_workspace_changed)
        workspace.currentChanged.connect(self._on_workspace_changed)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)

    @Slot(object)
    def _on_workspace_changed(self, _changed: object) -> None:
        model = self._workspace.document.model
        if model is None or self._workspace.passing_model != model.path:
            return
        # Another one that is being opened was asked for.
        if self._opening or self._inference.is_opening or model.path not in _paths():
            return
        wanted = self._wanted()
        if not wanted or wanted == model.path:
            return
        self._beside = any(_path_for(entry) == model.path for entry in self._entries)
        if self._beside:
            self._workspace.passing_model = ""  # so that it stays open
        self._opening = wanted
        self._inference.open_model(wanted)

    @property
    def _entries(self) -> tuple[Entry, ...]:
        return self._workspace.document.entries

    def _wanted(self) -> str:
        """Return the network for the current spectrum; before one is shown, for the longest."""
        document, current = self._workspace.document, self._workspace.selection.current
        entry = document.entry(current)
        if entry is not None:
            return _path_for(entry)
        usual = str(default_model())
        if any(_path_for(entry) == usual for entry in self._entries):
            return usual
        return next(filter(None, map(_path_for, self._entries)), "")

    @Slot(object)
    def _on_workspace_modelChanged(self, model: ModelDescription) -> None:
        opened, self._opening = self._opening, ""
        if not opened or model.path != opened:
            self._close_companion(model.path)
            return
        # Nobody chose this one either: it gives way to the first that is chosen.
        self._workspace.passing_model = opened
        if not self._said:
            self._said = True
            self.messageRaised.emit(Message(self._sentence(model), severity=Severity.NOTE))

    def _close_companion(self, chosen: str) -> None:
        """Close the network that was kept beside, when a person chose a model."""
        if self._beside:
            self._beside = False
            for other in self._workspace.document.others:
                if other.model.path in _paths() and other.model.path != chosen:
                    self._workspace.close_model(other.model.path)

    def _sentence(self, model: ModelDescription) -> str:
        if self._beside:
            return (
                f"Each spectrum is read by the bundled network that fits it: {model.name} for "
                "this one. What the other one says stands beside in the table."
            )
        return (
            f"The spectra are too short for the usual network; one that needs {model.values_each} "
            f"eigenvalues was opened: {model.name}."
        )


def _paths() -> tuple[str, ...]:
    """Return the networks among which is chosen: the usual one, and that for few eigenvalues."""
    return tuple(str(model.path) for model in BUNDLED[:2])


def _path_for(entry: Entry) -> str:
    spectrum = entry.original or entry.spectrum
    return _path_for_count(len(spectrum) - spectrum.flags.n_zeros)


@cache
def _path_for_count(count: int) -> str:
    # Of tens of thousands of spectra: the folder is looked for on the disk each time.
    found = bundled_for(count)
    return "" if found is None else str(found.path)
