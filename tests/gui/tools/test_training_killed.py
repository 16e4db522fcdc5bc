"""The whole window killed in the middle of a training; started again, it goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "nn" / "train"))
from training_spectra import write_training_file

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
from spectracnn.gui.start.app import Application
from spectracnn.gui.start.desktop import make_qt_application
from spectracnn.core.training import EpochDone, StageBegan
from spectracnn.jobs.job import Reported
from PySide6.QtCore import QTimer

data, out = sys.argv[1:]
qt = make_qt_application(["test"])
running = Application(qt, None)
running.show([])


def said(event):
    if isinstance(event, Reported) and isinstance(event.value, EpochDone):
        print("epoch", event.value.epoch, flush=True)
    if isinstance(event, Reported) and isinstance(event.value, StageBegan):
        print("stage", event.value.title, flush=True)


def begin():
    tool = running.tools.open("training")
    tool.form.labels.set_data([data], "data")
    tool.form.out_edit.setText(out)
    tool.form.learning.epochs_box.setValue(60)
    tool.form.learning.folds_box.setValue(0)
    tool.form.learning.batch_box.setValue(2)
    tool.form.network.eigenvalues_box.setValue(24)
    tool.jobReported.connect(said)
    tool.start_button.click()
    timer = QTimer(tool, interval=100)

    def look():
        if tool.state is not None and not tool.state.running:
            print("end", tool.state.sentence, flush=True)
            qt.quit()

    timer.timeout.connect(look)
    timer.start()


def wait():
    if running.window.ui.built:
        begin()
    else:
        QTimer.singleShot(100, wait)


wait()
qt.exec()
running.close()
"""


def started(tmp_path, data, out, log):
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with log.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(data), str(out)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **home},
        )


def children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            if int(stat[1]) == pid:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def test_it_goes_on_after_kill_9_and_loses_an_epoch_at_most(tmp_path):
    data = write_training_file(tmp_path / "d.h5", n=60)
    out = tmp_path / "m.keras"
    with started(tmp_path, data, out, tmp_path / "killed.log") as window:
        last = 0
        for line in window.stdout:
            last = int(line.split()[1]) if line.startswith("epoch ") else last
            if last >= 7:
                break
        family = children(window.pid)
        window.send_signal(signal.SIGKILL)
        rest = [line for line in window.stdout if line.startswith("epoch ")]
        last = max([last, *(int(line.split()[1]) for line in rest)])
    assert family
    give_up = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in family):  # no orphan goes on training
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert not out.exists()
    log = tmp_path / "again.log"
    with started(tmp_path, data, out, log) as again:
        lines = again.stdout.read().splitlines()
    assert again.returncode == 0, (lines, log.read_text())
    stage = next(line for line in lines if line.startswith("stage "))
    assert stage.startswith("stage all 60 spectra, continued after epoch ")
    done = int(stage.rsplit(" ", 1)[1])
    epochs = [int(line.split()[1]) for line in lines if line.startswith("epoch ")]
    assert epochs == list(range(done + 1, 61))
    assert done >= last - 1
    assert "Went on from where an earlier run broke off" in lines[-1]
    assert out.exists()
