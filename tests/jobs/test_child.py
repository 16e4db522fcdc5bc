"""Child processes: results, deaths, limits, cancelling, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from jobs_work import arithmetic, cannot_start

from spectracnn.core.progress import Progress
from spectracnn.errors import FileFormatError, OperationCancelled
from spectracnn.jobs.child import Child
from spectracnn.jobs.errors import (
    ChildEndedError,
    ChildOutOfMemoryError,
    ChildOverdueError,
    UnexpectedError,
)
from spectracnn.jobs.job import Done, Job, JobCancelled, JobFailed, Reported
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.pool import Pool
from spectracnn.jobs.serving import Steps
from spectracnn.jobs.spawning import start_behind, starts_behind
from spectracnn.jobs.worker import Worker, end_all

PATIENCE = 60.0


def alive(pid):
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return text.rsplit(")", 1)[1].split()[0] != "Z"


def gone(pid):
    end = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


@pytest.fixture(scope="module")
def worker():
    with Worker(arithmetic, 1) as made:
        yield made


def test_results_and_state_stay_in_one_warm_process(worker):
    assert worker.request(41) == 42
    first = worker.request(("pid", None))
    assert worker.request(("pid", None)) == first == worker.pid != os.getpid()


def test_errors_of_the_work_come_whole(worker):
    with pytest.raises(FileFormatError) as caught:
        worker.request(("refuse", "a.h5"))
    assert caught.value.sentence == "a.h5: line 1: found nothing, expected numbers."
    assert caught.value.hint == "Look again."
    with pytest.raises(UnexpectedError) as caught:
        worker.request(("divide", 0))
    assert caught.value.kind == "ZeroDivisionError"
    assert "division by zero" in caught.value.text
    assert "jobs_work.py" in caught.value.details
    with pytest.raises(UnexpectedError):
        worker.request(("lambda", None))  # a result that cannot be pickled
    assert worker.request(1) == 2


def test_a_listener_that_fails_ends_the_child_that_still_works():
    def fail(_report):
        raise ZeroDivisionError

    with Worker(arithmetic, 1) as worker:
        before = worker.request(("pid", None))
        with pytest.raises(ZeroDivisionError):
            worker.request(("steps", 1000), on_report=fail)
        assert gone(before)
        assert worker.request(1) == 2
        assert worker.pid != before


@pytest.mark.parametrize(
    ("request_", "how"),
    [(("die", signal.SIGSEGV), "signal SIGSEGV"), (("exit", 3), "exit code 3")],
)
def test_death_is_recognised_and_the_next_request_starts_anew(worker, request_, how):
    before = worker.request(("pid", None))
    with pytest.raises(ChildEndedError) as caught:
        worker.request(request_)
    assert caught.value.how == how
    assert worker.pid is None
    assert worker.request(1) == 2
    assert worker.pid != before


def test_a_child_that_dies_while_idle_is_replaced(worker):
    pid = worker.request(("pid", None))
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    with pytest.raises(ChildEndedError):
        worker.request(1)
    assert worker.request(1) == 2


def test_work_that_cannot_be_made_ends_the_child():
    with Worker(cannot_start) as worker, pytest.raises(ChildEndedError):
        worker.request(1)


def test_time_limit_ends_the_process():
    with Worker(arithmetic, limits=Limits(seconds=0.2)) as worker:
        assert worker.request(1) == 1  # getting ready takes longer than the limit, and may
        pid = worker.pid
        with pytest.raises(ChildOverdueError, match=r"longer than 0\.2 s"):
            worker.request(("ignore", PATIENCE))
        assert gone(pid)
        assert worker.request(1) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits private memory")
def test_memory_limit_fails_the_request_and_the_process_goes_on():
    with Worker(arithmetic, limits=Limits(memory=64 << 20)) as worker:
        assert worker.request(("allocate", 8 << 20)) == 8 << 20
        pid = worker.pid
        with pytest.raises(ChildOutOfMemoryError):
            worker.request(("allocate", 256 << 20))
        assert worker.request(1) == 1
        assert worker.pid == pid


def test_reports_come_live_and_cancelling_asks_first(worker):
    seen = []
    assert worker.request(("steps", 3), on_report=seen.append) == 3
    assert seen == [Steps(0, 3, "step 0"), Steps(1, 3, "step 1"), Steps(2, 3, "step 2")]
    pid, progress = worker.pid, Progress()
    with pytest.raises(OperationCancelled):
        worker.request(("steps", 10**6), progress, lambda _: progress.cancel())
    assert worker.request(("pid", None)) == pid  # it stopped by itself


def test_work_that_does_not_stop_is_ended_after_its_grace():
    progress = Progress()
    with Worker(arithmetic, limits=Limits(grace=0.1)) as worker:
        pid = worker.request(("pid", None))
        threading.Timer(0.1, progress.cancel).start()
        with pytest.raises(OperationCancelled):
            worker.request(("sleep", PATIENCE), progress)
        assert gone(pid)


def test_a_child_outlives_the_thread_that_asked_for_it():
    worker, pids = Worker(arithmetic), []
    thread = threading.Thread(target=lambda: pids.append(worker.request(("pid", None))))
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert worker.request(("pid", None)) == pids[0]
    worker.end()


def test_ending_is_safe_twice_and_leaves_none(worker):
    child = Child(arithmetic)
    assert child.request(2) == 2
    assert child.end() == child.end() == "exit code 0"
    assert gone(child.pid)
    pid = worker.request(("pid", None))
    end_all()
    assert gone(pid)


def test_a_child_may_have_a_child(worker):
    assert worker.request(("grandchild", 5)) == 105


def test_the_main_module_is_not_run_again(tmp_path):
    """A script that guards nothing may use what starts children."""
    script = tmp_path / "unguarded.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "print('begins', flush=True)\n"
        "from jobs_work import arithmetic\n"
        "from spectracnn.jobs.worker import Worker\n"
        "worker = Worker(arithmetic, 1)\n"
        "print(worker.request(1), worker.request(('main', None)), flush=True)\n"
        "worker.request(('print', 'of the child'))\n"
        "worker.request(('die', 11)) if len(sys.argv) > 1 else None\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.stdout == "begins\n2 None\n"  # what the child prints goes elsewhere
    assert "of the child" in done.stderr


def test_no_orphan_when_the_parent_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from jobs_work import arithmetic\n"
        "from spectracnn.jobs.worker import Worker\n"
        "worker = Worker(arithmetic)\n"
        "print(worker.request(('pid', None)), flush=True)\n"
        f"worker.request(('sleep', {PATIENCE}))\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    assert gone(pid)


def test_a_pool_shares_the_work_and_goes_on_after_failures():
    requests = [1, ("refuse", "x"), ("die", signal.SIGKILL), *range(10, 20), ("pid", 0), ("pid", 0)]
    with Pool(arithmetic, 1, count=2) as pool:
        found = dict(pool.map(iter(requests)))
        again = dict(pool.map([("sleep", 0.2), ("pid", 0), ("sleep", 0.2), ("pid", 0)]))
    assert sorted(found) == list(range(len(requests)))
    assert isinstance(found[1], FileFormatError)
    assert isinstance(found[2], ChildEndedError)
    assert [found[place] for place in range(3, 13)] == list(range(11, 21))
    assert len(again) == 4


def test_a_pool_takes_requests_only_when_a_child_is_free():
    taken = []

    def endless():
        for number in range(10**6):
            taken.append(number)
            yield number

    with Pool(arithmetic, count=2) as pool:
        results = pool.map(endless())
        assert next(results)[1] in (0, 1)
        results.close()
    assert len(taken) <= 4


def test_a_pool_has_time_limits_and_can_be_cancelled():
    with Pool(arithmetic, count=2, limits=Limits(seconds=0.3)) as pool:
        found = dict(pool.map([("sleep", PATIENCE), 1, 2]))
        assert isinstance(found[0], ChildOverdueError)
        assert (found[1], found[2]) == (1, 2)
        progress = Progress()
        progress.cancel()
        with pytest.raises(OperationCancelled):
            list(pool.map([("sleep", PATIENCE)] * 4, progress))


class Listening:
    def __init__(self):
        self.events = []

    def __call__(self, event):
        self.events.append(event)


def test_a_job_reports_and_ends_once():
    listening = Listening()
    job = Job(Worker(arithmetic), ("steps", 2), listening)
    assert job.wait(PATIENCE)
    assert [event.value.done for event in listening.events[:-1]] == [0, 1]
    assert isinstance(listening.events[-1], Done)
    assert listening.events[-1].result == 2


def test_a_job_is_cancelled_or_fails_once():
    reached = threading.Event()
    ends = []

    def listener(event):
        if isinstance(event, Reported):
            reached.set()
        else:
            ends.append(event)

    worker = Worker(arithmetic)
    job = Job(worker, ("steps", 10**6), listener)
    assert reached.wait(PATIENCE)
    job.cancel()
    assert job.wait(PATIENCE)
    assert ends == [JobCancelled()]
    assert worker.pid is None
    failing = Job(Worker(arithmetic), ("die", signal.SIGKILL), ends.append)
    assert failing.wait(PATIENCE)
    assert isinstance(ends[-1], JobFailed)
    assert isinstance(ends[-1].error, ChildEndedError)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="priorities of Unix")
def test_children_of_a_window_stand_behind_it(monkeypatch):
    def priority(pid):
        return os.getpriority(os.PRIO_PROCESS, pid)

    assert not starts_behind()  # those of a command do its work, and stand behind nobody
    with Worker(arithmetic) as worker:
        assert worker.request(1) == 1
        assert priority(worker.pid) == priority(0)
    monkeypatch.setattr("spectracnn.jobs.spawning._SPAWNER.behind", False)
    start_behind()
    with Worker(arithmetic) as worker:
        assert worker.request(1) == 1
        assert priority(worker.pid) == min(19, priority(0) + 5)
