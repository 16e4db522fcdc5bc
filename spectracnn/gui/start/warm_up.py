"""Prepares what the person will soon need, in a thread, while the window already answers."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.core.bulk import keep_for_good, without_collection

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE = 0.02
"""Seconds between two tools."""


class WarmUp(QObject):
    """Does something once in a thread of its own.

    An import of many modules takes the window's thread hundreds of milliseconds; in a thread of
    its own it yields to the window every few.

    Parameters
    ----------
    work : callable
        Imports; makes no QObjects.
    parent : QObject, optional
        Qt's.
    """

    _ended = Signal()

    def __init__(self, work: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._waiting: list[Callable[[], None]] = []
        self._done = False
        self._thread = threading.Thread(target=self._run, name="warm up", daemon=True)
        self._ended.connect(self._on_ended)

    def start(self) -> None:
        """Begin; returns at once."""
        if not self._thread.is_alive() and not self._done:
            self._thread.start()

    def when_done(self, act: Callable[[], None]) -> None:
        """Do something in this object's thread once the work is done."""
        if self._done:
            act()
        else:
            self._waiting.append(act)

    @property
    def begun(self) -> bool:
        """Whether the work began, at least."""
        return self._done or self._thread.is_alive()

    def wait(self) -> None:
        """Let the thread end."""
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        try:
            with without_collection():
                self._work()
                keep_for_good()
        finally:  # where an import failed, whoever needs the module tells it better
            self._ended.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._done = True
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()


def prepare_tools() -> None:
    """Make the colour tables and import the tools."""
    from spectracnn.gui.tools.registry import import_all
    from spectracnn.view.palettes import Palette, colour_table

    for palette in Palette:
        for dark in (False, True):
            colour_table(palette, dark)
    import_all(lambda: time.sleep(_PAUSE))


def start_drawing() -> None:
    """Have the process ready that draws for exports."""
    from spectracnn.figures.process import KEPT

    KEPT.warm()


def end_drawing() -> None:
    """End the process that draws for exports."""
    from spectracnn.figures.process import KEPT

    KEPT.end()
