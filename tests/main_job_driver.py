"""Drives the real program through the main job, in a process of its own.

Called as ``python main_job_driver.py OUT FILE...``; writes what it saw as JSON to ``OUT/seen.json``
and exports every panel into OUT. Kept out of the test's process, because the engine is started
anew from the main module, and because only a process that ends shows what it leaves behind.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from pathlib import Path

PATIENCE_SECONDS = 150


def main(out: Path, files: list[str]) -> int:
    from PySide6.QtCore import QSettings

    from spectracnn.gui.start.app import Application
    from spectracnn.gui.start.desktop import make_qt_application

    # Of the test, not of whoever runs it.
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(out / "settings"))
    qt_application = make_qt_application(sys.argv[:1])
    sys.excepthook, before = sys.__excepthook__, sys.excepthook
    program = Application(qt_application)
    try:
        program.show(files)
        seen = walk(program, out)
    finally:
        sys.excepthook = before
        program.close()
    (out / "seen.json").write_text(json.dumps(seen), encoding="utf-8")
    seen_left = multiprocessing.active_children()
    return 1 if seen_left else 0


def walk(program, out: Path) -> dict:
    """Do what a person does, and return what they see."""
    window, workspace = program.window, program.workspace
    ui = window.ui
    wait(lambda: workspace.document.entries, "spectra in the table")
    wait(lambda: all(e.probabilities is not None for e in workspace.document.entries), "classes")
    wait(lambda: any(layer.picture for layer in workspace.contents.layers), "maps")
    wait(lambda: len(ui.stack.panels) == len(workspace.contents.layers), "panels")
    wait(lambda: ui.message_bar.current, "the message about the bad file")
    return {
        "engine": program.engine._client.pid,
        "rows": table_rows(ui.table.model),
        "message": ui.message_bar.current.sentence,
        "headline": ui.prediction.headline.text(),
        "layers": [panel.header.title.text() for panel in ui.stack.panels],
        **hover(program),
        "exported": export(program, out),
    }


def table_rows(model) -> list[list]:

    names = (model.index(row, model.column("name")).data() for row in range(model.rowCount()))
    classes = (model.index(row, model.column("class")).data() for row in range(model.rowCount()))
    shares = (max(map(float, model.entry(row).probabilities)) for row in range(model.rowCount()))
    return [list(row) for row in zip(names, classes, shares, strict=True)]


def hover(program) -> dict:
    """Move the pointer over the second layer, and see where the spectrum is shaded."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    stack = program.window.ui.stack
    panel = stack.panels[1]
    wait(panel.isVisible, "the second panel")
    box = panel.plot.getViewBox()
    picture = program.workspace.contents.layers[1].picture
    step = picture.values.shape[0] // 2
    at = panel.plot.mapFromScene(box.mapViewToScene(QPointF(picture.centres[step], 2.0)))
    viewport = panel.plot.viewport()
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(viewport.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, move)
    wait(lambda: program.workspace.contents.sample is not None, "the hovered sample")
    sample = program.workspace.contents.sample
    field = program.workspace.document.model.layers[1].field
    trace = program.workspace.document.traces[program.workspace.selection.current]
    runs = [[int(trace.positions[i]) for i in run] for run in field.runs(sample.step)]
    return {
        "sample": [sample.layer, sample.step, sample.channel],
        "readout": program.window.ui.status.readout.text(),
        "field": [[first - 0.5, last + 0.5] for first, last in runs],
        "bands": [list(band) for band in stack.spectrum.plot.bands.ranges],
    }


def export(program, out: Path) -> list[str]:
    """Export every panel, as a figure and as values, through the dialog."""
    from spectracnn.gui.export.dialog import ExportDialog

    window, written = program.window, []
    for values in (0, 1):
        dialog = ExportDialog(program.workspace, program.themes, program.settings, window)
        dialog.show()
        dialog.form.what_combo.setCurrentIndex(dialog.form.what_combo.findData("each"))
        dialog.form.kind_control._group.button(values).click()
        dialog.form.dpi_spin.setValue(60)
        dialog.form.folder_edit.setText(str(out))
        dialog.export_button.click()
        wait(lambda dialog=dialog: not dialog.exporter.busy, "the export")
        written += [path.name for path in dialog._written]
        dialog.reject()
    return written


def wait(condition, what: str) -> None:
    """Let the event loop run until something holds."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, poll = QEventLoop(), QTimer(interval=5)
    due = time.monotonic() + PATIENCE_SECONDS
    poll.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > due else None)
    poll.start()
    loop.exec()
    if not condition():
        raise TimeoutError(f"{what} did not come within {PATIENCE_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
