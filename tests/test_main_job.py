"""The main job, end to end: the real window, the real engine, the bundled model, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spectracnn.resources import sample_spectra

HERE = Path(__file__).parent
PATIENCE_SECONDS = 400


def start(*arguments, **options):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE.parent)}
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Five real samples, with a bad file among them."""
    bad = tmp_path_factory.mktemp("bad") / "broken.ev"
    bad.write_text("Eigenvalues:\nnone of these is a number\n", encoding="utf-8")
    good = sample_spectra()[:5]
    return [*good[:2], bad, *good[2:]]


@pytest.fixture(scope="module")
def run(files, tmp_path_factory):
    """The window and the command line, at the same time, on the same files."""
    out = tmp_path_factory.mktemp("out")
    window = start(HERE / "main_job_driver.py", out, *files)
    command = start("-m", "spectracnn", "predict", "--json", *files)
    answers, _ = command.communicate(timeout=PATIENCE_SECONDS)
    _, errors = window.communicate(timeout=PATIENCE_SECONDS)
    assert window.returncode == 0, errors
    assert command.returncode == 1  # one of the files is bad
    seen = json.loads((out / "seen.json").read_text(encoding="utf-8"))
    return seen, json.loads(answers), errors, out


def test_nothing_went_wrong_on_the_way(run):
    assert "Traceback" not in run[2]
    assert "Error" not in run[2]


def test_the_table_says_what_the_command_line_says(run):
    seen, answers, *_ = run
    assert [row[:2] for row in seen["rows"]] == [[item["name"], item["class"]] for item in answers]
    for row, item in zip(seen["rows"], answers, strict=True):
        assert row[2] == pytest.approx(item["probability"], abs=1e-5)


def test_the_bad_file_is_named(run):
    assert run[0]["message"].startswith("broken.ev: ")
    assert len(run[0]["rows"]) == 5


def test_the_decision_is_shown(run):
    seen = run[0]
    assert seen["headline"].startswith(seen["rows"][0][1])


def test_hovering_shades_the_receptive_field(run):
    seen = run[0]
    assert seen["sample"][0] == 1
    assert seen["bands"] == seen["field"]
    assert seen["layers"][1] in seen["readout"]


def test_every_panel_is_exported_twice(run):
    seen, _, _, out = run
    panels = ["spectrum", *seen["layers"], "prediction"]
    assert len(seen["exported"]) == 2 * len(panels)
    for name in seen["exported"]:
        assert (out / name).stat().st_size > 100
    assert not [path for path in out.iterdir() if ".part" in path.name or path.name[0] == "."]


@pytest.mark.skipif(os.name == "nt", reason="a signal of 0 is a real one on Windows")
def test_the_engine_is_gone(run):
    pid = run[0]["engine"]
    due = time.monotonic() + 5
    while time.monotonic() < due:
        try:
            os.kill(pid, 0)
        except OSError:
            return
        time.sleep(0.05)
    raise AssertionError(f"the engine process {pid} is still there")
