"""Commands about meshes: what is being computed, and which one a spectrum belongs to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from spectracnn.geometry.formats import SUFFIXES, is_mesh
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

MESH_PATTERNS = " ".join(f"*{suffix}" for suffix in (*SUFFIXES, ".gii.gz"))
_MESH_FILTER = f"Meshes ({MESH_PATTERNS});;All files (*)"


def choose_mesh(scope: Scope) -> None:
    """Ask for the mesh that the current spectrum was computed from, and show it."""
    entry = scope.workspace.document.entry(scope.workspace.selection.current)
    if entry is None:
        return
    source = entry.spectrum.source
    folder = scope.settings.folder if source is None else str(source.parent)
    title = f"Mesh of {entry.spectrum.name}"
    name, _ = QFileDialog.getOpenFileName(scope.window, title, folder, _MESH_FILTER)
    if not name:
        return
    shape = scope.workspace.choices.shape
    meshes = MappingProxyType({**shape.meshes, entry.id: str(Path(name))})
    text = f"mesh of {entry.spectrum.name}"
    scope.workspace.editing.choose("shape", replace(shape, meshes=meshes), text)
    scope.wishes.toolRequested.emit("shape")


def choose_solving(scope: Scope) -> None:
    """Ask how meshes are solved; compute the open one again where that is wanted."""
    from spectracnn.gui.dialogs.solving import SolvingDialog

    mesh = _open_mesh(scope)
    shape = scope.workspace.choices.shape
    dialog = SolvingDialog(shape.solving, "" if mesh is None else mesh.name, scope.window)
    if not dialog.exec():
        return
    chosen = replace(shape, solving=dialog.options)
    scope.workspace.editing.choose("shape", chosen, "how meshes are solved")
    if dialog.again and mesh is not None:
        scope.reader.meshes.solve([mesh])


def _open_mesh(scope: Scope) -> Path | None:
    """Return the file of the current spectrum if that was computed of a mesh."""
    entry = scope.workspace.document.entry(scope.workspace.selection.current)
    if entry is None or entry.spectrum.source is None:
        return None
    return entry.spectrum.source if is_mesh(entry.spectrum.source) else None


def stop_computing(scope: Scope) -> None:
    """Compute the selected meshes no more; remove those that have failed."""
    scope.reader.meshes.cancel(row.number for row in scope.ui.table.meshes.selected())


def stop_all_computing(scope: Scope) -> None:
    """Compute no mesh any more."""
    scope.reader.meshes.cancel_all()


def compute_again(scope: Scope) -> None:
    """Compute the selected meshes that have failed once more."""
    scope.reader.meshes.solve_again(row.number for row in scope.ui.table.meshes.selected())


_SUBMENU = "Meshes bein&g computed"

COMMANDS = (
    Command(
        "choose_mesh",
        "C&hoose its mesh\u2026",
        Menu.FILE,
        choose_mesh,
        tip="Say which mesh the spectrum that is shown was computed from, and show that shape",
        needs=(facts.SPECTRUM,),
        places=at(Place.TABLE, Place.SPECTRUM),
        group=2,
        words="shape surface join file",
    ),
    Command(
        "choose_solving",
        "How meshes are solve&d\u2026",
        Menu.FILE,
        choose_solving,
        tip="Choose operator, mass, boundary condition, components, refinement and how many "
        "eigenvalues are computed",
        group=2,
        words="options robust laplacian intrinsic delaunay lumped dirichlet neumann refine",
    ),
    Command(
        "stop_computing",
        "&Stop computing",
        Menu.FILE,
        stop_computing,
        tip="Compute the selected meshes no more; what has failed is removed (Esc in the table)",
        needs=(facts.MESH,),
        places=at(Place.MESH),
        submenu=_SUBMENU,
        group=2,
        label=lambda scope: "&Remove" if _failed(scope) else "&Stop computing",
        words="cancel mesh spectrum",
    ),
    Command(
        "stop_all_computing",
        "Stop computing &all",
        Menu.FILE,
        stop_all_computing,
        tip="Compute no mesh any more",
        needs=(facts.COMPUTING,),
        places=at(Place.MESH),
        submenu=_SUBMENU,
        group=2,
        words="cancel meshes spectra",
    ),
    Command(
        "compute_again",
        "Compute a&gain",
        Menu.FILE,
        compute_again,
        tip="Try the selected meshes once more that could not be computed",
        needs=(facts.FAILED_MESH,),
        places=at(Place.MESH),
        submenu=_SUBMENU,
        group=2,
        words="retry mesh spectrum",
    ),
)


def _failed(scope: Scope) -> bool:
    """Whether all selected meshes have failed, and there is nothing to stop."""
    rows = scope.ui.table.meshes.selected() if scope.ui.built else []
    return bool(rows) and all(row.failure for row in rows)
