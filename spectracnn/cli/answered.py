"""What several networks say of one batch, put together in the order of its spectra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.answers import Answers, columns_of
from spectracnn.cli.network import outputs_of
from spectracnn.cli.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.cli.network import Batch
    from spectracnn.cli.predictions import Prediction
    from spectracnn.nn.loaded_model import LoadedModel


@dataclass(frozen=True, eq=False)
class Answered:
    """What one network says of some spectra of a batch.

    Parameters
    ----------
    places : sequence of int
        Which of the batch's items they are.
    answers : Answers
        As many.
    trust : Trust
        What the network's card says of its predictions.
    """

    places: Sequence[int]
    answers: Answers
    trust: Trust


def computed(network: LoadedModel, batch: Batch) -> list[NDArray[np.float32]]:
    """Run a batch through the network, or each part of it through the one that takes it.

    Returns
    -------
    list of ndarray
        The outputs of each part, or of the whole.
    """
    return [outputs_of(model, part) for model, _, part in _parts(network, batch)]


def answered(
    network: LoadedModel, batch: Batch, trust: Trust, outputs: list[NDArray[np.float32]]
) -> list[Answered]:
    """Read what was computed of a batch.

    Parameters
    ----------
    network : LoadedModel
        The usual one.
    batch : Batch
        Spectra.
    trust : Trust
        Of the usual network.
    outputs : list of ndarray
        From :func:`computed`.
    """
    return [
        Answered(
            places,
            Answers.of(model, part, found),
            trust if model is network else Trust.of(model.description, trust.level),
        )
        for (model, places, part), found in zip(_parts(network, batch), outputs, strict=True)
    ]


def _parts(
    network: LoadedModel, batch: Batch
) -> Sequence[tuple[LoadedModel, Sequence[int], Batch]]:
    """Return the networks of a batch, each with what it takes; of most batches one takes all."""
    return batch.parts or ((network, range(len(batch.items)), batch),)


def in_order(parts: list[Answered]) -> list[tuple[Prediction, Trust]]:
    """Return the answers in the order of the spectra, each with how far it is to be trusted."""
    found = {
        place: (answer, part.trust)
        for part in parts
        for place, answer in zip(part.places, part.answers, strict=True)
    }
    return [found[place] for place in sorted(found)]


def joined_columns(parts: list[Answered]) -> list[tuple[str, Any]]:
    """Return headings and columns as of one network; those of the first part name them."""
    each = [columns_of(part.answers, part.trust) for part in parts]
    if len(parts) == 1:
        return each[0]
    order = np.argsort(np.concatenate([np.asarray(part.places) for part in parts]))
    found = []
    for same in zip(*each, strict=True):
        columns = [column for _, column in same]
        if not isinstance(columns[0], np.ndarray):
            cells = [cell for column in columns for cell in column]
            found.append((same[0][0], [cells[place] for place in order]))
        else:
            whole = np.ma.concatenate(columns)  # type: ignore[no-untyped-call]
            found.append((same[0][0], whole[order]))
    return found
