"""What the menus do: the main window's slots that open dialogs or change the whole view."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message
from spectracnn.resources import default_model, sample_spectra
from spectracnn.state.selection import LayerMode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import ThemeManager
    from spectracnn.gui.window.window_layout import WindowLayout
    from spectracnn.gui.workspace.answers import Answers
    from spectracnn.gui.workspace.file_reader import FileReader
    from spectracnn.gui.workspace.workspace import Workspace

_SPECTRA_FILTER = (
    "Spectra (*.ev *.ev.gz *.csv *.csv.gz *.tsv *.txt *.txt.gz *.dat *.json *.json.gz *.npy *.npz "
    "*.h5 *.hdf5 *.mat *.pk *.pkl);;All files (*)"
)
_MODEL_FILTER = "Keras models (*.keras *.h5 *.hdf5);;All files (*)"


class Commands(QMainWindow):
    """Slots of the menus; the main window is made of this."""

    tourRequested = Signal()
    cardEditRequested = Signal()

    workspace: Workspace
    answers: Answers
    reader: FileReader
    themes: ThemeManager
    settings: Settings
    ui: WindowLayout

    def open_paths(self, paths: Iterable[Path | str]) -> None:
        """Open files, folders and models."""
        raise NotImplementedError

    def tell(self, message: Message, action: str = "", action_text: str = "") -> None:
        """Show a message."""
        raise NotImplementedError

    # --- File --------------------------------------------------------------------------------

    @Slot()
    def open_files(self) -> None:
        """Ask for spectrum files and open them."""
        names, _ = QFileDialog.getOpenFileNames(
            self, "Open spectra", self.settings.folder, _SPECTRA_FILTER
        )
        if names:
            self.settings.folder = str(Path(names[0]).parent)
            self.open_paths(names)

    @Slot()
    def open_folder(self) -> None:
        """Ask for a folder and open every spectrum file in it."""
        name = QFileDialog.getExistingDirectory(self, "Open folder", self.settings.folder)
        if name:
            self.settings.folder = name
            self.open_paths([name])

    @Slot()
    def open_samples(self) -> None:
        """Open the bundled sample spectra."""
        self.open_paths(sample_spectra())

    @Slot()
    def open_model(self) -> None:
        """Ask for a model file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self, "Open model", self.settings.folder, _MODEL_FILTER
        )
        if name:
            self.answers.open_model(name)

    @Slot()
    def open_bundled_model(self) -> None:
        """Go back to the bundled model."""
        self.workspace.passing_model = ""  # wished for, it stays open like any other
        self.answers.open_model(str(default_model()))

    @Slot()
    def edit_model_card(self) -> None:
        """Ask for the dialog about the open model's card."""
        self.cardEditRequested.emit()

    @Slot()
    def show_preferences(self) -> None:
        """Ask for what opening a model may take."""
        from spectracnn.gui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self.settings.model_limits, self)
        if dialog.exec():
            self.settings.model_limits = self.answers.limits = dialog.limits

    @Slot(bool)
    def set_single_window(self, wanted: bool) -> None:
        """Choose whether later launches hand their files to the window that is open."""
        self.settings.single_window = wanted

    @Slot()
    def export(self) -> None:
        """Ask what to export, and export it."""
        from spectracnn.gui.export.dialog import ExportDialog

        ExportDialog(
            self.workspace, self.themes, self.settings, self, panel=self.focused_panel()
        ).exec()

    # --- Edit --------------------------------------------------------------------------------

    @Slot()
    def copy(self) -> None:
        """Put the focused plot into the clipboard: as an image, and its values as text."""
        from spectracnn.gui.window.clipboard import panel_mime_data

        panel = self.focused_panel()
        try:
            mime = panel_mime_data(self.ui.stack, self.workspace.contents, panel)
        except SpectraCNNError as error:
            self.tell(Message(error.message, error.hint))
            return
        QGuiApplication.clipboard().setMimeData(mime)
        self.statusBar().showMessage("Copied as image and tab-separated values.", 3000)

    @Slot()
    def paste(self) -> None:
        """Read spectra from the numbers, or the files, in the clipboard."""
        from spectracnn import io

        mime = QGuiApplication.clipboard().mimeData()
        if mime.hasUrls():
            self.open_paths([url.toLocalFile() for url in mime.urls() if url.isLocalFile()])
            return
        try:
            result = io.read_text(mime.text(), name="pasted numbers")
        except SpectraCNNError as error:
            self.tell(Message(f"The clipboard cannot be read as a spectrum: {error.message}"))
            return
        self.workspace.add_spectra(result.spectra)

    @Slot()
    def overlay_all(self) -> None:
        """Draw every spectrum."""
        self.workspace.set_overlaid(entry.id for entry in self.workspace.document.entries)

    @Slot()
    def overlay_none(self) -> None:
        """Draw only the current spectrum."""
        self.workspace.set_overlaid(())

    @Slot()
    def remove_selected(self) -> None:
        """Close the selected spectra; the files stay."""
        self.workspace.remove(self.ui.table.selected_ids())

    @Slot()
    def release_pin(self) -> None:
        """Forget the pinned sample and the chosen eigenvalues."""
        self.workspace.release()

    # --- View --------------------------------------------------------------------------------

    @Slot()
    def fit(self) -> None:
        """Show what the model reads."""
        self.ui.stack.fit()

    @Slot()
    def next_spectrum(self) -> None:
        """Show the next spectrum of the table."""
        self._move(1)

    @Slot()
    def previous_spectrum(self) -> None:
        """Show the previous spectrum of the table."""
        self._move(-1)

    def _move(self, rows: int) -> None:
        entries = self.workspace.document.entries
        row = self.workspace.document.rows.get(self.workspace.selection.current or 0, 0)
        if entries:
            place = min(max(row + rows, 0), len(entries) - 1)
            self.workspace.set_current(entries[place].id)

    @Slot()
    def collapse_all(self) -> None:
        """Leave only the title lines."""
        self._change_layers(collapsed=True)

    @Slot()
    def expand_all(self) -> None:
        """Show every layer's maps."""
        self._change_layers(collapsed=False)

    @Slot()
    def all_heat_maps(self) -> None:
        """Show all layers as heat maps."""
        self._change_layers(mode=LayerMode.HEAT_MAP)

    @Slot()
    def all_lines(self) -> None:
        """Show all layers as lines."""
        self._change_layers(mode=LayerMode.LINES)

    def _change_layers(self, **changes: object) -> None:
        model, selection = self.workspace.document.model, self.workspace.selection
        if model is not None:
            layers = {
                layer: replace(selection.options(layer), **changes)  # type: ignore[arg-type]
                for layer in range(len(model.layers))
            }
            self.workspace.set_view(layers=MappingProxyType(layers))

    # --- Help --------------------------------------------------------------------------------

    @Slot()
    def start_tour(self) -> None:
        """Ask for the guided tour."""
        self.tourRequested.emit()

    @Slot()
    def show_shortcuts(self) -> None:
        """Tell what keys and mouse do."""
        from spectracnn.gui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self).exec()

    @Slot()
    def show_model_card(self) -> None:
        """Tell what the model's card says."""
        from spectracnn.gui.dialogs.model_card.about_model import ModelCardDialog

        if self.workspace.document.model is not None:
            dialog = ModelCardDialog(self.workspace.document.model, self)
            dialog.editRequested.connect(self.edit_model_card)
            dialog.exec()

    @Slot()
    def show_about(self) -> None:
        """Tell version and licences."""
        from spectracnn.gui.dialogs.about import AboutDialog

        AboutDialog(self).exec()

    # --- elsewhere ---------------------------------------------------------------------------

    def preview_import(self, path: Path) -> None:
        """Let the person say which way a table lies, and read it so."""
        from spectracnn.gui.dialogs.import_table.import_preview import ImportPreview

        dialog = ImportPreview(path, self.themes.theme, self)
        if dialog.exec():
            document = self.workspace.document
            self.workspace.remove([e.id for e in document.entries if e.spectrum.source == path])
            self.reader.open([path], orientation=dialog.orientation)

    def focused_panel(self) -> int:
        """Return the layer whose panel has the focus, -1 for the spectrum plot."""
        focus = QApplication.focusWidget()
        for panel in self.ui.stack.panels:
            if focus is not None and panel.isAncestorOf(focus):
                return panel.index
        return -1
