"""Shards on this machine: one is read while the one before is computed and the last written."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.cli.batch.events import BatchReport, ReportRecorder
from spectracnn.cli.batch.journal import sidecar
from spectracnn.cli.batch.shards import Shard, close_readers
from spectracnn.cli.overlap import read_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spectracnn.cli.batch.journal import Journal, JournalPart
    from spectracnn.cli.batch.work import Sink, Work

ROTATE_SECONDS = 20.0
"""A part is closed at the first end of a shard after so long: as much work can be lost."""


@dataclass(frozen=True, eq=False)
class _Step:
    """A batch, or the end of a shard with what came of it."""

    shard: Shard
    batch: Any = None
    report: BatchReport | None = None


def run_local(
    work: Work,
    shards: list[Shard],
    journal: Journal,
    on_part: Callable[[JournalPart], None],
    advance: Callable[[int], None],
    rotate: float = ROTATE_SECONDS,
) -> None:
    """Do shards in order.

    Parameters
    ----------
    work : Work
        What is done.
    shards : list of Shard
        Those that are not done yet.
    journal : Journal
        Where parts go.
    on_part : callable
        Called after each part.
    advance : callable
        Called with the spectra done.
    rotate : float
        Seconds after which a part is closed.
    """
    opened = work.open()
    part = _OpenPart(work, opened, journal)
    numbers = {shard.number for shard in shards}
    try:
        for step in read_ahead(_steps(opened, shards, work)):
            if step.batch is not None:
                part.append(step.shard, step.batch)
                advance(len(step.batch.items))
                continue
            assert step.report is not None
            part.ended(step.shard, step.report)
            neighbour = step.shard.number + 1 in numbers
            if time.monotonic() - part.began >= rotate or not neighbour:
                on_part(part.close())
    except BaseException as error:
        part.abandon(error)
        raise
    finally:
        work.close(opened)
        close_readers()


def _steps(opened: Any, shards: list[Shard], work: Work) -> Iterator[_Step]:
    for shard in shards:
        recorder = ReportRecorder()
        count = 0
        for batch in work.batches(opened, shard, recorder):
            count += len(batch.items)
            yield _Step(shard, batch)
        report = recorder.flush()
        report.done = count
        yield _Step(shard, None, report)


class _OpenPart:
    """The part that is being written; its file is made with the first batch."""

    def __init__(self, work: Work, opened: Any, journal: Journal) -> None:
        self._work, self._opened, self._journal = work, opened, journal
        self._stack = ExitStack()
        self._sink: Sink | None = None
        self._report = BatchReport()
        self._first: int | None = None
        self._last = 0
        self.began = time.monotonic()

    def append(self, shard: Shard, batch: Any) -> None:
        """Compute and write a batch."""
        self._touch(shard)
        if self._sink is None:
            # Which shard will be its last is not known yet: it is renamed when it is whole.
            path = self._journal.part_path(shard.number, shard.number)
            self._open_path = path.with_name(f"open{path.suffix}")
            self._sink = self._stack.enter_context(self._work.sink(self._open_path, self._opened))
        self._sink.append(self._opened, batch)

    def _touch(self, shard: Shard) -> None:
        if self._first is None:
            self._first, self.began = shard.number, time.monotonic()

    def ended(self, shard: Shard, report: BatchReport) -> None:
        """Note that all of a shard is appended."""
        self._touch(shard)
        self._last = shard.number
        self._report.add(report)

    def close(self) -> JournalPart:
        """Put the part in its place and note it in the journal."""
        assert self._first is not None
        self._stack.close()
        if self._sink is not None:
            self._report.notes += self._sink.remarks  # whole only now: a thread may add to them
            path = self._journal.part_path(self._first, self._last)
            for suffix in self._work.beside:
                sidecar(self._open_path, suffix).replace(sidecar(path, suffix))
            self._open_path.replace(path)
        part = self._journal.record(self._first, self._last, self._report)
        self._sink, self._first, self._report = None, None, BatchReport()
        return part

    def abandon(self, error: BaseException) -> None:
        """Leave nothing of an unfinished part."""
        self._stack.__exit__(type(error), error, error.__traceback__)
