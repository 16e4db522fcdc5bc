"""Every bad input of a training, in the command and in the window: one sentence, nothing lost."""

import argparse
import errno
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.append(str(Path(__file__).parents[2] / "nn" / "train"))
from training_spectra import quick_plan, write_table, write_training_file

from spectracnn.cli.main import main
from spectracnn.cli.train import add_parser
from spectracnn.cli.train import plan_of as plan_of_arguments
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.tools.training.tool import TrainingTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.jobs.job import Done, JobFailed
from spectracnn.nn.train.loop import Loop
from spectracnn.nn.train.run import train

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path):
    return write_training_file(tmp_path / "d.h5", n=18)


def layers(folder, *lines):
    path = folder / "layers.txt"
    path.write_text("\n".join(lines) + "\n")
    return ["--architecture", str(path)]


def rows_of(tmp_path, labels):
    """Spectra in one folder, and a table with these labels."""
    files, table = write_table(tmp_path, n=18, length=40)
    text = ["id,label", *(f"s{place:03d},{label}" for place, label in enumerate(labels))]
    table.write_text("\n".join(text) + "\n")
    return [str(files), "--table", str(table), "--id", "id", "--target", "label"]


def a_kernel_longer_than_the_input(tmp_path, data):
    return [str(data), *layers(tmp_path, "Conv1D(8, 500)")], "500"


def a_negative_size(tmp_path, data):
    return [str(data), *layers(tmp_path, "Conv1D(8, -3)")], "-3"


def a_stack_whose_output_is_empty(tmp_path, data):
    lines = ("Conv1D(8, 5)", "MaxPooling1D(8)", "Conv1D(8, 7)")
    return [str(data), *layers(tmp_path, *lines)], "Conv1D"


def a_class_with_one_spectrum(tmp_path, data):
    return rows_of(tmp_path, ["a"] * 9 + ["b"] * 8 + ["c"]), "'c' has one spectrum"


def labels_that_are_all_equal(tmp_path, data):
    return rows_of(tmp_path, ["a"] * 18), "are of one class, 'a'"


def more_classes_than_spectra(tmp_path, data):
    return rows_of(tmp_path, [f"c{n}" for n in range(18)]), "18 classes and only 18 spectra"


def values_that_are_all_equal(tmp_path, data):
    return [*rows_of(tmp_path, ["7"] * 18), "--task", "regression"], "have the same 'label': 7"


def a_label_that_is_no_number(tmp_path, data):
    words = [*rows_of(tmp_path, ["1"] * 17 + ["old"]), "--task", "regression"]
    return words, "'old'"


BAD = [
    a_kernel_longer_than_the_input,
    a_negative_size,
    a_stack_whose_output_is_empty,
    a_class_with_one_spectrum,
    labels_that_are_all_equal,
    more_classes_than_spectra,
    values_that_are_all_equal,
    a_label_that_is_no_number,
]


def command(words, out):
    quick = ["--epochs", "1", "--folds", "0", "--eigenvalues", "24"]
    return main(["train", *words, "--out", str(out), *quick])


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_the_command_says_one_sentence(bad, data, tmp_path, capsys):
    words, expected = bad(tmp_path, data)
    out = tmp_path / "m.keras"
    out.write_bytes(b"an older model")
    assert command(words, out) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert expected in printed.err
    assert "Traceback" not in printed.err
    assert printed.err.startswith("spectracnn: ")
    assert printed.err.count("\n") <= 2  # a sentence, and what to do
    assert out.read_bytes() == b"an older model"
    assert not (tmp_path / "m.training").exists()


@pytest.fixture
def window(qtbot, filled, engine, themes, settings):
    """The training window over the training itself, in this process."""
    plans = []

    def start(_plan, listener):
        try:
            listener(Done(train(plans[0])))
        except SpectraCNNError as error:
            listener(JobFailed(error))
        return SimpleNamespace(want=lambda wish: None, running=False, close=lambda: None)

    context = ToolContext(filled, engine.broker, themes, settings, lambda path: None)
    page = TrainingTool(context, start)
    qtbot.addWidget(page)

    def run(plan):
        plans[:] = [plan]
        page.form.labels.set_data(list(plan.data), "data")
        page.form.out_edit.setText(plan.out)
        page.begin()
        qtbot.waitUntil(lambda: page.state is not None and not page.state.running, timeout=240_000)
        return page

    return run


def plan_of(words, out):
    """The plan of a command's words."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    quick = ["--epochs", "1", "--folds", "0", "--eigenvalues", "24"]
    return plan_of_arguments(parser.parse_args(["train", *words, "--out", str(out), *quick]))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_the_window_says_it_too_and_goes_on(bad, data, tmp_path, window):
    words, expected = bad(tmp_path, data)
    page = window(plan_of(words, tmp_path / "m.keras"))
    assert expected in page.status.text()
    assert "\n" not in page.status.text()
    assert page.start_button.isEnabled()
    assert not (tmp_path / "m.keras").exists()


def failing_loop(monkeypatch, at):
    """A loss that is no number from an epoch on."""
    advance, count = Loop.advance, [0]

    def spoilt(self, order, rates):
        count[0] += 1
        loss, metric = advance(self, order, rates)
        return (float("nan") if count[0] >= at else loss), metric

    monkeypatch.setattr(Loop, "advance", spoilt)
    return count


def test_a_loss_that_is_no_number_keeps_the_last_good_weights(
    data, tmp_path, window, monkeypatch, capsys
):
    count = failing_loop(monkeypatch, at=3)
    out = tmp_path / "c.keras"
    words = ["train", str(data), "--out", str(out), "--epochs", "5", "--folds", "0", "--json"]
    assert main([*words, "--eigenvalues", "24"]) == 0
    printed = capsys.readouterr()
    assert "no longer a number in epoch 3; the weights of an earlier epoch are kept" in printed.err
    assert json.loads(printed.out)["epochs"] == 2
    assert out.exists()
    count[0] = 0
    page = window(quick_plan(data, tmp_path / "w.keras", epochs=5, folds=0))
    assert "no longer a number in epoch 3" in page.status.text()
    assert (tmp_path / "w.keras").exists()


def test_a_loss_that_is_no_number_at_once_is_a_sentence(data, tmp_path, window, monkeypatch):
    failing_loop(monkeypatch, at=1)
    page = window(quick_plan(data, tmp_path / "w.keras", folds=0))
    assert "no longer a number in the first epoch" in page.status.text()
    assert "lower learning rate" in page.status.text()


def test_a_full_disk_in_the_window_loses_nothing(data, tmp_path, window):
    out = tmp_path / "m.keras"
    out.write_bytes(b"an older model")
    real = os.replace

    def no_room(source, target):
        if str(target).endswith((".keras", ".npz", ".json")) and "training" not in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", no_room)
        page = window(quick_plan(data, out, folds=0))
    assert "No space left on device" in page.status.text()
    assert page.start_button.isEnabled()
    assert out.read_bytes() == b"an older model"
    assert not list(tmp_path.glob("*.part"))
