"""The process in which a study is classified: ``ONE DATA OUT``."""

from __future__ import annotations

import argparse
import json
import sys
import time

import h5py
import numpy as np

from benchmarks.batch_child import peak_bytes
from spectracnn.cli.main import main as command
from spectracnn.cli.network import BATCH, open_network
from spectracnn.cli.reporting import Reporter


def main() -> None:
    """Measure, and print it as JSON."""
    one, data, out = sys.argv[1:]
    spent_by_one = [_spent(one, out) for _ in range(2)][-1]  # the first imports TensorFlow
    spent = _spent(data, out) - spent_by_one
    peak = peak_bytes()
    network = open_network(argparse.Namespace(model=None, card=None), Reporter())
    with h5py.File(data) as file:
        count = len(file["eigenvalues"])
    inputs = np.random.default_rng(0).random((BATCH, *network.description.input_shape))
    inputs = inputs.astype(np.float32)
    network.predict(inputs)
    before = time.process_time()
    for _ in range(count // BATCH):
        network.predict(inputs)
    bare = time.process_time() - before
    print(json.dumps({"command_s": spent, "bare_s": bare, "peak_bytes": peak}))


def _spent(data: str, out: str) -> float:
    """Return the processor's seconds that the command takes."""
    before = time.process_time()
    command(["predict", data, "--out", out])
    return time.process_time() - before


if __name__ == "__main__":
    main()
