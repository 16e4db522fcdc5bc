"""Panels that are brought up to date a few a turn of the event loop, those in view first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spectracnn.gui.panels.layer_panel import LayerPanel

_SECONDS_A_TURN = 0.008
"""Of the processor, for what is shown at once."""
_AT_ONCE = 8
"""Of so many panels all are shown at once, however long it takes."""
_AT_LEAST = 2


class LatePanels(QObject):
    """Layer panels that do not show the latest yet.

    To draw all of them in one turn would hold up the window for hundreds of milliseconds.

    Parameters
    ----------
    update : callable
        Brings one panel up to date.
    distance : callable
        How far from the view a panel stands; 0 in view.
    parent : QObject
        Qt's.
    """

    def __init__(
        self,
        update: Callable[[LayerPanel], None],
        distance: Callable[[LayerPanel], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._update, self._distance = update, distance
        self.panels: list[LayerPanel] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def put(self, panels: Iterable[LayerPanel]) -> None:
        """Have these updated when their turn comes, instead of those that still waited."""
        self.panels = list(panels)
        if self.panels:
            self._timer.start()
        else:
            self._timer.stop()

    def add(self, panel: LayerPanel) -> None:
        """Have one more updated when its turn comes."""
        self.panels.append(panel)
        self._timer.start()

    def show_now(self, wanted: Callable[[LayerPanel], bool]) -> None:
        """Update at once those that are wanted; of many, as many as a turn has time for."""
        end = time.thread_time() + _SECONDS_A_TURN
        least = _AT_ONCE if len(self.panels) <= _AT_ONCE else _AT_LEAST
        chosen = sorted(filter(wanted, self.panels), key=self._distance)
        for count, panel in enumerate(chosen):
            if count >= least and time.thread_time() > end:
                break  # the timer goes on
            self._show(panel)

    def _show(self, panel: LayerPanel) -> None:
        self.panels.remove(panel)
        self._update(panel)

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self.panels:
            self._show(min(self.panels, key=self._distance))
        if not self.panels:
            self._timer.stop()
