"""A disk that is full when the model is written: a sentence, and nothing lost."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "nn" / "train"))
from training_spectra import write_training_file

pytestmark = pytest.mark.slow

ROOM = 24_000
"""Bytes a file may have: enough for the beginning of a run, not for the model."""


def _limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def test_the_older_model_stays(tmp_path):
    data = write_training_file(tmp_path / "d.h5", n=18)
    out = tmp_path / "m.keras"
    out.write_bytes(b"an older model")
    words = ["--epochs", "1", "--folds", "0", "--eigenvalues", "60", "--architecture", "tutorial"]
    done = subprocess.run(
        [sys.executable, "-m", "spectracnn", "train", str(data), "--out", str(out), *words],
        preexec_fn=_limit,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    lines = [text for text in done.stderr.splitlines() if text.startswith("spectracnn: ")]
    assert "cannot be written (File too large)" in lines[-1]
    assert "Traceback" not in done.stderr
    assert out.read_bytes() == b"an older model"
    assert not list(tmp_path.glob("*.part"))
