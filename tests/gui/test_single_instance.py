from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from spectracnn.gui.start.single_instance import SingleInstance

LAUNCH = """
import sys
from PySide6.QtCore import QCoreApplication
from spectracnn.gui.start.single_instance import SingleInstance
application = QCoreApplication([])
sys.exit(0 if SingleInstance(sys.argv[1]).hand_over(sys.argv[2:]) else 3)
"""


@pytest.fixture
def name(tmp_path):
    return str(tmp_path)


@pytest.fixture
def first(qtbot, name):
    instance = SingleInstance(name)
    assert instance.claim()
    yield instance
    instance.close()


def launch(name, *files, **options):
    return subprocess.Popen([sys.executable, "-c", LAUNCH, name, *files], **options)


def ended(qtbot, process):
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
    return process.returncode


def test_a_second_launch_hands_its_files_over(qtbot, first, name, tmp_path):
    with qtbot.waitSignal(first.filesReceived, timeout=30_000) as received:
        process = launch(name, "a.ev", "/elsewhere/b.ev", cwd=tmp_path)
    assert [Path(path) for path in received.args[0]] == [
        tmp_path / "a.ev",
        Path("/elsewhere/b.ev").absolute(),
    ]
    assert ended(qtbot, process) == 0


def test_several_launches_at_once_all_arrive(qtbot, first, name):
    taken = []
    first.filesReceived.connect(taken.extend)
    processes = [launch(name, f"/{number}.ev") for number in range(3)]
    assert [ended(qtbot, process) for process in processes] == [0, 0, 0]
    assert sorted(Path(path).name for path in taken) == ["0.ev", "1.ev", "2.ev"]


def test_only_one_is_first(first, name):
    second = SingleInstance(name)
    assert not second.claim()
    assert SingleInstance(f"{name} of another").claim()


def test_when_the_first_has_closed_the_next_is_first(first, name):
    first.close()
    first.close()
    second = SingleInstance(name)
    assert second.claim()
    second.close()


def test_without_a_first_nobody_takes_the_files(qapp, name, monkeypatch):
    monkeypatch.setattr("spectracnn.gui.start.single_instance._CONNECT_MS", 50)
    assert not SingleInstance(name).hand_over(["/a.ev"])


def test_a_first_that_hangs_does_not_take_the_files(first, name, monkeypatch):
    # Its event loop stands still while this waits.
    monkeypatch.setattr("spectracnn.gui.start.single_instance._ANSWER_MS", 50)
    assert not SingleInstance(name).hand_over(["/a.ev"])


@pytest.mark.parametrize("text", [b"nonsense\n", b"[]\n", b'{"files": 3}\n', b'{"files": [1]}\n'])
def test_nonsense_is_not_taken(qtbot, first, text):
    taken = []
    first.filesReceived.connect(taken.append)
    socket = QLocalSocket()
    socket.connectToServer(first._address)
    assert socket.waitForConnected(1000)
    socket.write(text)
    state = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() is state)
    assert taken == []


def test_a_socket_left_by_a_crash_is_not_in_the_way(qtbot, name):
    crash = (
        "import os, sys\nfrom PySide6.QtCore import QCoreApplication\n"
        "from spectracnn.gui.start.single_instance import SingleInstance\n"
        "application = QCoreApplication([])\n"
        "assert SingleInstance(sys.argv[1]).claim()\nos._exit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", crash, name]).returncode == 1
    instance = SingleInstance(name)
    assert instance.claim()
    instance.close()
