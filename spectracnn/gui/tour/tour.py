"""Leads through the window step by step, on the spectrum that is open."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Slot

from spectracnn.gui.tour.card import Spotlight, TourCard
from spectracnn.resources import sample_spectra
from spectracnn.view.tour import tour_steps

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.tools.shelf import Tools
    from spectracnn.gui.window.main_window import MainWindow
    from spectracnn.state.selection import Selection
    from spectracnn.view.tour import TourStep

_LOOK_AGAIN_MS = 100
_VIEW = ("spectrum_mode", "log_value", "log_index", "layers", "pinned")


class Tour(QObject):
    """Shows the steps; everything stays as usable as ever, and is put back at the end."""

    def __init__(self, window: MainWindow, tools: Tools) -> None:
        super().__init__(window)
        self._window, self._tools = window, tools
        self._workspace = window.workspace
        self._steps: tuple[TourStep, ...] = ()
        self._number = 0
        self._before: Selection | None = None
        # Maps arrive in one moment and the panels for them in others: looking again is simplest.
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.spotlight: Spotlight | None = None
        self.card: TourCard | None = None

    @property
    def step(self) -> TourStep | None:
        """What is shown now."""
        return self._steps[self._number] if self._steps else None

    def begin(self) -> None:
        """Start as soon as there is a spectrum with its maps; a sample where none is open."""
        if self.start():
            return
        if not self._workspace.document.entries:
            self._window.open_paths(sample_spectra()[:1])
        self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        layers = self._workspace.contents.layers
        traced = any(layer.picture is not None for layer in layers)
        if traced and len(self._window.ui.stack.panels) == len(layers):
            self._timer.stop()
            self.start()

    def start(self) -> bool:
        """Begin at the first step; tells whether there is anything to show."""
        self.end()
        self._steps = tour_steps(self._workspace.document, self._workspace.selection)
        if not self._steps:
            return False
        self._before = self._workspace.selection
        self._number = 0
        self.spotlight = Spotlight(self._window, self._window.themes.theme)
        self.card = TourCard(self._window)
        self.card.moveRequested.connect(self.move)
        self.card.closeRequested.connect(self.end)
        self._window.installEventFilter(self)
        self._workspace.currentChanged.connect(self._on_workspace_otherShown)
        self._workspace.modelChanged.connect(self._on_workspace_otherShown)
        self._show()
        return True

    @Slot(int)
    def move(self, steps: int) -> None:
        """Go on or back; after the last step the tour ends."""
        number = self._number + steps
        if number >= len(self._steps):
            self.end()
        elif number >= 0 and self._steps:
            self._number = number
            self._show()

    @Slot()
    def end(self) -> None:
        """Put everything back as it was."""
        self._timer.stop()
        if self.card is None or self.spotlight is None:
            return
        self._workspace.currentChanged.disconnect(self._on_workspace_otherShown)
        self._workspace.modelChanged.disconnect(self._on_workspace_otherShown)
        self._window.removeEventFilter(self)
        for widget in (self.card, self.spotlight):
            widget.hide()
            widget.deleteLater()
        self.card = self.spotlight = None
        self._steps = ()
        if self._before is not None:
            self._workspace.set_view(**{name: getattr(self._before, name) for name in _VIEW})
        self._before = None

    def _show(self) -> None:
        step, card = self.step, self.card
        if step is None or card is None:
            return
        changes: dict[str, Any] = dict(step.changes)
        layers = {**self._workspace.selection.layers, **changes.pop("layers", {})}
        self._workspace.set_view(
            **changes, layers=MappingProxyType(layers), pinned=step.sample, hovered=None
        )
        if step.tool in self._tools.names:
            self._tools.open(step.tool)
        kind, _, argument = step.target.partition(":")
        if kind == "layer":
            self._window.ui.stack.scroll_to(int(argument))
        card.show_step(step, self._number, len(self._steps))
        card.show()
        card.setFocus()
        self._place()

    def _place(self) -> None:
        if self.card is None or self.spotlight is None:
            return
        targets = self._targets()
        self.spotlight.show_targets(targets, self._window.themes.theme)
        self.spotlight.show()
        self.spotlight.raise_()
        self.card.keep_clear_of(targets)
        self.card.raise_()

    def _targets(self) -> list[QRect]:
        """Return where the parts lie that the step is about, in the window's coordinates."""
        ui, step = self._window.ui, self.step
        kind, _, argument = (step.target if step is not None else "").partition(":")
        if kind == "layer" and int(argument) < len(ui.stack.panels):
            panel = self._area(ui.stack.panels[int(argument)])
            found = [panel.intersected(self._area(ui.stack.scroll_area.viewport()))]
        elif kind == "tool":
            return [self._area(ui.tools)]
        else:
            found = [self._area(ui.stack.spectrum if kind == "spectrum" else ui.prediction)]
        if step is not None and step.tool in self._tools.names:
            found.append(self._area(ui.tools))
        return found

    def _area(self, widget: QWidget) -> QRect:
        corner = widget.mapTo(self._window, QPoint(0, 0))
        return QRect(corner, widget.size()).intersected(self._window.rect())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    @Slot(object)
    def _on_workspace_otherShown(self, _what: object) -> None:
        # The numbers of the texts are another spectrum's now.
        self._before = None
        self.end()
