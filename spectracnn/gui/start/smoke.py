"""Walks through the whole program and ends it: how a frozen build is tested.

Uses what a person uses: opens the files, waits for the maps, opens every tool and Help > About,
exports every panel in every format, takes pictures, closes the window. The program itself does not
change for it.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QThreadPool, QTimer, Slot

from spectracnn import __version__
from spectracnn.engine.messages import Failed
from spectracnn.figures.job import (
    EACH,
    FIGURE_FORMATS,
    VALUES_FORMATS,
    ExportChoice,
    Snapshot,
    targets,
)
from spectracnn.gui.dialogs.about import AboutDialog
from spectracnn.gui.export.worker import Exporter, ExportOutcome
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.start.gaps import GapRecorder
from spectracnn.gui.theme import ThemeChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QWidget

    from spectracnn.engine.messages import Event
    from spectracnn.gui.start.app import Application
    from spectracnn.state.document import Entry

    _Wait = tuple[str, Callable[[], bool]]

log = logging.getLogger(__name__)

REPORT = "smoke.json"
SCREENSHOT, DARK_SCREENSHOT = "window.png", "window-dark.png"
_POLL_MS = 20
_PATIENCE_MS = 200_000
_DPI = 60
# A tool is done when nobody has worked for it for so many polls in a row.
_SETTLED = 15


@dataclass
class SmokeReport:
    """What the walk has seen."""

    version: str = __version__
    frozen: bool = bool(getattr(sys, "frozen", False))
    failure: str = ""
    messages: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    longest_gap: dict[str, float] = field(default_factory=dict)
    spectra: int = 0
    layers: list[str] = field(default_factory=list)
    prediction: str = ""
    tools: list[str] = field(default_factory=list)
    exported: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


class SmokeTest(QObject):
    """One walk through a running program.

    Parameters
    ----------
    program : Application
        Shown, with its files on the way.
    qt_application : QApplication
        Ended when all is done.
    folder : Path
        Where report, screenshot and exports go.
    """

    def __init__(self, program: Application, qt_application: QApplication, folder: Path) -> None:
        super().__init__(program)
        self._program, self._qt, self._folder = program, qt_application, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.report = SmokeReport()
        if note := program.window.ui.message_bar.current:
            self.report.messages.append(note.sentence)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._steps = self._walk()
        self._waiting_for: _Wait = ("a start", lambda: True)
        self._outcome: ExportOutcome | None = None
        self._ended = False
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._exporter = Exporter(self)
        self._exporter.exportFinished.connect(self._on_exporter_exportFinished)
        program.inference.messageRaised.connect(self._on_messageRaised)
        program.unexpected.raised.connect(self._on_messageRaised)
        program.engine.eventReceived.connect(self._on_engine_eventReceived)
        self._timer.start()
        self._gaps = GapRecorder()

    def _walk(self) -> Iterator[_Wait]:
        """Yield, one after the other, what to wait for; what stands between them is done."""
        program, report = self._program, self.report
        workspace = program.workspace
        yield "spectra in the table", lambda: bool(workspace.document.entries)
        yield "activation maps", self._maps_are_shown
        yield "classes", lambda: all(map(_answered, workspace.document.entries))
        # From the window's appearance on, while TensorFlow loads and everything is built.
        report.longest_gap = self._gaps.worst("launch")
        report.spectra = len(workspace.document.entries)
        report.layers = [layer.title for layer in workspace.contents.layers]
        report.prediction = program.window.ui.prediction.headline.text()
        yield from self._open_tools()
        yield from self._export_panels()
        yield from self._look_at_parts()
        self._picture(program.window, SCREENSHOT)
        program.themes.choose(ThemeChoice.DARK)
        yield "the dark theme", self._settled()
        self._picture(program.window, DARK_SCREENSHOT)

    def _open_tools(self) -> Iterator[_Wait]:
        tools = self._program.tools
        for name in tools.names:
            widget = tools.open(name)
            yield f"the tool {name}", self._settled()
            self._picture(widget, f"tool-{name}.png")
            self.report.tools.append(name)
        tools.close_windows()

    def _export_panels(self) -> Iterator[_Wait]:
        for suffix in (*FIGURE_FORMATS, *VALUES_FORMATS):
            self._export(suffix)
            yield f"the export as {suffix}", lambda: self._outcome is not None
            outcome = self._outcome or ExportOutcome(failure="nothing came")
            if outcome.failure:
                raise RuntimeError(outcome.failure)
            self.report.exported += [path.name for path in outcome.paths]

    def _look_at_parts(self) -> Iterator[_Wait]:
        dialog = AboutDialog(self._program.window)
        dialog.show()
        yield "versions and licences", lambda: dialog.complete
        self._picture(dialog, "about.png")
        self.report.parts = dialog.lines()
        dialog.close()

    def _settled(self) -> Callable[[], bool]:
        """Return a condition that holds when neither the engine nor a thread has work left."""
        quiet = 0

        def holds() -> bool:
            nonlocal quiet
            pools = self._program.window.findChildren(QThreadPool)
            busy = self._program.broker.busy or any(p.activeThreadCount() for p in pools)
            quiet = 0 if busy else quiet + 1
            return quiet >= _SETTLED

        return holds

    def _picture(self, widget: QWidget, name: str) -> None:
        if not widget.grab().save(str(self._folder / name)):
            raise RuntimeError(f"the picture {name} could not be written")

    def _maps_are_shown(self) -> bool:
        if not self._program.window.ui.built:
            return False
        layers = self._program.workspace.contents.layers
        panels = self._program.window.ui.stack.panels
        shown = bool(layers) and all(layer.picture is not None for layer in layers)
        return shown and len(panels) == len(layers)

    def _export(self, suffix: str) -> None:
        self._outcome = None
        values = suffix in VALUES_FORMATS
        form = {"values_format": suffix} if values else {"figure_format": suffix}
        choice = ExportChoice(what=EACH, values=values, dpi=_DPI, **form)  # type: ignore[arg-type]
        workspace = self._program.workspace
        wanted = targets(choice, workspace.contents, self._folder, "panel")
        self._exporter.export(Snapshot.of(workspace.document, workspace.selection), choice, wanted)

    @Slot()
    def _on_timer_timeout(self) -> None:
        what, holds = self._waiting_for
        try:
            if holds():
                self.report.seconds[what] = self._clock.elapsed() / 1000
                self._waiting_for = next(self._steps)
            elif self._clock.elapsed() > _PATIENCE_MS:
                raise TimeoutError(f"{what} did not come within {_PATIENCE_MS // 1000} s")
        except StopIteration:
            self._end()
        except Exception as error:  # the test must end and say so, or the build waits for ever
            log.exception("the smoke test failed")
            self._end(f"{type(error).__name__}: {error}")

    @Slot(object)
    def _on_exporter_exportFinished(self, outcome: ExportOutcome) -> None:
        self._outcome = outcome

    @Slot(object)
    def _on_messageRaised(self, message: Message) -> None:
        self.report.messages.append(message.sentence)
        if message.severity is Severity.ERROR:
            self._end(f"{message.sentence} {message.details}".strip())

    @Slot(object)
    def _on_engine_eventReceived(self, event: Event) -> None:
        if isinstance(event, Failed):
            self._end(f"{type(event.error).__name__}: {event.error}")

    def _end(self, failure: str = "") -> None:
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        self._exporter.close()
        self.report.failure = failure
        text = json.dumps(asdict(self.report), indent=2)
        (self._folder / REPORT).write_text(text + "\n", encoding="utf-8")
        self._program.window.close()
        self._qt.quit()

    @property
    def exit_code(self) -> int:
        """0 when all went well."""
        return 1 if self.report.failure else 0


def _answered(entry: Entry) -> bool:
    return entry.probabilities is not None or bool(entry.refusal)
