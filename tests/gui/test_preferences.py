from __future__ import annotations

from spectracnn.geometry import cache
from spectracnn.geometry.computing import SolveRequest, compute
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.samples import sample_shape
from spectracnn.gui.dialogs.preferences import PreferencesDialog
from spectracnn.gui.settings import ModelLimits


def test_what_is_kept_of_meshes_is_shown_and_cleared(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "kept")
    compute(SolveRequest(sample_shape("drum_1"), SolveOptions(k=4)))
    dialog = PreferencesDialog(ModelLimits(), 512)
    qtbot.addWidget(dialog)
    assert dialog.kept_mib == 512
    assert dialog.kept_label.text().endswith("MiB are kept on this disk.")
    dialog.clear_button.click()
    assert cache.kept_bytes() == 0
    assert dialog.kept_label.text() == "Nothing is kept."
    assert not dialog.clear_button.isEnabled()
    dialog.default_button.click()
    assert dialog.kept_mib == cache.LIMIT_MIB


def test_the_limit_is_stored_where_every_process_finds_it(program, monkeypatch, tmp_path):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "kept")

    def choose(dialog):
        dialog.kept_spin.setValue(100)
        dialog.accept()
        return 1

    monkeypatch.setattr(PreferencesDialog, "exec", choose)
    program.window.commands.run("preferences")
    assert cache.limit_mib() == 100
