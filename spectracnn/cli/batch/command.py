"""A command over a study from its arguments to its one output."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from spectracnn import __version__
from spectracnn.cli.batch.events import BatchReport, Speaker
from spectracnn.cli.batch.journal import Journal, missing
from spectracnn.cli.batch.local import run_local
from spectracnn.cli.batch.shards import make_shards
from spectracnn.cli.inputs import STDIN
from spectracnn.cli.network import open_network
from spectracnn.cli.output import require_not_input, require_writable
from spectracnn.cli.reporting import print_stderr
from spectracnn.core.card_file import file_sha256
from spectracnn.errors import OperationCancelled
from spectracnn.resources import default_model

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.batch.work import Work
    from spectracnn.cli.reporting import Reporter
    from spectracnn.nn.loaded_model import LoadedModel

_LONG = 2000
"""A study of more spectra has a summary at its end."""


def add_batch(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every command that goes over a study."""
    parser.add_argument(
        "--restart", action="store_true", help="ignore what an interrupted run has done"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="a Dask scheduler such as tcp://host:8786, or local:N for N processes here",
    )


def open_for(args: argparse.Namespace, files: Sequence[str], reporter: Reporter) -> LoadedModel:
    """Open the model of a command over files, and note in the arguments which one it is.

    Without files it is the usual one, where none was named.
    """
    network = open_network(args, reporter, files)
    args.model = args.model or Path(network.description.path)
    return network


def run_batch(
    work: Work,
    args: argparse.Namespace,
    files: Sequence[str],
    reporter: Reporter,
    what: str,
    network: LoadedModel,
) -> int:
    """Do a command over all files, going on where an interrupted run of it stopped.

    Parameters
    ----------
    work : Work
        What is done.
    args : argparse.Namespace
        With ``out``, ``restart`` and ``scheduler``.
    files : sequence of str
        The inputs.
    reporter : Reporter
        Who prints.
    what : str
        Such as ``Tracing``.
    network : LoadedModel
        The model, from :func:`open_for`.

    Returns
    -------
    int
        The exit code.
    """
    out: Path = args.out
    require_writable(out)
    named = [path for path in (args.model, args.card, getattr(args, "table", None)) if path]
    require_not_input(out, [*files, *map(str, named)])
    work.adopt(network)
    whole = bool(network.description.structures)
    shards = make_shards(files, work.orientation, work.rows, whole_files=whole)
    journal = Journal(out, work.suffix)
    parts = journal.begin(_fingerprint(work, files), args.restart)
    began, speaker, total = time.monotonic(), Speaker(reporter), BatchReport()
    earlier = sum(part.report.done for part in parts)
    try:
        # Small products cost more in several threads, most of all beside those of TensorFlow.
        with (
            threadpool_limits(1, user_api="blas"),
            reporter.progress(what, sum(shard.size for shard in shards), earlier) as advance,
        ):

            def on_part(part: JournalPart) -> None:
                parts.append(part)
                speaker.report(part.report)

            for part in parts:
                speaker.report(part.report)
            left = missing(len(shards), parts)
            todo = [shards[number] for number in left]
            if todo and args.scheduler:
                from spectracnn.cli.batch.cluster import run_cluster

                run_cluster(work, todo, journal, args.scheduler, on_part, advance)
            elif todo:
                run_local(work, todo, journal, on_part, advance)
        parts.sort(key=lambda part: part.first)
        for part in parts:
            total.add(part.report)
        _finish(work, parts, journal)
    except (KeyboardInterrupt, OperationCancelled):
        done = len(shards) - len(missing(len(shards), parts))
        print_stderr(
            f"spectracnn: stopped after {done:,} of {len(shards):,} shards; "
            "the same command goes on from there."
        )
        raise
    finally:
        journal.release()
    if earlier or total.done > _LONG or args.scheduler:
        _summary(total, earlier, time.monotonic() - began, out)
    return reporter.exit_code


def _finish(work: Work, parts: list[JournalPart], journal: Journal) -> None:
    whole = [part for part in parts if part.report.done]
    if len(whole) == 1 and work.suffix == journal.out.suffix.lower():
        whole[0].path.replace(journal.out)
    elif whole:
        work.merge(whole, journal.out)
    journal.end()


def _fingerprint(work: Work, files: Sequence[str]) -> dict[str, Any]:
    model = work.model or default_model()
    card = work.card or model.with_suffix(".card.json")
    return {
        "spectracnn": __version__,
        "work": type(work).__name__,
        "options": repr(work),
        "model": file_sha256(model),
        "card": file_sha256(card) if card.is_file() else "",
        "files": [_stamp(file) for file in files],
        **work.fingerprint(),
    }


def _stamp(file: str) -> list[Any]:
    if file == STDIN:
        return [file, time.time()]  # never the same again
    try:
        state = os.stat(file)
    except OSError:
        return [file, None, None]
    return [file, state.st_size, state.st_mtime_ns]


def _summary(total: BatchReport, earlier: int, seconds: float, out: Path) -> None:
    rate = (total.done - earlier) / max(seconds, 1e-9)
    before = f", {earlier:,} of them by an earlier run" if earlier else ""
    failed = f"{len(total.failed):,} failed" if total.failed else "none failed"
    where = f"; written to {out}" if total.done else "; nothing was written"
    print_stderr(
        f"spectracnn: {total.done:,} spectra done{before}, {failed}, in {seconds:.1f} s "
        f"({rate:,.0f} a second){where}."
    )
