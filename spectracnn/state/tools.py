"""What each tool shows: a frozen record a tool, saved with a workspace and undone like edits.

``None`` stands for what the tool chooses by itself, so that a record is good for any document.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.edits import Space
from spectracnn.core.features import Reduction
from spectracnn.geometry.options import SolveOptions
from spectracnn.state.cohort_choices import (
    CohortAttributionChoice,
    CohortChoice,
    CohortConfoundsChoice,
    CohortGroupsChoice,
    CohortPredictionsChoice,
    CohortTestsChoice,
)
from spectracnn.state.selection import ColourScale, LayerOptions
from spectracnn.state.training_choice import TrainingChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_MODEL = MappingProxyType({"of_model": True})
"""Marks fields that mean nothing for another network."""


class CompareTab(StrEnum):
    """The tabs of the window that compares."""

    DIFFERENCE = "difference"
    MULTIPLES = "small multiples"
    STATISTICS = "layer statistics"


class Ranking(StrEnum):
    """By what filters are sorted, the largest first."""

    NORM = "Size of the weights"
    ACTIVATION = "Mean activation"
    CONTRIBUTION = "Contribution to the class"


@dataclass(frozen=True)
class CompareChoice:
    """What the window that compares shows.

    Parameters
    ----------
    tab : CompareTab
        In front.
    first, second : str or None
        What the sides are, as `spectracnn.view.groups.Side.key`; the first is else the current
        spectrum.
    scale : ColourScale
        Which maps share one colour range.
    layers : mapping of int to LayerOptions
        How the panels are shown.
    """

    tab: CompareTab = CompareTab.DIFFERENCE
    first: str | None = None
    second: str | None = None
    scale: ColourScale = ColourScale.LAYER
    layers: Mapping[int, LayerOptions] = field(
        default_factory=lambda: MappingProxyType({}), metadata=OF_MODEL
    )


@dataclass(frozen=True)
class MultiplesChoice:
    """What the small multiples show.

    Parameters
    ----------
    layer : int or None
        Which one is shown.
    channel : int or None
        Which one is shown of a layer with rows and columns; else the strongest.
    """

    layer: int | None = field(default=None, metadata=OF_MODEL)
    channel: int | None = field(default=None, metadata=OF_MODEL)


@dataclass(frozen=True)
class StatisticsChoice:
    """What the statistics of a layer show.

    Parameters
    ----------
    layer : int or None
        Which one is shown.
    column : int
        By which the table is sorted.
    descending : bool
        The largest first.
    """

    layer: int | None = field(default=None, metadata=OF_MODEL)
    column: int = 0
    descending: bool = False


@dataclass(frozen=True)
class EmbeddingChoice:
    """What the scatter of all spectra shows.

    Parameters
    ----------
    layer : int or None
        Whose output makes the points; `spectracnn.core.features.INPUT` for the model's input.
    reduction : Reduction
        How a feature map becomes numbers.
    colour : str or None
        What colours mean.
    """

    layer: int | None = field(default=None, metadata=OF_MODEL)
    reduction: Reduction = Reduction.FLAT
    colour: str | None = None


@dataclass(frozen=True)
class FiltersChoice:
    """What the filters of a layer show.

    Parameters
    ----------
    layer : int or None
        Whose filters are shown.
    ranking : Ranking
        By what they are sorted.
    target : int or None
        The class that filters contribute to; else the predicted one.
    """

    layer: int | None = field(default=None, metadata=OF_MODEL)
    ranking: Ranking = Ranking.NORM
    target: int | None = field(default=None, metadata=OF_MODEL)


@dataclass(frozen=True)
class AttributionChoice:
    """What is explained, and how.

    Parameters
    ----------
    method : Method
        How.
    target : str or None
        The name of the class; else the predicted one.
    options : AttributionOptions
        With what; a layer in it is one of this model.
    follows : bool
        Whether changes are followed by themselves.
    """

    method: Method = Method.INTEGRATED_GRADIENTS
    target: str | None = None
    options: AttributionOptions = field(default_factory=AttributionOptions, metadata=OF_MODEL)
    follows: bool = True


@dataclass(frozen=True)
class WhatIfChoice:
    """What the sliders of What if act on.

    Parameters
    ----------
    space : Space
        What edits act on.
    span : (int, int) or None
        First and last place that edits act on; else all.
    other : int or None
        The entry to mix with.
    """

    space: Space = Space.EIGENVALUES
    span: tuple[int, int] | None = field(default=None, metadata=OF_MODEL)
    other: int | None = None


@dataclass(frozen=True)
class InspectorChoice:
    """What the inspector shows beside the marked sample.

    Parameters
    ----------
    beside : (int, int) or None
        Layer and filter that is kept beside the inspected one.
    """

    beside: tuple[int, int] | None = field(default=None, metadata=OF_MODEL)


@dataclass(frozen=True)
class ShapeChoice:
    """What the shape shows.

    Parameters
    ----------
    show : str or None
        What is painted on the shape.
    mode : int or None
        Number of the eigenfunction.
    beside : int or None
        The entry whose shape is shown beside.
    meshes : mapping of int to str
        Which mesh file an entry was computed from, where a person chose it.
    solving : SolveOptions
        How meshes are solved that are opened.
    """

    show: str | None = None
    mode: int | None = None
    beside: int | None = None
    meshes: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    solving: SolveOptions = field(default_factory=SolveOptions)


@dataclass(frozen=True)
class FilterLabChoice:
    """What the filter lab edits.

    Parameters
    ----------
    layer, filter : int or None
        Which is edited.
    channel : int or None
        The input channel that is shown.
    every_channel : bool
        Whether presets and changes act on all input channels.
    """

    layer: int | None = field(default=None, metadata=OF_MODEL)
    filter: int | None = field(default=None, metadata=OF_MODEL)
    channel: int | None = field(default=None, metadata=OF_MODEL)
    every_channel: bool = False


@dataclass(frozen=True)
class ToolChoices:
    """The record of each tool."""

    compare: CompareChoice = CompareChoice()
    multiples: MultiplesChoice = MultiplesChoice()
    statistics: StatisticsChoice = StatisticsChoice()
    embedding: EmbeddingChoice = EmbeddingChoice()
    filters: FiltersChoice = FiltersChoice()
    attribution: AttributionChoice = AttributionChoice()
    what_if: WhatIfChoice = WhatIfChoice()
    inspector: InspectorChoice = InspectorChoice()
    shape: ShapeChoice = ShapeChoice()
    filter_lab: FilterLabChoice = FilterLabChoice()
    training: TrainingChoice = field(default_factory=TrainingChoice)
    cohort: CohortChoice = field(default_factory=CohortChoice)
    cohort_predictions: CohortPredictionsChoice = field(default_factory=CohortPredictionsChoice)
    cohort_groups: CohortGroupsChoice = field(default_factory=CohortGroupsChoice)
    cohort_attribution: CohortAttributionChoice = field(default_factory=CohortAttributionChoice)
    cohort_tests: CohortTestsChoice = field(default_factory=CohortTestsChoice)
    cohort_confounds: CohortConfoundsChoice = field(default_factory=CohortConfoundsChoice)

    def for_another_model(self) -> ToolChoices:
        """Return the choices without what means nothing for another network."""
        return replace(
            self, **{item.name: _fresh(getattr(self, item.name)) for item in fields(self)}
        )


def _fresh(record: Any) -> Any:
    default = type(record)()
    bound = [item.name for item in fields(record) if item.metadata.get("of_model")]
    return replace(record, **{name: getattr(default, name) for name in bound})
