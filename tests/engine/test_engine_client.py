"""The real process: answers, latest-wins, cancel, crash, and nothing left behind."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.attribution import Method
from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Space, Zero
from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerStack, Pooling
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Take
from spectracnn.core.trace import ModelDescription, Trace
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.engine.client import EngineClient
from spectracnn.engine.messages import (
    AttributeSpectrum,
    Cancelled,
    CollectFeatures,
    EngineState,
    Failed,
    OpenModel,
    PartialPredictions,
    PredictSpectra,
    Progressed,
    Reduction,
    RunStack,
    SaveEdited,
    StateChanged,
    Succeeded,
    TraceMean,
    TraceSpectrum,
    WeightsOf,
)
from spectracnn.errors import AttributionError, EngineError, ModelError, PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 90.0
SPECTRUM = Spectrum("shape", np.arange(60.0) ** 1.1)
SHORT = Spectrum("short", np.arange(5.0))
_MODEL_SCRIPT = """
import sys
from spectracnn.nn.backend import load_keras
keras = load_keras()[1]
layers = keras.layers
keras.utils.set_random_seed(1)
keras.Sequential([keras.Input((40, 1)), layers.Conv1D(4, 5, activation="relu"),
                  layers.Flatten(), layers.Dense(3, activation="softmax")]).save(sys.argv[1])
