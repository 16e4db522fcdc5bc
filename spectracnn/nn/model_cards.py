"""The card that goes with a model: given, the user's own, beside the file, or assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.card_places import user_card_path
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.site_step import site_words
from spectracnn.core.steps import Take
from spectracnn.errors import CardError
from spectracnn.nn.tasks import names_for, task_of

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.outputs import Output


@dataclass(frozen=True, eq=False)
class FoundCard:
    """A card, and where it was found.

    Parameters
    ----------
    card : ModelCard or None
        None where there is none.
    file : Path or None
        Where it lies; None for one that was given.
    """

    card: ModelCard | None = None
    file: Path | None = None


def find_card(path: Path, card: ModelCard | None, sha256: str) -> FoundCard:
    """Return the card given, else the user's own, else the one beside the model, else none.

    Parameters
    ----------
    path : Path
        The model's file.
    card : ModelCard or None
        The one given.
    sha256 : str
        Of the model's file; the user's own cards are kept by it.

    Raises
    ------
    CardError
        If the card that was found cannot be read.
    """
    if card is not None:
        return FoundCard(card)
    for place in (user_card_path(sha256), card_path(path)):
        if place.exists():
            return FoundCard(read_card(place), place)
    return FoundCard()


def fitting_card(
    path: Path, card: ModelCard | None, inputs: int, output: Output, sha256: str, loss: str = ""
) -> tuple[ModelCard, tuple[str, ...]]:
    """Return the card to use with a model, and sentences that a person should see.

    Parameters
    ----------
    path : Path
        The model's file.
    card : ModelCard or None
        What was found.
    inputs : int
        How many values the model reads of each structure.
    output : Output
        The one that is read.
    sha256 : str
        Of the model's file.
    loss : str
        What the model was trained with, as far as the file says.

    Raises
    ------
    CardError
        If the card does not fit the model.
    """
    warnings: list[str] = []
    task = task_of(card, output, loss)
    classes = names_for(path.name, card, task, output.width)
    if card is None:
        warnings.append(
            f"{path.name} has no model card: the first {inputs} values are taken as they stand, "
            f"and {_ASSUMED[task]}."
        )
        card = assumed_card(inputs, classes, task)
    elif card.model_sha256 and card.model_sha256 != sha256:
        warnings.append(f"{path.name} is not the file that its card was written for.")
    step = card.preprocessing.harmony
    if step is not None:
        warnings.append(site_words(step))
    if card.preprocessing.length not in (None, inputs):
        raise CardError(
            f"{path.name}: the card takes {card.preprocessing.length} values; "
            f"the model reads {inputs}."
        )
    fitted = replace(card, model_sha256=sha256, task=task, classes=classes)
    return fitted, tuple(warnings)


_ASSUMED = {
    Task.CLASSIFICATION: "the classes are numbered",
    Task.MULTILABEL: "the labels, one a sigmoid, are numbered",
    Task.REGRESSION: "the output, which no softmax or sigmoid ends, is taken for a value",
    Task.SEGMENTATION: "the classes of each step are numbered",
}


def assumed_card(
    inputs: int, classes: tuple[str, ...], task: Task = Task.CLASSIFICATION
) -> ModelCard:
    """Return the card of a model that has none: the first values as they stand."""
    return ModelCard(
        preprocessing=Preprocessing((Take(inputs),)),
        classes=classes,
        task=task,
        input_meaning="The first values of the file, as they stand (assumed: there is no card).",
    )
