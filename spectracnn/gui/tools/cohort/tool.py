"""The window about the cohort as a whole, a page a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.cohort.attribution import GroupAttributionPage
from spectracnn.gui.tools.cohort.confounds import ConfoundsPage
from spectracnn.gui.tools.cohort.groups import GroupsPage
from spectracnn.gui.tools.cohort.predictions import PredictionsPage
from spectracnn.gui.tools.cohort.runner import make_worker
from spectracnn.gui.tools.cohort.testing import TestingPage
from spectracnn.state.cohort_choices import CohortTab

if TYPE_CHECKING:
    from spectracnn.gui.tools.cohort.page import CohortPage
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.script import ScriptView
    from spectracnn.view.tool_pictures import ToolView


class CohortTool(QWidget):
    """Pages in tabs; they share one child process."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.worker = make_worker()
        self.pages: dict[str, CohortPage] = {
            CohortTab.PREDICTIONS: PredictionsPage(context, self.worker),
            CohortTab.GROUPS: GroupsPage(context, self.worker),
            CohortTab.ATTRIBUTION: GroupAttributionPage(context, self.worker),
            CohortTab.STATISTICS: TestingPage(context, self.worker),
            CohortTab.CONFOUNDS: ConfoundsPage(context, self.worker),
        }
        self.tabs = QTabWidget(documentMode=True)
        for page in self.pages.values():
            self.tabs.addTab(page, page.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self._chosen = Chosen(context.workspace, "cohort", "Cohort", self)
        self._chosen.bind_places("tab", self.tabs, tuple(self.pages), "page")
        self._chosen.show()
        self.resize(1120, 760)

    @property
    def page(self) -> CohortPage:
        """The page in front."""
        return list(self.pages.values())[self.tabs.currentIndex()]

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentWidget(self.pages[name])

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
