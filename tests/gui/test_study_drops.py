"""Patterns, tables of paths and studies in BIDS are opened whole, and their table is offered."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.gui.workspace.reading import files_of


@pytest.fixture
def study(tmp_path):
    derivatives = tmp_path / "derivatives" / "spectra"
    for subject in ("sub-1", "sub-2"):
        folder = derivatives / subject
        folder.mkdir(parents=True)
        np.savetxt(folder / f"{subject}_lh.txt", np.arange(30.0) ** 1.1)
    (tmp_path / "participants.tsv").write_text("participant_id\tage\nsub-1\t60\nsub-2\t70\n")
    return derivatives


def names(found):
    return [path.name for path in found.files]


def test_a_pattern_stands_for_its_files(study):
    found = files_of([study / "sub-*" / "*.txt"])
    assert names(found) == ["sub-1_lh.txt", "sub-2_lh.txt"]
    assert found.tables == ()


def test_derivatives_bring_the_table_of_their_study(study):
    found = files_of([study])
    assert names(found) == ["sub-1_lh.txt", "sub-2_lh.txt"]
    assert found.tables == (study.parents[1] / "participants.tsv",)


def test_a_table_that_lists_files_brings_both(study):
    table = study / "who.csv"
    table.write_text("path,age\nsub-1/sub-1_lh.txt,60\nsub-2/sub-2_lh.txt,70\n")
    found = files_of([table])
    assert names(found) == ["sub-1_lh.txt", "sub-2_lh.txt"]
    assert found.tables == (table,)


def test_a_table_of_participants_is_no_spectrum(study):
    table = study.parents[1] / "participants.tsv"
    found = files_of([table])
    assert found.files == ()
    assert found.tables == (table,)


def test_a_name_with_brackets_that_is_there_is_that_file(tmp_path):
    path = tmp_path / "a[1].txt"
    path.write_text("0\n1\n2\n")
    assert files_of([path]).files == (path,)


def test_the_window_opens_the_files_and_offers_the_table(program, qtbot, study, monkeypatch):
    table = study / "who.csv"
    table.write_text("path,age\nsub-1/sub-1_lh.txt,60\nsub-2/sub-2_lh.txt,70\n")
    shown = []
    monkeypatch.setattr(program.window.opening, "preview_participants", shown.append)
    program.window.open_paths([table])
    qtbot.waitUntil(lambda: len(program.workspace.document.entries) == 2, timeout=60_000)
    bar = program.ui.message_bar
    qtbot.waitUntil(lambda: "who is who" in bar.sentence.text(), timeout=60_000)
    bar.action_button.click()
    assert shown == [table]
