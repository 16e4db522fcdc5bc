"""The tools as a table: tabs at the right of the window, and windows of their own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.workspace.context import ToolContext


@dataclass(frozen=True)
class ToolInfo:
    """One tool.

    Parameters
    ----------
    name : str
        For settings and tests.
    title : str
        Of its tab or window.
    text : str
        Of its menu entry, with ``&`` before the access key.
    make : callable
        Imports and makes the widget; a tool keeps up with the workspace by its own connections,
        and computes only while it is visible.
    window : bool
        Whether it has a window of its own instead of a tab.
    shortcut : str
        In Qt's notation.
    tip : str
        One line for the status bar and the tab.
    icon : str
        File in ``resources/icons/commands`` without its ending.
    also_after : str
        Name of a command of another menu than Explain, behind which its entry stands too.
    words : str
        More words by which the palette finds it.
    """

    name: str
    title: str
    text: str
    make: Callable[[ToolContext], QWidget]
    window: bool = False
    shortcut: str = ""
    tip: str = ""
    icon: str = "tool"
    also_after: str = ""
    words: str = ""


@dataclass(frozen=True)
class ToolClass:
    """A tool's widget by name: its module is imported when the tool is first shown, not at launch.

    Parameters
    ----------
    module, name : str
        Where it is.
    """

    module: str
    name: str

    def load(self) -> Callable[[ToolContext], QWidget]:
        """Import it."""
        found: Callable[[ToolContext], QWidget] = getattr(import_module(self.module), self.name)
        return found

    def __call__(self, context: ToolContext) -> QWidget:
        """Make the widget."""
        return self.load()(context)


def import_all(pause: Callable[[], object]) -> None:
    """Import every tool's module, so that making one later takes only a moment.

    Parameters
    ----------
    pause : callable
        Called after each, to let the window's thread work.
    """
    for info in TOOLS:
        if isinstance(info.make, ToolClass):
            info.make.load()
            pause()


TOOLS: tuple[ToolInfo, ...] = (
    ToolInfo(
        "inspector",
        "Inspector",
        "&Inspector",
        ToolClass("spectracnn.gui.tools.inspector.inspector", "InspectorTool"),
        shortcut="Ctrl+I",
        tip="See how one sample is computed, and slide the filter along the spectrum",
        icon="inspector",
    ),
    ToolInfo(
        "attribution",
        "Why",
        "&Attribution",
        ToolClass("spectracnn.gui.tools.attribution.attribution", "AttributionTool"),
        shortcut="Ctrl+4",
        tip="Which eigenvalues speak for a class, and against it",
        icon="attribution",
    ),
    ToolInfo(
        "what_if",
        "What if",
        "&What if",
        ToolClass("spectracnn.gui.tools.what_if.what_if", "WhatIfTool"),
        shortcut="Ctrl+3",
        tip="Change the spectrum or mute filters, and see what the network predicts then",
        icon="what-if",
    ),
    ToolInfo(
        "compare",
        "Compare",
        "&Compare\u2026",
        ToolClass("spectracnn.gui.tools.compare.compare", "CompareTool"),
        window=True,
        shortcut="Ctrl+5",
        tip="Two spectra, or means of groups, through every layer; a layer's filters in numbers",
        icon="compare",
    ),
    ToolInfo(
        "embedding",
        "Embedding",
        "&Embedding\u2026",
        ToolClass("spectracnn.gui.tools.embedding.embedding", "EmbeddingTool"),
        window=True,
        shortcut="Ctrl+6",
        tip="All spectra as points: which are similar to the network, and which by ShapeDNA",
        icon="embedding",
    ),
    ToolInfo(
        "filters",
        "Filters",
        "&Filters\u2026",
        ToolClass("spectracnn.gui.tools.filters.filters", "FiltersTool"),
        window=True,
        shortcut="Ctrl+7",
        tip="A layer's weights as curves, with the frequencies that they pass",
        icon="filters",
    ),
    ToolInfo(
        "cohort",
        "Cohort",
        "Cohort\u2026",
        ToolClass("spectracnn.gui.tools.cohort.tool", "CohortTool"),
        window=True,
        shortcut="Ctrl+Shift+G",
        tip="The study as a whole: predictions, groups, statistics, confounds",
        icon="cohort",
    ),
    ToolInfo(
        "shape",
        "Shape",
        "S&hape\u2026",
        ToolClass("spectracnn.gui.tools.shape.shape", "ShapeTool"),
        window=True,
        shortcut="Ctrl+Shift+H",
        tip="A mesh with its modes, and where on it the decision comes from",
        icon="shape",
    ),
    ToolInfo(
        "filter_lab",
        "Filter lab",
        "Filter lab\u2026",
        ToolClass("spectracnn.gui.tools.filter_lab.tool", "FilterLabTool"),
        window=True,
        shortcut="Ctrl+Shift+F",
        tip="Edit a filter of the network: drag its weights, and see what changes",
        icon="filter-lab",
    ),
    ToolInfo(
        "training",
        "Train",
        "Train a network\u2026",
        ToolClass("spectracnn.gui.tools.training.tool", "TrainingTool"),
        window=True,
        shortcut="Ctrl+T",
        tip="Learn from labelled spectra, and watch the filters learn",
        icon="training",
        also_after="edit_model_card",
        words="learn fit model epochs",
    ),
    ToolInfo(
        "layer_lab",
        "Layer lab",
        "La&yer lab\u2026",
        ToolClass("spectracnn.gui.learn.layer_lab.tool", "LayerLabTool"),
        window=True,
        shortcut="Ctrl+8",
        tip="Combine layers yourself, change Keras's arguments, and see what they do",
        icon="layer-lab",
    ),
    ToolInfo(
        "lessons",
        "Lessons",
        "Lesso&ns\u2026",
        ToolClass("spectracnn.gui.learn.lessons.tool", "LessonsTool"),
        window=True,
        shortcut="Ctrl+9",
        tip="Seven short lessons, from a drum to a filter that learns",
        icon="lessons",
    ),
)
