"""The process in which a batch is traced: ``throughput FOLDER ROUNDS`` or ``memory FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.interleave import interleaved, seconds
from benchmarks.machine import peak_bytes
from spectracnn.cli import trace
from spectracnn.cli.batch.command import run_batch
from spectracnn.cli.inputs import expand, read_all
from spectracnn.cli.network import BATCH, open_network, prepared
from spectracnn.cli.reporting import Reporter

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.nn.loaded_model import LoadedModel


def command(network: LoadedModel, folder: str, out: Path) -> None:
    """Do what ``spectracnn trace`` does once its model is open."""
    reporter = Reporter()
    work = trace.TraceWork(Path(network.description.path), None, None)
    work.adopt(network)
    args = argparse.Namespace(out=out, restart=False, scheduler=None)
    run_batch(work, args, expand([folder], reporter), reporter, "Tracing")


def bare(function: Callable[[Any], Any], inputs: list[NDArray[np.float32]]) -> None:
    """Run the network only."""
    for batch in inputs:
        function(batch)


def plain(path: Path, count: int) -> None:
    """Write so many bytes to a new file."""
    piece = bytes(1 << 20)
    with path.open("wb") as stream:
        for start in range(0, count, len(piece)):
            stream.write(piece[: count - start])


def new_file(path: Path, call: Callable[[], object]) -> float:
    """Return the seconds of a call that writes a file, which is not there before nor after it."""
    path.unlink(missing_ok=True)
    try:
        return seconds(call)
    finally:
        path.unlink()


def throughput(network: LoadedModel, folder: str, out: Path, rounds: int) -> dict[str, Any]:
    """Time the command, the bare pass, and a plain write of as many bytes, in turns."""
    reporter = Reporter()
    items = read_all(expand([folder], reporter), None, reporter)
    inputs = [batch.inputs for batch in prepared(network, items, reporter)]
    function = network.batch_function
    bare(function, inputs[:2])
    command(network, folder, out)
    size, beside = out.stat().st_size, out.with_suffix(".plain")
    times = interleaved(
        {
            "bare": lambda: seconds(lambda: bare(function, inputs)),
            "plain": lambda: new_file(beside, lambda: plain(beside, size)),
            "command": lambda: new_file(out, lambda: command(network, folder, out)),
        },
        rounds,
    )
    return {**times, "batch": BATCH, "written_bytes": size}


def main() -> None:
    """Measure what is asked and print it as JSON."""
    what, folder, *rest = sys.argv[1:]
    network = open_network(argparse.Namespace(model=None, card=None), Reporter())
    with tempfile.TemporaryDirectory(dir=Path(folder).parent) as results:
        out = Path(results, "trace.h5")
        if what == "throughput":
            answer = throughput(network, folder, out, int(rest[0]))
        else:
            command(network, folder, out)
            answer = {"peak_bytes": peak_bytes()}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
