from __future__ import annotations

import json
import pickle
import time
from dataclasses import replace

import h5py
import numpy as np
import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QImage

from spectracnn.core.restoring import plain, restored
from spectracnn.figures.job import (
    EACH,
    ExportChoice,
    Snapshot,
    clean_name,
    default_stem,
    targets,
)
from spectracnn.gui.export.dialog import ExportDialog
from spectracnn.state.selection import LayerMode, LayerOptions, Sample
from spectracnn.view.resolve import resolve

PATIENCE = 30000


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
def dialog(qtbot, filled, themes, settings, folder):
    settings.export = {"folder": str(folder), "dpi": 100}
    dialog = ExportDialog(filled, themes, settings)
    dialog.show()
    yield dialog
    if not dialog.exporter._thread.isFinished():
        dialog.reject()


def choose(dialog, what):
    dialog.form.what_combo.setCurrentIndex(dialog.form.what_combo.findData(what))


def export(qtbot, dialog):
    with qtbot.waitSignal(dialog.exporter.exportFinished, timeout=PATIENCE) as waiter:
        dialog.export_button.click()
    return waiter.args[0]


# --- the records -----------------------------------------------------------------------------


def test_a_snapshot_survives_the_way_to_another_process(filled):
    filled.hover(Sample(0, 3, 1))
    filled.set_layer_options(1, LayerOptions(mode=LayerMode.LINES))
    before = Snapshot.of(filled.document, filled.selection)
    after = pickle.loads(pickle.dumps(before))
    assert after.selection == before.selection
    assert after.selection.hovered is None
    contents = resolve(after.document, after.selection)
    for new, old in zip(contents.layers, filled.contents.layers, strict=True):
        np.testing.assert_array_equal(new.picture.image, old.picture.image)
    assert [curve.colour for curve in contents.spectrum.curves] == [
        curve.colour for curve in filled.contents.spectrum.curves
    ]


def test_a_snapshot_leaves_behind_what_is_not_shown(filled):
    filled.set_overlaid([])
    assert len(Snapshot.of(filled.document, filled.selection).document.entries) == 1


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"dpi": 10**9, "theme": "pink", "figure_format": "exe", "what": "nothing"},
        {"dpi": "300", "values": "yes", "width": None, "folder": 7},
        {"unknown": 1},
    ],
)
def test_remembered_nonsense_falls_back(record):
    assert restored(ExportChoice, record) == ExportChoice()


def test_a_choice_survives_being_remembered():
    choice = ExportChoice("spectrum", True, "svg", "h5", 150, "own", 90, 60, "dark", "/x")
    assert restored(ExportChoice, json.loads(json.dumps(plain(choice)))) == choice


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat 01.png", "cat-01"),
        ("../../etc", "etc"),
        ("a/b\\c:d", "a-b-c-d"),
        ("\u00e9", "\u00e9"),
        ("", ""),
    ],
)
def test_names_of_files_are_safe(text, name):
    assert clean_name(text) == name


def test_the_files_of_every_choice(filled, folder):
    def names(**changes):
        choice = ExportChoice(**changes)
        return [target.path.name for target in targets(choice, filled.contents, folder, "x")]

    assert default_stem(filled.contents) == "shape-0"
    assert names(what="all") == ["x.png"]
    assert names(what="layer 1", figure_format="pdf") == ["x-01-pool.pdf"]
    each = [
        "x-spectrum.csv",
        "x-00-conv.csv",
        "x-01-pool.csv",
        "x-02-average.csv",
        "x-03-dense.csv",
        "x-prediction.csv",  # the trace's own answer
    ]
    assert names(what="each", values=True) == each
    assert names(what="all", values=True) == each  # a table cannot hold everything
    assert names(what="all", values=True, values_format="h5") == ["x.h5"]


# --- the dialog ------------------------------------------------------------------------------


def test_a_figure_is_previewed_and_written(qtbot, dialog, folder):
    qtbot.waitUntil(lambda: dialog.preview.picture.image is not None, timeout=PATIENCE)
    assert "mm" in dialog.preview.caption.text()
    outcome = export(qtbot, dialog)
    assert outcome.paths == (folder / "shape-0.png",)
    shown, written = dialog.preview.picture.image, QImage(str(outcome.paths[0]))
    assert written.width() == 750
    assert written.width() / written.height() == pytest.approx(
        shown.width() / shown.height(), rel=0.01
    )
    assert "shape-0.png" in dialog.status_label.text()
    assert dialog.show_button.isVisible()
    assert "will be replaced" in dialog.form.files_label.text()


