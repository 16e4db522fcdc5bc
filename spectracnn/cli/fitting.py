"""Spectra too short for the usual bundled network go to the one that reads as few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.resources import BUNDLED, bundled_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.reporting import Reporter
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.resources import BundledModel

_OPEN: dict[Path, LoadedModel] = {}
"""Once a process, when it is first needed."""


class Fitting:
    """Finds the bundled network for spectra that the usual one refuses.

    Parameters
    ----------
    reporter : Reporter
        Hears once of each network that is used beside the usual one.
    """

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._said: set[str] = set()

    def groups(
        self, chunk: Sequence[InputSpectrum], errors: Sequence[Exception | None]
    ) -> list[tuple[LoadedModel, list[int]]]:
        """Return other networks, each with the places of the spectra that it takes.

        Parameters
        ----------
        chunk : sequence of InputSpectrum
            Spectra.
        errors : sequence of Exception or None
            Why the usual network refuses each.
        """
        places: dict[str, list[int]] = {}
        models = {model.key: model for model in BUNDLED}
        for place, error in enumerate(errors):
            found = None if error is None else shorter(chunk[place])
            if found is None:
                continue
            places.setdefault(found.key, []).append(place)
            if found.key not in self._said:
                self._said.add(found.key)
                self._reporter.note(chunk[place].file, _said(chunk[place], found))
        return [(_opened(models[key]), each) for key, each in places.items()]


def shorter(item: InputSpectrum) -> BundledModel | None:
    """Return the bundled model for a spectrum too short for the usual one; None for no other."""
    found = bundled_for(nonzero(item))
    return None if found is None or found is BUNDLED[0] else found


def nonzero(item: InputSpectrum) -> int:
    """Return how many nonzero eigenvalues a spectrum has."""
    finite = int(np.isfinite(item.spectrum.eigenvalues).sum())
    return min(finite, len(item.spectrum)) - item.spectrum.flags.n_zeros


def _said(item: InputSpectrum, model: BundledModel) -> str:
    return (
        f"{item.spectrum.name}: {nonzero(item)} nonzero eigenvalues: "
        f"{model.caption.lower()} is used, for every spectrum that is too short for the usual one."
    )


def _opened(model: BundledModel) -> LoadedModel:
    path = model.path
    if path not in _OPEN:
        from spectracnn.nn.loading import open_model

        _OPEN[path] = open_model(path)
    return _OPEN[path]
