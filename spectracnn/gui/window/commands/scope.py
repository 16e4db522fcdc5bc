"""What commands act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from spectracnn.state.selection import SPECTRUM, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import ThemeManager
    from spectracnn.gui.window.window_layout import WindowLayout
    from spectracnn.gui.workspace.file_reader import FileReader
    from spectracnn.gui.workspace.inference import Inference
    from spectracnn.gui.workspace.session import Session
    from spectracnn.gui.workspace.workspace import Workspace


class Wishes(QObject):
    """What commands ask of parts that are made after the window.

    Signals
    -------
    tourRequested, cardEditRequested : ()
    toolRequested : str
        Name of the tool.
    methodsRequested : ()
    popOutRequested : int
        A layer.
    paletteRequested, shortcutsRequested : ()
    """

    tourRequested = Signal()
    cardEditRequested = Signal()
    toolRequested = Signal(str)
    methodsRequested = Signal()
    popOutRequested = Signal(int)
    paletteRequested = Signal()
    shortcutsRequested = Signal()


@dataclass(eq=False)
class Scope:
    """The parts of the window that a command may use.

    Parameters
    ----------
    window : QMainWindow
        Parent of dialogs.
    ui : WindowLayout
        The widgets.
    workspace, inference, reader : Workspace, Inference, FileReader
        State, engine and files.
    themes, settings : ThemeManager, Settings
        Colours, and what is kept.
    open_paths : callable
        Opens files, folders and models.
    open_text : callable
        Reads spectra from pasted text.
    report : callable
        Shows a message, and a button where something can be done about it.
    session : Session
        Saves and opens workspace files.
    wishes : Wishes
        Signals for parts that are not here.
    pointed : Sample or None
        Where the context menu was asked for; None outside of one.
    """

    window: QMainWindow
    ui: WindowLayout
    workspace: Workspace
    inference: Inference
    reader: FileReader
    themes: ThemeManager
    settings: Settings
    open_paths: Callable[[Iterable[Path | str]], None]
    open_text: Callable[[str], None]
    report: Callable[..., None]
    session: Session
    wishes: Wishes = field(default_factory=Wishes)
    pointed: Sample | None = None

    @property
    def sample(self) -> Sample | None:
        """The sample that commands act on: that of the context menu, else the marked one."""
        return self.pointed or self.workspace.selection.sample

    @property
    def filter(self) -> tuple[int, int] | None:
        """Layer and channel of that sample; None where it lies on the spectrum."""
        sample, model = self.sample, self.workspace.document.model
        if sample is None or sample.layer < 0 or model is None:
            return None
        if sample.layer >= len(model.layers):
            return None
        is_vector = len(model.layers[sample.layer].output_shape) == 1
        return sample.layer, sample.step if is_vector else sample.channel

    @property
    def eigenvalue(self) -> int | None:
        """Index of the eigenvalue that commands act on."""
        sample = self.sample
        return sample.step if sample is not None and sample.layer == SPECTRUM else None

    @property
    def panel(self) -> int:
        """The layer that is meant: of the context menu, else of the focus; -1 for the spectrum."""
        if self.pointed is not None:
            return self.pointed.layer
        focus = QApplication.focusWidget()
        if self.ui.built and focus is not None:
            for panel in self.ui.stack.panels:
                if panel.isAncestorOf(focus):
                    return panel.index
        return SPECTRUM
