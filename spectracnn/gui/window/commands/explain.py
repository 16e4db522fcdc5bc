"""Commands of the Explain menu: tools, forward tracing, muted filters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from spectracnn.gui.tools.registry import TOOLS
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.view.trust import nearest_spectrum

if TYPE_CHECKING:
    from spectracnn.gui.tools.registry import ToolInfo
    from spectracnn.gui.window.commands.scope import Scope


def open_tool(scope: Scope, name: str) -> None:
    """Bring a tool to the front."""
    scope.wishes.toolRequested.emit(name)


def inspect_sample(scope: Scope) -> None:
    """Pin the sample that is meant, and show its arithmetic."""
    if scope.sample is not None:
        scope.workspace.pin_at(scope.sample)
    open_tool(scope, "inspector")


def draw_nearest(scope: Scope) -> None:
    """Open the training spectrum that is nearest to the one that is shown."""
    document = scope.workspace.document
    entry = scope.workspace.current
    if entry is None or document.model is None or entry.judged is None:
        return
    near = nearest_spectrum(document.model, entry.judged)
    if near is not None and near.name not in {item.spectrum.name for item in document.entries}:
        scope.workspace.add_spectra([near])


def pin_sample(scope: Scope) -> None:
    """Keep the sample marked while the pointer goes elsewhere."""
    if scope.sample is not None:
        scope.workspace.pin_at(scope.sample)


def trace_eigenvalue(scope: Scope) -> None:
    """Mark everything that depends on one eigenvalue."""
    if scope.eigenvalue is not None:
        scope.workspace.choose_range((scope.eigenvalue, scope.eigenvalue))


def trace_range(scope: Scope) -> None:
    """Ask for a range of eigenvalues, and mark everything that depends on them."""
    from spectracnn.gui.dialogs.index_range import IndexRangeDialog

    entry = scope.workspace.current
    if entry is None:
        return
    last = len(entry.spectrum) - 1
    known = scope.eigenvalue
    start = scope.workspace.selection.index_range or (known or 0, known or last)
    dialog = IndexRangeDialog(last, start, scope.window)
    if dialog.exec():
        scope.workspace.choose_range(dialog.span)


def mute(scope: Scope) -> None:
    """Set the filter's output to 0, or let it pass again."""
    if scope.filter is not None:
        scope.workspace.editing.toggle_mute(*scope.filter)


def solo(scope: Scope) -> None:
    """Mute all other filters of the layer; again: unmute them."""
    if scope.filter is not None:
        scope.workspace.editing.solo(*scope.filter)


def toggle_dragging(scope: Scope) -> None:
    """Let the mouse drag points of the spectrum, or the view."""
    editing = scope.workspace.editing
    editing.set_dragging(not editing.dragging)


def _tool(tool: ToolInfo) -> Command:
    return Command(
        f"tool_{tool.name}",
        tool.text,
        Menu.EXPLAIN,
        partial(open_tool, name=tool.name),
        tool.shortcut,
        tool.icon,
        tool.tip,
        places=at(Place.TOOLBAR, Place.PREDICTION) if tool.name == "attribution" else _TOOLBAR,
        also_after=tool.also_after,
        words=f"tool {tool.words}".rstrip(),
    )


_COHORT_PAGES = (
    ("predictions", "&Predictions", "Confusion matrix, ROC, reliability and accuracy of a cohort"),
    ("groups", "&Groups through the layers", "Two groups through every layer, with effect sizes"),
    ("attribution", "&Attribution of a group", "What speaks for a class in a group, consistently"),
    ("statistics", "&Statistics", "Test eigenvalues or bands; where somebody stands in a group"),
    ("confounds", "&Confounds", "What predicts the label alone, and what the layers encode"),
)


def _cohort_page(name: str, text: str, tip: str) -> Command:
    return Command(
        f"cohort_{name}",
        f"{text}\u2026",
        Menu.EXPLAIN,
        partial(open_tool, name=f"cohort/{name}"),
        tip=tip,
        submenu="Cohor&t pages",
        words="cohort study table",
    )


