"""What is prepared in a thread does not stop the window: nobody looks for cycles meanwhile."""

import gc
import threading

import pytest

from spectracnn.gui.start.warm_up import WarmUp


@pytest.fixture
def collections():
    """Yield the names of threads in which Python looked for cycles."""
    found = []

    def note(phase, _):
        if phase == "start":
            found.append(threading.current_thread().name)

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.unfreeze()


def test_no_cycles_are_looked_for_while_much_is_made(qtbot, collections):
    made = []
    warm_up = WarmUp(lambda: made.extend([] for _ in range(200_000)))
    before = gc.get_freeze_count()
    with qtbot.waitSignal(warm_up._ended, timeout=60_000):
        warm_up.start()
    assert len(made) == 200_000
    assert "warm up" not in collections
    assert gc.get_freeze_count() - before > 200_000  # nor in what was made, later
    assert gc.isenabled()


def test_collection_goes_on_where_an_import_fails(qtbot, collections):
    def fail():
        raise ImportError("nothing to prepare")

    warm_up = WarmUp(fail)
    acted = []
    warm_up.when_done(lambda: acted.append(True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _: None)
        with qtbot.waitSignal(warm_up._ended, timeout=60_000):
            warm_up.start()
        warm_up.wait()
    assert acted
    assert gc.isenabled()
