"""Commands about files, models and the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from spectracnn.errors import ExportError
from spectracnn.geometry.samples import sample_shape
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.meshes import MESH_PATTERNS
from spectracnn.gui.window.commands.predictions import save_predictions
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.resources import default_model, sample_spectra
from spectracnn.state.sessions import SUFFIX

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_SPECTRA_FILTER = (
    "Spectra and meshes (*.ev *.ev.gz *.csv *.csv.gz *.tsv *.txt *.txt.gz *.dat *.json *.json.gz "
    f"*.npy *.npz *.h5 *.hdf5 *.mat *.pk *.pkl *.parquet {MESH_PATTERNS});;"
    f"Meshes ({MESH_PATTERNS});;All files (*)"
)
_TABLE_FILTER = "Tables (*.csv *.tsv *.txt *.csv.gz *.tsv.gz *.parquet *.pq *.xlsx);;All files (*)"
_WORKSPACE_FILTER = f"SpectraCNN workspaces (*{SUFFIX})"
_MODEL_FILTER = "Keras models (*.keras *.h5 *.hdf5);;All files (*)"
_SHAPE = "dumbbell"


def open_files(scope: Scope) -> None:
    """Ask for spectrum files and open them."""
    names, _ = QFileDialog.getOpenFileNames(
        scope.window, "Open spectra or meshes", scope.settings.folder, _SPECTRA_FILTER
    )
    if names:
        scope.settings.folder = str(Path(names[0]).parent)
        scope.open_paths(names)


def open_folder(scope: Scope) -> None:
    """Ask for a folder and open every spectrum file in it."""
    name = QFileDialog.getExistingDirectory(scope.window, "Open folder", scope.settings.folder)
    if name:
        scope.settings.folder = name
        scope.open_paths([name])


def open_participants(scope: Scope) -> None:
    """Ask for a table of participants, show what matches, and put its columns beside."""
    from spectracnn.gui.dialogs.participants import ParticipantsDialog

    name, _ = QFileDialog.getOpenFileName(
        scope.window, "Table of participants", scope.settings.folder, _TABLE_FILTER
    )
    if not name:
        return
    scope.settings.folder = str(Path(name).parent)
    dialog = ParticipantsDialog(Path(name), scope.workspace.document.entries, scope.window)
    if dialog.exec() and dialog.participants is not None:
        scope.workspace.set_participants(dialog.participants)


def open_samples(scope: Scope) -> None:
    """Open the bundled sample spectra."""
    scope.open_paths(sample_spectra())


def open_model(scope: Scope) -> None:
    """Ask for a model file and open it."""
    name, _ = QFileDialog.getOpenFileName(
        scope.window, "Open model", scope.settings.folder, _MODEL_FILTER
    )
    if name:
        scope.inference.open_model(name)


def open_bundled_model(scope: Scope) -> None:
    """Go back to the bundled model."""
    scope.workspace.passing_model = ""  # asked for, it stays open like any other
    scope.inference.open_model(str(default_model()))


def open_sample_shape(scope: Scope) -> None:
    """Open a mesh that is made when it is opened: its spectrum is computed."""
    scope.open_paths([sample_shape(_SHAPE)])


def open_workspace(scope: Scope) -> None:
    """Ask for a workspace file and open it in the place of what is open."""
    name, _ = QFileDialog.getOpenFileName(
        scope.window, "Open workspace", scope.settings.folder, _WORKSPACE_FILTER
    )
    if name:
        scope.settings.folder = str(Path(name).parent)
        scope.open_paths([name])


def continue_session(scope: Scope) -> None:
    """Open what was open when the program ended the last time."""
    if scope.session.past is not None:
        scope.open_paths([scope.session.past.path])


def save_workspace(scope: Scope) -> None:
    """Ask for a name, and write what is open and chosen."""
    name, _ = QFileDialog.getSaveFileName(
        scope.window, "Save workspace", scope.settings.folder, _WORKSPACE_FILTER
    )
    if not name:
        return
    path = Path(name) if Path(name).suffix else Path(name).with_suffix(SUFFIX)
    scope.settings.folder = str(path.parent)
    try:
        scope.session.save(path)
    except ExportError as error:
        scope.report(Message(error.message, error.hint, severity=Severity.WARNING))


def edit_model_card(scope: Scope) -> None:
    """Ask for the dialog about the open model's card."""
    scope.wishes.cardEditRequested.emit()


def export(scope: Scope) -> None:
    """Ask what to export, and export it."""
    from spectracnn.gui.export.dialog import ExportDialog

    # What is seen is offered first.
    what = "overview" if scope.workspace.selection.overview else ""
    panel = -1 if what else scope.panel
    ExportDialog(
        scope.workspace, scope.themes, scope.settings, scope.window, panel=panel, what=what
    ).exec()


