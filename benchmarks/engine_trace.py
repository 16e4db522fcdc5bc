"""Tracing one spectrum through the engine, against what it could cost and what it used to cost.

The engine preprocesses, runs every layer, pickles the trace and sends it through a pipe. Bare is
the compiled function alone, called with the input ready, plus a round trip of the same bytes
through a pipe of the same kind with nobody thinking at the other end. `predict` once per layer is
how activation libraries did it; its models are made and warmed beforehand.
"""

from __future__ import annotations

import pickle
import statistics
from typing import Any

from benchmarks.engine_session import engine
from benchmarks.interleave import interleaved, median_ratio, seconds
from benchmarks.pipe_echo import echo
from spectracnn.core.preprocessing import model_input
from spectracnn.engine.messages import TraceSpectrum
from spectracnn.io import read
from spectracnn.resources import default_model, sample_spectra

ROUNDS = 15
CALLS = 20


def run() -> dict[str, Any]:
    """Measure."""
    spectrum = read(sample_spectra()[0])[0]
    with engine() as session:
        trace = session.request(TraceSpectrum(spectrum))
        answer = pickle.dumps((1, True, trace), pickle.HIGHEST_PROTOCOL)
        question = pickle.dumps((1, TraceSpectrum(spectrum)), pickle.HIGHEST_PROTOCOL)
        from spectracnn.nn.loading import open_model

        network = open_model(default_model())
        inputs = model_input(network.description.card.preprocessing, spectrum)[None]
        function = network.trace_function
        per_layer = _predict_per_layer(inputs)
        with echo(question, answer) as round_trip:
            for warm in (lambda: function(inputs), round_trip, per_layer):
                seconds(warm, 3)
            seconds(lambda: session.request(TraceSpectrum(spectrum)), CALLS)
            times = interleaved(
                {
                    "engine": lambda: seconds(
                        lambda: session.request(TraceSpectrum(spectrum)), CALLS
                    ),
                    "bare": lambda: seconds(lambda: function(inputs), CALLS),
                    "pipe": lambda: seconds(round_trip, CALLS),
                    "per_layer": lambda: seconds(per_layer),
                },
                ROUNDS,
            )
    bare_and_pipe = [a + b for a, b in zip(times["bare"], times["pipe"], strict=True)]
    milliseconds = {f"{name}_ms": statistics.median(t) * 1e3 for name, t in times.items()}
    return {
        "name": "engine_trace",
        "layers": len(network.description.layers),
        "answer_bytes": len(answer),
        **milliseconds,
        "engine_over_bare_and_pipe": median_ratio(times["engine"], bare_and_pipe),
        "predict_per_layer_over_engine": median_ratio(times["per_layer"], times["engine"]),
    }


def _predict_per_layer(inputs: Any) -> Any:
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    model = keras.saving.load_model(default_model(), compile=False)
    models = [keras.Model(model.inputs, layer.output) for layer in model.layers]

    def call() -> list[Any]:
        return [one.predict(inputs, verbose=0) for one in models]

    return call
