"""What a network would read if several structures stood in its input in another way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.core.outputs import Arrangement
from spectracnn.errors import CardError

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription


def arrangements(model: ModelDescription) -> tuple[Arrangement, ...]:
    """Return what the shape of the input leaves open, what holds now among it; empty if nothing."""
    if model.open_length:
        return ()
    if model.arrangement in (Arrangement.UNSPECIFIED, Arrangement.CONCATENATED):
        alone = model.input_shape[-1] == 1 and len(model.input_shape) == 2
        return (Arrangement.UNSPECIFIED, Arrangement.CONCATENATED) if alone else ()
    wide = [size for size in model.input_shape if size != 1]
    return (Arrangement.CHANNELS, Arrangement.ROWS) if len(wide) == 2 else ()


def suggested(model: ModelDescription, known: int, length: int) -> Arrangement:
    """Return how structures stand in the input, as far as their number tells.

    Parameters
    ----------
    model : ModelDescription
        As it is open.
    known : int
        How many structures the subject on the screen has.
    length : int
        Eigenvalues of one of them.

    Returns
    -------
    Arrangement
        One after the other where one spectrum is too short and all together fill the input; else
        what the model has.
    """
    values = model.input_shape[0]
    together = known > 1 and values % known == 0 and values // known <= length < values
    if together and model.card_assumed and Arrangement.CONCATENATED in arrangements(model):
        return Arrangement.CONCATENATED
    return model.arrangement


def arranged(model: ModelDescription, arrangement: Arrangement, count: int) -> ModelDescription:
    """Return the description as it would be under a card with this arrangement.

    Parameters
    ----------
    model : ModelDescription
        As it is open.
    arrangement : Arrangement
        One of :func:`arrangements`.
    count : int
        How many structures, where they stand one after the other; else the shape says it.

    Raises
    ------
    CardError
        If the values cannot be shared out.
    """
    shape = model.input_shape
    if arrangement is model.arrangement and count == max(len(model.structures), 1):
        return model
    if arrangement is Arrangement.UNSPECIFIED:
        return replace(model, structures=(), arrangement=arrangement)
    if arrangement is Arrangement.CONCATENATED:
        if count < 2 or shape[0] % count:
            raise CardError(
                f"{shape[0]} values cannot be shared out among {count} structures equally."
            )
        return replace(model, structures=("",) * count, arrangement=arrangement)
    first, second = (size for size in shape if size != 1)
    if arrangement is Arrangement.ROWS:
        rows = ("",) * first
        return replace(
            model, input_shape=(first, second, 1), structures=rows, arrangement=arrangement
        )
    columns = ("",) * second
    return replace(model, input_shape=(first, second), structures=columns, arrangement=arrangement)
