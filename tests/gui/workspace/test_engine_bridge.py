"""Events of the engine that come together: in order, a few in a turn of the event loop."""

import time

from PySide6.QtCore import QTimer

from spectracnn.engine.messages import Progressed
from spectracnn.gui.workspace.engine_bridge import SECONDS_A_TURN, EngineBridge


def test_events_keep_their_order_and_others_have_a_turn_between(qtbot):
    bridge = EngineBridge()  # its process is never started
    course = []

    def receive(event):
        course.append(event.done)
        end = time.thread_time() + SECONDS_A_TURN  # what showing it takes
        while time.thread_time() < end:
            pass

    bridge.eventReceived.connect(receive)
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: course.append("turn"))
    timer.start()
    for number in range(6):
        bridge._arrived.emit(Progressed(1, number, 6))
    qtbot.waitUntil(lambda: 5 in course, timeout=60_000)
    timer.stop()
    assert [item for item in course if item != "turn"] == list(range(6))
    between = course[course.index(0) : course.index(5)]
    assert between.count("turn") >= 3
