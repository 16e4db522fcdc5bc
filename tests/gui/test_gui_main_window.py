from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from spectracnn.engine.messages import OpenModel
from spectracnn.gui.theme import DARK, LIGHT, ThemeChoice
from spectracnn.gui.window.commands import edits
from spectracnn.gui.window.main_window import MainWindow
from spectracnn.gui.workspace.file_reader import FileReader, ReadBatch
from spectracnn.state.selection import LayerMode, Sample


def drop(window, urls):
    mime = QMimeData()
    mime.setUrls(urls)
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    return event


def names(program):
    return [entry.spectrum.name for entry in program.workspace.document.entries]


def batch(*spectra):
    return ReadBatch(list(spectra), done=1, total=1)


def local(*paths):
    return [QUrl.fromLocalFile(str(path)) for path in paths]


def test_an_empty_window_greets(program):
    assert program.ui.pages.currentWidget() is program.ui.welcome


def test_dropped_files_are_read(qtbot, program, ev_file):
    first, second = ev_file("one.ev"), ev_file("two.ev")
    with qtbot.waitSignal(program.reader.jobFinished):
        event = drop(program.window, local(first, second))
    assert event.isAccepted()
    assert names(program) == ["one", "two"]
    assert program.ui.pages.currentWidget() is program.ui.columns
    assert program.settings.recent == [second, first]


def test_rows_that_come_later_are_selected_and_shown(qtbot, program, ev_file):
    with qtbot.waitSignal(program.reader.jobFinished):
        drop(program.window, local(*(ev_file(f"old {number}.ev") for number in range(40))))
    assert len(program.ui.table.selected_ids()) == 1
    with qtbot.waitSignal(program.reader.jobFinished):
        drop(program.window, local(ev_file("new 1.ev"), ev_file("new 2.ev")))
    entries = program.workspace.document.entries
    assert program.ui.table.selected_ids() == [entry.id for entry in entries[-2:]]
    assert program.workspace.selection.current == entries[-2].id
    view = program.ui.table.view
    row = view.visualRect(view.model().index(40, 0))
    assert view.viewport().rect().contains(row.center())


def test_a_later_file_of_a_folder_does_not_take_the_view(qtbot, program, spectra, make_spectrum):
    """Batches of one job: the first shows its first row, the rest leave the person in peace."""
    program.workspace.add_spectra(spectra)
    program.window.opening._on_reader_batchRead(batch(make_spectrum("one")))
    first = program.workspace.document.entries[4]
    assert program.workspace.selection.current == first.id
    program.workspace.set_current(program.workspace.document.entries[1].id)
    program.window.opening._on_reader_batchRead(batch(make_spectrum("two")))
    program.window.opening._on_reader_jobFinished(False)
    assert program.ui.table.selected_ids() == [program.workspace.document.entries[1].id]


def test_a_dropped_folder_is_searched(qtbot, program, ev_file, tmp_path):
    ev_file("folder/b.ev")
    ev_file("folder/deeper/a.ev")
    (tmp_path / "folder" / "notes.md").write_text("no spectrum")
    with qtbot.waitSignal(program.reader.jobFinished):
        drop(program.window, local(tmp_path / "folder"))
    assert sorted(names(program)) == ["a", "b"]


def test_a_dropped_model_is_opened(qtbot, program, tmp_path):
    engine, before = program.engine, program.engine.latest(OpenModel)
    drop(program.window, local(tmp_path / "other.keras"))
    qtbot.waitUntil(lambda: engine.latest(OpenModel) > before)
    assert engine.requests[engine.latest(OpenModel)].path.endswith("other.keras")


def test_a_link_from_elsewhere_is_refused_in_words(program):
    drop(program.window, [QUrl("https://example.org/a.ev")])
    assert "Only files of this computer" in program.ui.message_bar.current.sentence


def test_a_bad_file_is_told_and_stops_nothing(qtbot, program, ev_file, tmp_path):
    bad = tmp_path / "bad.ev"
    bad.write_text("this is no spectrum at all\n")
    with qtbot.waitSignal(program.reader.jobFinished):
        drop(program.window, local(ev_file("one.ev"), bad, ev_file("two.ev")))
    assert names(program) == ["one", "two"]
    assert program.ui.message_bar.current.sentence.startswith("bad.ev: ")
    assert bad not in program.settings.recent


def test_pasted_numbers_are_a_spectrum(qtbot, program):
    QGuiApplication.clipboard().setText("0\n1.5\n2.5\n3.5\n4.5\n6\n")
    with qtbot.waitSignal(program.reader.jobFinished):  # in the thread that reads files
        program.window.commands.run("paste")
    entry = program.workspace.document.entries[0]
    np.testing.assert_array_equal(entry.spectrum.eigenvalues, [0, 1.5, 2.5, 3.5, 4.5, 6])


def test_pasted_nonsense_is_told(qtbot, program):
    QGuiApplication.clipboard().setText("hello world")
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.commands.run("paste")
    assert "clipboard" in program.ui.message_bar.current.sentence
    assert not program.workspace.document.entries


