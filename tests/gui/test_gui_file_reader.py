from __future__ import annotations

import os
import time

import h5py
import pytest
from PySide6.QtCore import QThread

from spectracnn import io
from spectracnn.gui.workspace.file_reader import FileReader


@pytest.fixture
def reader(qtbot):
    reader = FileReader()
    yield reader
    reader.close()


@pytest.fixture
def batches(reader):
    seen = []
    reader.batchRead.connect(seen.append)
    return seen


def spectra_of(batches):
    return [spectrum for batch in batches for spectrum in batch.spectra]


def test_a_bad_file_among_good_ones_stops_nothing(qtbot, reader, batches, ev_file, tmp_path):
    missing = tmp_path / "missing.ev"
    empty = tmp_path / "empty.ev"
    empty.touch()
    with qtbot.waitSignal(reader.jobFinished) as waiter:
        reader.open([ev_file("a.ev"), missing, empty, tmp_path / "no\0name", ev_file("b.ev")])
    assert waiter.args == [False]
    assert [spectrum.name for spectrum in spectra_of(batches)] == ["a", "b"]
    failures = [failure for batch in batches for failure in batch.failures]
    assert len(failures) == 3
    assert failures[0].startswith("missing.ev: ")
    assert failures[1].startswith("empty.ev: ")


def test_progress_is_counted(qtbot, reader, batches, ev_file):
    files = [ev_file(f"{number}.ev") for number in range(5)]
    with qtbot.waitSignal(reader.jobFinished):
        reader.open(files)
    assert (batches[-1].done, batches[-1].total) == (5, 5)
    assert [path for batch in batches for path in batch.read] == files


def test_cancel_stops_after_the_file_at_hand(qtbot, reader, batches, ev_file):
    files = [ev_file("a.ev")] * 3000
    with qtbot.waitSignal(reader.jobFinished, timeout=20000) as waiter:
        reader.open(files)
        reader.cancel()
    assert waiter.args == [True]
    assert len(spectra_of(batches)) < 3000
    assert not reader.busy


def test_slow_receivers_are_waited_for(qtbot, reader, ev_file, monkeypatch):
    monkeypatch.setattr("spectracnn.gui.workspace.file_reader._BATCH_SECONDS", 0.001)
    begun, ended = [], []

    def show(batch):
        begun.append(time.monotonic())
        time.sleep(0.02)
        ended.append(time.monotonic())

    reader.batchRead.connect(show)
    with qtbot.waitSignal(reader.jobFinished, timeout=20000):
        reader.open([ev_file("a.ev")] * 2000)
    # The first is sent at once and the last when the files end; the others leave time to repaint.
    rests = [later - before for before, later in zip(ended[:-2], begun[1:-1], strict=True)]
    assert len(rests) >= 1
    assert min(rests) > 0.04


def test_jobs_are_read_one_after_the_other(qtbot, reader, batches, ev_file):
    finished = []
    reader.jobFinished.connect(finished.append)
    reader.open([ev_file("a.ev")])
    reader.open([ev_file("b.ev")])
    assert reader.busy
    qtbot.waitUntil(lambda: len(finished) == 2)
    assert [spectrum.name for spectrum in spectra_of(batches)] == ["a", "b"]


def test_batches_arrive_in_the_threads_of_the_window(qtbot, reader, ev_file):
    threads = []

    class Listener(FileReader):
        def note(self, _batch):
            threads.append(QThread.currentThread())

    listener = Listener()
    reader.batchRead.connect(listener.note)
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([ev_file("a.ev")])
    listener.close()
    assert threads == [reader.thread()]


def test_an_ambiguous_table_is_named(qtbot, reader, batches, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n2,3,4\n3,4,5\n")
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([table])
    assert batches[-1].ambiguous == [(table, "columns")]
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([table], orientation="rows")
    assert batches[-1].ambiguous == []


def test_closing_twice_is_harmless(qtbot, ev_file):
    reader = FileReader()
    reader.open([ev_file("a.ev")] * 500)
    reader.close()
    reader.close()


def test_a_model_is_told_by_its_content_unless_it_lies_in_a_folder(
    qtbot, reader, batches, ev_file, tmp_path
):
    model = tmp_path / "network.h5"
    with h5py.File(model, "w") as file:
        file.attrs["model_config"] = "{}"
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([model, ev_file("a.ev")])
    assert [path for batch in batches for path in batch.models] == [model]
    assert not [failure for batch in batches for failure in batch.failures]
    batches.clear()
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([tmp_path])
    assert not [path for batch in batches for path in batch.models]
    assert any("Open it as a model." in text for batch in batches for text in batch.failures)


@pytest.fixture
def deep_folder(ev_file, tmp_path, monkeypatch):
    """A folder 1,100 deep with a file at its end; taken away by hand, for rmtree calls itself."""
    depth = 1100
    monkeypatch.chdir(tmp_path)
    os.mkdir("deep")
    os.chdir("deep")
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    io.write_ev(io.read(ev_file("far.ev"))[0], "far.ev")
    yield tmp_path / "deep"
    os.chdir(os.path.join(tmp_path, "deep", *["d"] * depth))
    os.remove("far.ev")
    for _ in range(depth):
        os.chdir("..")
        os.rmdir("d")


def test_a_folder_a_thousand_deep_costs_no_other_file(qtbot, reader, batches, ev_file, deep_folder):
    """Python's own walk calls itself for each level, and ended the whole job."""
    with qtbot.waitSignal(reader.jobFinished):
        reader.open([ev_file("a.ev"), deep_folder, ev_file("b.ev")])
    assert [spectrum.name for spectrum in spectra_of(batches)] == ["a", "far", "b"]
    assert not [failure for batch in batches for failure in batch.failures]
