"""The bundled network in the tests' own process, in the place of the engine's."""

from __future__ import annotations

import pytest

import spectracnn as sc
from spectracnn.engine.messages import (
    Failed,
    OpenModel,
    PartialPredictions,
    PredictSpectra,
    RunStack,
    Succeeded,
)
from spectracnn.errors import SpectraCNNError


@pytest.fixture(scope="module")
def model():
    return sc.open_model()


@pytest.fixture
def answer(engine, model):
    """Answers all that was asked by the bundled network, in this process."""
    done = set()

    def answer_all():
        while left := [number for number in engine.requests if number not in done]:
            for number in left:
                done.add(number)
                request = engine.requests[number]
                if isinstance(request, OpenModel):
                    result = model.description
                elif isinstance(request, RunStack):
                    from spectracnn.nn.layer_lab import run_stack

                    result = run_stack(request.stack, request.values, request.weights)
                else:
                    try:
                        result = model.perform(request)
                    except SpectraCNNError as error:
                        engine.eventReceived.emit(Failed(number, error))
                        continue
                if isinstance(request, PredictSpectra):
                    engine.eventReceived.emit(PartialPredictions(number, 0, result))
                engine.eventReceived.emit(Succeeded(number, result))

    return answer_all