def show_preferences(scope: Scope) -> None:
    """Ask for the limits of opening a model, of what is kept of meshes, and what a start does."""
    from spectracnn.geometry import cache
    from spectracnn.gui.dialogs.preferences import PreferencesDialog

    kept = cache.limit_mib()
    settings = scope.settings
    dialog = PreferencesDialog(settings.model_limits, kept, settings.at_start, scope.window)
    if dialog.exec():
        settings.model_limits = scope.inference.limits = dialog.limits
        settings.at_start = dialog.at_start
        if dialog.kept_mib != kept:
            try:
                cache.set_limit_mib(dialog.kept_mib)
            except ExportError as error:
                scope.report(Message(error.message, error.hint))


def toggle_single_window(scope: Scope) -> None:
    """Choose whether later launches hand their files to the window that is open."""
    scope.settings.single_window = not scope.settings.single_window


COMMANDS = (
    Command(
        "open_files",
        "&Open spectra\u2026",
        Menu.FILE,
        open_files,
        "Ctrl+O",
        "open",
        "Open files of spectra, or meshes",
        places=at(Place.TOOLBAR),
    ),
    Command(
        "open_folder",
        "Open &folder\u2026",
        Menu.FILE,
        open_folder,
        "Ctrl+Shift+O",
        "folder",
        "Open every spectrum file of a folder",
    ),
    Command(
        "open_participants",
        "Add table of participants\u2026",
        Menu.FILE,
        open_participants,
        tip="Join a CSV, TSV, Parquet or Excel table with the open spectra",
        words="covariates labels study cohort join age sex site",
    ),
    Command(
        "open_samples",
        "Open all &samples",
        Menu.FILE,
        open_samples,
        icon="samples",
        tip="Open the bundled sample spectra",
        words="example demo",
    ),
    Command(
        "open_sample_shape",
        "Open a sample shape (d&umbbell)",
        Menu.FILE,
        open_sample_shape,
        tip="Open a mesh, whose spectrum is computed, and see its modes with Explain > Shape",
        words="mesh surface example demo dumbbell",
    ),
    Command(
        "open_workspace",
        "Open wor&kspace\u2026",
        Menu.FILE,
        open_workspace,
        tip="Open files, model, edits and views as they were saved",
        words="session project restore",
    ),
    Command(
        "continue_session",
        "Continue last sess&ion",
        Menu.FILE,
        continue_session,
        tip="Open what was open when the program ended the last time",
        needs=(facts.PAST,),
        words="restore reopen where you stopped",
    ),
    Command(
        "save_workspace",
        "Sa&ve workspace\u2026",
        Menu.FILE,
        save_workspace,
        "Ctrl+S",
        tip="Write which files and model are open, with edits and views",
        needs=(facts.SPECTRUM,),
        words="session project keep",
    ),
    Command(
        "open_model",
        "Open &model\u2026",
        Menu.FILE,
        open_model,
        "Ctrl+M",
        "model",
        "Open a Keras model",
        places=at(Place.TOOLBAR, Place.PREDICTION),
        group=1,
        words="keras network",
    ),
    Command(
        "open_bundled_model",
        "&Bundled model",
        Menu.FILE,
        open_bundled_model,
        tip="Go back to the model that comes with the program",
        needs=(facts.OTHER_MODEL,),
        group=1,
    ),
    Command(
        "edit_model_card",
        "Edit model &card\u2026",
        Menu.FILE,
        edit_model_card,
        icon="card",
        tip="Describe how spectra become the model's input, and name its classes",
        needs=(facts.MODEL,),
        places=at(Place.PREDICTION),
        group=1,
        words="preprocessing classes",
    ),
    Command(
        "export",
        "&Export\u2026",
        Menu.FILE,
        export,
        "Ctrl+E",
        "export",
        "Export figures or values",
        needs=(facts.SPECTRUM,),
        places=at(Place.TOOLBAR, Place.SPECTRUM, Place.LAYER),
        group=2,
        words="save figure picture svg pdf png csv",
    ),
    Command(
        "save_predictions",
        "Save predic&tions\u2026",
        Menu.FILE,
        save_predictions,
        icon="save",
        tip="Write the predictions for all open spectra, as CSV or JSON",
        needs=(facts.PREDICTED,),
        places=at(Place.TABLE, Place.PREDICTION),
        group=2,
        words="export classes probabilities table csv json",
    ),
    Command(
        "single_window",
        "One &window for all files",
        Menu.FILE,
        toggle_single_window,
        tip="Files opened from the desktop come to this window instead of a new one",
        group=3,
        checked=lambda scope: scope.settings.single_window,
    ),
    Command(
        "preferences",
        "&Preferences\u2026",
        Menu.FILE,
        show_preferences,
        "Ctrl+,",
        "preferences",
        "Limits for opening models, and what a start does",
        group=3,
        words="settings options",
    ),
    Command(
        "quit",
        "&Quit",
        Menu.FILE,
        lambda scope: scope.window.close(),
        "Ctrl+Q",
        "quit",
        "Close the window",
        group=4,
        words="exit",
    ),
)
