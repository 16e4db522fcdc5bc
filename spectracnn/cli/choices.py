"""A class, a layer or a method that a person named; what else there is where it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.attribution_methods import cam_layers
from spectracnn.errors import AttributionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import ModelDescription

_MOST = 8


def find_class(description: ModelDescription, text: str) -> int:
    """Return the class with this name, or else this number.

    Raises
    ------
    AttributionError
        If the model has none.
    """
    place = _find(description.classes, text)
    if place is None:
        raise AttributionError(
            f"The model has no class '{text}'; its classes are {shortened(description.classes)}."
        )
    return place


def find_layer(description: ModelDescription, text: str) -> int:
    """Return the convolution with this name, or else the one with this number.

    Raises
    ------
    AttributionError
        If the model has none that Grad-CAM can look at.
    """
    layers, known = description.layers, cam_layers(description)
    place = _find([layer.name for layer in layers], text)
    if place is None or place not in known:
        names = [f"{layers[index].name} ({index})" for index in known]
        listed = f"it can at {shortened(names)}" if names else "the model has none that it can"
        raise AttributionError(f"Grad-CAM cannot look at layer '{text}'; {listed}.")
    return place


def shortened(names: Sequence[str]) -> str:
    """Return names for a sentence, the first few and how many more.

    Examples
    --------
    >>> shortened([str(number) for number in range(11)])
    '0, 1, 2, 3, 4, 5, 6, 7 and 3 more'
    """
    more = len(names) - _MOST
    listed = ", ".join(names[:_MOST])
    return f"{listed} and {more} more" if more > 0 else listed


def _find(names: Sequence[str], text: str) -> int | None:
    """Return a place by name, by name whatever its capitals if that is unique, or by number."""
    if text in names:
        return list(names).index(text)
    alike = [place for place, name in enumerate(names) if name.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    return int(text) if text.isdecimal() and int(text) < len(names) else None
