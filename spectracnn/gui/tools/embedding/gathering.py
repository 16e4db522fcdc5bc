"""Gathers a layer's output of all spectra, and computes their points and who lies near whom."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spectracnn.core.features import INPUT, Axes, Reduction
from spectracnn.engine.broker import Policy
from spectracnn.gui.widgets.background import Background
from spectracnn.state.group_requests import features_key, features_request
from spectracnn.view.embedding import (
    Embedding,
    leading_axes,
    principal_components,
    projected,
    shape_dna,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.requests import CollectFeatures
    from spectracnn.core.trace import ModelDescription
    from spectracnn.engine.broker import Broker
    from spectracnn.engine.messages import BatchFeatures
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.request_parts import Made
    from spectracnn.view.embedding import ShapeDNA

_OWNER = "embedding"
MOST_NUMBERS = 16 << 20
"""So many numbers of a layer are kept of all spectra; of more, coordinates along some axes."""
MOST_SAMPLED = 3_000
"""From so many spectra these axes are found."""


def output_shape(model: ModelDescription, layer: int) -> tuple[int, ...]:
    """Return the shape of a layer's output, or of the model's input."""
    return model.input_shape if layer == INPUT else model.layers[layer].output_shape


class Gathering(QObject):
    """Requests the numbers from the engine, and computes with them in a thread.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    broker : Broker
        Through which the engine is requested.
    wanted : callable
        Whether anybody still looks.
    parent : QObject
        Qt's.

    Attributes
    ----------
    ids : tuple of int
        The entries, a point each.
    features : ndarray or None
        Their numbers.
    embedding : Embedding or None
        Their points.
    dna : ShapeDNA or None
        What their eigenvalues alone say.

    Signals
    -------
    noted : str
        What is being done, or what to know of the points.
    embedded, shapesCompared : ()
        ``embedding`` is new; ``dna`` is new.
    """

    noted = Signal(str)
    embedded = Signal()
    shapesCompared = Signal()

    def __init__(
        self, workspace: Workspace, broker: Broker, wanted: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._broker, self._wanted = workspace, broker, wanted
        self._background = Background(self._receive_computed, self)
        self._dna_background = Background(self._receive_dna, self)
        self._key: Hashable = None
        self._layer, self._reduction = INPUT, Reduction.FLAT
        self._axes: Axes | None = None
        self.ids: tuple[int, ...] = ()
        self.features: NDArray[np.float32] | None = None
        self.embedding: Embedding | None = None
        self.dna: ShapeDNA | None = None

    def request(self, layer: int, reduction: Reduction) -> None:
        """Gather a layer's output of all spectra, unless that is done or under way already."""
        document, selection = self._workspace.document, self._workspace.selection
        if document.model is None:
            return
        key = features_key(document, selection, layer, reduction)
        if key == self._key:
            return
        self._key, self._axes = key, None
        self._layer, self._reduction = layer, reduction
        self.ids = tuple(document.answers.ids.tolist())
        shape = output_shape(document.model, layer)
        size = math.prod(shape) if reduction is Reduction.FLAT else shape[-1]
        few = size * len(self.ids) <= MOST_NUMBERS
        most = None if few else MOST_SAMPLED
        self._submit(features_request(document, selection, layer, reduction, most=most), few)
        spectra = tuple(entry.spectrum for entry in document.entries)
        self._dna_background.run(partial(shape_dna, spectra))

    def _submit(self, made: Made[CollectFeatures] | None, whole: bool) -> None:
        if made is None:
            return
        self.noted.emit(f"Collecting from {len(made.entries):,} spectra \u2026")
        self._broker.submit(
            made.request,
            _OWNER,
            Policy.LATEST_WINS,
            self._receive if whole else self._receive_sample,
            self._fail,
            key=made.key,
            wanted=self._wanted,
        )

    def _receive_sample(self, features: BatchFeatures) -> None:
        """Find the axes of a sample; all spectra are projected onto them by the engine."""
        self._background.run(partial(leading_axes, features.values))

    def _project(self, axes: Axes) -> None:
        self._axes = axes
        wanted = (
            self._workspace.document,
            self._workspace.selection,
            self._layer,
            self._reduction,
        )
        if features_key(*wanted) == self._key:
            self._submit(features_request(*wanted, axes=axes), True)
        else:
            self.request(self._layer, self._reduction)

    def _receive(self, features: BatchFeatures) -> None:
        self.features = features.values
        refused = sum(error is not None for error in features.errors)
        text = f"The model cannot read {refused} of the spectra." if refused else ""
        model = self._workspace.document.model
        if not text and model is not None and len(model.structures) > 1:
            text = "All structures of a subject share one point: the model reads them together."
        if self._axes is not None:
            text += (
                f" Axes of {self._axes.found_from:,} spectra drawn at random; neighbours by the "
                f"first {len(self._axes.shares)} components."
            )
        self.noted.emit(text.strip())
        if self._axes is None:
            self._background.run(partial(principal_components, features.values))
        else:
            self._background.run(partial(projected, features.values, self._axes))

    def _receive_computed(self, found: Embedding | Axes) -> None:
        if isinstance(found, Axes):
            self._project(found)
            return
        self.embedding = found
        self.embedded.emit()

    def _receive_dna(self, dna: ShapeDNA) -> None:
        self.dna = dna
        self.shapesCompared.emit()

    def _fail(self, error: SpectraCNNError) -> None:
        self.noted.emit(error.message)
