"""Of thousands of rows, keys that each row must be asked for are gathered in slices."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from spectracnn.core.spectrum import Spectrum
from spectracnn.gui.panels import row_keys
from spectracnn.gui.panels.spectra_table import SpectraTable
from spectracnn.gui.theme import LIGHT
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.view.columns import columns

N = 300


@pytest.fixture
def document():
    draw = np.random.default_rng(2)
    entries = []
    for place in range(N):
        values = np.arange(20.0)
        values[: 1 + draw.integers(0, 3)] = 0
        entries.append(Entry(place + 1, Spectrum(f"s{place}", values, subject=f"x{place % 7}")))
    return Document(tuple(entries))


@pytest.mark.parametrize("name", ["badges", "subject"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_order_comes_when_all_rows_were_asked(qtbot, monkeypatch, document, name, descending):
    monkeypatch.setattr(row_keys, "AT_ONCE", 10)
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.reset(document)
    order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
    table.view.sortByColumn(table.model.column(name), order)
    proxy = table.view.model()
    assert proxy.rowCount() == N  # the order before stays meanwhile
    column = next(column for column in columns(document) if column.name == name)
    keys = [column.key(document, entry) for entry in document.entries]
    assert len(set(keys)) > 1
    expected = sorted(range(N), key=keys.__getitem__, reverse=descending)

    def shown():
        return [proxy.source_row(row) for row in range(N)]

    qtbot.waitUntil(lambda: shown() == expected, timeout=60_000)


def test_rows_that_come_are_asked_too(qtbot, monkeypatch, document):
    monkeypatch.setattr(row_keys, "AT_ONCE", 10)
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.reset(document)
    table.view.sortByColumn(table.model.column("subject"), Qt.SortOrder.AscendingOrder)
    proxy = table.view.model()
    qtbot.waitUntil(lambda: proxy.source_row(1) == 7, timeout=60_000)
    late = Entry(N + 1, Spectrum("late", np.arange(20.0), subject="a"))
    table.reset(document.with_appended([late]))
    qtbot.waitUntil(lambda: proxy.source_row(0) == N, timeout=60_000)
