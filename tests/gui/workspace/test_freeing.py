"""Closed data is freed, whatever was computed and drawn of it."""

import gc
import tracemalloc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.gui.workspace import closing
from spectracnn.state.selection import LayerMode, LayerOptions, Sample, SpectrumMode

pytestmark = pytest.mark.slow

MANY, EIGENVALUES = 50, 50_000
ONE = EIGENVALUES * 8


@pytest.fixture
def large():
    def make(number):
        index = np.arange(EIGENVALUES, dtype=float)
        return Spectrum(f"large {number}", (1 + number) * index, Kind.SURFACE, 2.0)

    return make


def look_at(program, entry_id):
    """Draw everything that is drawn of a spectrum, in every way that keeps something."""
    workspace = program.workspace
    workspace.set_current(entry_id)
    program.engine.answer_trace()
    for mode in SpectrumMode:
        workspace.set_view(spectrum_mode=mode)
    workspace.set_layer_options(0, LayerOptions(mode=LayerMode.LINES))
    workspace.hover(Sample(0, 3, 1))
    workspace.pin(Sample(1, 2, 0))
    workspace.choose_range((2, 5))
    workspace.set_view(overview=True)
    workspace.set_view(overview=False)
    workspace.set_layer_options(0, LayerOptions())
    workspace.release()
    workspace.hover(None)


def open_and_close(program, spectrum):
    """Return weak references to what was open."""
    workspace = program.workspace
    workspace.add_spectra([spectrum])
    entry = workspace.document.entries[-1]
    look_at(program, entry.id)
    trace = workspace.document.trace(entry.id)
    assert trace is not None
    found = weakref.ref(spectrum), weakref.ref(trace), weakref.ref(workspace.document)
    workspace.editing.remove([entry.id])
    if program.broker.waiting("predictions"):  # on a fast machine they were requested by now
        program.engine.answer_predictions()
    program.engine.requests.clear()  # what the fake engine has received
    return found


def come_to_rest(program, qtbot):
    """Let panels be brought up to date, and what was requested be answered."""
    qtbot.wait(200)
    if program.broker.waiting("predictions"):
        program.engine.answer_predictions()
    program.engine.requests.clear()
    gc.collect()


def memory():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.fixture
def traced_memory():
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_fifty_large_spectra_are_freed_when_they_are_closed(
    program, spectra, large, qtbot, monkeypatch, traced_memory
):
    monkeypatch.setattr(closing, "KEPT_BYTES", 2 * ONE)
    program.fill(spectra[:2])
    open_and_close(program, large(99))  # whatever is made only once
    program.workspace.editing.stack.clear()
    come_to_rest(program, qtbot)
    before = memory()
    found = [open_and_close(program, large(number)) for number in range(MANY)]
    come_to_rest(program, qtbot)
    alive = [
        sum(reference() is not None for reference in references)
        for references in zip(*found, strict=True)
    ]
    # Two can still be put back, by their numbers; nothing that was computed of them is kept.
    assert alive == [0, 0, 0]
    assert memory() - before < 3 * ONE
    program.workspace.editing.stack.undo()
    assert program.workspace.document.entries[-1].spectrum.name == f"large {MANY - 1}"
    program.workspace.editing.stack.clear()
    program.workspace.remove([program.workspace.document.entries[-1].id])
    come_to_rest(program, qtbot)
    assert memory() - before < ONE


def test_the_history_passes_over_what_is_no_longer_in_memory(filled, large, monkeypatch):
    monkeypatch.setattr(closing, "KEPT_BYTES", ONE)
    names = [entry.spectrum.name for entry in filled.document.entries]
    for number in range(2):
        filled.add_spectra([large(number)])
        filled.editing.remove([filled.document.entries[-1].id])
    stack = filled.editing.stack
    assert stack.command(0).text() == "close large 0 (no longer in memory)"
    assert stack.undoText() == "close large 1"
    stack.undo()
    assert [e.spectrum.name for e in filled.document.entries] == [*names, "large 1"]
    stack.undo()
    assert [e.spectrum.name for e in filled.document.entries] == [*names, "large 1"]
    assert not stack.canUndo()


def test_an_edited_spectrum_counts_with_its_original(filled, large, monkeypatch):
    from spectracnn.core.edits import Scale

    monkeypatch.setattr(closing, "KEPT_BYTES", ONE + ONE // 2)
    filled.add_spectra([large(1)])
    entry = filled.document.entries[-1]
    filled.replace_edited(replace(entry.with_edits((Scale(factor=2.0),))))
    filled.editing.remove([entry.id])
    assert filled.editing.stack.command(0).isObsolete()
