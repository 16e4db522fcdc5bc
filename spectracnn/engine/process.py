"""The child process that owns Keras: answers one request after the other until its pipe closes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.engine.messages import (
    AttributeSpectrum,
    CollectFeatures,
    Features,
    OpenModel,
    Predictions,
    PredictSpectra,
    RunStack,
    SaveEdited,
    TraceMean,
    TraceSpectrum,
    WeightsOf,
)
from spectracnn.engine.opened import OpenedModels
from spectracnn.engine.samples import bundled_samples
from spectracnn.errors import EngineError, SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.trace import Trace
    from spectracnn.core.weights import LayerWeights
    from spectracnn.nn.loaded_model import LoadedModel

READY = "ready"
"""The number of the answer that says that Keras is there."""

UNDO = "undo"
"""The number of a message that asks for the model open before: nobody wants the last one."""

_PR_SET_PDEATHSIG = 1


def run(pipe: Connection, parent: int) -> None:
    """Serve as the child's main function.

    Parameters
    ----------
    pipe : Connection
        Requests come in as ``(number, request)``; answers go out as ``(number, ok, result)``.
    parent : int
        The parent's process id.
    """
    _set_up(parent)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        from spectracnn.nn.backend import load_keras

        load_keras()
        pipe.send((READY, True, None))
        _serve(pipe)


def _set_up(parent: int) -> None:
    # Ctrl+C in a terminal goes to the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # windowed builds have none, and libraries print
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)  # the parent ended before the line above took effect


def _serve(pipe: Connection) -> None:
    models = OpenedModels()
    while True:
        number, request = pipe.recv()
        if number == UNDO:
            models.undo()
            continue
        try:
            if isinstance(request, OpenModel):
                answer: Any = models.open(request).description
            elif isinstance(request, RunStack):
                from spectracnn.nn.layer_lab import run_stack

                answer = run_stack(request.stack, request.values, request.weights)
            else:
                answer = _answer(models.of(getattr(request, "model", None)), request)
        except SpectraCNNError as error:
            pipe.send((number, False, error))
        except Exception as error:  # noqa: BLE001
            pipe.send((number, False, _unexpected(error)))
        else:
            pipe.send((number, True, answer))


def _answer(model: LoadedModel, request: Any) -> Any:
    answer = _ANSWERS.get(type(request))
    if answer is None:
        raise EngineError(f"The engine does not know the request {type(request).__name__}.")
    edits = getattr(request, "weight_edits", ())
    if not edits or isinstance(request, SaveEdited):
        return answer(model, request)
    from spectracnn.nn.weight_edits import edited_weights

    with edited_weights(model, edits):
        return answer(model, request)


def _trace(model: LoadedModel, request: TraceSpectrum) -> Trace:
    return model.trace(
        request.spectrum,
        request.companions,
        muted=request.muted,
        input_edits=request.input_edits,
    )


def _predict(model: LoadedModel, request: PredictSpectra) -> Predictions:
    import numpy as np

    prepared = model.prepare(request.spectra)
    shape = (len(request.spectra), len(model.description.classes))
    probabilities = np.full(shape, np.nan, np.float32)
    if prepared.taken.size:
        probabilities[prepared.taken] = model.predict(prepared.inputs)
    return Predictions(probabilities, prepared.errors)


def _weights(model: LoadedModel, request: WeightsOf) -> LayerWeights:
    return model.weights_of(request.layer)


def _mean(model: LoadedModel, request: TraceMean) -> Trace:
    from spectracnn.nn.groups import mean_trace

    return mean_trace(model, request.spectra)


def _features(model: LoadedModel, request: CollectFeatures) -> Features:
    import numpy as np

    from spectracnn.nn.groups import features

    prepared = model.prepare(request.spectra)
    found = features(model, prepared.inputs, request.layer, request.reduction)
    values = np.full((len(request.spectra), found.shape[1]), np.nan, np.float32)
    values[prepared.taken] = found
    return Features(values, prepared.errors)


def _attribute(model: LoadedModel, request: AttributeSpectrum) -> Attribution:
    from spectracnn.nn.attribution.attribute import attribute, background_inputs

    values, positions = model.input_of(request.spectrum, request.companions, request.input_edits)
    return attribute(
        model.scores,
        values,
        positions,
        request.method,
        target=request.target,
        options=request.options,
        muted=request.muted,
        backgrounds=lambda: background_inputs(model, bundled_samples()),
    )


def _save_edited(model: LoadedModel, request: SaveEdited) -> str:
    from spectracnn.nn.weight_edits import save_edited

    return str(save_edited(model, request.weight_edits, Path(request.path)))


_ANSWERS: dict[type, Callable[[Any, Any], Any]] = {
    TraceSpectrum: _trace,
    PredictSpectra: _predict,
    WeightsOf: _weights,
    TraceMean: _mean,
    CollectFeatures: _features,
    AttributeSpectrum: _attribute,
    SaveEdited: _save_edited,
}


def _unexpected(error: Exception) -> EngineError:
    told = EngineError(f"The network could not be run: {' '.join(str(error).split())[:300]}")
    told.details = traceback.format_exc()
    return told
