"""What an attribution method said of one spectrum, told without Keras."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array, refreeze
from spectracnn.errors import AttributionError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Method(StrEnum):
    """Ways to say which input samples drive a logit; the values are the command line's names."""

    GRADIENT_INPUT = "gradient-input"
    INTEGRATED_GRADIENTS = "integrated-gradients"
    SMOOTHGRAD = "smoothgrad"
    GRAD_CAM = "grad-cam"
    GRAD_CAM_SIGNED = "grad-cam-signed"
    OCCLUSION = "occlusion"
    EXPECTED_GRADIENTS = "expected-gradients"


@dataclass(frozen=True)
class AttributionOptions:
    """What the methods can be told; each reads only what concerns it.

    Parameters
    ----------
    steps : int
        Points on the path of integrated gradients, which takes more where the values would not
        add up within 1 %; samples drawn for expected gradients. At least.
    noise : float
        SmoothGrad's standard deviation, as a share of the input's range.
    samples : int
        SmoothGrad's number of noisy copies.
    window : int
        Occlusion's number of neighbouring samples.
    layer : int or None
        Grad-CAM's convolution, an index in ``ModelDescription.layers``; None for the last one.
    seed : int
        Of the random numbers, so that the same question has the same answer.

    Raises
    ------
    AttributionError
        If a number is out of its range.
    """

    steps: int = 128
    noise: float = 0.1
    samples: int = 64
    window: int = 5
    layer: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "samples", "window"):
            if getattr(self, name) < 1:
                raise AttributionError(
                    f"The option '{name}' is {getattr(self, name)}; it must be at least 1."
                )
        if not 0 <= self.noise < np.inf:
            raise AttributionError(f"The option 'noise' is {self.noise}; it must be at least 0.")
        if self.seed < 0:
            raise AttributionError(f"The option 'seed' is {self.seed}; it must be at least 0.")


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each input sample speaks for one class.

    Parameters
    ----------
    method : Method
        How it was computed.
    options : AttributionOptions
        With what.
    target : int
        Which class.
    values : ndarray, shape (steps, channels), float32
        One a sample of the model's input, in its shape (``(structures, steps, 1)`` for a
        two-dimensional model). Logit units. Grad-CAM says the same of all channels of a step, and
        its values are those of its layer's steps, drawn where these stand.
    input : ndarray, shape (steps, channels), float32
        What the network was given; same shape.
    positions : ndarray, shape (steps,), int64
        Which of the file's eigenvalues each input sample came from.
    logits : ndarray, shape (classes,), float32
        The final layer's values before softmax.
    completeness_error : float or None
        ``|sum(values) - (logit - baseline logit)| / |logit - baseline logit|`` where the method
        promises completeness, else None. Infinite where the logit is the baseline's.
    baseline_logit : float or None
        The target's logit at the baseline, where the method has one; of several baselines, the
        mean.
    layer : int or None
        The convolution that Grad-CAM looked at.
    points : int or None
        How many points integrated and expected gradients computed.
    """

    method: Method
    options: AttributionOptions
    target: int
    values: NDArray[np.float32]
    input: NDArray[np.float32]
    positions: NDArray[np.int64]
    logits: NDArray[np.float32]
    completeness_error: float | None = None
    baseline_logit: float | None = None
    layer: int | None = None
    points: int | None = None

    def __post_init__(self) -> None:
        for name in ("values", "input", "logits"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.float32))
        object.__setattr__(self, "positions", frozen_array(self.positions, np.int64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)
