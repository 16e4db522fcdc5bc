"""Qt's application object, and what the desktop asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from spectracnn import __version__
from spectracnn.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DesktopApplication(QApplication):
    """Takes the files that macOS hands over as events instead of arguments.

    Signals
    -------
    fileOpenRequested : str
        A path.
    """

    fileOpenRequested = Signal(str)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            if event.file():
                self.fileOpenRequested.emit(event.file())
            return True
        return super().event(event)


def make_qt_application(arguments: list[str]) -> DesktopApplication:
    """Return Qt's application object with our names and icon."""
    application = DesktopApplication(arguments)
    application.setOrganizationName("SpectraCNN")
    application.setApplicationName("SpectraCNN")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("spectracnn")
    application.setWindowIcon(application_icon())
    return application


def application_icon() -> QIcon:
    """Return the icon; where few pixels are, a drawing that fits them."""
    icon = QIcon(str(resource("icons/spectracnn.svg")))
    small = QIcon(str(resource("icons/spectracnn-small.svg")))
    for side in (16, 24):
        icon.addPixmap(small.pixmap(side))
    return icon


def come_to_front(window: QWidget) -> None:
    """Show a window above the others, as far as the desktop allows."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
