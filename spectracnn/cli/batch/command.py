"""A command over a study from its arguments to its one output."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from spectracnn import __version__
from spectracnn.cli.batch.covariates import Covariates
from spectracnn.cli.batch.events import BatchReport, Speaker
from spectracnn.cli.batch.journal import Journal, missing
from spectracnn.cli.batch.local import run_local
from spectracnn.cli.inputs import STDIN
from spectracnn.cli.network import open_network
from spectracnn.cli.output import require_not_input
from spectracnn.cli.reporting import print_stderr
from spectracnn.errors import OperationCancelled

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
    add_restart(parser)
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="a Dask scheduler such as tcp://host:8786, or local:N for N processes here",
    )


def add_restart(parser: argparse.ArgumentParser) -> None:
    """Add the argument of every command that can be resumed."""
    parser.add_argument(
        "--restart", action="store_true", help="ignore what an interrupted run has done"
    )


def open_for(args: argparse.Namespace, files: Sequence[str], reporter: Reporter) -> LoadedModel:
    """Open the model of a command over files, and note in the arguments which one it is.

    Without files it is the usual one, where none was named.
    """
    network = open_network(args, reporter, files)
    args.model = args.model or Path(network.description.path)
    return network


def note_table(args: argparse.Namespace, reporter: Reporter) -> None:
    """Read the table of participants, where one is named, and say what is to be known of it.

    Raises
    ------
    FileFormatError, StudyError
        If it cannot be used.
    """
    if args.table:
        for note in Covariates(args.table, args.id_column).table.notes:
            reporter.note(str(args.table), note)


def run_batch(
    work: Work, args: argparse.Namespace, files: Sequence[str], reporter: Reporter, what: str
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

    Returns
    -------
    int
        The exit code.
    """
    named = [getattr(args, name, None) for name in ("model", "card", "table")]
    require_not_input(args.out, [*files, *(str(path) for path in named if path)])
    run = _Run(work, files, args.out, reporter)
    run.begin(_fingerprint(work, files), args.restart)
    try:
        run.do(what, args.scheduler)
        run.finish()
    except (KeyboardInterrupt, OperationCancelled):
        run.say_stopped()
        raise
    finally:
        run.journal.release()
    run.summarise(bool(args.scheduler))
    return reporter.exit_code


class _Run:
    """One command over a study: what is done of it, and what came of it.

    Parameters
    ----------
    work : Work
        What is done.
    files : sequence of str
        The inputs.
    out : Path
        The output.
    reporter : Reporter
        Who prints.
    """

    def __init__(self, work: Work, files: Sequence[str], out: Path, reporter: Reporter) -> None:
        self.journal = Journal(out, work.suffix, work.beside, work.journal_folder(out))
        self._work, self._out, self._reporter = work, out, reporter
        self._speaker = Speaker(reporter)
        self._shards = work.shards(files)
        self._parts: list[JournalPart] = []
        self._earlier = 0
        self._began = time.monotonic()

    def begin(self, fingerprint: dict[str, Any], restart: bool) -> None:
        """Take possession of the output, and find what an earlier run has done."""
        self._parts = self.journal.begin(fingerprint, restart)
        self._earlier = sum(part.report.done for part in self._parts)

    def do(self, what: str, scheduler: str | None) -> None:
        """Do the shards that are missing."""
        total = sum(shard.size for shard in self._shards)
        with (
            # Small products cost more in several threads, most of all beside those of TensorFlow.
            threadpool_limits(1, user_api="blas"),
            self._reporter.progress(what, total, self._earlier) as advance,
        ):
            for part in self._parts:
                self._speaker.report(part.report)
            left = [self._shards[number] for number in missing(len(self._shards), self._parts)]
            if left and scheduler:
                from spectracnn.cli.batch.cluster import run_cluster

                run_cluster(self._work, left, self.journal, scheduler, self._on_part, advance)
            elif left:
                run_local(self._work, left, self.journal, self._on_part, advance)

    def _on_part(self, part: JournalPart) -> None:
        self._parts.append(part)
        self._speaker.report(part.report)

    def finish(self) -> None:
        """Put all parts together; nothing is written where no spectrum was taken."""
        self._parts.sort(key=lambda part: part.first)
        whole = [part for part in self._parts if part.report.done]
        if whole:
            self._work.merge(whole, self._out)
        self._work.report(whole)
        self.journal.end()

    def say_stopped(self) -> None:
        """Say how far it came, and how to go on."""
        count = len(self._shards)
        print_stderr(
            f"spectracnn: stopped after {count - len(missing(count, self._parts)):,} of "
            f"{count:,} shards; the same command goes on from there."
        )

    def summarise(self, always: bool) -> None:
        """Say what came of a long run, or of one that was resumed."""
        total = BatchReport()
        for part in self._parts:
            total.add(part.report)
        if not (always or self._earlier or total.done > _LONG):
            return
        seconds = time.monotonic() - self._began
        rate = (total.done - self._earlier) / max(seconds, 1e-9)
        before = f", {self._earlier:,} of them by an earlier run" if self._earlier else ""
        failed = f"{len(total.failed):,} failed" if total.failed else "none failed"
        where = f"; written to {self._out}" if total.done else "; nothing was written"
        print_stderr(
            f"spectracnn: {total.done:,} {self._work.things} done{before}, {failed}, in "
            f"{seconds:.1f} s ({rate:,.0f} a second){where}."
        )


def _fingerprint(work: Work, files: Sequence[str]) -> dict[str, Any]:
    return {
        "spectracnn": __version__,
        "work": type(work).__name__,
        "options": repr(work),
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
