from __future__ import annotations

import ast
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QWidget

import spectracnn.gui
from spectracnn.gui.messages import Message, Severity, summary
from spectracnn.gui.theme import LIGHT
from spectracnn.gui.widgets.channels import format_channels, parse_channels
from spectracnn.gui.widgets.colour_bar import ColourBar
from spectracnn.gui.widgets.grip import Grip
from spectracnn.gui.widgets.message_bar import MessageBar
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.gui.widgets.status import Status
from spectracnn.gui.widgets.view_bar import ViewBar
from spectracnn.gui.widgets.welcome import Welcome
from spectracnn.state.selection import ColourScale, Selection, SpectrumMode
from spectracnn.view.palettes import Palette


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("", ()),
        ("7, 0-2", (0, 1, 2, 7)),
        ("3 1 3", (1, 3)),
        ("0\u20132", (0, 1, 2)),
        ("30-40", (30, 31)),
        ("99", ()),
        ("5-2", ()),
        ("a", None),
        ("1-", None),
        ("-1", None),
        ("1.5", None),
    ],
)
def test_parse_channels(text, channels):
    assert parse_channels(text, 32) == channels


@pytest.mark.parametrize("channels", [(), (0,), (0, 1), (0, 2, 3, 4, 9, 11, 12)])
def test_channels_survive_writing_and_reading(channels):
    assert parse_channels(format_channels(channels), 32) == channels


@pytest.fixture
def bar(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_the_latest_message_is_shown_and_those_before_it_come_back(bar):
    for text in ("first", "second", "third"):
        bar.show_message(Message(text, "hint"))
    assert bar.sentence.text() == "third hint"
    assert bar.dismiss_button.text() == "Dismiss (2 more)"
    bar.dismiss_button.click()
    assert bar.current == Message("second", "hint")
    bar.dismiss()
    bar.dismiss()
    assert bar.current is None
    assert bar.isHidden()


def test_a_refused_model_is_seen_at_once_behind_notes(bar):
    bar.show_message(Message("one", severity=Severity.NOTE))
    bar.show_message(Message("two", severity=Severity.NOTE))
    bar.show_message(Message("The model was refused."))
    assert bar.current.sentence == "The model was refused."


def test_a_note_does_not_cover_a_warning(bar):
    bar.show_message(Message("bad"))
    bar.show_message(Message("by the way", severity=Severity.NOTE))
    assert bar.current.sentence == "bad"
    bar.dismiss()
    assert bar.current.sentence == "by the way"


def test_the_same_is_said_once(bar):
    for _ in range(3):
        bar.show_message(Message("again"))
        bar.show_message(Message("other"))
    assert bar.dismiss_button.text() == "Dismiss (1 more)"


def test_a_success_takes_away_what_failed_before(bar):
    bar.show_message(Message("a.ev: no", topic="files"))
    bar.show_message(Message("b.keras: no", topic="engine"))
    bar.show_message(Message("c.ev: no", topic="files"))
    bar.forget("files")
    assert bar.current.sentence == "b.keras: no"
    assert bar.dismiss_button.text() == "\u2715"
    bar.forget("engine")
    assert bar.isHidden()


def test_a_message_is_text_and_no_markup(bar):
    bar.show_message(Message("<b>bold</b> & co"))
    assert bar.sentence.text() == "<b>bold</b> & co"
    assert bar.sentence.textFormat() is Qt.TextFormat.PlainText


def test_a_flood_of_messages_is_cut(bar):
    for number in range(1000):
        bar.show_message(Message(str(number)))
    assert bar.dismiss_button.text() == "Dismiss (50 more)"


def test_details_are_offered_and_copied(bar):
    bar.show_message(Message("It failed.", details="line 1\nline 2"))
    assert bar.details.isHidden()
    bar.details_button.click()
    assert not bar.details.isHidden()
    bar.copy_button.click()
    assert QGuiApplication.clipboard().text() == "It failed.\nline 1\nline 2"


def test_the_action_of_a_message(qtbot, bar):
    bar.show_message(Message("Which way?"), "preview:x", "Preview")
    with qtbot.waitSignal(bar.actionTriggered) as waiter:
        bar.action_button.click()
    assert waiter.args == ["preview:x"]
    assert bar.current is None


def test_summary():
    assert summary([], "files failed") is None
    assert summary(["one"], "files failed") == Message("one")
    several = summary(["one", "two"], "files failed")
    assert several.sentence == "2 files failed. The first: one"
    assert several.details == "one\ntwo"


@pytest.fixture
def view_bar(qtbot):
    view_bar = ViewBar()
    qtbot.addWidget(view_bar)
    return view_bar


def test_the_view_bar_asks(qtbot, view_bar):
    buttons = view_bar.mode_control._group.buttons()
    with qtbot.waitSignal(view_bar.viewRequested) as waiter:
        buttons[2].click()
    assert waiter.args == [{"spectrum_mode": SpectrumMode.WEYL}]
    with qtbot.waitSignal(view_bar.viewRequested) as waiter:
        view_bar.log_value_button.click()
    assert waiter.args == [{"log_value": True}]
    with qtbot.waitSignal(view_bar.viewRequested) as waiter:
        view_bar.log_index_button.click()
    assert waiter.args == [{"log_index": True}]
    with qtbot.waitSignal(view_bar.viewRequested) as waiter:
        view_bar.colour_combo.setCurrentIndex(2)
        view_bar.colour_combo.activated.emit(2)
    assert waiter.args == [{"colour_scale": ColourScale.NETWORK}]
    with qtbot.waitSignal(view_bar.fitRequested):
        view_bar.fit_button.click()


def test_the_view_bar_shows_without_asking(qtbot, view_bar):
    selection = Selection(
        spectrum_mode=SpectrumMode.UNIT_AREA, log_value=True, colour_scale=ColourScale.MAP
    )
    with qtbot.assertNotEmitted(view_bar.viewRequested):
        view_bar.show_selection(selection)
    assert view_bar.mode_control.index == 1
    assert view_bar.log_value_button.isChecked()
    assert not view_bar.log_index_button.isChecked()
    assert view_bar.colour_combo.currentText() == ColourScale.MAP.value


def test_a_segmented_control_has_one_button_down(qtbot):
    control = SegmentedControl(("a", "b", "c"), "Letters")
    qtbot.addWidget(control)
    control.set_index(1)
    assert control.index == 1
    with qtbot.waitSignal(control.chosen) as waiter:
        control._group.button(2).click()
    assert waiter.args == [2]
    assert [button.isChecked() for button in control._group.buttons()] == [False, False, True]


def test_the_grip_tells_how_far_it_was_dragged(qtbot):
    grip = Grip("Height")
    qtbot.addWidget(grip)
    grip.resize(100, grip.height())
    grip.show()
    changes = []
    grip.dragged.connect(changes.append)
    qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 2))
    qtbot.mouseMove(grip, QPoint(5, 12))
    qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    qtbot.keyClick(grip, Qt.Key.Key_Up)
    assert sum(changes[:-1]) == 10
    assert changes[-1] < 0


