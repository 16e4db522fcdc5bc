"""The real program, built from its own parts inside a benchmark, and waited for."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 480.0


@contextmanager
def program(model: Path | None = None) -> Iterator[Any]:
    """Build the program as ``spectracnn.gui.start.launch.main`` does; its window is not shown yet.

    Yields
    ------
    spectracnn.gui.start.app.Application
        The program.
    """
    from spectracnn.gui.start.app import Application
    from spectracnn.gui.start.desktop import make_qt_application

    qt_application = make_qt_application(["benchmarks"])
    running = Application(qt_application, model)
    try:
        yield running
    finally:
        running.close()


def spin(seconds: float) -> None:
    """Let the event loop run, as it runs for a person."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def spin_until(done: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Let the event loop run until something is so.

    Raises
    ------
    TimeoutError
        If it takes too long.
    """
    give_up = time.monotonic() + patience
    while not done():
        if time.monotonic() > give_up:
            raise TimeoutError(f"waited in vain for {what}")
        spin(0.02)


def maps_shown(running: Any) -> bool:
    """Tell whether every layer's panel stands and the current spectrum's maps are in them."""
    if not running.window.ui.built:
        return False
    contents, panels = running.workspace.contents, running.window.ui.stack.panels
    shown = [layer for layer in contents.layers if layer.picture is not None]
    return bool(shown) and len(panels) == len(contents.layers)


def all_classified(running: Any) -> bool:
    """Tell whether every spectrum of the table has its answer."""
    entries = running.workspace.document.entries
    return bool(entries) and all(e.probabilities is not None or e.refusal for e in entries)
