"""Tools are made when first asked for, once, as a tab or a window."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QTabWidget

from spectracnn.gui.tools.registry import ToolInfo
from spectracnn.gui.tools.shelf import Tools


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def made():
    return []


@pytest.fixture
def tools(window, made, settings, themes):
    tabs = QTabWidget()
    window.setCentralWidget(tabs)

    def maker(name):
        def make(context):
            made.append(name)
            return QLabel(name)

        return make

    infos = (
        ToolInfo("one", "One", "&One", maker("one")),
        ToolInfo("two", "Two", "&Two", maker("two"), shortcut="Ctrl+T"),
        ToolInfo("far", "Far", "&Far", maker("far"), window=True),
    )
    context = SimpleNamespace(settings=settings, themes=themes)
    return Tools(context, tabs, window, infos)


def test_nothing_is_made_before_it_is_asked_for(tools, made):
    assert made == []
    assert tools.made("one") is None
    tools.show_current()
    assert made == ["one"]


def test_a_tab_is_made_once(tools, made, window):
    first = tools.open("two")
    assert tools.open("two") is first
    assert made == ["two"]
    assert window.centralWidget().currentIndex() == 1


def test_a_window_opens_and_is_kept(tools, made, window):
    tools.open("far")
    far = tools.made("far")
    assert far.window() is not window
    assert far.isVisible()
    tools.close_windows()
    tools.open("far")
    assert made == ["far"]
    assert tools.made("far") is far
    tools.close_windows()
