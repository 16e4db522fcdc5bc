"""Commands: one table, from which menus, toolbar, context menus and palette are drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from spectracnn.gui.dialogs.index_range import IndexRangeDialog
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.gui.widgets.icons import command_icon
from spectracnn.gui.window.commands.facts import Facts
from spectracnn.gui.window.commands.record import Menu, Place
from spectracnn.gui.window.commands.table import COMMANDS
from spectracnn.gui.window.palette import CommandPalette, command_items
from spectracnn.state.selection import Sample, SpectrumMode


def texts(menu):
    found = set()
    for action in menu.actions():
        found |= texts(action.menu()) if action.menu() else {action.objectName()}
    return found - {""}


@pytest.fixture
def commands(program):
    return program.window.commands


def test_names_and_keys_are_unique():
    names = [command.name for command in COMMANDS]
    keys = [
        QKeySequence(key).toString()
        for command in COMMANDS
        for key in command.shortcut.split("; ")
        if key
    ]
    assert len(names) == len(set(names))
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_access_keys_within_a_menu_are_unique(program):
    for menu in program.window.menus.values():
        keys = [
            text[text.index("&") + 1].casefold()
            for action in menu.actions()
            if "&" in (text := action.text().replace("&&", ""))
        ]
        assert len(keys) == len(set(keys)), (menu.title(), sorted(keys))


def test_every_command_is_in_its_menu(program):
    for place in Menu:
        wanted = {command.name for command in COMMANDS if command.menu is place}
        assert wanted <= texts(program.window.menus[place])


def test_every_icon_is_drawn_in_the_theme_colours(qapp):
    for name in {command.icon for command in COMMANDS if command.icon}:
        for theme in (LIGHT, DARK):
            image = command_icon(name, theme).pixmap(32).toImage()
            places = [(x, y) for x in range(image.width()) for y in range(image.height())]
            strongest = max((image.pixelColor(*place) for place in places), key=QColor.alpha)
            assert strongest.alpha() > 128, name
            for found, wanted in zip(
                strongest.getRgb()[:3], QColor(theme.ink).getRgb()[:3], strict=True
            ):
                assert abs(found - wanted) <= 3, name


def test_what_cannot_be_used_is_greyed_out_until_it_can(program, spectra, commands):
    for name in ("export", "fit", "mute", "undo", "collapse_all", "remove_selected"):
        assert not commands[name].isEnabled(), name
    for name in ("open_files", "paste", "palette", "quit"):
        assert commands[name].isEnabled(), name
    program.fill(spectra)
    for name in ("export", "fit", "collapse_all", "trace_range", "overlay_all"):
        assert commands[name].isEnabled(), name
    assert not commands["mute"].isEnabled()
    program.workspace.pin(Sample(0, 3, 1))
    assert commands["mute"].isEnabled()
    assert commands["mute"].text() == "&Mute filter 1"
    commands["mute"].trigger()
    assert program.workspace.selection.muted == {(0, 1)}
    assert commands["mute"].text() == "Un&mute filter 1"
    assert commands["undo"].isEnabled()
    assert commands["undo"].text() == "&Undo mute filter 1 of conv"
    commands["undo"].trigger()
    assert program.workspace.selection.muted == frozenset()
    assert commands["redo"].isEnabled()


def test_every_need_says_what_to_do():
    for command in COMMANDS:
        if command.needs:
            assert command.obstacle(Facts(bundled=True)).endswith("."), command.name


def test_mute_and_solo_without_the_mouse(program, spectra, commands):
    program.fill(spectra)
    program.workspace.pin(Sample(0, 3, 1))
    commands.run("solo")
    assert program.workspace.selection.muted == {(0, 0)}
    commands.run("unmute_all")
    assert program.workspace.selection.muted == frozenset()
    assert not commands["unmute_all"].isEnabled()


def test_forward_tracing_without_the_mouse(program, spectra, commands, monkeypatch):
    program.fill(spectra)
    monkeypatch.setattr(IndexRangeDialog, "exec", lambda self: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(IndexRangeDialog, "span", (2, 5))
    commands.run("trace_range")
    assert program.workspace.selection.index_range == (2, 5)
    assert program.workspace.contents.spectrum_marks.chosen == (2, 5)


def test_the_range_dialog_puts_its_ends_in_order(qtbot):
    dialog = IndexRangeDialog(19, (7, 3))
    qtbot.addWidget(dialog)
    assert dialog.span == (3, 7)
    dialog.last_box.setValue(500)
    assert dialog.span == (7, 19)


def test_the_view_can_be_zoomed_and_fitted(program, spectra, commands):
    program.fill(spectra)
    low, high = program.ui.stack.axis.getViewBox().viewRange()[0]
    commands.run("zoom_in")
    near = program.ui.stack.axis.getViewBox().viewRange()[0]
    assert near[1] - near[0] == pytest.approx((high - low) / 1.5)
    assert sum(near) == pytest.approx(low + high)
    commands.run("fit")
    assert program.ui.stack.axis.getViewBox().viewRange()[0] == pytest.approx([low, high])


def test_ways_to_show_the_spectrum_are_ticked(program, spectra, commands):
    program.fill(spectra)
    commands.run("show_weyl")
    assert program.workspace.selection.spectrum_mode is SpectrumMode.WEYL
    assert commands["show_weyl"].isChecked()
    assert not commands["show_raw"].isChecked()
    commands.run("show_weyl")
    assert commands["show_weyl"].isChecked()


# --- context menus ---------------------------------------------------------------------------


@pytest.fixture
def ask_for_menu(program):
    def ask(widget, at=None):
        at = widget.rect().center() if at is None else at
        widget.customContextMenuRequested.emit(at)
        menu = program.window.context_menus.menu
        assert isinstance(menu, QMenu)
        return menu

    yield ask
    menu = program.window.context_menus.menu
    if menu is not None:
        menu.close()
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("place", "name"),
    [(Place.TABLE, "table"), (Place.PREDICTION, "prediction")],
)
def test_side_panels_offer_their_commands(program, spectra, ask_for_menu, place, name):
    program.fill(spectra)
    widget = getattr(program.ui, name)
    menu = ask_for_menu(getattr(widget, "view", widget))
    assert texts(menu) == {command.name for command in COMMANDS if place in command.places}


def test_the_menu_of_a_layer_acts_on_the_filter_under_the_pointer(
    qtbot, program, spectra, ask_for_menu, commands
):
    program.fill(spectra)
    panel = program.ui.stack.panels[0]
    program.workspace.pin(Sample(1, 0, 0))
    program.workspace.hover(Sample(0, 4, 1))
    at = panel.plot.mapTo(program.ui.stack, panel.plot.rect().center())
    menu = ask_for_menu(program.ui.stack, at)
    program.workspace.hover(None)  # the pointer moves into the menu
    assert {"mute", "solo", "inspect_sample", "pop_out"} <= texts(menu)
    menu.close()
    commands["mute"].trigger()
    assert program.workspace.selection.muted == {(0, 1)}
    qtbot.waitUntil(lambda: commands.scope.pointed is None)


def test_the_menu_of_the_spectrum_traces_the_eigenvalue_under_the_pointer(
    program, spectra, ask_for_menu, commands, move_pointer
):
    program.fill(spectra)
    plot = program.ui.stack.spectrum.plot
    where = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(6.0, 1.0)))
    move_pointer(plot, where)
    menu = ask_for_menu(program.ui.stack, plot.viewport().mapTo(program.ui.stack, where))
    assert {"trace_eigenvalue", "trace_range", "show_raw", "drag_points"} <= texts(menu)
    commands["trace_eigenvalue"].trigger()
    assert program.workspace.selection.index_range == (6, 6)


def test_a_popped_out_layer_by_command(program, spectra, commands):
    program.fill(spectra)
    program.workspace.pin(Sample(0, 4, 1))
    commands.run("pop_out")
    assert [window.panel.index for window in program.window.pop_outs.windows] == [0]


# --- palette ---------------------------------------------------------------------------------


@pytest.fixture
def palette(qtbot, program):
    def make():
        program.window.commands.run("palette")
        return program.window.findChild(CommandPalette)

    return make


def test_every_command_is_in_the_palette(commands):
    found = {item.text.removesuffix(" ✓") for item in command_items(commands)}
    for command in COMMANDS:
        if command.name != "palette":
            assert commands[command.name].text().replace("&", "") in found


def test_the_palette_finds_and_runs(qtbot, program, spectra, palette):
    program.fill(spectra)
    dialog = palette()
    qtbot.keyClicks(dialog.edit, "wey rat")
    assert dialog.shown[0].text == "Weyl ratio"
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert program.workspace.selection.spectrum_mode is SpectrumMode.WEYL


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("silence", "Mute this filter"),
        ("fwd range", "Trace a range forward…"),
        ("dark", "Dark"),
        ("undo", "Undo"),
        ("ofo", "Open folder…"),
        ("settings", "Preferences…"),
    ],
)
def test_the_palette_finds_by_letters_and_other_words(qtbot, palette, typed, text):
    dialog = palette()
    qtbot.keyClicks(dialog.edit, typed)
    assert text in [item.text for item in dialog.shown[:3]]
    dialog.reject()


def test_what_cannot_be_used_comes_last_and_does_nothing(qtbot, program, palette):
    dialog = palette()
    qtbot.keyClicks(dialog.edit, "copy plot")
    assert dialog.shown[0].obstacle == "Open a spectrum first."
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.edit, "zzzzqq")
    assert dialog.nothing.isVisible()
    dialog.reject()


def test_samples_are_in_the_palette(qtbot, program, palette):
    dialog = palette()
    qtbot.keyClicks(dialog.edit, "octo")
    assert dialog.shown[0].where == "Sample"
    with qtbot.waitSignal(program.reader.jobFinished):
        qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert program.workspace.document.entries


# --- toolbar and table -----------------------------------------------------------------------


def test_the_toolbar_can_be_hidden_and_stays_so(program, settings, commands):
    assert program.ui.toolbar.isVisible()
    commands.run("toolbar")
    assert not program.ui.toolbar.isVisible()
    assert not settings.toolbar
    commands.run("toolbar")
    assert program.ui.toolbar.isVisible()


def test_buttons_of_the_toolbar_have_names(program):
    for action in program.ui.toolbar.actions():
        if action.objectName():
            assert program.ui.toolbar.widgetForAction(action).accessibleName()


def test_copying_in_the_table_copies_its_rows(program, spectra, commands):
    program.fill(spectra)
    program.ui.table.view.selectRow(1)
    program.ui.table.view.setFocus()
    QApplication.processEvents()
    commands.run("copy_rows")
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][0] == "Name"
    assert lines[1][0] == "shape 1"
    assert len(lines) == 2


def test_a_context_menu_beside_everything_does_no_harm(program, ask_for_menu):
    menu = ask_for_menu(program.ui.stack, QPoint(1, 1))
    assert "fit" in texts(menu)


def test_training_stands_in_file_and_explain_as_one_action(program):
    menus = program.window.menus
    action = program.window.commands["tool_training"]
    assert action in menus[Menu.FILE].actions()
    assert action in menus[Menu.EXPLAIN].actions()
    file_actions = menus[Menu.FILE].actions()
    card = program.window.commands["edit_model_card"]
    assert file_actions.index(action) == file_actions.index(card) + 1
