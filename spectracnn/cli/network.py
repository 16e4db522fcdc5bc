"""The model of a command, and spectra in batches through it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from spectracnn import io
from spectracnn.cli.fitting import Fitting, shorter
from spectracnn.cli.inputs import STDIN
from spectracnn.cli.item_block import spectra_of, take
from spectracnn.core.card_file import read_card
from spectracnn.core.plausible import why_no_spectra
from spectracnn.errors import SpectraCNNError
from spectracnn.io.slices import open_slices
from spectracnn.resources import BUNDLED, bundled_for, default_model

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.reporting import Reporter
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.nn.preparing import Prepared

BATCH = 256
"""Spectra that go through the network at once; memory follows this and not their number."""

PREPARED = 4 * BATCH
"""Spectra that are prepared and judged at once: they are small, and each step costs its call."""

MOST_VALUES = 1 << 27
"""Of all layers together, that are held at once."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Batch:
    """Spectra that the model takes, and its input for them.

    Parameters
    ----------
    items : sequence of InputSpectrum
        n of them; of a model of several structures the first of each subject.
    inputs : ndarray, shape (n, steps, channels), float32
        The model's input.
    positions : ndarray, shape (n, steps), int64
        Which of the file's eigenvalues each sample came from.
    whole_subjects : bool
        Whether the model reads several structures of a subject together.
    parts : tuple of (LoadedModel, list of int, Batch)
        Where not all go through one network: each, and which of the items it takes; the arrays of
        the whole are empty then.
    cuts : tuple of int
        Where those end that go through the network at once; empty for as many as it takes.
    """

    items: Sequence[InputSpectrum]
    inputs: NDArray[np.float32]
    positions: NDArray[np.int64]
    whole_subjects: bool = False
    parts: tuple[tuple[LoadedModel, list[int], Batch], ...] = ()
    cuts: tuple[int, ...] = ()

    @property
    def named(self) -> Sequence[InputSpectrum]:
        """The items as results name them: by the subject, where one stands for all of it."""
        return [_whole(item) for item in self.items] if self.whole_subjects else self.items


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every command that runs a model."""
    parser.add_argument(
        "--model", type=Path, metavar="M", help="a .keras or .h5 file (default: the bundled model)"
    )
    parser.add_argument(
        "--force", action="store_true", help="also accept numbers that are clearly not a spectrum"
    )
    parser.add_argument(
        "--card", type=Path, metavar="FILE", help="a model card to use instead of M's own"
    )


def open_network(
    args: argparse.Namespace, reporter: Reporter, files: Sequence[str] = ()
) -> LoadedModel:
    """Open the model that the arguments name, else the bundled one that fits the first file.

    Without files it is the usual one.

    Raises
    ------
    ModelError, CardError
        If it cannot be used.
    """
    path = args.model or _bundled(args, files, reporter)
    card = read_card(args.card) if args.card else None
    from spectracnn.nn.loading import open_model

    network = open_model(path, card)
    for warning in network.description.warnings:
        reporter.note(str(path), warning)
    return network


def _bundled(args: argparse.Namespace, files: Sequence[str], reporter: Reporter) -> Path:
    """Return the bundled model for as many eigenvalues as the first readable file has."""
    for file in files:
        if file == STDIN:
            break
        try:
            spectra = _first_spectra(file, args.orientation)
        except SpectraCNNError:
            continue  # reported when its turn comes
        most = max(len(spectrum) - spectrum.flags.n_zeros for spectrum in spectra)
        model = bundled_for(most) or BUNDLED[0]
        if model.path != default_model():
            reporter.note(file, f"{most} nonzero eigenvalues: {model.caption.lower()} is used.")
        return model.path
    return default_model()


def _first_spectra(file: str, orientation: io.Orientation | None) -> Sequence[Spectrum]:
    """Return the spectra of a file, of a large one the first."""
    slices = open_slices(file, orientation)
    if slices is None:
        return io.read_file(Path(file), orientation=orientation).spectra
    try:
        found = slices.read(0, BATCH).spectra
    finally:
        slices.close()
    if not found:
        raise SpectraCNNError(f"{file}: the first {BATCH} rows hold no number.")
    return found


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


def sound(
    items: Sequence[InputSpectrum], reporter: Reporter, *, force: bool
) -> Sequence[InputSpectrum]:
    """Leave out what is plainly no spectrum, and report it; or take it all the same."""
    reasons = why_no_spectra(spectra_of(items))
    if not any(reasons):
        return items
    kept = []
    for item, reason in zip(items, reasons, strict=True):
        if not reason:
            kept.append(item)
        elif force:
            reporter.note(item.file, f"{item.spectrum.name}: this is not a spectrum: {reason}.")
            kept.append(replace(item, reason=reason))
        else:
            reporter.fail(
                item.file,
                f"{item.spectrum.name}: this is not a spectrum: {reason}. "
                "Use --force to accept it anyway.",
            )
    return kept


def prepared(
    network: LoadedModel,
    items: Iterable[InputSpectrum],
    reporter: Reporter,
    *,
    force: bool = False,
    fitting: bool = False,
) -> Iterator[Batch]:
    """Preprocess spectra batch by batch; those that the model cannot take are reported.

    Parameters
    ----------
    network : LoadedModel
        The model.
    items : iterable of InputSpectrum
        Spectra.
    reporter : Reporter
        Receives what is refused.
    force : bool
        Whether what is plainly no spectrum is taken as well.
    fitting : bool
        Whether spectra too short for this network go through a bundled one that takes them.

    Yields
    ------
    Batch
        Never empty.
    """
    # A model of several structures takes those of one subject together.
    together = file_of if network.description.structures else None
    pieces = chunks(items, BATCH, together)
    yield from prepared_pieces(network, pieces, reporter, force=force, fitting=fitting)


def prepared_pieces(
    network: LoadedModel,
    pieces: Iterable[Sequence[InputSpectrum]],
    reporter: Reporter,
    *,
    force: bool = False,
    fitting: bool = False,
    most: int | None = None,
) -> Iterator[Batch]:
    """Preprocess spectra piece by piece, as :func:`prepared` does; a batch is of one piece.

    Parameters
    ----------
    network, reporter, force, fitting
        As for :func:`prepared`.
    pieces : iterable of sequence of InputSpectrum
        Spectra that are prepared together, such as `ItemBlock`.
    most : int, optional
        Spectra in a batch (default: as many as go through the network at once).

    Yields
    ------
    Batch
        Never empty.
    """
    others = Fitting(reporter) if fitting else None
    whole = bool(network.description.structures)
    once = most_at_once(network.description)
    most = max(once, (most or once) // once * once)
    for piece in pieces:
        chunk = sound(piece, reporter, force=force)
        if not chunk:
            continue
        ready = network.prepare(spectra_of(chunk))
        if ready.accepted.size == len(chunk):
            batch = Batch(chunk, ready.inputs, ready.positions, whole)
            yield from _in_batches(batch, ready.accepted, once, most)
            continue
        groups = others.groups(chunk, ready.errors) if others is not None else []
        served = {place for _, places in groups for place in places}
        _report_refused(network, chunk, ready.errors, served, reporter)
        if groups:
            yield from _joined(network, chunk, ready, groups, reporter)
        elif ready.accepted.size:
            taken = take(chunk, ready.accepted)
            batch = Batch(taken, ready.inputs, ready.positions, whole)
            yield from _in_batches(batch, ready.accepted, once, most)


def _in_batches(batch: Batch, accepted: NDArray[np.int64], once: int, most: int) -> Iterator[Batch]:
    """Part what was prepared together of one network.

    What goes through the network at once are those of so many neighbours that were read: so the
    numbers are the same to the last bit whatever was prepared together.

    Parameters
    ----------
    batch : Batch
        Of those that were accepted.
    accepted : ndarray, shape (n,), int64
        Their places among those that were read.
    once : int
        Neighbours that go through the network at once.
    most : int
        Neighbours in one batch.
    """
    for first in range(0, int(accepted[-1]) + 1, most):
        low, high = np.searchsorted(accepted, (first, first + most)).tolist()
        if low == high:
            continue
        part = slice(low, high)
        ends = np.searchsorted(accepted[part], np.arange(first, first + most, once) + once)
        cuts = tuple(dict.fromkeys(ends.tolist()))
        inputs, positions = batch.inputs[part], batch.positions[part]
        items = batch.items[part]
        yield replace(batch, items=items, inputs=inputs, positions=positions, cuts=cuts)


def _report_refused(
    network: LoadedModel,
    chunk: Sequence[InputSpectrum],
    errors: Sequence[SpectraCNNError | None],
    served: set[int],
    reporter: Reporter,
) -> None:
    said: set[int] = set()
    bundled = network.description.path == str(default_model())
    for place, (item, error) in enumerate(zip(chunk, errors, strict=True)):
        if error is None or place in served or id(error) in said:  # once a subject
            continue
        said.add(id(error))
        other = shorter(item) if bundled else None
        advice = f" {other.caption} takes it: --model {other.path}" if other is not None else ""
        reporter.fail(item.file, f"{error}{advice}")


def _joined(
    network: LoadedModel,
    chunk: Sequence[InputSpectrum],
    ready: Prepared,
    groups: list[tuple[LoadedModel, list[int]]],
    reporter: Reporter,
) -> Iterator[Batch]:
    """Give one batch of spectra that go through several networks, in their order."""
    found = [(network, ready.accepted.tolist(), ready)] if ready.accepted.size else []
    for other, places in groups:
        again = other.prepare([chunk[place].spectrum for place in places])
        for place, error in zip(places, again.errors, strict=True):
            if error is not None:
                reporter.fail(chunk[place].file, str(error))
        accepted = [places[place] for place in again.accepted]
        found.append((other, accepted, again))
    order = sorted(place for _, places, _ in found for place in places)
    where = {place: number for number, place in enumerate(order)}
    named = dict(enumerate(chunk))
    for model, places, _ in found:
        reader = "" if model is network else model.description.name
        named |= {place: replace(named[place], reader=reader) for place in places}
    parts = tuple(
        (
            model,
            [where[place] for place in places],
            Batch([named[place] for place in places], made.inputs, made.positions),
        )
        for model, places, made in found
    )
    none = np.zeros(0, np.int64)
    if order:
        yield Batch([named[place] for place in order], ready.inputs[:0], none, parts=parts)


def outputs_of(network: LoadedModel, batch: Batch) -> NDArray[np.float32]:
    """Run a batch through a network, some spectra at a time.

    Parameters
    ----------
    network : LoadedModel
        The model.
    batch : Batch
        At least one spectrum.
    """
    most, count = most_at_once(network.description), len(batch.inputs)
    ends = batch.cuts or (*range(most, count, most), count)
    starts = (0, *ends[:-1])
    pairs = [(low, high) for low, high in zip(starts, ends, strict=True) if low < high]
    found = [network.predict(batch.inputs[low:high]) for low, high in pairs]
    return found[0] if len(found) == 1 else np.concatenate(found)


def most_at_once(model: ModelDescription) -> int:
    """Return how many inputs go through a network together: fewer through one of many values."""
    values = sum(math.prod(layer.output_shape) for layer in model.layers)
    return max(1, min(BATCH, MOST_VALUES // max(values, 1)))


def file_of(item: InputSpectrum) -> str:
    """Return the file, by which subjects are kept together."""
    return item.file


def _whole(item: InputSpectrum) -> InputSpectrum:
    spectrum = item.spectrum
    name = spectrum.subject or (spectrum.source.stem if spectrum.source else spectrum.name)
    return replace(item, spectrum=replace(spectrum, name=name, structure=""))
