"""The tour leads through the real window, and leaves it as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from spectracnn.gui.tools.registry import ToolInfo
from spectracnn.gui.tools.shelf import Tools
from spectracnn.gui.tour.tour import Tour
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import SpectrumMode


def _context(program):
    return ToolContext(program.workspace, program.broker, program.themes, program.settings)


@pytest.fixture
def tour(program, spectra):
    infos = tuple(
        ToolInfo(name, name, name, lambda context, name=name: QLabel(name))
        for name in ("inspector", "attribution")
    )
    tools = Tools(_context(program), program.ui.tools, program.window, infos)
    program.fill(spectra)
    return Tour(program.window, tools)


def test_it_goes_on_and_back_and_frames_what_it_tells_of(program, tour):
    assert tour.start()
    texts, framed = [], []
    while tour.step is not None:
        texts.append(tour.card.text.text())
        framed.append(tour.spotlight.targets[0])
        card = QRect(tour.card.pos(), tour.card.size())
        assert program.window.rect().contains(card)
        assert tour.card.isVisible()
        tour.move(1)
    assert len(texts) == len(set(texts)) == 8
    spectrum = program.ui.stack.spectrum
    assert framed[0].size() == spectrum.size()
    assert framed[6].size() == program.ui.prediction.size()
    assert tour.card is None


def test_tools_come_to_the_front_and_samples_are_pinned(program, tour):
    tour.start()
    tour.move(2)
    assert program.ui.tools.tabText(program.ui.tools.currentIndex()) == "inspector"
    assert program.workspace.selection.pinned == tour.step.sample
    assert len(tour.spotlight.targets) == 2
    tour.move(-1)
    assert tour.card.place.text() == "2 of 8"


def test_the_view_is_put_back(program, tour):
    program.workspace.set_view(spectrum_mode=SpectrumMode.UNIT_AREA)
    before = program.workspace.selection
    tour.start()
    tour.move(1)
    assert program.workspace.selection.spectrum_mode is SpectrumMode.MODEL_INPUT
    QTest.keyClick(tour.card, Qt.Key.Key_Escape)
    assert tour.card is None
    assert program.workspace.selection == before


def test_another_spectrum_ends_it(program, tour):
    tour.start()
    program.workspace.set_current(program.workspace.document.entries[1].id)
    assert tour.card is None


def test_without_a_spectrum_a_sample_is_opened_first(qtbot, program, monkeypatch):
    asked = []
    monkeypatch.setattr(program.window, "open_paths", asked.extend)
    tour = Tour(program.window, Tools(_context(program), program.ui.tools, program.window, ()))
    tour.begin()
    assert len(asked) == 1
    assert tour.card is None
    from spectracnn import io

    spectra = io.read(asked[0])
    program.engine.answer_open()
    program.workspace.add_spectra(spectra)
    program.engine.answer_trace()
    qtbot.waitUntil(lambda: tour.card is not None)
    tour.end()
