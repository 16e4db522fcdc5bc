"""A table of participants beside the spectra: preview of the join, columns, sorting and filter."""

from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.gui.dialogs.participants import ParticipantsDialog
from spectracnn.io.participants import read_table
from spectracnn.state.document import Document, Entry
from spectracnn.state.participants import Participants
from spectracnn.view.columns import columns


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "participants.tsv"
    path.write_text("participant_id\tage\tsex\nsub-1\t61.5\tF\nsub-2\tn/a\tM\nsub-9\t70\tF\n")
    return path


def entries(*names):
    return tuple(
        Entry(place, Spectrum(name, np.arange(9.0), subject=name))
        for place, name in enumerate(names, 1)
    )


def test_covariates_are_columns_that_sort_by_number(table):
    shown = entries("sub-2", "sub-1", "sub-4")
    participants = Participants(read_table(table)).with_entries(shown)
    document = Document(shown, participants=participants)
    own = {c.title: c for c in columns(document) if c.name.startswith("participants ")}
    assert list(own) == ["age", "sex"]
    assert [own["age"].text(document, entry) for entry in shown] == ["", "61.5", ""]
    assert [own["sex"].text(document, entry) for entry in shown] == ["M", "F", ""]
    assert own["age"].key(document, shown[1]) == 61.5
    assert own["age"].key(document, shown[0]) == -np.inf
    assert own["sex"].searched
    assert own["age"].right


def test_spectra_that_come_later_are_joined_too(table):
    first = Participants(read_table(table)).with_entries(entries("sub-1"))
    later = Entry(7, Spectrum("x", np.arange(9.0), subject="sub-9"))
    found = first.with_entries([*entries("sub-1"), later])
    assert dict(found.rows) == {1: 0, 7: 2}
    assert found.with_entries([later]) is found


def test_the_dialog_says_what_matches_before_anything_changes(qtbot, table):
    dialog = ParticipantsDialog(table, entries("sub-1", "sub-3"))
    qtbot.addWidget(dialog)
    assert not dialog.join_button.isEnabled()
    qtbot.waitUntil(dialog.join_button.isEnabled, timeout=60_000)
    text = dialog.text.toPlainText()
    assert "1 of 2 spectra have a row" in text
    assert "No row for sub-3 (nearest: sub-" in text
    assert "age (numeric)" in text
    assert dialog.participants.rows == {1: 0}


def test_a_column_that_matches_nothing_is_one_sentence(qtbot, table):
    dialog = ParticipantsDialog(table, entries("sub-1"))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.join_button.isEnabled, timeout=60_000)
    dialog.column_box.setCurrentText("sex")
    dialog.column_box.activated.emit(dialog.column_box.currentIndex())
    qtbot.waitUntil(lambda: "no spectrum has a row" in dialog.text.toPlainText(), timeout=60_000)
    assert not dialog.join_button.isEnabled()
    assert dialog.participants is None
