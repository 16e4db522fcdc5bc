"""Decides how spectra serve the inputs of a network, from their shapes and the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.outputs import Arrangement
from spectracnn.errors import ModelError
from spectracnn.nn.serving import InputPart, Serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.card import ModelCard

Shape = tuple[int | None, ...]
_LEAST_VALUES = 3
"""An input of fewer values, beside one of more, is an age or a sex and no spectrum."""


def serve(
    shapes: list[Shape] | None,
    card: ModelCard | None,
    assumed_length: int | None = None,
    names: Sequence[str] = (),
) -> Serving:
    """Decide how spectra serve a network's inputs.

    Parameters
    ----------
    shapes : list of tuple or None
        Of the network's inputs, without the batch axis; None where the file does not tell them.
    card : ModelCard or None
        Gives the number of values where the network leaves it open, names the structures and
        says how they are arranged.
    assumed_length : int, optional
        The number of values where the card leaves it open too.
    names : sequence of str
        Of the inputs, for refusals.

    Raises
    ------
    ModelError
        If no spectrum can be the input; the sentence says what it would be.
    """
    length = card.preprocessing.length if card is not None else None
    length = assumed_length if length is None else length
    structures = card.structures if card is not None else ()
    arrangement = card.arrangement if card is not None else Arrangement.UNSPECIFIED
    if shapes is not None and len(shapes) > 1:
        return _several([_filled(shape, length) for shape in shapes], structures, names)
    together = len(structures) if arrangement is Arrangement.CONCATENATED else 1
    shape = (None, max(len(structures), 1)) if shapes is None else shapes[0]
    filled = _filled(shape, None if length is None else length * together)
    return _one(filled, structures, arrangement)


def _one(filled: tuple[int, ...], names: tuple[str, ...], arrangement: Arrangement) -> Serving:
    """Serve a network of one input."""
    wide = [size for size in filled if size != 1]
    if len(filled) <= 3 and len(wide) <= 1:
        count = wide[0] if wide else 1
        if len(names) > 1:
            return _concatenated(filled, count, names, arrangement)
        return Serving(count, ("",), Arrangement.UNSPECIFIED, filled)
    if len(wide) == 2 and len(filled) <= 3 and arrangement is not Arrangement.CONCATENATED:
        first, second = wide
        rows = len(filled) == 3 and filled[2] == 1
        if arrangement is not Arrangement.UNSPECIFIED:
            rows = arrangement is Arrangement.ROWS
        if rows:
            return Serving(second, _named(names, first), Arrangement.ROWS, filled)
        return Serving(first, _named(names, second), Arrangement.CHANNELS, filled)
    if len(filled) == 2:  # one value of each of several structures, or one structure's of many
        return Serving(filled[0], _named(names, filled[1]), Arrangement.CHANNELS, filled)
    raise ModelError(
        f"The model's input shape is {_describe(filled)}; spectra can serve (n,), (n, 1), "
        "(n, structures) and (structures, n, 1)."
    )


def _concatenated(
    filled: tuple[int, ...], count: int, names: tuple[str, ...], arrangement: Arrangement
) -> Serving:
    """Serve several structures one after the other."""
    if arrangement not in (Arrangement.UNSPECIFIED, Arrangement.CONCATENATED):
        raise ModelError(
            f"The card arranges {len(names)} structures as {arrangement}; the model's input shape "
            f"is {_describe(filled)}, which has room for one, or for several one after the other."
        )
    if count % len(names) or count < len(names):
        raise ModelError(
            f"The card names {len(names)} structures; the model reads {count} values, "
            "which is no multiple of that."
        )
    return Serving(count // len(names), names, Arrangement.CONCATENATED, filled)


def _several(
    shapes: list[tuple[int, ...]], structures: tuple[str, ...], names: Sequence[str]
) -> Serving:
    """Serve a network of several inputs, each by its own structures, in their order."""
    parts: list[InputPart] = []
    longest = max((max(shape, default=1) for shape in shapes), default=1)
    for place, shape in enumerate(shapes):
        one = _one(shape, (), Arrangement.UNSPECIFIED)
        if one.steps < _LEAST_VALUES < longest:
            called = names[place] if place < len(names) else str(place + 1)
            raise ModelError(
                f"The model's input '{called}' has the shape {_describe(shape)}: it reads "
                "something beside spectra, which their files do not hold."
            )
        first = sum(part.count for part in parts)
        parts.append(InputPart(first, len(one.structures), one.steps, one.image, shape))
    total = sum(part.count for part in parts)
    steps = max(part.steps for part in parts)
    named = _named(structures, total)
    return Serving(steps, named, Arrangement.CHANNELS, shapes[0], tuple(parts))


def _filled(shape: Shape, length: int | None) -> tuple[int, ...]:
    """Put the card's number of values where the network takes any."""
    if shape.count(None) == 0:
        return tuple(int(size) for size in shape if size is not None)
    if shape.count(None) > 1 or length is None:
        raise ModelError(
            f"The model's input shape is {_describe(shape)}, which leaves the number of "
            "eigenvalues open.",
            "Give a model card whose preprocessing has a step 'take'.",
        )
    return tuple(length if size is None else int(size) for size in shape)


def _named(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    if names and len(names) != count:
        raise ModelError(f"The card names {len(names)} structures; the model reads {count}.")
    return names or ("",) * count


def _describe(shape: Shape) -> str:
    inner = ", ".join("any" if size is None else str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"