def test_every_panel_gets_a_file(qtbot, dialog, folder, network, spectra):
    choose(dialog, "each")
    dialog.form.kind_control._group.button(1).click()
    outcome = export(qtbot, dialog)
    assert len(outcome.paths) == 6
    lines = (folder / "shape-0-00-conv.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    conv = network.trace(spectra[0]).layers[0].output
    np.testing.assert_array_equal(np.array(rows[1:], float)[:, 2:].astype(np.float32), conv)


def test_values_have_their_provenance(qtbot, dialog, folder):
    dialog.form.kind_control._group.button(1).click()
    dialog.form.values_control._group.button(2).click()
    qtbot.waitUntil(lambda: "conv" in dialog.preview.text.toPlainText(), timeout=PATIENCE)
    outcome = export(qtbot, dialog)
    with h5py.File(outcome.paths[0]) as file:
        origin = json.loads(file["provenance"][()])
        assert origin["model"]["sha256"] == "ab" * 32
        assert "layers" in file


def test_a_failure_is_told_in_the_dialog(qtbot, dialog, folder):
    dialog.form.folder_edit.setText(str(folder / "missing"))
    outcome = export(qtbot, dialog)
    assert outcome.paths == ()
    assert "cannot be written" in dialog.status_label.text()
    assert dialog.status_label.property("error")
    assert dialog.export_button.isEnabled()
    assert list(folder.iterdir()) == []


def test_cancel_leaves_nothing_behind(qtbot, dialog, folder):
    choose(dialog, "each")
    dialog.form.dpi_spin.setValue(1200)
    with qtbot.waitSignal(dialog.exporter.exportFinished, timeout=PATIENCE) as waiter:
        dialog.export_button.click()
        qtbot.waitUntil(dialog.cancel_button.isVisible, timeout=PATIENCE)
        dialog.cancel_button.click()
    assert waiter.args[0].paths == ()
    assert "Cancelled" in dialog.status_label.text()
    assert list(folder.iterdir()) == []


def test_closing_ends_the_drawing_and_remembers(qtbot, dialog, settings, folder):
    choose(dialog, "spectrum")
    dialog.form.theme_control._group.button(1).click()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    record = settings.export
    assert (record["what"], record["theme"], record["folder"]) == ("spectrum", "dark", str(folder))


def test_the_focused_panel_is_offered(qtbot, filled, themes, settings):
    dialog = ExportDialog(filled, themes, settings, panel=1)
    assert dialog.form.choice.what == "layer 1"
    dialog.reject()


def test_corrupt_settings_do_no_harm(qtbot, filled, themes, settings):
    QSettings().setValue("export", "{{{")
    dialog = ExportDialog(filled, themes, settings)
    assert dialog.form.choice.what == "all"
    dialog.reject()


def test_a_name_is_needed(dialog):
    dialog.form.name_edit.setText("  ")
    assert not dialog.export_button.isEnabled()
    dialog.form.name_edit.setText("figure")
    assert dialog.export_button.isEnabled()
    assert dialog.form.files_label.text() == "figure.png"


def test_an_answer_that_arrives_later_is_in_the_figure(
    qtbot, workspace, engine, spectra, themes, settings, folder
):
    settings.export = {"folder": str(folder), "what": "each", "dpi": 60}
    engine.answer_open()
    workspace.add_spectra(spectra)
    dialog = ExportDialog(workspace, themes, settings)
    dialog.show()
    assert len(dialog.targets()) == 1
    engine.answer_trace()
    assert len(dialog.targets()) == 6
    assert len(export(qtbot, dialog).paths) == 6
    dialog.reject()


def test_the_window_goes_on_while_a_figure_is_drawn(qtbot, dialog):
    # Processor time of this thread between two turns of the loop: what others do on the machine,
    # and a wait for the disk, are not the window's doing.
    gaps, last = [], [time.thread_time()]

    def tick():
        now = time.thread_time()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=1)
    timer.timeout.connect(tick)
    timer.start()
    export(qtbot, dialog)
    timer.stop()
    # Drawing in the window's own thread took up to 0.28 s of it, in one turn.
    assert len(gaps) > 5
    assert sorted(gaps)[-2] < 0.1


def test_the_window_that_closes_ends_an_open_dialog_and_its_thread(program, spectra, folder):
    program.fill(spectra)
    program.settings.export = {"folder": str(folder)}
    dialog = ExportDialog(
        program.workspace, program.window.themes, program.settings, program.window
    )
    dialog.show()
    program.window.close()
    assert not dialog.isVisible()
    assert dialog.exporter._thread.isFinished()


def test_names_of_any_length_make_names_of_files_that_systems_take(filled, folder):
    layers = filled.contents.layers
    long = replace(layers[0], title="\u00e9" * 5000)
    curves = tuple(
        replace(curve, name="\u00fc" * 100_000) for curve in filled.contents.spectrum.curves
    )
    spectrum = replace(filled.contents.spectrum, curves=curves)
    contents = replace(filled.contents, layers=(long, *layers[1:]), spectrum=spectrum)
    files = targets(ExportChoice(what=EACH), contents, folder, default_stem(contents))
    assert max(len(target.path.name.encode()) for target in files) <= 255
