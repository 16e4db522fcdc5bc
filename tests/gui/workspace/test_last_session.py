"""What was open when the program ended is offered at the next start, and never lost."""

import os
import subprocess
import sys

import pytest

from spectracnn.core.edits import Scale
from spectracnn.errors import ExportError
from spectracnn.gui.settings import AtStart
from spectracnn.gui.workspace import last_session as module
from spectracnn.gui.workspace.last_session import LastSession, PastSession, last_session
from spectracnn.state.sessions import read_workspace

PATIENCE = 60_000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sessions"


@pytest.fixture
def keep(folder):
    """Makes runs of the program, of which each keeps its session."""
    kept = []

    def run(workspace):
        kept.append(LastSession(workspace, folder))
        return kept[-1]

    yield run
    for session in kept:
        session.close()


def end(session, name):
    """End a run; its file gets a name of its own, as if it had been another process's."""
    session.close()
    path = session._path
    return path.rename(path.with_name(f"{name}.spectracnn")) if path.exists() else None


def test_a_change_is_written_soon(qtbot, filled, keep, folder):
    keep(filled)
    filled.set_overlaid([])
    qtbot.waitUntil(lambda: bool(list(folder.glob("*.spectracnn"))), timeout=PATIENCE)


def test_the_next_run_finds_what_the_last_one_left(qtbot, filled, keep, folder):
    first = keep(filled)
    entry = filled.document.entries[1]
    filled.set_edits(entry.id, (Scale(factor=2.0),))
    filled.set_labels({entry.id: "teddy"})
    path = end(first, "2026-01-01-120000-1")
    second = keep(filled)
    with qtbot.waitSignal(second.found, timeout=PATIENCE) as caught:
        second.look()
    (past,) = caught.args
    assert past.path == path
    assert past.words.startswith("4 spectra, three, ")
    saved = read_workspace(past.path)
    assert [edit.factor for edit in saved.entries[1].edits] == [2.0]
    assert list(saved.labels.values()) == ["teddy"]


def test_what_a_window_still_writes_is_not_offered(filled, keep, folder):
    first = keep(filled)
    filled.set_overlaid([])
    first._write()
    first._receive_written(wait=True)
    assert list(folder.glob("*.spectracnn"))
    assert last_session(folder) is None
    first.close()
    assert last_session(folder) is not None


def test_a_window_that_was_killed_has_let_go(filled, keep, folder):
    path = end_of(keep, filled)
    lock = f"{path}.lock"
    script = (
        "import os; from PySide6.QtCore import QLockFile\n"
        f"lock = QLockFile({lock!r}); assert lock.tryLock(0); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert os.path.exists(lock)
    assert last_session(folder).path == path


def end_of(keep, filled):
    session = keep(filled)
    filled.set_overlaid([filled.document.entries[0].id])
    return end(session, "2026-01-01-120000-1")


def test_nothing_open_does_not_overwrite_what_was(filled, keep):
    session = keep(filled)
    filled.set_overlaid([])
    session._write()
    session._receive_written(wait=True)
    before = session._path.read_text(encoding="utf-8")
    filled.remove([entry.id for entry in filled.document.entries])
    session.close()
    assert session._path.read_text(encoding="utf-8") == before


def test_a_damaged_session_is_passed_over(filled, keep, folder):
    path = end_of(keep, filled)
    (folder / "2026-02-01-120000-1.spectracnn").write_text("{")
    assert last_session(folder).path == path


def test_only_the_latest_are_kept(filled, keep, folder):
    folder.mkdir()
    for day in range(10, 20):
        (folder / f"2026-01-{day}-120000-1.spectracnn").write_text("{}")
    session = keep(filled)
    filled.set_overlaid([])
    session.close()
    left = sorted(path.name for path in folder.glob("*.spectracnn"))
    assert len(left) == module._KEPT
    assert left[-1] == session._path.name
    assert left[0] == "2026-01-16-120000-1.spectracnn"


def test_a_disk_that_is_full_is_said_once(qtbot, filled, keep, monkeypatch):
    def full(_text, path):
        raise ExportError(f"{path}: cannot be written (No space left on device).")

    monkeypatch.setattr(module, "write_text", full)
    session = keep(filled)
    messages = []
    session.messageRaised.connect(messages.append)
    for shown in ([], [filled.document.entries[0].id]):
        filled.set_overlaid(shown)
        session._write()
        session._receive_written(wait=True)
    (message,) = messages
    assert "No space left on device" in message.hint


def test_the_greeting_offers_it_and_the_command_opens_it(qtbot, program, ev_file, tmp_path):
    window, workspace = program.window, program.workspace
    program.engine.answer_open()
    with qtbot.waitSignal(program.reader.jobFinished, timeout=PATIENCE):
        window.open_paths([ev_file("a.ev"), ev_file("b.ev")])
    path = tmp_path / "past.spectracnn"
    window.session.save(path)
    workspace.remove([entry.id for entry in workspace.document.entries])
    welcome = window.ui.welcome
    assert welcome.past.isHidden()
    assert not window.commands["continue_session"].isEnabled()
    window.offer_session(PastSession(path, "2 spectra, three, 1 January 2026, 12:00"))
    assert not welcome.past.isHidden()
    assert welcome.past_words.text() == "2 spectra, three, 1 January 2026, 12:00"
    with qtbot.waitSignal(window.session.restored, timeout=PATIENCE):
        welcome.past_button.click()
    assert [e.spectrum.name for e in workspace.document.entries] == ["a", "b"]


@pytest.mark.parametrize(("wanted", "count"), [(AtStart.CONTINUE, 1), (AtStart.NOTHING, 0)])
def test_a_preference_opens_it_at_once_or_offers_nothing(
    qtbot, program, ev_file, tmp_path, wanted, count
):
    window, workspace = program.window, program.workspace
    program.engine.answer_open()
    with qtbot.waitSignal(program.reader.jobFinished, timeout=PATIENCE):
        window.open_paths([ev_file("a.ev")])
    path = tmp_path / "past.spectracnn"
    window.session.save(path)
    workspace.remove([entry.id for entry in workspace.document.entries])
    program.settings.at_start = wanted
    window.offer_session(PastSession(path, "1 spectrum"))
    assert window.ui.welcome.past.isHidden()
    if count:
        qtbot.waitUntil(lambda: len(workspace.document.entries) == 1, timeout=PATIENCE)
    else:
        assert not window.session.opening
    assert window.commands["continue_session"].isEnabled()
