"""The tools as a table: tabs at the right of the window, and windows of their own."""

from __future__ import annotations

from dataclasses import dataclass
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
    script : bool
        Whether what it shows can be copied as Python.
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
    script: bool = True


# A tool's module is imported when the tool is first shown, so that it costs nothing at launch:
# each `make` is a function here that imports inside. Add a record below it.


def _inspector(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.inspector.inspector import InspectorTool

    return InspectorTool(context)


def _what_if(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.what_if.what_if import WhatIfTool

    return WhatIfTool(context)


def _attribution(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.attribution.attribution import AttributionTool

    return AttributionTool(context)


def _compare(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.compare.compare import CompareTool

    return CompareTool(context)


def _embedding(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.embedding.embedding import EmbeddingTool

    return EmbeddingTool(context)


def _filters(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.filters.filters import FiltersTool

    return FiltersTool(context)


def _filter_lab(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.filter_lab.tool import FilterLabTool

    return FilterLabTool(context)


def _training(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.training.tool import TrainingTool

    return TrainingTool(context)


def _layer_lab(context: ToolContext) -> QWidget:
    from spectracnn.gui.learn.layer_lab.tool import LayerLabTool

    return LayerLabTool(context)


def _lessons(context: ToolContext) -> QWidget:
    from spectracnn.gui.learn.lessons.tool import LessonsTool

    return LessonsTool(context)


def _shape(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.shape.shape import ShapeTool

    return ShapeTool(context)


def _cohort(context: ToolContext) -> QWidget:
    from spectracnn.gui.tools.cohort.tool import CohortTool

    return CohortTool(context)


def import_all() -> None:
    """Import every tool's module, so that making one later takes only a moment."""
    from spectracnn.gui.tools import (  # noqa: F401
        attribution,
        compare,
        embedding,
        filters,
        inspector,
        what_if,
    )


TOOLS: tuple[ToolInfo, ...] = (
    ToolInfo(
        "inspector",
        "Inspector",
        "&Inspector",
        _inspector,
        shortcut="Ctrl+I",
        tip="See how one sample is computed, and slide the filter along the spectrum",
        icon="inspector",
    ),
    ToolInfo(
        "attribution",
        "Why",
        "&Attribution",
        _attribution,
        shortcut="Ctrl+4",
        tip="Which eigenvalues speak for a class, and against it",
        icon="attribution",
    ),
    ToolInfo(
        "what_if",
        "What if",
        "&What if",
        _what_if,
        shortcut="Ctrl+3",
        tip="Change the spectrum or mute filters, and see what the network predicts then",
        icon="what-if",
    ),
    ToolInfo(
        "compare",
        "Compare",
        "&Compare\u2026",
        _compare,
        window=True,
        shortcut="Ctrl+5",
        tip="Two spectra, or means of groups, through every layer; a layer's filters in numbers",
        icon="compare",
    ),
    ToolInfo(
        "embedding",
        "Embedding",
        "&Embedding\u2026",
        _embedding,
        window=True,
        shortcut="Ctrl+6",
        tip="All spectra as points: which are similar to the network, and which by ShapeDNA",
        icon="embedding",
    ),
    ToolInfo(
        "filters",
        "Filters",
        "&Filters\u2026",
        _filters,
        window=True,
        shortcut="Ctrl+7",
        tip="A layer's weights as curves, with the frequencies that they pass",
        icon="filters",
    ),
    ToolInfo(
        "cohort",
        "Cohort",
        "Cohort\u2026",
        _cohort,
        window=True,
        shortcut="Ctrl+Shift+G",
        tip="The study as a whole: predictions, groups, statistics, confounds",
        icon="cohort",
    ),
    ToolInfo(
        "shape",
        "Shape",
        "S&hape\u2026",
        _shape,
        window=True,
        shortcut="Ctrl+Shift+H",
        tip="A mesh with its modes, and where on it the decision comes from",
        icon="shape",
    ),
    ToolInfo(
        "filter_lab",
        "Filter lab",
        "Filter lab\u2026",
        _filter_lab,
        window=True,
        shortcut="Ctrl+Shift+F",
        tip="Edit a filter of the network: drag its weights, and see what changes",
        icon="filter-lab",
    ),
    ToolInfo(
        "training",
        "Train",
        "Train a network\u2026",
        _training,
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
        _layer_lab,
        window=True,
        shortcut="Ctrl+8",
        tip="Combine layers yourself, change Keras's arguments, and see what they do",
        icon="layer-lab",
    ),
    ToolInfo(
        "lessons",
        "Lessons",
        "Lesso&ns\u2026",
        _lessons,
        window=True,
        shortcut="Ctrl+9",
        tip="Seven short lessons, from a drum to a filter that learns",
        icon="lessons",
        script=False,
    ),
)
