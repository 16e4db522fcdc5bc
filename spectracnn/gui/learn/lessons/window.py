"""The lessons' window: a list with progress marks, and the lesson that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.learn.lessons.arguments import ArgumentsPicture
from spectracnn.gui.learn.lessons.drum import DrumPicture
from spectracnn.gui.learn.lessons.filters import FiltersPicture
from spectracnn.gui.learn.lessons.learning import LearningPicture
from spectracnn.gui.learn.lessons.picture import Material
from spectracnn.gui.learn.lessons.pooling import PoolingPicture
from spectracnn.gui.learn.lessons.relu import ReluPicture
from spectracnn.gui.learn.lessons.slide import SlidePicture
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.lessons import LessonProgress
from spectracnn.view.lessons.catalogue import LESSONS

if TYPE_CHECKING:
    from spectracnn.gui.learn.lessons.picture import Picture, Send
    from spectracnn.view.theme import Theme

_PICTURES: dict[str, type[Picture]] = {
    "drum": DrumPicture,
    "slide": SlidePicture,
    "filters": FiltersPicture,
    "arguments": ArgumentsPicture,
    "relu": ReluPicture,
    "pooling": PoolingPicture,
    "learning": LearningPicture,
}
NO_SPECTRUM = Material("a made-up spectrum", np.log1p(np.arange(48, dtype=np.float32)))


class LessonsWindow(QWidget):
    """Shows the lessons; changes nothing of what the person has open.

    Signals
    -------
    progressChanged : LessonProgress
    pageRequested : str
        A page of the documentation.
    """

    progressChanged = Signal(object)
    pageRequested = Signal(str)

    def __init__(
        self, send: Send, theme: Theme, progress: LessonProgress, material: Material = NO_SPECTRUM
    ) -> None:
        super().__init__()
        self._send, self.theme, self.progress, self.material = send, theme, progress, material
        self.picture: Picture | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("Lessons")
        self.list.setFixedWidth(260)
        self.list.setProperty("pages", True)
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.title, self.idea, self.task, self.verdict = (QLabel(wordWrap=True) for _ in range(4))
        self.title.setProperty("headline", True)
        self.task.setProperty("title", True)
        self.verdict.setMinimumHeight(2 * self.verdict.fontMetrics().lineSpacing())
        self.task.setMinimumHeight(2 * self.task.fontMetrics().lineSpacing())
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.check_button = QPushButton("Check")
        self.check_button.setProperty("primary", True)
        self.next_button = QPushButton("Next lesson")
        self.page_button = tool_button("Read more", "Open the documentation of this", quiet=True)
        self._stage = QVBoxLayout()
        self._arrange()
        for place, lesson in enumerate(LESSONS, 1):
            item = QListWidgetItem(f"{place}  {lesson.title}")
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._on_list_currentRowChanged)
        self.check_button.clicked.connect(self._on_check_clicked)
        self.next_button.clicked.connect(self._on_next_clicked)
        self.page_button.clicked.connect(
            lambda: self.pageRequested.emit(LESSONS[self.list.currentRow()].page)
        )
        keys = [lesson.key for lesson in LESSONS]
        self._mark_done()
        self.resize(1020, 700)
        self.list.setCurrentRow(keys.index(progress.current) if progress.current in keys else 0)

    def _arrange(self) -> None:
        answer = QFrame()
        answer.setProperty("bar", True)
        row = QHBoxLayout(answer)
        row.setContentsMargins(16, 10, 16, 10)
        words = QVBoxLayout()
        words.addWidget(self.task)
        words.addWidget(self.verdict)
        row.addLayout(words, 1)
        row.addWidget(self.check_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.next_button, 0, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.page_button)
        column.addLayout(head)
        column.addWidget(self.idea)
        column.addLayout(self._stage, 1)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inner)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(area, 1)
        right.addWidget(answer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)

    def _mark_done(self) -> None:
        """Put a mark before each lesson that was answered."""
        for place, lesson in enumerate(LESSONS):
            done = lesson.key in self.progress.done
            mark = "\u2713" if done else f"{place + 1}"
            self.list.item(place).setText(f"{mark}  {lesson.title}")
            state = "done" if done else "open"
            self.list.item(place).setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{lesson.title}, {state}"
            )

    @Slot(int)
    def _on_list_currentRowChanged(self, row: int) -> None:
        if not 0 <= row < len(LESSONS):
            return
        lesson = LESSONS[row]
        if self.picture is not None:
            self.picture.hide()
            self.picture.deleteLater()
        self.picture = _PICTURES[lesson.key](self._send, self.theme, self.material)
        self._stage.addWidget(self.picture, 1)
        self.title.setText(lesson.title)
        self.idea.setText(lesson.idea)
        self.task.setText(lesson.task)
        self.verdict.clear()
        self.next_button.setEnabled(row + 1 < len(LESSONS))
        self._keep(LessonProgress(self.progress.done, lesson.key))

    def _keep(self, progress: LessonProgress) -> None:
        if progress != self.progress:
            self.progress = progress
            self._mark_done()
            self.progressChanged.emit(progress)

    @Slot()
    def _on_check_clicked(self) -> None:
        if self.picture is None:
            return
        verdict = self.picture.check()
        colour = self.theme.good if verdict.right else self.theme.warning
        self.verdict.setStyleSheet(f"color: {colour}")
        self.verdict.setText(verdict.sentence)
        if verdict.right:
            self._keep(self.progress.with_done(LESSONS[self.list.currentRow()].key))

    @Slot()
    def _on_next_clicked(self) -> None:
        self.list.setCurrentRow(self.list.currentRow() + 1)

    def set_material(self, material: Material) -> None:
        """Speak of another spectrum, from the next lesson that is opened on."""
        self.material = material

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme = theme
        if self.picture is not None:
            self.picture.apply_theme(theme)