_TOOLBAR = at(Place.TOOLBAR)
COMMANDS = (
    *map(_tool, TOOLS),
    *(_cohort_page(*page) for page in _COHORT_PAGES),
    Command(
        "inspect_sample",
        "Show how this &value is computed",
        Menu.EXPLAIN,
        inspect_sample,
        tip="Pin the sample and take it apart in the inspector",
        needs=(facts.FILTER,),
        places=at(Place.LAYER),
        group=1,
        words="inspector arithmetic convolution",
    ),
    Command(
        "pin_sample",
        "&Pin this sample",
        Menu.EXPLAIN,
        pin_sample,
        icon="pin",
        tip="Keep the sample marked while the pointer goes elsewhere",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM, Place.LAYER),
        group=1,
    ),
    Command(
        "trace_eigenvalue",
        "Trace this ei&genvalue forward",
        Menu.EXPLAIN,
        trace_eigenvalue,
        tip="Mark everything in the network that depends on this eigenvalue",
        needs=(facts.EIGENVALUE,),
        places=at(Place.SPECTRUM),
        group=2,
        words="depends range reach",
    ),
    Command(
        "trace_range",
        "Trace a &range forward\u2026",
        Menu.EXPLAIN,
        trace_range,
        "Ctrl+R",
        "trace",
        "Mark everything in the network that depends on a range of eigenvalues (Shift and drag)",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM),
        group=2,
        words="depends reach",
    ),
    Command(
        "mute",
        "&Mute this filter",
        Menu.EXPLAIN,
        mute,
        "M",
        "mute",
        "Set this filter's output to 0, or let it pass again (Shift and click)",
        needs=(facts.FILTER,),
        places=at(Place.LAYER),
        group=3,
        label=lambda scope: _mute_text(scope),
        words="silence ablate off",
    ),
    Command(
        "solo",
        "Mute all &other filters of the layer",
        Menu.EXPLAIN,
        solo,
        "Shift+M",
        "solo",
        "Mute all filters of the layer but this one; again: unmute them (Ctrl, Shift and click)",
        needs=(facts.FILTER,),
        places=at(Place.LAYER),
        group=3,
        words="solo silence",
    ),
    Command(
        "unmute_all",
        "&Unmute all filters",
        Menu.EXPLAIN,
        lambda scope: scope.workspace.editing.unmute_all(),
        icon="unmute",
        tip="Let every filter pass again",
        needs=(facts.MUTED,),
        places=at(Place.LAYER),
        group=3,
    ),
    Command(
        "drag_points",
        "&Drag points of the spectrum",
        Menu.EXPLAIN,
        toggle_dragging,
        icon="drag",
        tip="Let the mouse move single eigenvalues instead of the view",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM),
        group=4,
        checked=lambda scope: scope.workspace.editing.dragging,
        words="edit what if",
    ),
    Command(
        "draw_nearest",
        "Draw the nearest training &spectrum",
        Menu.EXPLAIN,
        draw_nearest,
        tip="Open what the model was trained on and is nearest to this spectrum, beside it",
        needs=(facts.NEAREST,),
        places=at(Place.PREDICTION, Place.TABLE, Place.SPECTRUM),
        group=4,
        words="overlay typicality unlike reference",
    ),
    Command(
        "restore_original",
        "&Back to the original spectrum",
        Menu.EXPLAIN,
        lambda scope: scope.workspace.editing.restore_original(),
        icon="restore",
        tip="Take back all changes of the spectrum that is shown",
        needs=(facts.EDITED,),
        places=at(Place.SPECTRUM, Place.TABLE),
        group=4,
        words="reset edits",
    ),
)


def _mute_text(scope: Scope) -> str:
    chosen = scope.filter
    if chosen is None:
        return "&Mute this filter"
    verb = "Un&mute" if chosen in scope.workspace.selection.muted else "&Mute"
    return f"{verb} filter {chosen[1]}"
