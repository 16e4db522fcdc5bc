"""What the message bar says, and when it is silent again."""

from __future__ import annotations

from spectracnn.engine.messages import Failed, OpenModel
from spectracnn.errors import EngineError, ModelError


def test_a_later_success_takes_the_failure_away(qtbot, program, ev_file, tmp_path):
    bad = tmp_path / "bad.ev"
    bad.write_text("this is no spectrum at all\n")
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.open_paths([bad])
    assert program.ui.message_bar.current is not None
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.open_paths([ev_file("good.ev")])
    assert program.ui.message_bar.current is None


def test_a_refused_model_is_forgotten_when_another_one_opens(program):
    number = program.engine.latest(OpenModel)
    program.engine.eventReceived.emit(Failed(number, ModelError("This is no model.")))
    assert program.ui.message_bar.current.sentence == "This is no model."
    program.inference.open_model("three.keras")
    program.engine.answer_open()
    assert program.ui.message_bar.current is None


def test_failures_of_other_requests_are_left_to_those_who_made_them(program):
    program.engine.eventReceived.emit(Failed(4711, EngineError("A preview failed.")))
    assert program.ui.message_bar.current is None


def test_an_ambiguous_table_is_mentioned_once(qtbot, program, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n2,3,4\n3,4,5\n4,5,6\n")
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.open_paths([table])
    bar = program.ui.message_bar
    assert "could be the spectra" in bar.current.sentence
    bar.dismiss()
    assert bar.current is None
