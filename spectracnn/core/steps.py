"""The named steps that turn a spectrum into a model's input. Each is explicit and visible."""

from __future__ import annotations

from spectracnn.core.cleaning_steps import DropZeros, FixSign, Sort, Take
from spectracnn.core.scaling_steps import (
    DivideByIndex,
    EstimateArea,
    Log,
    LogWeyl,
    Standardise,
    SubtractMean,
    UnitArea,
    UnitVolume,
)
from spectracnn.core.site_step import HarmoniseSites
from spectracnn.core.step import Step
from spectracnn.core.working import Working

__all__ = [
    "STEPS",
    "DivideByIndex",
    "DropZeros",
    "EstimateArea",
    "FixSign",
    "HarmoniseSites",
    "Log",
    "LogWeyl",
    "Sort",
    "Standardise",
    "Step",
    "SubtractMean",
    "Take",
    "UnitArea",
    "UnitVolume",
    "Working",
]

STEPS: dict[str, type[Step]] = {
    step.name: step
    for step in (
        DropZeros,
        FixSign,
        Sort,
        Take,
        EstimateArea,
        UnitArea,
        UnitVolume,
        DivideByIndex,
        Log,
        LogWeyl,
        SubtractMean,
        HarmoniseSites,
        Standardise,
    )
}
"""Every step by its name in a card."""
