"""Opens the bundled network for few eigenvalues where the spectra are too short for the usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.gui.messages import Message, Severity
from spectracnn.resources import bundled_for, default_model

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.workspace import Workspace


class ShortSpectra(QObject):
    """Replaces the network of the start, and never one that a person chose.

    It waits until no spectrum that is open is long enough: one that is keeps the usual network,
    and the table says what is wrong with the others.

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
        workspace.entriesReset.connect(self._on_workspace_entriesReset)
        workspace.modelChanged.connect(self._on_workspace_modelChanged)

    @Slot(object)
    def _on_workspace_entriesReset(self, _document: object) -> None:
        model, usual = self._workspace.document.model, str(default_model())
        if model is None or model.path != usual or self._workspace.passing_model != usual:
            return
        # Another one that is being opened was asked for.
        if self._opening or self._inference.is_opening:
            return
        longest = 0
        for entry in self._workspace.document.entries:
            spectrum = entry.original or entry.spectrum
            longest = max(longest, len(spectrum) - spectrum.flags.n_zeros)
            found = bundled_for(longest)
            if found is not None and str(found.path) == usual:
                return
        found = bundled_for(longest)
        if found is not None:
            self._opening = str(found.path)
            self._inference.open_model(self._opening)

    @Slot(object)
    def _on_workspace_modelChanged(self, model: ModelDescription) -> None:
        opened, self._opening = self._opening, ""
        if not opened or model.path != opened:
            return
        # Nobody chose this one either: it gives way to the first that is chosen.
        self._workspace.passing_model = opened
        sentence = (
            f"The spectra are too short for the usual network; one that needs {model.values_each} "
            f"eigenvalues was opened: {model.name}."
        )
        self.messageRaised.emit(Message(sentence, severity=Severity.NOTE))
