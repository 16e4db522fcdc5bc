"""What is there and what is chosen, as far as commands depend on it, and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.resources import default_model
from spectracnn.state.document import current_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.gui.window.commands.scope import Scope


@dataclass(frozen=True)
class Facts:
    """The state in the few words that decide which commands can be used.

    Parameters
    ----------
    spectra, selected : int
        How many spectra are open, and how many rows of the table are selected.
    current, predicted : bool
        Whether a spectrum is shown, and whether any spectrum has a prediction.
    model, bundled, other_models, maps : bool
        Whether a model is open, whether it is the bundled one, whether there are others beside it,
        and whether the current spectrum has passed through it.
    filter, eigenvalue : bool
        Whether a sample of a layer, or one of the spectrum, is meant.
    marked : bool
        Whether a sample is pinned or a range is marked.
    edited, muted : bool
        Whether the current spectrum was changed, and whether a filter is muted.
    nearest : bool
        Whether the training spectrum that is nearest to the current one is known.
    can_undo, can_redo : bool
        Whether there are steps to take back, or to make again.
    past : bool
        Whether a session of an earlier run can be opened.
    computing, meshes, failed_meshes : int
        How many meshes are being computed; how many of those without a spectrum are selected, and
        how many of these have failed.
    """

    spectra: int = 0
    selected: int = 0
    current: bool = False
    predicted: bool = False
    model: bool = False
    bundled: bool = False
    other_models: bool = False
    maps: bool = False
    filter: bool = False
    eigenvalue: bool = False
    marked: bool = False
    edited: bool = False
    muted: bool = False
    nearest: bool = False
    can_undo: bool = False
    can_redo: bool = False
    past: bool = False
    computing: int = 0
    meshes: int = 0
    failed_meshes: int = 0


def facts_of(scope: Scope) -> Facts:
    """Return the facts as they are now."""
    document, selection = scope.workspace.document, scope.workspace.selection
    entry = current_entry(document, selection)
    stack = scope.workspace.editing.stack
    contents = scope.workspace.contents
    meshes = scope.ui.table.meshes.selected() if scope.ui.built else []
    return Facts(
        spectra=len(document.entries),
        selected=scope.ui.table.selected_count if scope.ui.built else 0,
        current=entry is not None,
        predicted=entry is not None and entry.probabilities is not None,
        model=document.model is not None,
        bundled=document.model is not None and document.model.path == str(default_model()),
        other_models=bool(document.others),
        maps=any(layer.picture is not None for layer in contents.layers),
        filter=scope.filter is not None,
        eigenvalue=scope.eigenvalue is not None,
        marked=selection.pinned is not None or selection.index_range is not None,
        edited=entry is not None and bool(entry.edits),
        muted=bool(selection.muted),
        nearest=entry is not None and entry.judged is not None and entry.judged.nearest >= 0,
        can_undo=stack.canUndo(),
        can_redo=stack.canRedo(),
        past=scope.session.past is not None,
        computing=sum(not row.failure for row in scope.reader.meshes.rows),
        meshes=len(meshes),
        failed_meshes=sum(bool(row.failure) for row in meshes),
    )


@dataclass(frozen=True)
class Need:
    """A condition for the use of a command.

    Parameters
    ----------
    holds : callable
        Looks at the state.
    otherwise : str
        What a person is advised to do where it does not hold.
    """

    holds: Callable[[Facts], bool]
    otherwise: str


SPECTRUM = Need(lambda facts: facts.current, "Open a spectrum first.")
SELECTED = Need(lambda facts: facts.selected > 0, "Select a row of the table first.")
SEVERAL = Need(lambda facts: facts.spectra > 1, "Open a second spectrum first.")
MODEL = Need(lambda facts: facts.model, "Open a model first.")
OTHER_MODEL = Need(lambda facts: not facts.bundled, "The bundled model is the open one.")
MAPS = Need(lambda facts: facts.maps, "No spectrum has passed through the model yet.")
PREDICTED = Need(lambda facts: facts.predicted, "Nothing has been classified yet.")
FILTER = Need(lambda facts: facts.filter, "Click a sample of a feature map first.")
EIGENVALUE = Need(lambda facts: facts.eigenvalue, "Click an eigenvalue of the spectrum first.")
MARKED = Need(lambda facts: facts.marked, "Nothing is pinned or marked.")
NEAREST = Need(
    lambda facts: facts.nearest, "The model does not know the spectra that it was trained on."
)
EDITED = Need(lambda facts: facts.edited, "This spectrum has not been changed.")
MUTED = Need(lambda facts: facts.muted, "No filter is muted.")
PAST = Need(lambda facts: facts.past, "There is no earlier session.")
COMPUTING = Need(lambda facts: facts.computing > 0, "No mesh is being computed.")
MESH = Need(lambda facts: facts.meshes > 0, "Select a mesh that is being computed first.")
FAILED_MESH = Need(
    lambda facts: facts.failed_meshes > 0, "Select a mesh that could not be computed first."
)
UNDO = Need(lambda facts: facts.can_undo, "There is nothing to undo.")
REDO = Need(lambda facts: facts.can_redo, "There is nothing to redo.")
