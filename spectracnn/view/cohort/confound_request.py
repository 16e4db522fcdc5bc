"""The document as what probes need: columns, participants, and the engine's outputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.cohort_requests import LayerOutputs
from spectracnn.errors import StudyError
from spectracnn.view.cohort.columns import column
from spectracnn.view.cohort.confounds import Confounds, find_confounds, sampled
from spectracnn.view.cohort.from_document import structures_of, units_of
from spectracnn.view.cohort.layers import Layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column
    from spectracnn.core.progress import Progress
    from spectracnn.state.document import Document
    from spectracnn.view.cohort.settings import ConfoundSettings


MOST_ROWS, _LEAST_PARTICIPANTS = 20_000, 50
"""Spectra whose layers are gathered at most, companions counted."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Whom the probes look at.

    Parameters
    ----------
    settings : ConfoundSettings
        What is asked.
    ids : tuple of int
        The entries.
    units : ndarray, shape (n,), int64
        Which participant each is of.
    columns : dict of str to Column
        Label and covariates, a cell for each.
    notes : tuple of str
        Who was left out, and why.
    """

    settings: ConfoundSettings
    ids: tuple[int, ...]
    units: NDArray[np.int64]
    columns: dict[str, Column]
    notes: tuple[str, ...]


def sample_of(document: Document, settings: ConfoundSettings) -> Sample:
    """Return whom the probes look at.

    Raises
    ------
    StudyError
        If a column is unknown (the nearest is named), or nobody has all of them.
    """
    if not document.entries:
        raise StudyError("There are no spectra to look at.")
    columns = {name: column(document, name) for name in (settings.target, *settings.against)}
    notes: list[str] = []
    units = units_of(document)
    structures = np.array(structures_of(document, units), object)
    together = len(document.model.structures) if document.model is not None else 0
    if together > 1:
        # The network says one thing of a participant, whichever of the structures is looked at.
        _, first = np.unique(units, return_index=True)
        most = max(_LEAST_PARTICIPANTS, MOST_ROWS // together)
        settings = replace(settings, structures=(), most=min(settings.most, most))
        own = {name: cells.select(first) for name, cells in columns.items()}
        places = first[sampled(own, settings, None, notes)]
    else:
        places = sampled(columns, settings, structures, notes)
    ids = document.answers.ids[places]
    chosen = {name: cells.select(places) for name, cells in columns.items()}
    return Sample(settings, tuple(ids.tolist()), units[places], chosen, tuple(notes))


def outputs_of(found: LayerOutputs, entries: Sequence[int], ids: Sequence[int]) -> LayerOutputs:
    """Return what is about some of the entries, in their order.

    Parameters
    ----------
    found : LayerOutputs
        Of these entries and of the companions that went in with them.
    entries : sequence of int
        All of them, as they were requested.
    ids : sequence of int
        Those that are wanted.
    """
    if list(entries) == list(ids):
        return found
    row_of = {item: row for row, item in enumerate(entries)}
    rows = [row_of[item] for item in ids]
    return LayerOutputs(
        found.inputs[rows],
        tuple(values[rows] for values in found.outputs),
        found.probabilities[rows],
        tuple(found.errors[row] for row in rows),
    )


@dataclass(frozen=True, eq=False)
class SampleRequest:
    """Check the columns in the child before the engine is asked: they may be no target."""

    sample: Sample

    def run(self, progress: Progress) -> Sample:
        """Return the sample; raises where a column cannot be looked for."""
        from spectracnn.stats.probe import target_of

        for cells in self.sample.columns.values():
            target_of(cells)
        return self.sample


@dataclass(frozen=True, eq=False)
class ConfoundRequest:
    """Probe what a network computed.

    Parameters
    ----------
    sample : Sample
        Of whom.
    found : LayerOutputs
        What it computed of them.
    names : tuple of str
        Of the layers.
    classes : tuple of str
        Of the network.
    """

    sample: Sample
    found: LayerOutputs
    names: tuple[str, ...]
    classes: tuple[str, ...]

    def run(self, progress: Progress) -> tuple[Confounds, NDArray[np.int64]]:
        """Return what was found, and the entries that it is about."""
        found, sample = self.found, self.sample
        known = np.flatnonzero(np.array([error is None for error in found.errors], bool))
        if not known.size:
            raise StudyError("The network reads none of the spectra.")
        layers = Layers(
            sample.units[known],
            found.inputs[known],
            {name: values[known] for name, values in zip(self.names, found.outputs, strict=True)},
            found.probabilities[known],
            self.classes,
        )
        columns = {name: cells.select(known) for name, cells in sample.columns.items()}
        result = find_confounds(sample.settings, columns, layers, progress)
        return result, np.array(sample.ids, np.int64)[known]
