"""The child process that owns Keras: what it does with each request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.engine.messages import (
    AttributeSpectrum,
    BatchFeatures,
    BatchPredictions,
    CheckAttribution,
    CollectAttributions,
    CollectFeatures,
    CollectLayers,
    CollectMoments,
    LearnFilter,
    MapsOnShape,
    OpenModel,
    PredictSpectra,
    RunStack,
    SaveEdited,
    SaveStack,
    SnapshotEdits,
    TraceMean,
    TraceSpectrum,
    UndoOpening,
    WeightsOf,
)
from spectracnn.engine.opened import OpenedModels
from spectracnn.engine.samples import bundled_samples
from spectracnn.errors import EngineError
from spectracnn.jobs.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.attribution_checks import AttributionChecks
    from spectracnn.core.cohort_requests import Attributions, LayerOutputs, Moments
    from spectracnn.core.progress import Progress
    from spectracnn.core.trace import Trace
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.core.weights import LayerWeights
    from spectracnn.geometry.surface_maps import SurfaceMaps
    from spectracnn.jobs.serving import Reporter, Work
    from spectracnn.nn.loaded_model import LoadedModel

UNDO = "undo"
"""The number of a message that asks for the model open before: nobody wants the last one."""


def start_engine() -> Child:
    """Start the process that owns Keras; it is ready once Keras is imported."""
    return Child(_engine, name="SpectraCNN engine")


def _engine() -> Work:
    """Make the child's work: import Keras, and hold no model yet."""
    from threadpoolctl import threadpool_limits

    from spectracnn.nn.backend import load_keras

    load_keras()
    # Products as small as ours cost more in several threads, most of all beside TensorFlow's.
    threadpool_limits(1, user_api="blas")
    models = OpenedModels()

    def work(request: Any, reporter: Reporter) -> Any:
        if isinstance(request, UndoOpening):
            return models.undo()
        if isinstance(request, OpenModel):
            return models.open(request).description
        if isinstance(request, RunStack | SaveStack | LearnFilter):
            return _without_model(request, reporter.progress())
        return perform(models.of(getattr(request, "model", None)), request)

    return work


def perform(model: LoadedModel, request: Any) -> Any:
    """Do a request about a model in this process, and return its result."""
    answer = _ANSWERS.get(type(request))
    if answer is None:
        raise EngineError(f"The engine does not know the request {type(request).__name__}.")
    edits = getattr(request, "weight_edits", ())
    if not edits or isinstance(request, SaveEdited):
        return answer(model, request)
    from spectracnn.nn.weight_edits import edited_weights

    with edited_weights(model, edits):
        return answer(model, request)


def _without_model(request: RunStack | SaveStack | LearnFilter, progress: Progress) -> Any:
    """Serve the layer lab and the lessons, which need no open model."""
    if isinstance(request, LearnFilter):
        from spectracnn.nn.learn_filter import learn_filter

        return learn_filter(request.epochs, request.seed, progress)
    from spectracnn.nn.layer_lab import run_stack, save_stack

    if isinstance(request, RunStack):
        return run_stack(request.stack, request.values, request.weights)
    return str(save_stack(request.stack, request.card, Path(request.path)))


def _trace(model: LoadedModel, request: TraceSpectrum) -> Trace:
    return model.trace(
        request.spectrum,
        request.companions,
        muted=request.muted,
        input_edits=request.input_edits,
        contributions=request.contributions,
        similarity=request.similarity,
        flows=request.flows,
    )


def _predict(model: LoadedModel, request: PredictSpectra) -> BatchPredictions:
    import numpy as np

    prepared = model.prepare(request.spectra)
    reading = model.description.reading
    outputs = np.zeros((0, *reading.output.shape), np.float32)
    if prepared.accepted.size:
        outputs = model.predict(prepared.inputs)
    outputs = prepared.spread(outputs)
    spectra = [request.spectra[at] for at in prepared.accepted]
    known = model.judge(prepared.inputs, spectra, prepared.positions).spread(prepared.rows)
    probabilities = reading.probabilities(outputs)
    return BatchPredictions(
        probabilities, prepared.errors, outputs, known.typicality, known.nearest, known.shadow
    )


def _weights(model: LoadedModel, request: WeightsOf) -> LayerWeights:
    return model.weights_of(request.layer)


def _mean(model: LoadedModel, request: TraceMean) -> Trace:
    from spectracnn.nn.groups import mean_trace

    return mean_trace(model, request.spectra, muted=request.muted, input_edits=request.input_edits)


def _features(model: LoadedModel, request: CollectFeatures) -> BatchFeatures:
    from spectracnn.nn.groups import edited_inputs, features

    prepared = model.prepare(request.spectra)
    inputs = edited_inputs(prepared, request.input_edits)
    found = features(model, inputs, request.layer, request.reduction, muted=request.muted)
    if request.axes is not None:
        found = request.axes.project(found)
    return BatchFeatures(prepared.spread(found), prepared.errors)


def _moments(model: LoadedModel, request: CollectMoments) -> Moments:
    from spectracnn.nn.cohort import moments

    return moments(model, request)


def _layers(model: LoadedModel, request: CollectLayers) -> LayerOutputs:
    from spectracnn.nn.cohort import layer_outputs

    return layer_outputs(model, request)


def _attributions(model: LoadedModel, request: CollectAttributions) -> Attributions:
    from spectracnn.nn.attribution.attribute import background_inputs
    from spectracnn.nn.cohort import attributions

    return attributions(model, request, lambda: background_inputs(model, bundled_samples()))


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


def _check(model: LoadedModel, request: CheckAttribution) -> AttributionChecks:
    from spectracnn.nn.attribution.checks import check_attribution

    found = _attribute(model, request.attribution)
    return check_attribution(model.scores, found, muted=request.attribution.muted)


def _save_edited(model: LoadedModel, request: SaveEdited) -> str:
    from spectracnn.nn.weight_edits import save_edited

    return str(save_edited(model, request.weight_edits, Path(request.path)))


def _snapshot(model: LoadedModel, request: SnapshotEdits) -> tuple[WeightEdit, ...]:
    from spectracnn.nn.weight_edits import snapshot_edits

    return snapshot_edits(model, Path(request.path), request.caption)


def _maps(model: LoadedModel, request: MapsOnShape) -> tuple[SurfaceMaps, int]:
    from spectracnn.core.attribution import Method
    from spectracnn.geometry.computing import SolveRequest, compute
    from spectracnn.geometry.options import SolveOptions
    from spectracnn.nn.attribution.on_shape import maps_of

    metadata = {} if request.spectrum is None else request.spectrum.metadata
    options = SolveOptions.from_metadata(metadata, k=request.count, eigenfunctions=True)
    found = compute(SolveRequest(Path(request.path), options, fit=True))
    return maps_of(
        model,
        found,
        Method.INTEGRATED_GRADIENTS,
        target=request.target,
        known=request.spectrum,
        companions=request.companions,
    )


_ANSWERS: dict[type, Callable[[Any, Any], Any]] = {
    TraceSpectrum: _trace,
    PredictSpectra: _predict,
    WeightsOf: _weights,
    TraceMean: _mean,
    CollectFeatures: _features,
    CollectMoments: _moments,
    CollectLayers: _layers,
    CollectAttributions: _attributions,
    AttributeSpectrum: _attribute,
    CheckAttribution: _check,
    SaveEdited: _save_edited,
    MapsOnShape: _maps,
    SnapshotEdits: _snapshot,
}
