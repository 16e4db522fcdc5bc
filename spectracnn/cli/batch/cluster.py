"""Shards on the workers of a Dask cluster: each is one task, and its file is its only effect."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from spectracnn.cli.batch.events import ReportRecorder
from spectracnn.cli.batch.shards import close_readers
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from spectracnn.cli.batch.journal import Journal, JournalPart
    from spectracnn.cli.batch.shards import Shard
    from spectracnn.cli.batch.work import Work

_LOCAL = "local:"
_CONNECT_SECONDS = 60
RETRIES = 3
"""How often a shard is tried again when its worker dies."""


class ClusterError(SpectraCNNError):
    """The cluster cannot be used."""


def run_cluster(
    work: Work,
    shards: list[Shard],
    journal: Journal,
    address: str,
    on_part: Callable[[JournalPart], None],
    advance: Callable[[int], None],
) -> None:
    """Do shards on a cluster; the journal is kept here, by one process.

    Parameters
    ----------
    work : Work
        What is done; pickled to the workers, which open the model once each.
    shards : list of Shard
        Those that are not done yet.
    journal : Journal
        Where parts go: a folder that the workers see under the same path.
    address : str
        Of the scheduler, or ``local:N``.
    on_part : callable
        Called after each shard.
    advance : callable
        Called with the spectra done.

    Raises
    ------
    ClusterError
        If there is no such cluster, or a shard's workers die again and again.
    """
    with _client(address) as client:
        from distributed import as_completed

        folder = journal.folder.absolute()
        futures = {}
        for shard in shards:
            path = folder / journal.part_path(shard.number, shard.number).name
            future = client.submit(do_shard, work, shard, path, pure=False, retries=RETRIES)
            futures[future] = shard
        for future in as_completed(list(futures), loop=client.loop):
            shard = futures.pop(future)
            try:
                report = future.result()
            except SpectraCNNError:
                raise
            except Exception as error:  # whatever went wrong in a worker comes from dask as it is
                reason = " ".join(str(error).split())[:200] or type(error).__name__
                raise ClusterError(
                    f"Shard {shard.number} ({shard.files[0]}) could not be done on the cluster: "
                    f"{type(error).__name__}: {reason}."
                ) from error
            future.release()
            on_part(journal.record(shard.number, shard.number, report))
            advance(report.done)


def do_shard(work: Work, shard: Shard, path: Path) -> Any:
    """Compute one shard into one file; done again, it makes the same file again.

    Parameters
    ----------
    work : Work
        What is done.
    shard : Shard
        Of what.
    path : Path
        The file, which appears when it is whole.

    Returns
    -------
    Report
        What came of it.
    """
    _may_have_children()
    opened = work.open()
    recorder = ReportRecorder()
    count = 0
    try:
        with threadpool_limits(1, user_api="blas"):  # as on this machine
            batches = work.batches(opened, shard, recorder)
            first = next(batches, None)
            if first is not None:
                with work.sink(path, opened) as sink:
                    for batch in chain([first], batches):
                        sink.append(opened, batch)
                        count += len(batch.items)
                for remark in sink.remarks:  # whole now that the file is
                    recorder.note(*remark)
    finally:
        work.close(opened)
        close_readers()
    report = recorder.flush()
    report.done = count
    return report


def _may_have_children() -> None:
    """Let this worker start the process that reads HDF5: Dask makes its workers daemonic."""
    config = getattr(multiprocessing.current_process(), "_config", None)
    if config is not None:
        config["daemon"] = False


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Connect to a scheduler, or start workers on this machine for as long as the block lasts.

    Raises
    ------
    ClusterError
        If that cannot be done.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError(
            "--scheduler needs the package distributed: "
            "install it with 'python -m pip install \"spectracnn[cluster]\"'."
        ) from error
    if not address.startswith(_LOCAL):
        try:
            client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"--scheduler {address}: no scheduler there ({error}).") from error
        with client:
            yield client
        return
    text = address.removeprefix(_LOCAL)
    if not text.isdecimal() or not int(text):
        raise ClusterError(f"--scheduler {address}: expected local:N with N processes.")
    count = min(int(text), 4 * multiprocessing.cpu_count())
    with (
        # Dask looks every 10 ms at what its workers compute, for a page that nobody opens here.
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=50,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield client
