"""The model of a command, and spectra in batches through it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from spectracnn.core.card_file import read_card
from spectracnn.resources import default_model

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.cli.inputs import Item
    from spectracnn.cli.reporting import Reporter
    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.loaded_model import LoadedModel

BATCH = 256
"""Spectra that go through the network at once; memory follows this and not their number."""

MOST_VALUES = 1 << 27
"""Of all layers together, that are held at once."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Batch:
    """Spectra that the model takes, and its input for them.

    Parameters
    ----------
    items : list of Item
        n of them; of a model of several structures the first of each subject.
    inputs : ndarray, shape (n, steps, channels), float32
        The model's input.
    positions : ndarray, shape (n, steps), int64
        Which of the file's eigenvalues each sample came from.
    whole_subjects : bool
        Whether the model reads several structures of a subject together.
    """

    items: list[Item]
    inputs: NDArray[np.float32]
    positions: NDArray[np.int64]
    whole_subjects: bool = False

    @property
    def named(self) -> list[Item]:
        """The items as results name them: by the subject, where one stands for all of it."""
        return [_whole(item) for item in self.items] if self.whole_subjects else self.items


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every command that runs a model."""
    parser.add_argument(
        "--model", type=Path, metavar="M", help="a .keras or .h5 file (default: the bundled model)"
    )
    parser.add_argument(
        "--card", type=Path, metavar="FILE", help="a model card to use instead of M's own"
    )


def open_network(args: argparse.Namespace, reporter: Reporter) -> LoadedModel:
    """Open the model that the arguments name.

    Raises
    ------
    ModelError, CardError
        If it cannot be used.
    """
    path = args.model or default_model()
    card = read_card(args.card) if args.card else None
    from spectracnn.nn.loading import open_model

    network = open_model(path, card)
    for warning in network.description.warnings:
        reporter.note(str(path), warning)
    return network


def chunks(
    items: Iterable[T], size: int, together: Callable[[T], object] | None = None
) -> Iterator[list[T]]:
    """Give the items in lists of this length; the last may be shorter.

    Parameters
    ----------
    items : iterable
        In order.
    size : int
        How many at once.
    together : callable, optional
        Neighbours for which it is equal stay in one list, which may then be longer.
    """
    chunk: list[T] = []
    for item in items:
        full = len(chunk) >= size
        if full and not (together is not None and together(item) == together(chunk[-1])):
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def prepared(network: LoadedModel, items: Iterable[Item], reporter: Reporter) -> Iterator[Batch]:
    """Preprocess spectra batch by batch; those that the model cannot take are reported.

    Yields
    ------
    Batch
        Never empty.
    """
    # A model of several structures takes those of one subject together.
    whole = bool(network.description.structures)
    most = most_at_once(network.description)
    for chunk in chunks(items, BATCH, _file_of if whole else None):
        ready = network.prepare([item.spectrum for item in chunk])
        said: set[int] = set()
        for item, error in zip(chunk, ready.errors, strict=True):
            if error is not None and id(error) not in said:  # once a subject
                said.add(id(error))
                reporter.fail(item.file, str(error))
        for first in range(0, ready.taken.size, most):
            part = slice(first, first + most)
            taken = [chunk[place] for place in ready.taken[part]]
            yield Batch(taken, ready.inputs[part], ready.positions[part], whole)


def most_at_once(model: ModelDescription) -> int:
    """Return how many inputs go through a network together: fewer through one of many values."""
    values = sum(math.prod(layer.output_shape) for layer in model.layers)
    return max(1, min(BATCH, MOST_VALUES // max(values, 1)))


def _file_of(item: Item) -> str:
    return item.file


def _whole(item: Item) -> Item:
    spectrum = item.spectrum
    name = spectrum.subject or (spectrum.source.stem if spectrum.source else spectrum.name)
    return replace(item, spectrum=replace(spectrum, name=name, structure=""))
