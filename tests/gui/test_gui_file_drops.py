"""No part of the window swallows a dropped file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

PARTS = {
    "plot": lambda ui: ui.stack.spectrum.plot.viewport(),
    "axis": lambda ui: ui.stack.axis.viewport(),
    "table": lambda ui: ui.table.view.viewport(),
    "filter": lambda ui: ui.table.filter_edit,
    "strip": lambda ui: ui.strip.tree.viewport(),
    "prediction": lambda ui: ui.prediction.bars,
    "message": lambda ui: ui.message_bar.details.viewport(),
    "greeting": lambda ui: ui.welcome,
}


@pytest.mark.parametrize("part", PARTS)
def test_a_file_dropped_on_this_part_is_opened(part, program, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(program.window, "open_paths", lambda paths: opened.extend(paths))
    target = PARTS[part](program.ui)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.ev"))])
    how = (
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(2, 2), *how)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(2, 2), *how, QEvent.Type.Drop))
    QApplication.sendEvent(target, QDragLeaveEvent())
    assert opened == [tmp_path / "a.ev"]
