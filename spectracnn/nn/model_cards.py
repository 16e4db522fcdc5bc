"""The card that goes with a model: given, the user's own, beside the file, or assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.card_places import user_card_path
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Take
from spectracnn.errors import CardError

if TYPE_CHECKING:
    from pathlib import Path


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
    path: Path, card: ModelCard | None, inputs: int, classes: int, sha256: str
) -> tuple[ModelCard, tuple[str, ...]]:
    """Return the card to use with a model, and sentences that a person should see.

    Parameters
    ----------
    path : Path
        The model's file.
    card : ModelCard or None
        What was found.
    inputs, classes : int
        How many values the model reads of each structure, and how many outputs it has.
    sha256 : str
        Of the model's file.

    Raises
    ------
    CardError
        If the card does not fit the model.
    """
    warnings: list[str] = []
    if card is None:
        card = assumed_card(inputs, classes)
        warnings.append(
            f"{path.name} has no model card: the first {inputs} values are taken as they stand, "
            "and the classes are numbered."
        )
    elif card.model_sha256 and card.model_sha256 != sha256:
        warnings.append(f"{path.name} is not the file that its card was written for.")
    if len(card.classes) != classes:
        raise CardError(
            f"{path.name}: the card names {len(card.classes)} classes; the model has {classes}."
        )
    if card.preprocessing.length not in (None, inputs):
        raise CardError(
            f"{path.name}: the card takes {card.preprocessing.length} values; "
            f"the model reads {inputs}."
        )
    return replace(card, model_sha256=sha256), tuple(warnings)


def assumed_card(inputs: int, classes: int) -> ModelCard:
    """Return the card of a model that has none: the first values as they stand."""
    return ModelCard(
        preprocessing=Preprocessing((Take(inputs),)),
        classes=tuple(f"class {index}" for index in range(classes)),
        input_meaning="The first values of the file, as they stand (assumed: there is no card).",
    )
