"""Spectra made for the tests of the command line."""

from __future__ import annotations

import numpy as np

from spectracnn import io
from spectracnn.core.spectrum import Kind, Spectrum

N = 24
CLASSES = ("sphere", "torus", "plate")
STEPS = [
    {"step": "drop_zeros"},
    {"step": "take", "n": N},
    {"step": "divide_by_index"},
    {"step": "log"},
    {"step": "subtract_mean"},
]


def made_spectrum(name: str, n: int = 40, seed: int = 0) -> Spectrum:
    rng = np.random.default_rng(seed)
    values = np.concatenate(([0.0], np.cumsum(rng.uniform(0.5, 2.0, n - 1))))
    return Spectrum(name, values, Kind.SURFACE, area=2.5)


def model_input(path):
    """The card's preprocessing, by hand."""
    values = io.read(path)[0].eigenvalues[1 : N + 1]
    logs = np.log(values / np.arange(1, N + 1))
    return (logs - logs.mean())[:, None].astype(np.float32)