@pytest.mark.parametrize("held", ["nothing", "blanks", "a picture", "no clipboard"])
def test_pasting_without_data_is_one_sentence(program, monkeypatch, held):
    mime = QMimeData()
    if held == "blanks":
        mime.setText(" \n\t")
    elif held == "a picture":
        mime.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    holder = SimpleNamespace(mimeData=lambda: None if held == "no clipboard" else mime)
    monkeypatch.setattr(edits, "QGuiApplication", SimpleNamespace(clipboard=lambda: holder))
    program.window.commands.run("paste")
    assert "no text" in program.ui.message_bar.current.sentence
    assert not program.workspace.document.entries


def test_pasted_files_are_read(qtbot, program, ev_file):
    mime = QMimeData()
    mime.setUrls(local(ev_file("one.ev")))
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.commands.run("paste")
    assert names(program) == ["one"]


def test_copying_puts_image_and_values_into_the_clipboard(qtbot, program, spectra, network):
    program.fill(spectra)
    program.ui.stack.panels[0].plot.setFocus()
    program.window.commands.run("copy")
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    rows = [line.split("\t") for line in mime.text().splitlines()]
    assert rows[0] == ["step", "index", "channel 0", "channel 1"]
    conv = network.trace(spectra[0]).layers[0].output
    np.testing.assert_array_equal(np.array(rows[1:], np.float64)[:, 2:].astype(np.float32), conv)


def test_copying_without_a_focused_panel_takes_the_spectrum(program, spectra):
    program.fill(spectra)
    program.ui.table.filter_edit.setFocus()
    program.window.commands.run("copy")
    header = QGuiApplication.clipboard().mimeData().text().splitlines()[0]
    assert header.split("\t") == ["index", *(spectrum.name for spectrum in spectra)]


def test_copying_from_an_empty_window_is_greyed_out(program):
    program.window.commands.refresh()
    assert not program.window.commands["copy"].isEnabled()
    assert "Open a spectrum first." in program.window.commands["copy"].toolTip()


def test_arrow_keys_step_the_pinned_sample(qtbot, program, spectra):
    program.fill(spectra)
    program.workspace.pin(Sample(0, 3, 0))
    plot = program.ui.stack.panels[0].plot
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert program.workspace.selection.pinned == Sample(0, 4, 0)
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    assert program.workspace.selection.pinned == Sample(0, 4, 1)
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    assert program.workspace.selection.pinned == Sample(0, 4, 1)  # stays inside the layer
    assert "4" in program.ui.status.readout.text()
    program.window.commands.run("release_pin")
    assert program.workspace.selection.pinned is None


def test_the_next_and_the_previous_spectrum(program, spectra):
    program.fill(spectra)
    for slot, name in (
        ("next_spectrum", "shape 1"),
        ("next_spectrum", "shape 2"),
        ("previous_spectrum", "shape 1"),
    ):
        program.window.commands.run(slot)
        current = program.workspace.selection.current
        assert program.workspace.document.entry(current).spectrum.name == name
        assert name in program.window.windowTitle()


def test_removing_what_is_selected(program, spectra):
    program.fill(spectra)
    program.ui.table.view.selectRow(1)
    program.window.commands.run("remove_selected")
    assert names(program) == ["shape 0", "shape 2", "shape 3"]


def test_all_layers_at_once(program, spectra):
    program.fill(spectra)
    program.window.commands.run("all_lines")
    assert all(x.options.mode is LayerMode.LINES for x in program.workspace.contents.layers)
    program.window.commands.run("collapse_all")
    assert not any(panel.plot.isVisible() for panel in program.ui.stack.panels)
    program.window.commands.run("expand_all")
    assert all(panel.plot.isVisible() for panel in program.ui.stack.panels)


def test_drawing_all_and_none(program, spectra):
    program.fill(spectra)
    program.window.commands.run("overlay_none")
    assert len(program.workspace.contents.spectrum.curves) == 1
    program.window.commands.run("overlay_all")
    assert len(program.workspace.contents.spectrum.curves) == 4


def test_a_popped_out_panel_follows(qtbot, program, spectra):
    program.fill(spectra)
    program.ui.stack.panels[0].header.pop_out_button.click()
    window = program.window.pop_outs.windows[0]
    assert window.isVisible()
    shown = window.panel.plot.image.image
    np.testing.assert_array_equal(shown, program.ui.stack.panels[0].plot.image.image)
    program.workspace.hover(Sample(0, 3, 1))
    assert window.panel.plot.cursor.value() == 5.0
    program.ui.stack.panels[0].header.pop_out_button.click()
    assert len(program.window.pop_outs.windows) == 1
    with qtbot.waitSignal(window.destroyed):
        window.close()
    assert program.window.pop_outs.windows == []


