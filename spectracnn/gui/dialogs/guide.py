"""The user's guide in a window: the pages of the documentation, with their links."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.resources import documentation_page

FIRST_PAGE = "user-guide.md"
_WIDEST_PICTURE = 720


class GuideDialog(Dialog):
    """Shows one page at a time; links to other pages stay in the window.

    Parameters
    ----------
    page : str
        File name of the page.
    parent : QWidget, optional
    """

    def __init__(self, page: str = FIRST_PAGE, parent: QWidget | None = None) -> None:
        super().__init__("User guide", parent)
        self.setModal(False)
        self.history: list[str] = []
        self.browser = QTextBrowser(openLinks=False)
        self.browser.setAccessibleName("Page of the user guide")
        self.browser.setProperty("framed", True)
        self.back_button = tool_button("Back", "The page before")
        self.home_button = tool_button("Contents", "The first page")
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.back_button)
        row.addWidget(self.home_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addLayout(row)
        layout.addWidget(self.browser, 1)
        self.browser.anchorClicked.connect(self._on_browser_anchorClicked)
        self.back_button.clicked.connect(self._on_back_clicked)
        self.home_button.clicked.connect(lambda: self.show_page(FIRST_PAGE))
        self.resize(840, 720)
        self.show_page(page)

    def show_page(self, name: str) -> None:
        """Show a page; one that is missing leaves a sentence."""
        try:
            path = documentation_page(name)
            text = path.read_text(encoding="utf-8")
        except (SpectraCNNError, OSError) as error:
            self.browser.setPlainText(str(error))
            return
        self.browser.document().setBaseUrl(QUrl.fromLocalFile(f"{path.parent.as_posix()}/"))
        self.browser.setMarkdown(text)
        self._fit_pictures()
        self.history.append(name)
        self.back_button.setEnabled(len(self.history) > 1)

    def _fit_pictures(self) -> None:
        """Make pictures no wider than the page: the document has them in their full size."""
        block = self.browser.document().begin()
        while block.isValid():
            piece = block.begin()
            while not piece.atEnd():
                form = piece.fragment().charFormat()
                if form.isImageFormat():
                    picture = form.toImageFormat()
                    picture.setWidth(_WIDEST_PICTURE)
                    cursor = self.browser.textCursor()
                    cursor.setPosition(piece.fragment().position())
                    cursor.setPosition(
                        piece.fragment().position() + piece.fragment().length(),
                        cursor.MoveMode.KeepAnchor,
                    )
                    cursor.setCharFormat(picture)
                piece += 1
            block = block.next()

    @Slot(QUrl)
    def _on_browser_anchorClicked(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
            return
        name = Path(url.path()).name
        if name and name != self.history[-1]:
            self.show_page(name)
        if url.fragment():
            self.browser.scrollToAnchor(url.fragment())

    @Slot()
    def _on_back_clicked(self) -> None:
        if len(self.history) > 1:
            self.history.pop()
            self.show_page(self.history.pop())


def show_page(name: str, parent: QWidget | None = None) -> GuideDialog:
    """Open a page beside what is being done."""
    dialog = GuideDialog(name, parent)
    dialog.show()
    return dialog
