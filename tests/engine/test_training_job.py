"""A training in its process: events, wishes, the end, and nothing left behind."""

import queue
import time

import numpy as np
import pytest

from spectracnn.core.training import EpochDone, Paused, StageBegan, StopWish, TrainingDone
from spectracnn.core.training_plan import TrainingPlan
from spectracnn.engine.training import TrainingJob
from spectracnn.jobs.job import Done, JobCancelled, JobFailed, Reported

pytestmark = pytest.mark.slow

PATIENCE = 240.0


@pytest.fixture
def folder(tmp_path):
    """Two classes that differ in slope, six spectra each, in folders that name them."""
    draw = np.random.default_rng(0)
    for name, power in (("flat", 0.8), ("steep", 1.3)):
        (tmp_path / name).mkdir()
        for number in range(6):
            values = np.arange(61.0) ** power * draw.uniform(0.9, 1.1, 61).cumprod() ** 0.01
            np.savetxt(tmp_path / name / f"{number}.txt", np.sort(values))
    return tmp_path


class Listening:
    """A job whose events are kept."""

    def __init__(self, plan):
        self.events = queue.Queue()
        self.seen = []
        self.job = TrainingJob(plan, self.events.put)

    def until(self, kind):
        end = time.monotonic() + PATIENCE
        while True:
            event = self.events.get(timeout=end - time.monotonic())
            value = event.value if isinstance(event, Reported) else event
            self.seen.append(value)
            if isinstance(value, kind):
                return value
            assert not isinstance(value, JobFailed), value.error


def plan(folder, **more):
    options = {"epochs": 3, "folds": 0, "eigenvalues": 50, "augmentation": False, **more}
    data = (str(folder / "flat"), str(folder / "steep"))
    return TrainingPlan(data, str(folder / "m.keras"), **options)


def test_events_come_and_an_end_keeps_the_best(folder):
    listening = Listening(plan(folder, epochs=2000))
    listening.until(EpochDone)
    listening.job.want(StopWish.PAUSE)
    assert listening.until(Paused).paused
    listening.job.want(StopWish.STOP)
    done = listening.until(Done).result
    assert isinstance(done, TrainingDone)
    epochs = [event for event in listening.seen if isinstance(event, EpochDone)]
    assert [event.epoch for event in epochs] == list(range(1, len(epochs) + 1))
    began = next(event for event in listening.seen if isinstance(event, StageBegan))
    assert began.network.endswith(".keras")
    with np.load(epochs[-1].snapshot) as arrays:
        assert "w0" in arrays
    assert (folder / "m.keras").is_file()
    assert (folder / "m.card.json").is_file()
    assert listening.job.close()


def test_cancel_leaves_nothing(folder):
    listening = Listening(plan(folder, epochs=2000))
    listening.until(EpochDone)
    listening.job.want(StopWish.CANCEL)
    listening.until(JobCancelled)
    assert listening.job.close()
    left = {item.name for item in folder.iterdir() if item.name.startswith("m.")}
    assert left == set()


def test_bad_data_are_one_sentence(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    events = queue.Queue()
    job = TrainingJob(
        TrainingPlan((str(tmp_path / "empty"),), str(tmp_path / "m.keras")), events.put
    )
    event = events.get(timeout=PATIENCE)
    assert isinstance(event, JobFailed)
    assert "\n" not in event.error.message
    assert job.close()