@pytest.mark.parametrize(
    ("levels", "normalised", "ends"),
    [((-2.5, 2.5), False, ("\u22122.5", "2.5")), ((0.0, 1.0), True, ("0", "max"))],
)
def test_the_colour_bar_has_its_ends_in_numbers(qtbot, levels, normalised, ends):
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.set_range(Palette.SIGNED, levels, normalised, LIGHT)
    assert bar.ends == ends


def test_short_work_shows_no_progress(qtbot):
    status = Status(LIGHT)
    qtbot.addWidget(status)
    status.show()
    status.set_task("Reading", 1, 9)
    assert not status.bar.isVisible()
    qtbot.waitUntil(status.bar.isVisible)
    assert status.bar.value() == 1
    with qtbot.waitSignal(status.cancelRequested):
        status.cancel_button.click()
    status.set_task("Reading", 0, 0)
    assert not status.bar.isVisible()


def test_the_greeting_offers_what_to_do(qtbot):
    welcome = Welcome()
    qtbot.addWidget(welcome)
    with qtbot.waitSignal(welcome.samplesRequested):
        welcome.samples_button.click()
    with qtbot.waitSignal(welcome.openRequested):
        welcome.open_button.click()


def test_an_error_while_painting_leaves_no_painter_behind(qtbot):
    """It ended the program: a painter that outlives its widget's surface crashes Qt."""

    painters = []

    class Broken(QWidget):
        @ends_painter
        def paintEvent(self, _event):
            painter = QPainter(self)
            painters.append(weakref.ref(painter))
            self.deeper(painter)

        def deeper(self, painter):
            raise ValueError("a number that nobody expected")

    widget = Broken()
    qtbot.addWidget(widget)
    with pytest.raises(ValueError, match="nobody expected"):
        widget.grab()
    assert [ref() for ref in painters] == [None]


def test_every_widget_that_paints_ends_its_painter():
    for path in Path(spectracnn.gui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "paintEvent":
                names = [getattr(item, "id", "") for item in node.decorator_list]
                assert names == ["ends_painter"], path
