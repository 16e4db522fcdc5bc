"""Commands of the Edit menu: undo, clipboard, and which spectra are open and drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QInputDialog

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.state.labels import known_labels, label_of

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope


def copy(scope: Scope) -> None:
    """Copy the table's rows where it has the focus, else the focused plot with its values."""
    if scope.ui.built and scope.ui.table.view.hasFocus():
        copy_rows(scope)
    else:
        copy_plot(scope)


def copy_plot(scope: Scope) -> None:
    """Put the plot into the clipboard: as an image, and its values as text."""
    from spectracnn.gui.window.clipboard import panel_mime_data

    try:
        mime = panel_mime_data(scope.ui.stack, scope.workspace.contents, scope.panel)
    except SpectraCNNError as error:
        scope.report(Message(error.message, error.hint))
        return
    QGuiApplication.clipboard().setMimeData(mime)
    scope.ui.status.showMessage("Copied as image and tab-separated values.", 3000)


def copy_rows(scope: Scope) -> None:
    """Put the selected rows of the table into the clipboard, with their headings."""
    text, count = scope.ui.table.selected_text()
    if count:
        QGuiApplication.clipboard().setText(text)
        rows = "1 row" if count == 1 else f"{count} rows"
        scope.ui.status.showMessage(f"Copied {rows} as tab-separated values.", 3000)


def copy_python(scope: Scope) -> None:
    """Put a script into the clipboard that computes what is shown."""
    from spectracnn.state.script import python_script

    try:
        text = python_script(scope.workspace.document, scope.workspace.selection)
    except SpectraCNNError as error:
        scope.report(Message(error.message, error.hint))
        return
    QGuiApplication.clipboard().setText(text)
    scope.ui.status.showMessage("Copied as a Python script.", 3000)


def paste(scope: Scope) -> None:
    """Read spectra from the numbers, or the files, in the clipboard."""
    mime = QGuiApplication.clipboard().mimeData()
    if mime is not None and mime.hasUrls():
        scope.open_paths([url.toLocalFile() for url in mime.urls() if url.isLocalFile()])
        return
    text = "" if mime is None else mime.text()
    if text.strip():
        scope.open_text(text)
    else:
        scope.report(Message("The clipboard holds no text to read a spectrum from."))


MOST_DRAWN = 500
"""So many curves can be told apart, and drawn while one moves through them."""


def overlay_all(scope: Scope) -> None:
    """Draw every spectrum, or as many as can still be told apart."""
    _overlay(scope, [entry.id for entry in scope.workspace.document.entries])


def _overlay(scope: Scope, ids: list[int]) -> None:
    scope.workspace.set_overlaid(ids[:MOST_DRAWN])
    if len(ids) > MOST_DRAWN:
        text = f"The first {MOST_DRAWN:,} of {len(ids):,} spectra are drawn: more hide each other."
        scope.report(Message(text, severity=Severity.NOTE))


def overlay_none(scope: Scope) -> None:
    """Draw only the current spectrum."""
    scope.workspace.set_overlaid(())


def overlay_selected(scope: Scope) -> None:
    """Draw the selected spectra and no others."""
    _overlay(scope, scope.ui.table.selected_ids())


def set_label(scope: Scope) -> None:
    """Ask for the label of the selected spectra, for a training to learn."""
    ids = scope.ui.table.selected_ids()
    document = scope.workspace.document
    entries = [entry for item in ids if (entry := document.entry(item)) is not None]
    if not entries:
        return
    now = {label_of(document, entry) for entry in entries}
    known = known_labels(document)
    first = now.pop() if len(now) == 1 else ""
    what = entries[0].spectrum.name if len(entries) == 1 else f"{len(entries)} spectra"
    place = known.index(first) if first in known else -1
    text, accepted = QInputDialog.getItem(
        scope.window, "Label", f"Label of {what} (empty for none):", known, place, True
    )
    if accepted:
        scope.workspace.editing.set_labels(ids, text)


def remove_selected(scope: Scope) -> None:
    """Close the selected spectra; the files stay."""
    remove(scope, scope.ui.table.selected_ids())


def remove(scope: Scope, ids: list[int]) -> None:
    """Close these spectra, and say how to get them back."""
    count = scope.workspace.editing.remove(ids)
    if count:
        what = "1 spectrum" if count == 1 else f"{count} spectra"
        key = QKeySequence(QKeySequence.StandardKey.Undo).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        them = "it" if count == 1 else "them"
        scope.ui.status.showMessage(f"Closed {what}. {key} brings {them} back.", 8000)


