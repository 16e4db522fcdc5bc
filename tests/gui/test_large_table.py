"""A study of thousands of spectra in the table: lazily read, filtered, sorted, selected."""

from __future__ import annotations

from dataclasses import replace

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from spectracnn.gui.panels.spectra_table import SpectraTable
from spectracnn.gui.theme import LIGHT
from spectracnn.gui.workspace.file_reader import FileReader
from spectracnn.gui.workspace.reading import LARGEST_BATCH
from spectracnn.io import store as store_module
from spectracnn.io.store import SpectrumStore
from spectracnn.io.stored import StoredSpectrum
from spectracnn.state.document import Document, merged
from spectracnn.state.entry import Entry

N, LENGTH = 5_000, 120
CACHE = 1 << 20


@pytest.fixture
def store(monkeypatch):
    own = SpectrumStore(cache_bytes=CACHE)
    monkeypatch.setattr(store_module, "spectrum_store", lambda: own)
    yield own
    own.close()


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.h5"
    draw = np.random.default_rng(3)
    values = np.cumsum(draw.random((N, LENGTH)), axis=1)
    values[:, 0] = 0
    with h5py.File(path, "w") as file:
        file["eigenvalues"] = values
        file["name"] = np.array([f"sub-{n:04d}" for n in range(N)], dtype=object)
        file["age"] = np.arange(N) % 90
    return path, values


@pytest.fixture
def batches(qtbot, store, study):
    reader, found = FileReader(), []
    reader.batchRead.connect(found.append)
    with qtbot.waitSignal(reader.jobFinished, timeout=60_000):
        reader.open([study[0]])
    reader.close()
    return found


@pytest.fixture
def document(network, batches):
    spectra = [spectrum for batch in batches for spectrum in batch.spectra]
    entries = [Entry(number, spectrum) for number, spectrum in enumerate(spectra, 1)]
    return Document((), network.description).with_appended(entries)


@pytest.fixture
def table(qtbot, document):
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.resize(520, 300)
    table.show()
    table.reset(document)
    return table


def shown(table, rows=5):
    model = table.view.model()
    return [model.index(row, 0).data() for row in range(min(rows, model.rowCount()))]


def test_spectra_come_in_batches_without_their_values(batches, store, study):
    spectra = [spectrum for batch in batches for spectrum in batch.spectra]
    assert len(spectra) == N
    assert max(len(batch.spectra) for batch in batches) <= LARGEST_BATCH
    assert all(isinstance(s, StoredSpectrum) and not s.held_bytes for s in spectra)
    assert [path for batch in batches for path in batch.read] == [study[0]]
    for place in (0, N // 2, N - 1):
        np.testing.assert_array_equal(spectra[place].eigenvalues, study[1][place])
    for spectrum in spectra:
        _ = spectrum.eigenvalues
    assert 0 < store.held <= CACHE


def test_the_table_shows_it_without_reading_values(table, store):
    for place in range(0, N, 100):
        table.view.scrollTo(table.view.model().index(place, 0))
        table.view.viewport().grab()
    assert table.count_label.text() == "5000 open"
    assert store.held == 0


def test_words_and_conditions_filter_it(qtbot, table, document):
    qtbot.keyClicks(table.filter_edit, "sub-49")
    qtbot.waitUntil(lambda: table.view.model().rowCount() == 100, timeout=60_000)
    assert shown(table, 2) == ["sub-4900", "sub-4901"]
    table.filter_edit.setText("age > 88 sub-0")
    qtbot.waitUntil(lambda: table.view.model().rowCount() == 11, timeout=60_000)
    assert shown(table, 2) == ["sub-0089", "sub-0179"]
    table.filter_edit.setText("aeg > 88")
    assert table.view.model().rowCount() == N
    assert "no column 'aeg'" in table.filter_edit.toolTip()


def test_it_is_sorted_and_what_was_selected_stays_selected(table, document):
    table.select([document.entries[7].id, document.entries[8].id])
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert shown(table, 2) == ["sub-4999", "sub-4998"]
    assert sorted(table.selected_ids()) == [8, 9]
    flags = QItemSelectionModel.SelectionFlag
    wanted = table._proxy.selection_of(range(1000, 4500))
    table.view.selectionModel().select(wanted, flags.ClearAndSelect | flags.Rows)
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert table.selected_count == 3500
    assert sorted(table.selected_ids()) == list(range(1001, 4501))


def test_classes_fill_in_while_it_is_filtered(qtbot, table, document):
    table.filter_edit.setText("class = human")
    assert table.view.model().rowCount() == 0
    row = np.zeros(len(document.model.classes), np.float32)
    row[list(document.model.classes).index("human")] = 1
    changed = document.with_entries([replace(document.entries[4321], probabilities=row)])
    table.update_answers(changed, 4321, 4321)
    qtbot.waitUntil(lambda: shown(table) == ["sub-4321"], timeout=60_000)


def test_all_are_removed_and_come_back(document):
    gone = list(enumerate(document.entries))
    empty = document.without_entries([entry.id for _, entry in gone])
    assert not empty.entries
    assert not len(empty.answers)
    assert merged(empty.entries, gone) == document.entries
    some = document.without_entries([1, 2, 4000, N])
    back = [(row, document.entries[row]) for row in (0, 1, 3999, N - 1)]
    assert merged(some.entries, back) == document.entries
