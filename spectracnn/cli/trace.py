"""``spectracnn trace``: every layer's output for many spectra, into one HDF5 file."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from spectracnn.cli.batch.command import add_batch, note_table, open_for, run_batch
from spectracnn.cli.batch.work import NetworkWork, Sink
from spectracnn.cli.choices import shortened
from spectracnn.cli.cohort import add_table
from spectracnn.cli.inputs import add_inputs, expand
from spectracnn.cli.item_block import spectra_of
from spectracnn.cli.network import add_model
from spectracnn.cli.output import require_not_input, require_writable
from spectracnn.cli.overlap import write_behind
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.versions import versions
from spectracnn.core.naming import meant
from spectracnn.errors import ExportError
from spectracnn.io.merge_hdf5 import merge_hdf5
from spectracnn.io.trace_file import TraceOptions, TraceWriter

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from spectracnn.cli.batch.covariates import Covariates
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.network import Batch
    from spectracnn.nn.loaded_model import LoadedModel

SUFFIXES = (".h5", ".hdf5")
"""Endings of files of traces."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "trace",
        help="write every layer's output for spectra to an HDF5 file",
        description="Every layer's output for each spectrum, before and after fused activations. "
        "Memory does not grow with the number of spectra; an interrupted run is resumed.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="OUT.h5", help="the file to write"
    )
    parser.add_argument("--layers", metavar="A,B", help="names of layers (default: all)")
    parser.add_argument(
        "--dtype", choices=("float32", "float16"), default="float32", help="of the layers' outputs"
    )
    parser.add_argument(
        "--compression", choices=("none", "gzip", "lzf"), default="none", help="default: none"
    )
    add_table(parser)
    add_batch(parser)


@dataclass(frozen=True)
class TraceWork(NetworkWork):
    """What is written of each batch.

    Parameters
    ----------
    options : TraceOptions
        Which layers, and how.
    """

    options: TraceOptions = TraceOptions()  # noqa: RUF009  (frozen)

    suffix: ClassVar[str] = ".h5"

    @contextmanager
    def sink(self, path: Path, network: LoadedModel) -> Iterator[Sink]:
        """Return the file of a part."""
        with TraceWriter(path, network.description, versions(), self.options) as writer:
            with write_behind() as later:
                yield _TraceSink(writer, later, self.covariates())

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Put the parts after each other."""
        if len(parts) == 1:
            parts[0].path.replace(out)
        else:
            merge_hdf5([part.path for part in parts], out)


class _TraceSink(Sink):
    def __init__(
        self,
        writer: TraceWriter,
        later: Callable[[Callable[[], None]], None],
        covariates: Covariates | None,
    ) -> None:
        super().__init__()
        self._writer, self._later, self._covariates = writer, later, covariates

    def append(self, network: LoadedModel, batch: Batch) -> None:
        trace = network.trace_batch(batch.inputs)
        beside = self.columns_beside(self._covariates, batch.named)
        spectra = spectra_of(batch.named)
        write = self._writer.append
        self._later(partial(write, spectra, batch.inputs, trace.layers, trace.output, beside))


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    compression = "" if args.compression == "none" else args.compression
    files = expand(args.files, reporter)
    require_writable(args.out)
    require_not_input(args.out, files)
    if args.out.suffix.lower() not in SUFFIXES:
        raise ExportError(f"{args.out}: traces are written as {', '.join(SUFFIXES)}.")
    note_table(args, reporter)
    network = open_for(args, files, reporter)
    layers = None if args.layers is None else _layers(args.layers, network)
    options = TraceOptions(layers, args.dtype, compression)
    about = (args.model, args.card, args.orientation, args.force, options)
    work = TraceWork(*about, table=args.table, id_column=args.id_column)
    work.adopt(network)
    return run_batch(work, args, files, reporter, "Tracing")


def _layers(text: str, network: LoadedModel) -> tuple[str, ...]:
    """Return the layers that were named.

    Raises
    ------
    ExportError
        If the model has none of such a name.
    """
    known = [layer.name for layer in network.description.layers]
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in known:
            raise ExportError(
                f"The model has no layer '{name}', only {shortened(known)}.{meant(name, known)}"
            )
    if not names:
        raise ExportError("--layers: found no name, expected one or more.")
    return names
