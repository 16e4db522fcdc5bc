"""A window opened from Python: at once, in a process of its own, with what was never saved."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

import spectracnn as sc
from spectracnn.nn.backend import load_keras

pytestmark = pytest.mark.slow

PATIENCE = 200.0


@pytest.fixture(scope="module")
def spectra():
    return sc.read(sc.samples()[:2])


def test_a_window_opens_without_waiting_and_leaves_nothing(spectra, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    model = sc.open_model()
    window = sc.view(spectra, model=model)
    try:
        assert window.is_open
        assert window.pid != os.getpid()
        (folder,) = [f for f in tmp_path.iterdir() if f.name.startswith("spectracnn-view")]
        names = {path.name for path in folder.iterdir()}
        assert "spectra.h5" in names
        assert any(name.endswith((".keras", ".h5")) and name != "spectra.h5" for name in names)
        assert [s.name for s in sc.read(folder / "spectra.h5")] == [s.name for s in spectra]
        time.sleep(3)
        assert window.is_open, "it ended by itself"
    finally:
        window.close()
    assert not window.is_open
    end = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()


def test_a_model_that_was_never_saved_is_what_the_window_opens(spectra, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    keras = load_keras()[1]
    keras.utils.set_random_seed(5)
    layers = keras.layers
    own = keras.Sequential(
        [
            keras.Input((40, 1)),
            layers.Conv1D(3, 5, activation="relu"),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ],
        name="never_saved",
    )
    window = sc.view(spectra, model=own)
    try:
        (folder,) = [f for f in tmp_path.iterdir() if f.name.startswith("spectracnn-view")]
        written = sc.open_model(folder / "never_saved.keras")
        there = Path(f"/proc/{window.pid}/environ")
        if there.is_file():  # what the window's process was given
            assert str(folder / "never_saved.keras").encode() in there.read_bytes()
        time.sleep(5)
        assert window.is_open, "it ended by itself"
    finally:
        window.close()
    trace = written.trace(spectra[0])
    np.testing.assert_allclose(trace.probabilities, own(trace.inputs).numpy(), atol=1e-6)


def test_files_that_are_not_there_are_named():
    with pytest.raises(sc.SpectraCNNError, match="no such file"):
        sc.view(Path("nowhere.ev"))


def test_without_a_display_it_says_so(spectra, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(sc.SpectraCNNError, match="no display"):
        sc.view(spectra)
