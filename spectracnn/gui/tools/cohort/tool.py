"""The window about the cohort as a whole, a page a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.cohort.attribution import GroupAttributionPage
from spectracnn.gui.tools.cohort.confounds import ConfoundsPage
from spectracnn.gui.tools.cohort.groups import GroupsPage
from spectracnn.gui.tools.cohort.page import CohortPage
from spectracnn.gui.tools.cohort.predictions import PredictionsPage
from spectracnn.gui.tools.cohort.runner import make_worker
from spectracnn.gui.tools.cohort.testing import TestingPage
from spectracnn.state.cohort_choices import CohortTab

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.script import ScriptView
    from spectracnn.view.tool_pictures import ToolView


_PAGES: dict[str, type[CohortPage]] = {
    CohortTab.PREDICTIONS: PredictionsPage,
    CohortTab.GROUPS: GroupsPage,
    CohortTab.ATTRIBUTION: GroupAttributionPage,
    CohortTab.STATISTICS: TestingPage,
    CohortTab.CONFOUNDS: ConfoundsPage,
}


class _Pages(dict[str, CohortPage]):
    """Makes a page when it is first asked for: all at once would hold the window."""

    def __init__(self, make: Callable[[str], CohortPage]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> CohortPage:
        page = self[name] = self._make(name)
        return page


class CohortTool(QWidget):
    """Pages in tabs; they share one child process.

    Attributes
    ----------
    pages : dict of str to CohortPage
        By `CohortTab`, made when first asked for.
    """

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.worker = make_worker()
        self.pages: dict[str, CohortPage] = _Pages(self._make_page)
        self.tabs = QTabWidget(documentMode=True)
        self._places: dict[str, QVBoxLayout] = {}
        for name, kind in _PAGES.items():
            place = QWidget()
            self._places[name] = QVBoxLayout(place)
            self._places[name].setContentsMargins(0, 0, 0, 0)
            self.tabs.addTab(place, kind.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self._chosen = Chosen(context.workspace, "cohort", "Cohort", self)
        self._chosen.bind_places("tab", self.tabs, tuple(_PAGES), "page")
        self._chosen.show()
        self.tabs.currentChanged.connect(self._on_tabs_currentChanged)
        self._on_tabs_currentChanged(self.tabs.currentIndex())
        self.resize(1120, 760)

    def _make_page(self, name: str) -> CohortPage:
        page = _PAGES[name](self._context, self.worker)
        self._places[name].addWidget(page)
        return page

    @property
    def page(self) -> CohortPage:
        """The page in front."""
        return self.pages[tuple(_PAGES)[self.tabs.currentIndex()]]

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(tuple(_PAGES).index(name))

    @Slot(int)
    def _on_tabs_currentChanged(self, _place: int) -> None:
        self.page.show()

    def figure_view(self) -> ToolView | None:
        """Return what the page in front shows, for a figure."""
        return self.page.figure_view()

    def script_view(self) -> ScriptView | None:
        """Return what the page in front shows, for a script."""
        return self.page.script_view()

    def values_tsv(self) -> str:
        """Return the numbers of the page in front, tab-separated."""
        return self.page.values_tsv()

    def methods_text(self) -> str:
        """Return the paragraph about what the page in front shows; empty where there is none."""
        return self.page.methods()

    def close_job(self) -> None:
        """End what runs; for the end of the program."""
        for page in self.pages.values():
            page.runner.close()
