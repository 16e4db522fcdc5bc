"""What the client and the engine process say to each other, and to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.cohort_requests import Attributions as Attributions
from spectracnn.core.cohort_requests import CollectAttributions as CollectAttributions
from spectracnn.core.cohort_requests import CollectLayers as CollectLayers
from spectracnn.core.cohort_requests import CollectMoments as CollectMoments
from spectracnn.core.cohort_requests import LayerOutputs as LayerOutputs
from spectracnn.core.cohort_requests import Moments as Moments
from spectracnn.core.features import INPUT as INPUT
from spectracnn.core.features import Reduction as Reduction
from spectracnn.core.judging import Judgements
from spectracnn.core.requests import AttributeSpectrum as AttributeSpectrum
from spectracnn.core.requests import CheckAttribution as CheckAttribution
from spectracnn.core.requests import CollectFeatures as CollectFeatures
from spectracnn.core.requests import MapsOnShape as MapsOnShape
from spectracnn.core.requests import OpenModel as OpenModel
from spectracnn.core.requests import PredictSpectra as PredictSpectra
from spectracnn.core.requests import SnapshotEdits as SnapshotEdits
from spectracnn.core.requests import TraceMean as TraceMean
from spectracnn.core.requests import TraceSpectrum as TraceSpectrum
from spectracnn.core.requests import WeightsOf as WeightsOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.lab.specs import LayerStack
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True)
class UndoOpening:
    """Go back to the model before the last one opened; only the client sends this."""


@dataclass(frozen=True, eq=False)
class RunStack:
    """Run layers of a person's own making; the answer is a `LabResult`. Needs no model.

    Parameters
    ----------
    stack : LayerStack
        The layers.
    values : ndarray, shape ``stack.input_shape``, float32
        A spectrum or an image.
    weights : tuple of (tuple of ndarray or None)
        For a layer that has its own: kernel and bias.
    """

    stack: LayerStack
    values: NDArray[np.float32]
    weights: tuple[tuple[NDArray[np.float32], ...] | None, ...] = ()


@dataclass(frozen=True)
class LearnFilter:
    """Train one filter on a tiny task; the answer is a `FilterHistory`. Needs no model.

    Parameters
    ----------
    epochs : int
        Passes over the task's rows.
    seed : int
        Of the weights at the beginning.
    """

    epochs: int = 40
    seed: int = 0


@dataclass(frozen=True, eq=False)
class SaveStack:
    """Write layers of a person's own making as an untrained network; the answer is its path.

    Parameters
    ----------
    stack : LayerStack
        The layers.
    card : ModelCard
        Says how spectra become its input, and what the classes are called.
    path : str
        A ``.keras`` file.
    """

    stack: LayerStack
    card: ModelCard
    path: str


@dataclass(frozen=True, eq=False)
class SaveEdited:
    """Write the current network with weights set by hand as a new model; the answer is its path."""

    path: str
    weight_edits: tuple[WeightEdit, ...]


@dataclass(frozen=True, eq=False)
class BatchFeatures:
    """One vector a spectrum.

    Parameters
    ----------
    values : ndarray, shape (n, d), float32
        NaN where a spectrum was refused.
    errors : tuple of SpectraCNNError or None
        Why it was refused.
    """

    values: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]

    @classmethod
    def joined(cls, parts: Sequence[BatchFeatures]) -> BatchFeatures:
        """Return the answers to a batch from those to its chunks."""
        errors = tuple(error for part in parts for error in part.errors)
        return cls(np.concatenate([part.values for part in parts]), errors)


def _unknown() -> NDArray[np.float32]:
    return np.zeros(0, np.float32)


@dataclass(frozen=True, eq=False)
class BatchPredictions:
    """What a network says of many spectra; NaN where one was refused.

    Parameters
    ----------
    probabilities : ndarray, shape (n, classes), float32
        What the outputs say by the card; of one sigmoid ``(1 - p, p)``. Without columns for a
        regression.
    errors : tuple of SpectraCNNError or None
        Why it was refused.
    outputs : ndarray, shape (n, ...), float32
        What the network computed, as it is; the probabilities where it is not given.
    typicality : ndarray, shape (n,), float32
        How usual each is among the training spectra, as a p-value; NaN where unknown.
    nearest : ndarray, shape (n,), int64
        The nearest training spectrum, an index into the reference; -1 where unknown.
    shadow : ndarray, shape (n, classes) or (n, 1), float32
        What the linear model beside the network says: probabilities, or a value. Without columns
        where there is none.
    """

    probabilities: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]
    outputs: NDArray[np.float32] = field(default_factory=_unknown)
    typicality: NDArray[np.float32] = field(default_factory=_unknown)
    nearest: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    shadow: NDArray[np.float32] = field(default_factory=_unknown)

    def __post_init__(self) -> None:
        count = len(self.errors)
        if len(self.outputs) != count:
            object.__setattr__(self, "outputs", self.probabilities)
        if len(self.typicality) != count:
            object.__setattr__(self, "typicality", np.full(count, np.nan, np.float32))
        if len(self.nearest) != count:
            object.__setattr__(self, "nearest", np.full(count, -1, np.int64))
        if len(self.shadow) != count or self.shadow.ndim != 2:
            object.__setattr__(self, "shadow", np.zeros((count, 0), np.float32))

    @property
    def judgements(self) -> Judgements:
        """What is known of the spectra beside the network's output."""
        return Judgements(self.typicality, self.nearest, self.shadow)

    @classmethod
    def joined(cls, parts: Sequence[BatchPredictions]) -> BatchPredictions:
        """Return the answers to a batch from those to its chunks."""
        return cls(
            np.concatenate([part.probabilities for part in parts]),
            tuple(error for part in parts for error in part.errors),
            np.concatenate([part.outputs for part in parts]),
            np.concatenate([part.typicality for part in parts]),
            np.concatenate([part.nearest for part in parts]),
            np.concatenate([part.shadow for part in parts]),
        )


Batch = PredictSpectra | CollectFeatures | CollectMoments | CollectLayers | CollectAttributions
"""Requests that are sent in chunks, so that others can go between."""

BatchAnswer = BatchPredictions | BatchFeatures | Moments | LayerOutputs | Attributions

Request = (
    OpenModel
    | TraceSpectrum
    | PredictSpectra
    | WeightsOf
    | AttributeSpectrum
    | CheckAttribution
    | TraceMean
    | CollectFeatures
    | CollectMoments
    | CollectLayers
    | CollectAttributions
    | RunStack
    | SaveEdited
    | SaveStack
    | LearnFilter
    | SnapshotEdits
    | MapsOnShape
)


class EngineState(StrEnum):
    """What the engine process is doing."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(frozen=True)
class StateChanged:
    """The engine's state, with a sentence for the status bar."""

    state: EngineState
    sentence: str


@dataclass(frozen=True, eq=False)
class Succeeded:
    """A request ended well."""

    request_id: int
    result: Any


@dataclass(frozen=True, eq=False)
class Failed:
    """A request ended with an error."""

    request_id: int
    error: SpectraCNNError


@dataclass(frozen=True)
class Cancelled:
    """A request was cancelled, or replaced by a newer one of its topic."""

    request_id: int


@dataclass(frozen=True)
class Progressed:
    """How far a request is."""

    request_id: int
    done: int
    total: int
    message: str = ""


@dataclass(frozen=True, eq=False)
class PartialPredictions:
    """Classes of some of a batch's spectra, beginning at ``first``."""

    request_id: int
    first: int
    predictions: BatchPredictions


Event = StateChanged | Succeeded | Failed | Cancelled | Progressed | PartialPredictions
