"""The process in which a study is classified: ``ONE DATA OUT``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

import h5py
import numpy as np

from benchmarks.machine import peak_bytes
from spectracnn.cli.main import main as command
from spectracnn.cli.network import BATCH, open_network
from spectracnn.cli.reporting import Reporter

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Measure, and print it as JSON."""
    one, data, out = sys.argv[1:]
    by_one = [_spent(one, out) for _ in range(2)][-1]  # the first imports TensorFlow
    command_s, command_cpu_s = (a - b for a, b in zip(_spent(data, out), by_one, strict=True))
    peak = peak_bytes()
    network = open_network(argparse.Namespace(model=None, card=None), Reporter())
    with h5py.File(data) as file:
        count = len(file["eigenvalues"])
    inputs = np.random.default_rng(0).random((BATCH, *network.description.input_shape))
    inputs = inputs.astype(np.float32)
    network.predict(inputs)

    def bare() -> None:
        for _ in range(count // BATCH):
            network.predict(inputs)

    bare_s, bare_cpu_s = _seconds(bare)
    found = {"command_s": command_s, "command_cpu_s": command_cpu_s}
    print(json.dumps({**found, "bare_s": bare_s, "bare_cpu_s": bare_cpu_s, "peak_bytes": peak}))


def _spent(data: str, out: str) -> tuple[float, float]:
    """Return the seconds that the command takes, and the processor's."""
    return _seconds(lambda: command(["predict", data, "--out", out]))


def _seconds(call: Callable[[], object]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    main()
