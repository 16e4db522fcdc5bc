"""The training window with a training that a test plays."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spectracnn.core.outputs import Task
from spectracnn.core.steps import Standardise, Take
from spectracnn.core.training import (
    EpochDone,
    Paused,
    StageBegan,
    StageDone,
    StopWish,
    TrainingDone,
)
from spectracnn.engine.messages import SnapshotEdits
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.dialogs.training_steps import TrainingStepsDialog
from spectracnn.gui.tools.training.label_rows import LabelSource
from spectracnn.gui.tools.training.tool import TrainingTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.jobs.job import Done, JobCancelled, JobFailed, Reported

pytestmark = pytest.mark.slow

REPORT = {
    "task": "classification",
    "accuracy": {"mean": 0.8, "sd": 0.05},
    "baselines": {"RBF SVM": {"accuracy": {"mean": 0.85, "sd": 0.04}}},
    "how": "cross-validated on 12 spectra",
    "classes": ["ant", "cup"],
    "confusion": [[5, 1], [0, 6]],
    "recall": {"ant": 5 / 6, "cup": 1.0},
}


@pytest.fixture
def job():
    return SimpleNamespace(wishes=[], running=True, closed=False, plan=None, say=None)


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings, job, tmp_path):
    opened = []

    def start(plan, listener):
        job.plan, job.say, job.running = plan, listener, True
        return SimpleNamespace(
            want=job.wishes.append, running=True, close=lambda: setattr(job, "closed", True)
        )

    context = ToolContext(filled, engine.broker, themes, settings, opened.append)
    page = TrainingTool(context, start)
    page.opened = opened
    page.form.labels.set_data([str(tmp_path)], "a folder")
    page.form.out_edit.setText(str(tmp_path / "m.keras"))
    qtbot.addWidget(page)
    page.show()
    return page


def say(qtbot, tool, job, event):
    with qtbot.waitSignal(tool.jobReported):
        job.say(event)
    qtbot.wait(1)  # the signal comes here by the event loop
    qtbot.waitUntil(lambda: not tool.reports)


def epoch(number, snapshot=""):
    return EpochDone(0, number, 3, 1 / number, 0.5, 1.2 / number, None, snapshot=snapshot)


def test_the_plan_is_what_the_controls_say(tool, job):
    tool.form.learning.epochs_box.setValue(7)
    tool.form.learning.seed_box.setValue(3)
    tool.form.learning.folds_box.setValue(0)
    tool.begin()
    assert job.plan.epochs == 7
    assert job.plan.seed == 3
    assert job.plan.folds == 0
    assert job.plan.batch is None
    assert job.plan.task is Task.CLASSIFICATION
    assert not tool.form.isEnabled()


def test_a_regression_from_a_table(tool, job, qtbot, tmp_path):
    (tmp_path / "t.csv").write_text("subject,age,site\na,60,1\nb,70,2\n")
    tool.form.labels.task_box.setCurrentIndex(1)
    tool.form.labels.source_box.setCurrentIndex(LabelSource.TABLE)
    tool.form.labels.table_edit.setText(str(tmp_path / "t.csv"))
    tool.form.labels.table_edit.editingFinished.emit()
    qtbot.waitUntil(lambda: tool.form.labels.target_box.count() == 3, timeout=240_000)
    tool.form.labels.target_box.setCurrentText("age")
    tool.form.labels.unit_edit.setText("years")
    tool.begin()
    assert job.plan.task is Task.REGRESSION
    assert (job.plan.target, job.plan.unit) == ("age", "years")


def test_sites_of_a_table_are_harmonised(tool, job, qtbot, tmp_path):
    (tmp_path / "t.csv").write_text("subject,group,scanner\na,x,1\nb,y,2\n")
    labels = tool.form.labels
    labels.source_box.setCurrentIndex(LabelSource.TABLE)
    labels.table_edit.setText(str(tmp_path / "t.csv"))
    labels.table_edit.editingFinished.emit()
    qtbot.waitUntil(lambda: labels.site_box.count() == 4, timeout=240_000)
    labels.target_box.setCurrentText("group")
    plan = tool.form.plan()
    assert (plan.site, plan.combat) == ("", False)
    labels.site_box.setCurrentText("scanner")
    tool.begin()
    assert (job.plan.site, job.plan.combat) == ("scanner", True)
    labels.source_box.setCurrentIndex(LabelSource.FILES)
    assert not tool.form.plan().combat


def test_a_missing_table_is_a_sentence(tool, qtbot, tmp_path):
    tool.form.labels.table_edit.setText(str(tmp_path / "none.csv"))
    tool.form.labels.table_edit.editingFinished.emit()
    qtbot.waitUntil(lambda: "none.csv" in tool.status.text(), timeout=240_000)


def test_panels_follow_each_epoch_and_the_slider_goes_back(tool, job, qtbot, engine, filled):
    tool.begin()
    network = filled.document.model.path
    say(qtbot, tool, job, Reported(StageBegan(0, 3, "all 12 spectra", 3, network)))
    assert tool.opened == [network]
    for number in (1, 2):
        say(qtbot, tool, job, Reported(epoch(number, f"epoch-{number}.npz")))
    paths = [r.path for r in engine.requests.values() if isinstance(r, SnapshotEdits)]
    assert paths[0] == "epoch-1.npz"
    assert tool.epoch_slider.value() == 2
    tool.epoch_slider.setValue(1)
    assert tool.epoch_label.text() == "epoch 1"
    say(qtbot, tool, job, Reported(epoch(3, "epoch-3.npz")))
    assert tool.epoch_slider.value() == 1  # whoever looks back is not torn away
    x, y = tool.curves.loss.training.getData()
    assert x.tolist() == [1, 2, 3]
    np.testing.assert_allclose(y, [1, 1 / 2, 1 / 3])


def test_many_epochs_at_once_are_painted_once(tool, job, qtbot, engine, filled):
    tool.begin()
    network = filled.document.model.path
    say(qtbot, tool, job, Reported(StageBegan(0, 3, "all 12 spectra", 3, network)))
    painted = []
    tool.curves.show_state = lambda state, at: painted.append(len(state.epochs))
    for number in range(1, 9):
        job.say(Reported(epoch(number, f"epoch-{number}.npz")))
    qtbot.waitUntil(lambda: tool.state is not None and len(tool.state.epochs) == 8)
    assert painted == [8]
    paths = [r.path for r in engine.requests.values() if isinstance(r, SnapshotEdits)]
    assert paths == ["epoch-8.npz"]


def test_wishes_go_to_the_job(tool, job, qtbot):
    tool.begin()
    tool.pause_button.click()
    say(qtbot, tool, job, Reported(Paused(True)))
    assert tool.pause_button.text() == "Go on"
    tool.pause_button.click()
    tool.stop_button.click()
    tool.cancel_button.click()
    assert job.wishes == [StopWish.PAUSE, StopWish.RESUME, StopWish.STOP, StopWish.CANCEL]


def test_the_result_stands_beside_simpler_methods(tool, job, qtbot, tmp_path):
    tool.begin()
    say(qtbot, tool, job, Reported(StageDone(1, 0.8)))
    done = TrainingDone(str(tmp_path / "m.keras"), REPORT, ("One note.",))
    say(qtbot, tool, job, Reported(done))
    say(qtbot, tool, job, Done(done))
    assert "The simpler method RBF SVM is as good: 0.850" in tool.report.headline.text()
    assert tool.report.table.item(0, 0).text() == "this network"
    qtbot.waitUntil(lambda: tool.opened == [str(tmp_path / "m.keras")])
    assert tool.status.text() == "One note."
    assert tool.form.isEnabled()
    assert tool.progress.value() == tool.progress.maximum()
    assert not tool.report.grab().isNull()
    assert tool.figure_view().picture.title.startswith("Accuracy 0.800")


def test_the_curves_are_exported_as_a_figure(tool, job, qtbot):
    assert tool.figure_view() is None
    tool.begin()
    say(qtbot, tool, job, Reported(epoch(1)))
    panels = tool.figure_view().picture.panels
    assert [panel.title for panel in panels] == ["Loss", "Accuracy"]


def test_failure_and_cancel_are_sentences(tool, job, qtbot):
    tool.begin()
    say(qtbot, tool, job, JobFailed(SpectraCNNError("The class 'ant' has one spectrum.")))
    assert tool.status.text() == "The class 'ant' has one spectrum."
    assert tool.start_button.isEnabled()
    tool.begin()
    say(qtbot, tool, job, JobCancelled())
    assert "nothing was written" in tool.status.text()


def test_every_choice_goes_into_the_plan(tool, job):
    network, learning = tool.form.network, tool.form.learning
    network.preprocessing_box.setCurrentText("unit-area")
    assert "BrainPrint" in network.steps_label.text()
    learning.optimizer_box.setCurrentText("sgd")
    network.eigenvalues_box.setValue(30)
    tool.learn_layers(("keras.layers.Conv1D(4, 3)",))
    tool.begin()
    plan = job.plan
    assert (plan.preprocessing, plan.optimizer, plan.eigenvalues) == ("unit-area", "sgd", 30)
    assert (plan.architecture, plan.layers) == ("stack", ("keras.layers.Conv1D(4, 3)",))
    assert tool.form.network.layers_label.text() == "keras.layers.Conv1D(4, 3)"


def test_steps_of_ones_own(tool, job, monkeypatch):
    def use(dialog):
        dialog.editor._remove(len(dialog.editor.steps) - 1)
        return True

    monkeypatch.setattr(TrainingStepsDialog, "exec", use)
    tool.form.network.steps_button.click()
    tool.begin()
    names = [step["step"] for step in job.plan.steps]
    assert names == ["fix_sign", "sort", "drop_zeros", "take", "divide_by_index", "log"]
    assert job.plan.preprocessing == ""


def test_a_fitted_step_cannot_be_chosen(qtbot):
    dialog = TrainingStepsDialog((Take(5),))
    qtbot.addWidget(dialog)
    assert dialog.use_button.isEnabled()
    dialog.editor._set((Take(5), Standardise()))
    assert not dialog.use_button.isEnabled()
    assert "fitted by the training" in dialog.problem_label.text()


def test_labels_of_the_window(tool, job, filled, tmp_path):
    filled.document = replace(
        filled.document,
        entries=tuple(
            replace(entry, spectrum=replace(entry.spectrum, source=tmp_path / "d.h5"))
            for entry in filled.document.entries
        ),
    )
    first, second = filled.document.entries[:2]
    filled.editing.set_labels([first.id], "bent")
    filled.editing.set_labels([second.id], "flat")
    tool.learn_open_spectra()
    tool.begin()
    assert (str(tmp_path / "d.h5"), first.spectrum.name, "bent") in job.plan.labels
    assert (str(tmp_path / "d.h5"), second.spectrum.name, "flat") in job.plan.labels
    assert job.plan.data == (str(tmp_path / "d.h5"),)


def test_the_bundled_spectra_can_be_learned_at_once(tool, job):
    tool.form.labels.choose_bundled()
    tool.begin()
    assert job.plan.data[0].endswith("shrec07_lb_train.h5")


def test_nothing_to_learn_from_is_a_sentence(tool, job):
    tool.form.labels.set_data([], "")
    tool.begin()
    assert tool.status.text() == "Choose the spectra to learn from first."
    assert job.plan is None


def test_a_bad_number_is_refused_before_anything_starts(tool, job):
    tool.form.learning.folds_box.setValue(1)
    tool.begin()
    assert "needs 2 folds" in tool.status.text()
    assert job.plan is None
