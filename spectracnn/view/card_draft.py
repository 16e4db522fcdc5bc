"""A model card while a person works on it. Free of Qt: the dialog only shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.scaling_steps import IndexRule
from spectracnn.core.spectrum import Kind
from spectracnn.core.steps import (
    DivideByIndex,
    DropZeros,
    EstimateArea,
    FixSign,
    HarmoniseSites,
    Log,
    LogWeyl,
    Sort,
    Standardise,
    Step,
    SubtractMean,
    Take,
    UnitArea,
    UnitVolume,
)
from spectracnn.errors import CardError, PreprocessingError

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription

CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    (DivideByIndex.name, "rule"): get_args(IndexRule),
    (LogWeyl.name, "kind"): (Kind.SURFACE.value, Kind.SOLID.value),
}
"""Parameters of steps that are one of a few words."""

_ORDER: tuple[type[Step], ...] = (
    FixSign, Sort, DropZeros, EstimateArea, UnitArea, UnitVolume, DivideByIndex, Take, Log, LogWeyl,
    SubtractMean, HarmoniseSites, Standardise,
)  # fmt: skip
"""Where a step that is switched on usually stands: cleaning, size, choosing, scaling."""


@dataclass(frozen=True, eq=False)
class CardDraft:
    """What the dialog holds.

    Parameters
    ----------
    base : ModelCard
        What is not edited comes from here.
    title : str
        What to call the model.
    steps : tuple of Step
        Of the preprocessing, in order.
    classes, structures : tuple of str
        Names, as typed; not checked.
    """

    base: ModelCard
    title: str
    steps: tuple[Step, ...]
    classes: tuple[str, ...]
    structures: tuple[str, ...] = ()


def first_draft(model: ModelDescription, spectrum: Spectrum | None) -> CardDraft:
    """Return the draft to begin with: the model's card, or a guess where it has none.

    The guess cleans what this spectrum shows to need it, and takes as many values as the network
    reads. Nothing is scaled: no file tells what was done in training.

    Parameters
    ----------
    model : ModelDescription
        Open, with its card.
    spectrum : Spectrum or None
        The one on the screen.
    """
    card = model.card
    steps = card.preprocessing.steps
    if model.card_assumed and spectrum is not None:
        n = card.preprocessing.length or 0
        flags = spectrum.flags
        cleaning: list[Step] = []
        cleaning += [FixSign()] if flags.negative_sign else []
        cleaning += [Sort()] if flags.unsorted else []
        enough = len(spectrum) - flags.n_zeros >= n
        cleaning += [DropZeros()] if flags.n_zeros and enough else []
        steps = (*cleaning, *steps)
    structures = card.structures or model.structures
    base = replace(card, input_meaning="") if model.card_assumed else card
    return CardDraft(base, card.title, steps, card.classes, structures)


def finished_card(draft: CardDraft, model: ModelDescription) -> ModelCard:
    """Return the card.

    Raises
    ------
    CardError
        If something is missing or does not fit the model; the sentence says what.
    """
    _check_names(draft.classes, "class", "classes", len(model.classes))
    structures: tuple[str, ...] = ()
    if model.structures and any(draft.structures):
        structures = draft.structures
        _check_names(structures, "structure", "structures", len(model.structures))
    preprocessing = Preprocessing(draft.steps)
    reads = model.values_each
    if model.open_length and preprocessing.length is None:
        raise CardError(f"The network reads any number of values; add the step '{Take.label}'.")
    if not model.open_length and preprocessing.length not in (None, reads):
        raise CardError(
            f"The step '{Take.label}' takes {preprocessing.length} values; "
            f"the network reads {reads}."
        )
    return replace(
        draft.base,
        title=draft.title.strip(),
        preprocessing=preprocessing,
        classes=draft.classes,
        structures=structures,
        model_sha256=model.sha256,
    )


def _check_names(names: tuple[str, ...], one: str, many: str, count: int) -> None:
    if len(names) != count:
        found = f"{len(names)} {one if len(names) == 1 else many}"
        raise CardError(f"There are {found}; the network has {count}.")
    for place, name in enumerate(names):
        if not name:
            raise CardError(f"The name of {one} {place} is missing.")
        if name in names[:place]:
            raise CardError(f"The {one} '{name}' is named twice.")


def switched(steps: tuple[Step, ...], kind: type[Step], on: bool) -> tuple[Step, ...]:
    """Return the steps with one of this kind, at its usual place, or without any."""
    if not on:
        return tuple(step for step in steps if type(step) is not kind)
    rank = _ORDER.index(kind)
    later = (i for i, step in enumerate(steps) if _ORDER.index(type(step)) > rank)
    place = next(later, len(steps))
    return (*steps[:place], kind(), *steps[place:])


def moved(steps: tuple[Step, ...], place: int, by: int) -> tuple[Step, ...]:
    """Return the steps with one of them further up or down; at the ends it stays."""
    to = min(max(place + by, 0), len(steps) - 1)
    rest = [*steps[:place], *steps[place + 1 :]]
    return (*rest[:to], steps[place], *rest[to:])


def parameters(step: Step) -> dict[str, str]:
    """Return those of the step's parameters that may be typed, as text, by name."""
    if not step.typed:
        return {}
    record = step.to_json()
    return {item.name: _text(record[item.name]) for item in fields(step)}


def _text(value: Any) -> str:
    return ", ".join(f"{x:.9g}" for x in value) if isinstance(value, list) else str(value)


def with_parameter(step: Step, name: str, text: str) -> Step:
    """Return the step with another value of a parameter.

    Raises
    ------
    PreprocessingError
        If the text is no such value; the sentence says what is needed.
    """
    value: Any = text.strip()
    if isinstance(step, Take):
        if not value.isdecimal():
            raise PreprocessingError(f"Step '{step.label}' needs a whole number; found '{value}'.")
        value = int(value)
    elif isinstance(step, Standardise):
        value = _numbers(step, value)
        if name == "scale" and not (np.asarray(value) > 0).all():
            raise PreprocessingError(f"Step '{step.label}' needs a positive scale.")
    return replace(step, **{name: value})


def _numbers(step: Step, text: str) -> float | list[float]:
    parts = text.replace(",", " ").replace(";", " ").strip("[] ").split()
    try:
        values = [float(part) for part in parts]
    except ValueError as error:
        raise PreprocessingError(f"Step '{step.label}' needs numbers; {error}.") from error
    if not values:
        raise PreprocessingError(f"Step '{step.label}' needs a number.")
    return values[0] if len(values) == 1 else values


def parse_names(text: str) -> tuple[str, ...]:
    """Return names from a text: one a line, a JSON list, or one line with commas.

    Examples
    --------
    >>> parse_names("control, patient")
    ('control', 'patient')
    """
    if text.lstrip().startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return tuple(str(item).strip() for item in found)
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(",")]
    return tuple(line for line in lines if line)
