"""What the client and the engine process say to each other, and to whoever listens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True, eq=False)
class OpenModel:
    """Open this model; the answer is a `ModelDescription`. If it fails, the open one stays open.

    Parameters
    ----------
    path : str
        The file.
    card : ModelCard, optional
        Used instead of the one beside the file.
    memory_limit : int or None
        Bytes that loading may take, where the system can tell; None for no limit.
    time_limit : float or None
        Seconds that opening may take, from when the process begins it; None for no limit.
    """

    path: str
    card: ModelCard | None = None
    memory_limit: int | None = 6 << 30
    time_limit: float | None = 120.0


@dataclass(frozen=True, eq=False)
class TraceSpectrum:
    """Run one spectrum; the answer is a `Trace`.

    Parameters
    ----------
    spectrum : Spectrum
        From the file.
    companions : tuple of Spectrum
        For a model of several structures: the other spectra of the same subject.
    """

    spectrum: Spectrum
    companions: tuple[Spectrum, ...] = ()


@dataclass(frozen=True, eq=False)
class PredictSpectra:
    """Classify spectra; the answers come in parts, the last is `Predictions` of all."""

    spectra: tuple[Spectrum, ...]


Request = OpenModel | TraceSpectrum | PredictSpectra


@dataclass(frozen=True, eq=False)
class Predictions:
    """Classes of many spectra.

    Parameters
    ----------
    probabilities : ndarray, shape (n, classes), float32
        NaN where a spectrum was refused.
    errors : tuple of SpectraCNNError or None
        Why it was refused.
    """

    probabilities: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]


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
    """Answers to some of a batch's spectra, beginning at ``first``."""

    request_id: int
    first: int
    predictions: Predictions


Event = StateChanged | Succeeded | Failed | Cancelled | Progressed | PartialPredictions
