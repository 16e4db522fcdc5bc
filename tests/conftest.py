"""Keeps the tests to themselves: no display, no stored settings, no network, nothing left behind.

Nothing here imports Qt: most tests need none.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# Examples in docstrings are collected from modules; the conftests of all folders have one name.
collect_ignore_glob = ["*conftest.py"]

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_home = tempfile.TemporaryDirectory(prefix="spectracnn-tests-", ignore_cleanup_errors=True)


# How long an example takes on a busy machine says nothing of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config):
    """Set what child processes inherit, before anything reads it."""
    # Windows that pop up would take the focus from whoever runs the tests, and lose theirs.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ["MPLCONFIGDIR"] = str(Path(_home.name, "matplotlib"))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(Path(_home.name, name.lower()))
    # The log of TensorFlow's C++ part, which no filter of warnings reaches.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def pytest_unconfigure(config):
    """Remove the folder that stood for the home."""
    _home.cleanup()


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_here(self, address):
        outward = self.family in (socket.AF_INET, socket.AF_INET6)
        if outward and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _uses_qt(request) -> bool:
    return not {"qtbot", "qapp"}.isdisjoint(request.fixturenames)


@pytest.fixture(autouse=True)
def isolated_settings(request):
    """Give each test of the window settings of its own, empty at first."""
    if not _uses_qt(request):
        return
    from PySide6.QtCore import QCoreApplication, QSettings

    folder = str(request.getfixturevalue("tmp_path") / "settings")
    QCoreApplication.setOrganizationName("SpectraCNN tests")
    QCoreApplication.setApplicationName("SpectraCNN tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True)
def nothing_left_behind(request):
    """Fail a test of the window that leaves a window open or a child process running."""
    if not _uses_qt(request):
        yield
        return
    children = set(multiprocessing.active_children())
    yield
    left = set(multiprocessing.active_children()) - children
    _check_children([child for child in left if child.pid not in _kept_warm()])
    _check_windows()
    _empty_clipboard()


def _kept_warm() -> tuple[int | None, ...]:
    """Return the processes that files of HDF5 share: they stay for the next one, on purpose."""
    module = sys.modules.get("spectracnn.io.hdf5_reader")
    rows = sys.modules.get("spectracnn.io.hdf5_rows")
    spare = () if rows is None else tuple(worker.pid for worker in rows._spare)
    return spare if module is None else (module._worker.pid, *spare)


def _check_children(left) -> None:
    for child in left:
        child.join(2)
    alive = [child for child in left if child.is_alive()]
    for child in alive:
        child.kill()
    assert not alive, f"the test left processes running: {alive}"


def _open_windows(widgets) -> list:
    return [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]


def _empty_clipboard() -> None:
    """Take back what a test copied: Qt would delete it after Python has ended, and crash."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


def _check_windows() -> None:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    left = _open_windows(widgets)
    if left:
        gc.collect()  # a window that only a reference cycle holds is not the test's fault
        left = _open_windows(widgets)
    names = [f"{type(widget).__name__} {widget.windowTitle()!r}" for widget in left]
    for widget in left:
        widget.close()  # or the next test is blamed
    assert not names, f"the test left windows open: {names}"
