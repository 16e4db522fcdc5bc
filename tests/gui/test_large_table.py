"""A study of thousands of spectra in the table: lazily read, filtered, sorted, selected."""

from __future__ import annotations

import operator
from dataclasses import replace

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from spectracnn import resources
from spectracnn.engine.messages import PredictSpectra
from spectracnn.gui.panels.spectra_table import SpectraTable
from spectracnn.gui.theme import LIGHT
from spectracnn.gui.workspace.file_reader import FileReader
from spectracnn.gui.workspace.reading import LARGEST_BATCH
from spectracnn.gui.workspace.short_spectra import ShortSpectra
from spectracnn.io import store as store_module
from spectracnn.io.store import SpectrumStore
from spectracnn.io.stored import StoredSpectrum
from spectracnn.state import answers as answers_module
from spectracnn.state.answers import Answers
from spectracnn.state.document import Document
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


@pytest.fixture
def gathered(monkeypatch):
    """How many entries, cells and files were looked at one by one."""
    found = {"entries": 0, "cells": 0, "folders": 0}
    of, column, root = Answers.of.__func__, answers_module.text_column, resources.resource_root

    def counting_of(cls, entries, reading):
        found["entries"] += len(entries)
        return of(cls, entries, reading)

    def counting_column(name, texts):
        found["cells"] += len(texts)
        return column(name, texts)

    def counting_root():
        found["folders"] += 1
        return root()

    monkeypatch.setattr(Answers, "of", classmethod(counting_of))
    monkeypatch.setattr(answers_module, "text_column", counting_column)
    monkeypatch.setattr(resources, "resource_root", counting_root)
    return found


def state(workspace):
    document, selection = workspace.document, workspace.selection
    said = {name: values.tolist() for name, values in vars(document.answers).items()}
    kept = [(e.id, e.refusal, e.probabilities is None, e.judged) for e in document.entries]
    chosen = selection.current, selection.overlaid
    return kept, document.rows, document.fields.column("age").numbers.tolist(), chosen, str(said)


@pytest.mark.parametrize("rest", [0, 10])
def test_deleting_all_is_undone_without_a_look_at_each(qtbot, program, batches, gathered, rest):
    workspace, window = program.workspace, program.window
    watcher = ShortSpectra(workspace, program.inference, window)
    program.fill([spectrum for batch in batches for spectrum in batch.spectra])
    bundled = str(resources.bundled_for(LENGTH - 1).path)
    program.engine.answer_open(replace(program.engine.network.description, path=bundled))
    program.engine.requests.clear()  # those of the model before
    qtbot.waitUntil(lambda: program.engine.latest(PredictSpectra) > 0, timeout=60_000)
    program.engine.answer_predictions(first=0, last=200)
    workspace.passing_model = bundled
    qtbot.waitUntil(lambda: workspace.document.answers.answered.sum() == 200, timeout=60_000)
    ids = [entry.id for entry in workspace.document.entries]
    workspace.set_current(ids[40])
    workspace.set_overlaid(ids[30:50])
    before, entries = state(workspace), workspace.document.entries
    gathered.update(dict.fromkeys(gathered, 0))
    for _ in range(2):  # undone, done again, and undone again
        if workspace.editing.stack.canRedo():
            workspace.editing.stack.redo()
        else:
            window.ui.table.removalRequested.emit(ids[: N - rest])
        assert len(workspace.document.entries) == rest
        workspace.editing.stack.undo()
        assert state(workspace) == before
        assert all(map(operator.is_, workspace.document.entries, entries))
    assert window.ui.table.model.rowCount() == N
    assert shown(window.ui.table, 2) == ["sub-0000", "sub-0001"]
    assert gathered["entries"] == gathered["cells"] == 0
    assert gathered["folders"] <= N // 10  # commands look for the bundled files now and then
    watcher.deleteLater()


def test_a_thousand_selected_rows_are_not_followed_cell_by_cell(table):
    ids = [entry.id for entry in table.model.document.entries[:1000]]
    table.select(ids)
    followed = []
    rows = table.view.model()
    rows.layoutAboutToBeChanged.connect(lambda: followed.append(len(rows.persistentIndexList())))
    table.view.sortByColumn(table.model.column("name"), Qt.SortOrder.DescendingOrder)
    assert followed
    assert max(followed) <= 100
    assert sorted(table.selected_ids()) == ids
