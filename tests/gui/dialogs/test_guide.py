"""Every page of the guide opens, and its links lead somewhere."""

import re

import pytest
from PySide6.QtCore import QUrl

from spectracnn.gui.dialogs.guide import FIRST_PAGE, GuideDialog
from spectracnn.resources import documentation_page

PAGES = sorted(path.name for path in documentation_page(FIRST_PAGE).parent.glob("*.md"))


@pytest.fixture
def guide(qtbot):
    dialog = GuideDialog()
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_heading_and_links_to_pages_that_are_there(guide, page):
    guide.show_page(page)
    text = documentation_page(page).read_text(encoding="utf-8")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)[1]
    assert guide.browser.toPlainText().startswith(heading.replace("`", ""))
    for link in re.findall(r"\]\(([\w-]+\.md)[#)]", text):
        assert documentation_page(link).is_file()


def test_links_and_back(guide):
    other = next(page for page in PAGES if page != FIRST_PAGE)
    guide.browser.anchorClicked.emit(QUrl(other))
    assert guide.history == [FIRST_PAGE, other]
    guide.back_button.click()
    assert guide.history == [FIRST_PAGE]
    assert not guide.back_button.isEnabled()


def test_a_missing_page_is_a_sentence(guide):
    guide.show_page("none.md")
    assert "none.md of the user's guide is missing" in guide.browser.toPlainText()


def test_the_lessons_lead_to_pages():
    from spectracnn.view.lessons.catalogue import LESSONS

    missing = {"shapes.md"}  # written with the shapes
    assert {lesson.page for lesson in LESSONS} - missing <= set(PAGES)
