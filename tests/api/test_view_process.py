"""A window opened from Python: at once, in a process of its own, with what was never saved."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import spectracnn as sc

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


def test_files_that_are_not_there_are_named():
    with pytest.raises(sc.SpectraCNNError, match="no such file"):
        sc.view(Path("nowhere.ev"))


def test_without_a_display_it_says_so(spectra, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(sc.SpectraCNNError, match="no display"):
        sc.view(spectra)