def test_the_theme_switches_live(qtbot, program, spectra):
    program.fill(spectra)
    plot = program.ui.stack.spectrum.plot
    assert plot.backgroundBrush().color() == QColor(LIGHT.ground)
    told = []
    program.themes.themeChanged.connect(told.append)
    program.themes.choose(ThemeChoice.DARK)
    assert told == [DARK]
    assert plot.backgroundBrush().color() == QColor(DARK.ground)
    assert QApplication.palette().window().color() == QColor(DARK.raised)
    # The layers follow one a turn, so that the window goes on answering.
    grounds = {QColor(DARK.ground).name()}
    panels = program.ui.stack.panels
    assert panels
    qtbot.waitUntil(
        lambda: {panel.plot.backgroundBrush().color().name() for panel in panels} == grounds
    )
    program.themes.choose(ThemeChoice.LIGHT)
    assert plot.backgroundBrush().color() == QColor(LIGHT.ground)


def test_the_theme_menu_remembers(program):
    program.window.commands["theme_dark"].trigger()
    assert program.settings.theme is ThemeChoice.DARK
    assert program.themes.theme is DARK


def test_predictions_appear_in_table_and_panel(qtbot, program, spectra, network):
    program.fill(spectra)
    from spectracnn.engine.messages import PredictSpectra

    qtbot.waitUntil(lambda: program.engine.latest(PredictSpectra) > 0)
    program.engine.answer_predictions()
    table = program.ui.table.model
    classes = [table.index(row, table.column("class")).data() for row in range(4)]
    assert classes == [
        network.description.classes[int(np.argmax(network.trace(s).probabilities))] for s in spectra
    ]
    assert program.ui.prediction.headline.text().startswith(classes[0])


def test_geometry_is_remembered(qtbot, program, settings, spectra):
    program.fill(spectra)
    program.window.resize(program.window.size() - QSize(37, 53))
    program.ui.columns.moveSplitter(program.ui.columns.sizes()[0] + 11, 1)
    program.ui.left.moveSplitter(program.ui.left.sizes()[0] - 13, 1)
    size, columns = program.window.size(), program.ui.columns.sizes()
    left = program.ui.left.sizes()
    program.window.close()
    reader = FileReader()
    again = MainWindow(
        program.workspace, program.inference, reader, program.themes, settings, lazily=True
    )
    qtbot.addWidget(again)
    again.show()
    qtbot.waitExposed(again)
    again.build_now()
    again.ui.show_page(empty=False)
    assert again.size() == size
    qtbot.waitUntil(lambda: again.ui.columns.sizes() == columns)
    assert again.ui.left.sizes() == left
    again.close()


def test_the_whole_window_hovers_together(qtbot, program, spectra, move_pointer):
    program.fill(spectra)
    plot = program.ui.stack.panels[0].plot
    at = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(5.0, 1.0)))
    with qtbot.waitSignal(program.workspace.contentsChanged):
        move_pointer(plot, at)
    assert program.ui.stack.spectrum.plot.bands.ranges == ((3.5, 6.5),)
    assert "conv" in program.ui.status.readout.text()


@pytest.fixture
def when_asked(qtbot):
    """Does something to the next modal dialog, as a person would."""

    def prepare(act):
        def look():
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                timer.stop()
                done.append(type(dialog).__name__)
                act(dialog)

        timer = QTimer(interval=10)
        timer.timeout.connect(look)
        timer.start()
        return done

    done = []
    return prepare


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        ("export", "ExportDialog"),
        ("shortcuts", "ShortcutsDialog"),
        ("about_model", "ModelCardDialog"),
        ("about", "AboutDialog"),
    ],
)
def test_dialogs_open_from_the_menu(program, spectra, when_asked, slot, name):
    program.fill(spectra)
    seen = when_asked(lambda dialog: dialog.reject())
    program.window.commands.run(slot)
    assert seen == [name]


def test_there_is_no_card_before_there_is_a_model(program):
    program.window.commands.run("about_model")
    assert QApplication.activeModalWidget() is None


def test_an_ambiguous_table_can_be_read_the_other_way(qtbot, program, tmp_path, when_asked):
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n2,3,4\n3,4,5\n4,5,6\n")
    with qtbot.waitSignal(program.reader.jobFinished):
        program.window.open_paths([table])
    before = [len(entry.spectrum) for entry in program.workspace.document.entries]

    def choose_the_other(dialog):
        qtbot.waitUntil(dialog.read_button.isEnabled)
        other = "rows" if dialog.orientation == "columns" else "columns"
        dialog.cards[other].radio.click()
        dialog.read_button.click()

    when_asked(choose_the_other)
    with qtbot.waitSignal(program.reader.jobFinished):
        program.ui.message_bar.action_button.click()
    after = [len(entry.spectrum) for entry in program.workspace.document.entries]
    assert (len(after), after[0]) == (before[0], len(before))


def test_a_folder_that_comes_in_batches_keeps_its_first_row(qtbot, program, make_spectrum):
    for name in ("one", "two", "three"):
        program.window.opening._on_reader_batchRead(batch(make_spectrum(name)))
    program.window.opening._on_reader_jobFinished(False)
    first = program.workspace.document.entries[0]
    assert program.workspace.selection.current == first.id
    assert program.ui.table.selected_ids() == [first.id]
