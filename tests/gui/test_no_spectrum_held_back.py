"""What is plainly no spectrum is refused by the window, and opened where a person insists."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spectracnn.view.prediction import prediction


def names(program):
    return [entry.spectrum.name for entry in program.workspace.document.entries]


def opened(qtbot, program, *paths):
    with qtbot.waitSignal(program.reader.jobFinished, timeout=30_000):
        program.window.open_paths(paths)


def test_it_is_refused_with_its_reason_and_opened_anyway(
    qtbot, program, network, tmp_path, ev_file
):
    program.engine.answer_open(network.description)
    noise = tmp_path / "noise.txt"
    np.savetxt(noise, np.random.default_rng(0).uniform(1, 2, 60))
    opened(qtbot, program, ev_file("good.ev"), noise)
    assert names(program) == ["good"]
    bar = program.ui.message_bar
    assert bar.sentence.text().startswith("noise.txt: noise: this is no spectrum: the values nei")
    assert bar.action_button.text() == "Open anyway"
    bar.action_button.click()
    assert names(program) == ["good", "noise"]
    workspace = program.workspace
    entry = workspace.document.entries[1]
    workspace.set_current(entry.id)
    shares = np.float32([0.5, 0.25, 0.25])
    workspace._on_inference_predicted([replace(entry, probabilities=shares, outputs=shares)])
    told = prediction(workspace.document, workspace.selection)
    assert "This is not a spectrum" in told.detail
    assert not bar.isVisible()


def test_several_are_one_message_and_one_button(qtbot, program, tmp_path):
    table = tmp_path / "vectors.csv"
    values = np.random.default_rng(1).normal(size=(3, 40))
    np.savetxt(table, values, delimiter=",")
    opened(qtbot, program, table)
    assert names(program) == []
    bar = program.ui.message_bar
    assert bar.sentence.text().startswith("3 are no spectra. The first: ")
    bar.action_button.click()
    assert len(names(program)) == 3


def test_pasted_numbers_are_looked_at_too(qtbot, program):
    with qtbot.waitSignal(program.reader.jobFinished, timeout=30_000):
        program.window.open_text("\n".join(["1.5"] * 20))
    assert names(program) == []
    assert "this is no spectrum: all 20 values are 1.5" in program.ui.message_bar.sentence.text()
