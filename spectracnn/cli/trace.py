"""``spectracnn trace``: every layer's output for many spectra, into one HDF5 file."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import add_inputs, expand, read_all
from spectracnn.cli.network import add_model, open_network, prepared
from spectracnn.cli.output import require_not_input, require_writable
from spectracnn.cli.overlap import read_ahead, write_behind
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.versions import versions
from spectracnn.io.trace_file import TraceWriter

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from spectracnn.cli.network import Batch
    from spectracnn.nn.loaded_model import LoadedModel


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "trace",
        help="write every layer's output for spectra to an HDF5 file",
        description="Every layer's output for each spectrum, before and after fused activations. "
        "Memory does not grow with the number of spectra.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="OUT.h5", help="the file to write"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    require_writable(args.out)
    files = expand(args.files, reporter)
    require_not_input(args.out, files)
    network = open_network(args, reporter, files)
    with reporter.progress("Tracing", len(files)) as advance:
        items = read_all(files, args.orientation, reporter, advance)
        write_traces(
            network, read_ahead(prepared(network, items, reporter, force=args.force)), args.out
        )
    return reporter.exit_code


def write_traces(network: LoadedModel, batches: Iterable[Batch], out: Path) -> int:
    """Compute batch after batch while others are read and written.

    Parameters
    ----------
    network : LoadedModel
        The model.
    batches : iterable of Batch
        Its inputs. Without any, no file is written.
    out : Path
        The file, which appears when it is whole.

    Returns
    -------
    int
        How many spectra were traced.
    """
    count = 0
    with ExitStack() as stack:
        writer = later = None
        for batch in batches:
            if writer is None or later is None:
                writer = stack.enter_context(TraceWriter(out, network.description, versions()))
                later = stack.enter_context(write_behind())
            trace = network.trace_batch(batch.inputs)
            spectra = [item.spectrum for item in batch.named]
            later(partial(writer.append, spectra, batch.inputs, trace.layers, trace.output))
            count += len(spectra)
    return count