COMMANDS = (
    Command(
        "undo",
        "&Undo",
        Menu.EDIT,
        lambda scope: scope.workspace.editing.stack.undo(),
        "Ctrl+Z",
        "undo",
        "Take back the last change",
        needs=(facts.UNDO,),
        places=at(Place.TOOLBAR),
        label=lambda scope: f"&Undo {scope.workspace.editing.stack.undoText()}".rstrip(),
    ),
    Command(
        "redo",
        "&Redo",
        Menu.EDIT,
        lambda scope: scope.workspace.editing.stack.redo(),
        "Ctrl+Shift+Z; Ctrl+Y",
        "redo",
        "Make the change again that was taken back",
        needs=(facts.REDO,),
        places=at(Place.TOOLBAR),
        label=lambda scope: f"&Redo {scope.workspace.editing.stack.redoText()}".rstrip(),
    ),
    Command(
        "copy",
        "&Copy",
        Menu.EDIT,
        copy,
        "Ctrl+C",
        "copy",
        "Copy the plot as image and values, or the selected rows of the table",
        needs=(facts.SPECTRUM,),
        places=at(Place.TOOLBAR),
        group=1,
    ),
    Command(
        "copy_plot",
        "Copy &plot and values",
        Menu.EDIT,
        copy_plot,
        tip="Copy the plot as an image, and its values as tab-separated text",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM, Place.LAYER),
        group=1,
        words="clipboard image",
    ),
    Command(
        "copy_rows",
        "Copy table ro&ws",
        Menu.EDIT,
        copy_rows,
        tip="Copy the selected rows with their headings as tab-separated text",
        needs=(facts.SELECTED,),
        places=at(Place.TABLE),
        group=1,
        words="clipboard",
    ),
    Command(
        "copy_python",
        "Copy as P&ython",
        Menu.EDIT,
        copy_python,
        "Ctrl+Shift+C",
        tip="Copy a script that computes what is shown: files, model, edits, muted filters, figure",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM, Place.LAYER),
        group=1,
        words="clipboard script notebook",
    ),
    Command(
        "copy_methods",
        "Copy m&ethods",
        Menu.EDIT,
        lambda scope: scope.wishes.methodsRequested.emit(),
        tip="Copy a paragraph that says what the cohort's page shows, and the command for it",
        needs=(facts.SPECTRUM,),
        group=1,
        words="clipboard paper paragraph statistics cohort",
    ),
    Command(
        "paste",
        "P&aste numbers",
        Menu.EDIT,
        paste,
        "Ctrl+V",
        "paste",
        "Read a spectrum from the clipboard",
        group=1,
    ),
    Command(
        "overlay_all",
        "&Draw all",
        Menu.EDIT,
        overlay_all,
        "Ctrl+Shift+A",
        tip="Draw every spectrum in the spectrum plot",
        needs=(facts.SPECTRUM,),
        places=at(Place.TABLE, Place.SPECTRUM),
        group=2,
        words="tick overlay",
    ),
    Command(
        "overlay_none",
        "Draw &none",
        Menu.EDIT,
        overlay_none,
        "Ctrl+Shift+N",
        tip="Draw only the spectrum that is shown",
        needs=(facts.SPECTRUM,),
        places=at(Place.TABLE, Place.SPECTRUM),
        group=2,
        words="untick overlay",
    ),
    Command(
        "overlay_selected",
        "Draw only the &selected",
        Menu.EDIT,
        overlay_selected,
        tip="Draw the spectra whose rows are selected, and no others",
        needs=(facts.SELECTED,),
        places=at(Place.TABLE),
        group=2,
        words="tick overlay",
    ),
    Command(
        "set_label",
        "La&bel of the selected\u2026",
        Menu.EDIT,
        set_label,
        "Ctrl+L",
        tip="Say what the selected spectra are, for a training to learn",
        needs=(facts.SELECTED,),
        places=at(Place.TABLE),
        group=2,
        words="class name target train",
    ),
    Command(
        "remove_selected",
        "Re&move selected",
        Menu.EDIT,
        remove_selected,
        "Ctrl+Backspace",
        "remove",
        "Close the selected spectra; the files stay where they are",
        needs=(facts.SELECTED,),
        places=at(Place.TABLE),
        group=2,
        words="close delete",
    ),
    Command(
        "release_pin",
        "Re&lease pin and range",
        Menu.EDIT,
        lambda scope: scope.workspace.release(),
        "Esc",
        "release",
        "Forget the pinned sample and the marked range of eigenvalues",
        needs=(facts.MARKED,),
        places=at(Place.SPECTRUM, Place.LAYER),
        group=3,
    ),
)