"""


class Listening:
    """An engine client whose events are kept."""

    def __init__(self) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.seen: list[Any] = []
        self.client = EngineClient(self.events.put, grace=1.0)
        self.client.start()

    def until(self, kind: type, request_id: int | None = None) -> Any:
        """Return the next event of a kind."""
        end = time.monotonic() + PATIENCE
        while True:
            event = self.events.get(timeout=end - time.monotonic())
            self.seen.append(event)
            same = request_id is None or getattr(event, "request_id", None) == request_id
            if isinstance(event, kind) and same:
                return event

    def state(self, state: EngineState) -> None:
        """Wait for a state."""
        while self.until(StateChanged).state is not state:
            pass


@pytest.fixture(scope="module")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("model") / "small.keras"
    subprocess.run([sys.executable, "-c", _MODEL_SCRIPT, str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def engine(model_path: Path) -> Iterator[Listening]:
    listening = Listening()
    opened = listening.until(Succeeded, listening.client.submit(OpenModel(str(model_path))))
    assert isinstance(opened.result, ModelDescription)
    yield listening
    listening.client.close()


def test_trace_and_refusal(engine: Listening) -> None:
    trace = engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM))).result
    assert isinstance(trace, Trace)
    assert trace.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert not trace.layers[0].output.flags.writeable
    failed = engine.until(Failed, engine.client.submit(TraceSpectrum(SHORT)))
    assert isinstance(failed.error, PreprocessingError)


def test_weights_and_muted_traces_come_from_the_process(engine: Listening) -> None:
    weights = engine.until(Succeeded, engine.client.submit(WeightsOf(0))).result
    assert weights.arrays["kernel"].shape == (5, 1, 4)
    muted = TraceSpectrum(SPECTRUM, muted=((0, 2),))
    trace = engine.until(Succeeded, engine.client.submit(muted)).result
    assert not trace.layers[0].output[:, 2].any()
    failed = engine.until(Failed, engine.client.submit(WeightsOf(3)))
    assert isinstance(failed.error, ModelError)


def test_weights_set_by_hand_last_for_one_request(engine: Listening, tmp_path: Path) -> None:
    ask = engine.client.submit
    weights = engine.until(Succeeded, ask(WeightsOf(0))).result
    edit = WeightEdit(0, "kernel", -weights.arrays["kernel"])
    plain = engine.until(Succeeded, ask(TraceSpectrum(SPECTRUM))).result
    edited = engine.until(Succeeded, ask(TraceSpectrum(SPECTRUM, weight_edits=(edit,)))).result
    np.testing.assert_allclose(
        edited.layers[0].before, -plain.layers[0].before, rtol=1e-5, atol=1e-5
    )
    again = engine.until(Succeeded, ask(TraceSpectrum(SPECTRUM))).result
    np.testing.assert_array_equal(again.probabilities, plain.probabilities)
    saved = engine.until(Succeeded, ask(SaveEdited(str(tmp_path / "new.keras"), (edit,)))).result
    assert saved == str(tmp_path / "new.keras")
    failed = engine.until(Failed, ask(SaveEdited(str(tmp_path / "new.h5"), (edit,))))
    assert "as a .keras file" in failed.error.message


def test_a_stack_of_layers_runs_in_the_process(engine: Listening) -> None:
    stack = LayerStack((5, 1), (Convolution(1, (2,), use_bias=False), GlobalPool(Pooling.MAX)))
    kernel = np.array([1.0, -1.0], np.float32).reshape(2, 1, 1)
    values = np.array([0, 1, 4, 9, 16], np.float32)[:, None]
    request = RunStack(stack, values, ((kernel,), None))
    result = engine.until(Succeeded, engine.client.submit(request)).result
    np.testing.assert_array_equal(result.traces[0].output[:, 0], [-1, -3, -5, -7])
    np.testing.assert_array_equal(result.traces[1].output, [-1])


def test_latest_trace_wins_and_each_request_ends_once(engine: Listening) -> None:
    ids = [engine.client.submit(TraceSpectrum(SPECTRUM), "trace") for _ in range(20)]
    engine.until(Succeeded, ids[-1])
    ends = [e for e in engine.seen if isinstance(e, Succeeded | Failed | Cancelled)]
    for request_id in ids:
        assert sum(event.request_id == request_id for event in ends) == 1


def test_batch_comes_in_parts_and_lets_a_trace_go_between(engine: Listening) -> None:
    batch = engine.client.submit(PredictSpectra((SPECTRUM, SHORT) * 300))
    trace = engine.client.submit(TraceSpectrum(SPECTRUM))
    engine.until(Succeeded, trace)
    done = engine.until(Succeeded, batch)
    parts = [e for e in engine.seen if isinstance(e, PartialPredictions) and e.request_id == batch]
    assert [part.first for part in parts] == list(range(0, 600, 64))
    assert done.result.probabilities.shape == (600, 3)
    assert np.isnan(done.result.probabilities[1::2]).all()
    assert np.isfinite(done.result.probabilities[::2]).all()
    assert [error is None for error in done.result.errors] == [True, False] * 300


def test_features_come_whole_and_tell_progress(engine: Listening) -> None:
    request = CollectFeatures((SPECTRUM, SHORT) * 50, 0, Reduction.MEAN)
    number = engine.client.submit(request)
    done = engine.until(Succeeded, number).result
    trace = engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM))).result
    np.testing.assert_allclose(done.values[98], trace.layers[0].output.mean(axis=0), rtol=1e-5)
    assert np.isnan(done.values[1::2]).all()
    assert [error is None for error in done.errors] == [True, False] * 50
    told = [e for e in engine.seen if getattr(e, "request_id", None) == number]
    assert [(e.done, e.total) for e in told if isinstance(e, Progressed)] == [(64, 100)]
    assert not any(isinstance(e, PartialPredictions) for e in told)


def test_mean_trace_comes_from_the_process(engine: Listening) -> None:
    mean = engine.until(Succeeded, engine.client.submit(TraceMean((SPECTRUM, SHORT)))).result
    trace = engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM))).result
    np.testing.assert_allclose(mean.layers[0].output, trace.layers[0].output, rtol=1e-5)
    failed = engine.until(Failed, engine.client.submit(TraceMean((SHORT,))))
    assert isinstance(failed.error, PreprocessingError)


def test_attribution_of_an_edited_spectrum_comes_from_the_process(engine: Listening) -> None:
    zero = Zero(first=0, last=9, space=Space.INPUT)
    request = AttributeSpectrum(
        SPECTRUM, Method.EXPECTED_GRADIENTS, target=2, muted=((0, 1),), input_edits=(zero,)
    )
    found = engine.until(Succeeded, engine.client.submit(request)).result
    assert (found.method, found.target) == (Method.EXPECTED_GRADIENTS, 2)
    assert found.values.shape == (40, 1)
    assert not found.input[:10].any()
    assert found.positions.tolist() == list(range(40))
    assert not found.values.flags.writeable
    muted = TraceSpectrum(SPECTRUM, muted=((0, 1),), input_edits=(zero,))
    trace = engine.until(Succeeded, engine.client.submit(muted)).result
    np.testing.assert_allclose(found.logits, trace.layers[-1].before, rtol=1e-4)
    failed = engine.until(
        Failed, engine.client.submit(AttributeSpectrum(SPECTRUM, Method.OCCLUSION, target=3))
    )
    assert isinstance(failed.error, AttributionError)


def test_cancel_ends_at_once(engine: Listening) -> None:
    batch = engine.client.submit(PredictSpectra((SPECTRUM,) * 5000))
    engine.client.cancel(batch)
    engine.until(Cancelled, batch)
    engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM)))
    assert not any(isinstance(e, Succeeded) and e.request_id == batch for e in engine.seen)


def test_another_model_ends_a_batch_that_has_begun(engine: Listening, model_path: Path) -> None:
    batch = engine.client.submit(PredictSpectra((SPECTRUM,) * 3000))
    engine.until(PartialPredictions, batch)
    engine.until(Succeeded, engine.client.submit(OpenModel(str(model_path))))
    assert any(isinstance(e, Cancelled) and e.request_id == batch for e in engine.seen)


def test_bad_model_leaves_the_open_one(engine: Listening, tmp_path: Path) -> None:
    bad = tmp_path / "bad.keras"
    bad.write_bytes(b"nonsense")
    failed = engine.until(Failed, engine.client.submit(OpenModel(str(bad))))
    assert isinstance(failed.error, ModelError)
    engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM)))


def test_killed_process_is_restarted_with_its_model(engine: Listening) -> None:
    pid = engine.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    engine.state(EngineState.RESTARTING)
    engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM)))
    assert engine.client.pid not in (None, pid)


def test_stuck_computation_is_ended_with_its_process(engine: Listening) -> None:
    pid = engine.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    request = engine.client.submit(TraceSpectrum(SPECTRUM))
    engine.state(EngineState.BUSY)
    engine.client.cancel(request)
    engine.until(Cancelled, request)
    engine.state(EngineState.RESTARTING)
    engine.state(EngineState.READY)


def test_close_leaves_no_process_and_ends_what_waits(model_path: Path) -> None:
    listening = Listening()
    request = listening.client.submit(OpenModel(str(model_path)))
    while listening.client.pid is None:
        time.sleep(0.01)
    pid = listening.client.pid
    listening.client.close()
    listening.until(Cancelled, request)
    assert not _alive(pid)
    late = listening.client
    late.close()


def test_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import time\n"
        "from spectracnn.engine.client import EngineClient\n"
        "if __name__ == '__main__':\n"
        "    client = EngineClient(lambda event: None)\n"
        "    client.start()\n"
        "    while client.pid is None: time.sleep(0.01)\n"
        "    print(client.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    end = time.monotonic() + 30
    while _alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _alive(pid)


def test_errors_of_the_engine_have_details() -> None:
    error = EngineError("Sentence.")
    assert error.details == ""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
        return stream.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_question_about_another_card_leaves_the_open_model(
    engine: Listening, model_path: Path
) -> None:
    card = ModelCard(Preprocessing((DropZeros(), Take(40))), ("a", "b", "c"))
    other = OpenModel(str(model_path), card)
    tried = engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM, model=other)))
    values = SPECTRUM.eigenvalues.astype(np.float32)
    np.testing.assert_array_equal(tried.result.input[:, 0], values[1:41])
    batch = engine.client.submit(PredictSpectra((SPECTRUM,) * 70, other))
    answers = engine.until(Succeeded, batch).result
    np.testing.assert_allclose(answers.probabilities[69], tried.result.probabilities, rtol=1e-5)
    plain = engine.until(Succeeded, engine.client.submit(TraceSpectrum(SPECTRUM))).result
    np.testing.assert_array_equal(plain.input[:, 0], values[:40])
    changed = OpenModel(str(model_path), card, sha256="00" * 32)
    failed = engine.until(Failed, engine.client.submit(PredictSpectra((SPECTRUM,), changed)))
    assert "has changed" in failed.error.message
