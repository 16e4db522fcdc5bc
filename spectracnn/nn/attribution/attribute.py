"""Asks a method about a spectrum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.errors import AttributionError
from spectracnn.nn.attribution.cam import grad_cam, grad_cam_signed
from spectracnn.nn.attribution.gradients import gradient_input, smoothgrad
from spectracnn.nn.attribution.method import MethodInput, MethodResult
from spectracnn.nn.attribution.occlusion import occlusion
from spectracnn.nn.attribution.paths import expected_gradients, integrated_gradients
from spectracnn.nn.class_scores import predicted_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.nn.scores import Scores

_RUNS: dict[Method, Callable[[MethodInput], MethodResult]] = {
    Method.GRADIENT_INPUT: gradient_input,
    Method.INTEGRATED_GRADIENTS: integrated_gradients,
    Method.SMOOTHGRAD: smoothgrad,
    Method.GRAD_CAM: grad_cam,
    Method.GRAD_CAM_SIGNED: grad_cam_signed,
    Method.OCCLUSION: occlusion,
    Method.EXPECTED_GRADIENTS: expected_gradients,
}


def attribute(
    scores: Scores,
    values: NDArray[np.float32],
    positions: NDArray[np.int64],
    method: Method,
    *,
    target: int | None = None,
    options: AttributionOptions | None = None,
    muted: Sequence[tuple[int, int]] = (),
    backgrounds: Callable[[], NDArray[np.float32]] | None = None,
) -> Attribution:
    """Say which samples of a model's input drive a class.

    Parameters
    ----------
    scores : Scores
        The network's.
    values : ndarray, shape (*input_shape), float32
        What the network is given.
    positions : ndarray, shape (steps,), int64
        Which of the file's eigenvalues each sample came from.
    method : Method
        How.
    target : int, optional
        Which class; the predicted one if not given.
    options : AttributionOptions, optional
        With what.
    muted : sequence of (int, int)
        Layers and channels whose output is set to 0 on the way.
    backgrounds : callable, optional
        Returns model inputs for expected gradients, shape (m, *input_shape).

    Returns
    -------
    Attribution
        All is about the logits: the values before the final softmax.

    Raises
    ------
    AttributionError
        If there is no such class, or the method cannot be used on this model.
    ModelError
        If a muted layer or channel is none of the network's.
    """
    options = options or AttributionOptions()
    kept = scores.channels.kept(muted)
    logits = scores.logits(values[None], kept)[0]
    if target is None:
        target = int(predicted_index(scores.description, logits))
    if not 0 <= target < len(logits):
        raise AttributionError(
            f"The model has no class {target}; its classes are 0 to {len(logits) - 1}."
        )
    question = MethodInput(scores, values, target, options, kept, backgrounds or _no_backgrounds)
    answer = _RUNS[method](question)
    return Attribution(
        method=method,
        options=options,
        target=target,
        values=answer.values.astype(np.float32),
        input=values,
        positions=positions,
        logits=logits,
        completeness_error=_error(answer, float(logits[target]))
        if METHODS[method].complete
        else None,
        baseline_logit=answer.baseline_logit,
        layer=answer.layer,
        points=answer.points,
    )


def background_inputs(model: LoadedModel, spectra: Sequence[Spectrum]) -> NDArray[np.float32]:
    """Return the model inputs of spectra to compare with; those it cannot take are left out.

    Raises
    ------
    AttributionError
        If none is left.
    """
    prepared = model.prepare(spectra)
    if not prepared.accepted.size:
        why = f" ({str(prepared.errors[0]).rstrip('.')})" if prepared.errors else ""
        raise AttributionError(
            f"Expected gradients need baselines; the model accepts none of the samples{why}.",
            "Integrated gradients need none.",
        )
    return prepared.inputs


def _no_backgrounds() -> NDArray[np.float32]:
    raise AttributionError("Expected gradients need baselines, and none are given.")


def _error(answer: MethodResult, logit: float) -> float | None:
    """Return how far the values are from adding up to the change of the logit."""
    if answer.baseline_logit is None:
        return None
    change = logit - answer.baseline_logit
    missing = abs(float(answer.values.sum()) - change)
    if change == 0:
        return 0.0 if missing == 0 else float("inf")
    return missing / abs(change)
