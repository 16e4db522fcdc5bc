"""Shows what a file will be: a picture, or the beginning of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontDatabase, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from spectracnn.figures.job import MM_PER_INCH
from spectracnn.gui.dialogs.base import GAP, muted
from spectracnn.gui.widgets.painting import ends_painter

if TYPE_CHECKING:
    from spectracnn.figures.job import ExportChoice
    from spectracnn.gui.export.worker import Preview


class PictureView(QWidget):
    """A picture as large as fits, never enlarged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self._scaled: QPixmap | None = None
        self.setMinimumSize(240, 200)
        self.setAccessibleName("Preview of the figure")

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self.image, self._scaled = image, None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(520, 520)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.image is None:
            return
        ratio = self.devicePixelRatioF()
        room = QSizeF(self.size()) * ratio
        fitted = QSizeF(self.image.size()).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        fitted = fitted.boundedTo(QSizeF(self.image.size()) * ratio)
        if self._scaled is None or self._scaled.size() != fitted.toSize():
            smooth = Qt.TransformationMode.SmoothTransformation
            keep = Qt.AspectRatioMode.KeepAspectRatio
            picture = self.image.scaled(fitted.toSize(), keep, smooth)
            self._scaled = QPixmap.fromImage(picture)
        shown = QSizeF(self._scaled.size()) / ratio
        left, top = (self.width() - shown.width()) // 2, (self.height() - shown.height()) // 2
        painter = QPainter(self)
        area = QRectF(QPointF(left, top), shown)
        painter.drawPixmap(area, self._scaled, QRectF(self._scaled.rect()))
        # An edge, because a white figure on a white ground has none.
        painter.setPen(self.palette().mid().color())
        painter.drawRect(area.toRect().adjusted(0, 0, -1, -1))


class PreviewView(QFrame):
    """Preview with a line about its size, and the states in between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("preview", True)
        self.picture = PictureView()
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Preview of the values")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.sentence = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.sentence.setProperty("muted", True)
        self.pages = QStackedWidget()
        for page in (self.picture, self.text, self.sentence):
            self.pages.addWidget(page)
        self.caption = muted()
        self.caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.caption)
        self.show_waiting()

    def show_waiting(self) -> None:
        """Say that the preview is on its way; an older one stays meanwhile."""
        self.caption.setText("Drawing the preview …")
        if self.pages.currentWidget() is self.sentence:
            self.sentence.setText("")

    def show_preview(self, preview: Preview, choice: ExportChoice, count: int) -> None:
        """Show what arrived: the look of the first of so many files."""
        first = f"The first of {count} files  ·  " if count > 1 else ""
        if preview.failure:
            self.sentence.setText(preview.failure)
            self.pages.setCurrentWidget(self.sentence)
            self.caption.setText("")
        elif preview.image is not None:
            self.picture.show_image(preview.image)
            self.pages.setCurrentWidget(self.picture)
            self.caption.setText(first + _size_text(preview.inches, choice))
        else:
            self.text.setPlainText(preview.text)
            self.pages.setCurrentWidget(self.text)
            arrays = "The file's arrays; where they come from is added"
            table = "How the file begins, after where its numbers come from"
            self.caption.setText(first + (table if choice.suffix == "csv" else arrays))


def _size_text(inches: tuple[float, float], choice: ExportChoice) -> str:
    width, height = (round(side * MM_PER_INCH) for side in inches)
    text = f"{width} × {height} mm"
    if choice.suffix != "png":
        return f"{text}, text stays text"
    across, down = (int(side * choice.dpi) for side in inches)
    return f"{text}  ·  {across} × {down} pixels"
