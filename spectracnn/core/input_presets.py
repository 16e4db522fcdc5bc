"""The usual ways from a file's eigenvalues to a network's input, before they are standardised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import (
    DivideByIndex,
    DropZeros,
    EstimateArea,
    FixSign,
    Log,
    LogWeyl,
    Sort,
    Step,
    SubtractMean,
    Take,
    UnitArea,
)
from spectracnn.errors import PreprocessingError

OWN = ""
"""In the place of a name: what suits the task."""

_CLEANING = (FixSign, Sort, DropZeros)


@dataclass(frozen=True)
class InputPreset:
    """One of them.

    Parameters
    ----------
    name : str
        For the command line.
    about : str
        In a few words, for lists.
    meaning : str
        For a card: what a value is.
    scaling : tuple of Step
        Behind the cleaning and `Take`.
    """

    name: str
    about: str
    meaning: str
    scaling: tuple[Step, ...]

    def steps(self, eigenvalues: int) -> Preprocessing:
        """Return all steps, reading so many nonzero eigenvalues."""
        cleaning = tuple(kind() for kind in _CLEANING)
        if EstimateArea() in self.scaling:
            # The slope of the whole spectrum says more about the area than that of its beginning.
            rest = tuple(step for step in self.scaling if step != EstimateArea())
            return Preprocessing((*cleaning, EstimateArea(), Take(eigenvalues), *rest))
        return Preprocessing((*cleaning, Take(eigenvalues), *self.scaling))


PRESETS = (
    InputPreset(
        "scale-free",
        "log(\u03bb\u2096/k) minus its own mean: the shape without its size",
        "log(lambda_k / k) minus its own mean: free of the shape's size",
        (DivideByIndex("lapy"), Log(), SubtractMean()),
    ),
    InputPreset(
        "log-index",
        "log(\u03bb\u2096/k): the shape with its size",
        "log(lambda_k / k): the shape's size is in it",
        (DivideByIndex("lapy"), Log()),
    ),
    InputPreset(
        "unit-area",
        "A\u00b7\u03bb\u2096/k, as BrainPrint (area by Weyl's law where the file has none)",
        "area times lambda_k / k, as BrainPrint compares",
        (EstimateArea(), UnitArea(), DivideByIndex("lapy")),
    ),
    InputPreset(
        "weyl",
        "log of the ratio to Weyl's law (the area likewise)",
        "log of the ratio of lambda_k to Weyl's law for a surface of this area",
        (EstimateArea(), LogWeyl("surface")),
    ),
    InputPreset("eigenvalues", "\u03bb\u2096 as they are", "the eigenvalues lambda_k", ()),
)


def preset(name: str) -> InputPreset:
    """Return a preset by its name.

    Raises
    ------
    PreprocessingError
        If there is none of that name.
    """
    for item in PRESETS:
        if item.name == name:
            return item
    names = ", ".join(item.name for item in PRESETS)
    raise PreprocessingError(f"There is no preprocessing '{name}'; there are {names}.")


def own_preset(task: Task) -> str:
    """Return what suits a task: classes of shapes do not depend on size, a number may."""
    return "log-index" if task is Task.REGRESSION else "scale-free"


def with_length(preprocessing: Preprocessing, eigenvalues: int) -> Preprocessing:
    """Return steps that end with a fixed number of values.

    Where no step chooses how many, `Take` goes behind the cleaning.
    """
    if preprocessing.length is not None:
        return preprocessing
    steps = preprocessing.steps
    cleaning = [place for place, step in enumerate(steps) if isinstance(step, _CLEANING)]
    place = cleaning[-1] + 1 if cleaning else 0
    return replace(preprocessing, steps=(*steps[:place], Take(eigenvalues), *steps[place:]))
