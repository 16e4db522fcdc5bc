"""Spectra to measure with: as long as the samples, all different, the same in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind, Spectrum

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 201


def make_spectra(count: int, seed: int = 2006) -> list[Spectrum]:
    """Return spectra that grow as Weyl's law says, each with a pattern of its own."""
    random = np.random.default_rng(seed)
    index = np.arange(LENGTH, dtype=float)
    spectra = []
    for number in range(count):
        area = random.uniform(1, 4)
        wave = 0.3 * np.sin(index / random.uniform(2, 9)) * np.exp(-index / 60)
        values = 4 * np.pi * index / area * (1 + wave + random.normal(0, 0.01, LENGTH))
        values[0] = 0.0
        spectra.append(Spectrum(f"shape {number}", np.sort(values), Kind.SURFACE, area))
    return spectra


def write_spectra(path: Path, count: int, seed: int = 2006) -> None:
    """Write such spectra into one file."""
    from spectracnn import io

    io.write_hdf5(make_spectra(count, seed), path)
