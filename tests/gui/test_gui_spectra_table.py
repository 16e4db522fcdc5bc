from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt

from spectracnn.core.spectrum import Spectrum
from spectracnn.gui.panels.spectra_model import MIME, SORT_ROLE
from spectracnn.gui.panels.spectra_table import SpectraTable
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection
from spectracnn.view.palettes import curve_colour

DISPLAY = Qt.ItemDataRole.DisplayRole
CHECK = Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def document(network, make_spectrum):
    lengths = {"cup 2": 20, "human 1": 30, "cup 10": 14, "teddy": 5}
    entries = []
    for number, (name, n) in enumerate(lengths.items(), 1):
        spectrum = make_spectrum(name, n=n)
        if n < 12:
            entries.append(Entry(number, spectrum, refusal=f"{name}: too short"))
        else:
            row = np.roll(np.array([0.7, 0.2, 0.1], np.float32), number)
            entries.append(Entry(number, spectrum, row))
    return Document(tuple(entries), network.description)


@pytest.fixture
def table(qtbot, document):
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.resize(520, 300)
    table.show()
    table.reset(document)
    table.show_selection(Selection(current=1, overlaid=frozenset({1, 3})))
    return table


def shown(table, column="name"):
    model = table.view.model()
    return [model.index(row, table.model.column(column)).data() for row in range(model.rowCount())]


def test_cells(table):
    assert shown(table) == ["cup 2", "human 1", "cup 10", "teddy"]
    assert shown(table, "class") == ["human", "teddy", "cup", "\u2014"]
    assert shown(table, "probability") == ["0.70", "0.70", "0.70", ""]
    assert shown(table, "count") == ["20", "30", "14", "5"]
    assert shown(table, "file") == ["pasted"] * 4
    assert "\u2715" in shown(table, "badges")[3]


def test_a_refusal_is_explained(table):
    index = table.model.index(3, table.model.column("class"))
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "teddy: too short"


def test_badges_tell_oddities(qtbot):
    values = [-1.0, -3.0, -2.0, np.nan]
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.reset(Document((Entry(1, Spectrum("odd", values, notes=("a remark",))),)))
    index = table.model.index(0, table.model.column("badges"))
    assert index.data() == "\u2212 \u21c5 NaN no 0 !"
    assert len(index.data(Qt.ItemDataRole.ToolTipRole).splitlines()) == 5


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("count", ["teddy", "cup 10", "cup 2", "human 1"]),
        ("class", ["cup 10", "cup 2", "human 1", "teddy"]),
    ],
)
def test_sorting(table, column, names):
    table.view.sortByColumn(table.model.column(column), Qt.SortOrder.AscendingOrder)
    assert shown(table) == names
    table.view.sortByColumn(table.model.column(column), Qt.SortOrder.DescendingOrder)
    assert shown(table) == names[::-1]


def test_the_order_of_the_table_comes_back(table):
    table.view.sortByColumn(table.model.column("count"), Qt.SortOrder.AscendingOrder)
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert shown(table) == ["cup 2", "human 1", "cup 10", "teddy"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CUP", ["cup 2", "cup 10"]),
        ("cup 10", ["cup 10"]),
        ("teddy", ["human 1", "teddy"]),  # a class counts as well as a name
        ("nothing", []),
    ],
)
def test_the_filter_needs_all_words(qtbot, table, text, names):
    qtbot.keyClicks(table.filter_edit, text)
    assert shown(table) == names
    table.filter_edit.clear()
    assert len(shown(table)) == 4


def test_ticks_are_the_overlay(table):
    states = [table.model.index(row, 0).data(CHECK) for row in range(4)]
    on, off = Qt.CheckState.Checked, Qt.CheckState.Unchecked
    assert [Qt.CheckState(state) for state in states] == [on, off, on, off]


@pytest.mark.parametrize(
    ("row", "state", "wanted"),
    [(1, Qt.CheckState.Checked, {1, 2, 3}), (0, Qt.CheckState.Unchecked, {3})],
)
def test_a_tick_asks_and_changes_nothing_itself(qtbot, table, row, state, wanted):
    index = table.model.index(row, 0)
    before = index.data(CHECK)
    with qtbot.waitSignal(table.overlayRequested) as waiter:
        table.model.setData(index, state.value, CHECK)
    assert waiter.args == [frozenset(wanted)]
    assert index.data(CHECK) == before


def test_swatches_have_the_colours_of_the_curves(table):
    def colour(row):
        image = table.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
        return image.pixelColor(5, 5)

    assert colour(0).name() == curve_colour(0, dark=False).lower()
    assert colour(2).name() == curve_colour(1, dark=False).lower()
    assert colour(1).alpha() == 0
    table.apply_theme(DARK)
    assert colour(0).name() == curve_colour(0, dark=True).lower()


def test_a_click_asks_for_the_spectrum(qtbot, table):
    with qtbot.waitSignal(table.currentRequested) as waiter:
        table.view.setCurrentIndex(table.view.model().index(2, 0))
    assert waiter.args == [3]


def test_a_click_in_a_sorted_table_asks_for_the_right_one(qtbot, table):
    table.view.sortByColumn(table.model.column("count"), Qt.SortOrder.AscendingOrder)
    with qtbot.waitSignal(table.currentRequested) as waiter:
        table.view.setCurrentIndex(table.view.model().index(0, 0))
    assert waiter.args == [4]


def test_the_current_spectrum_is_selected_in_the_view(table):
    table.show_selection(Selection(current=3))
    assert table.view.currentIndex().data() == "cup 10"


@pytest.mark.parametrize(
    ("moved", "place", "order"),
    [([3], 0, [3, 1, 2, 4]), ([1], 4, [2, 3, 4, 1]), ([4, 1], 2, [2, 1, 4, 3])],
)
def test_dragging_rows_asks_for_an_order(qtbot, table, moved, place, order):
    rows = [table.model.row(entry_id) for entry_id in moved]
    mime = table.model.mimeData([table.model.index(row, 0) for row in rows])
    assert mime.hasFormat(MIME)
    with qtbot.waitSignal(table.orderRequested) as waiter:
        table.model.dropMimeData(mime, Qt.DropAction.MoveAction, place, 0, QModelIndex())
    assert waiter.args == [order]


def test_delete_asks_for_removal(qtbot, table):
    table.view.selectRow(1)
    with qtbot.waitSignal(table.removalRequested) as waiter:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert waiter.args == [[2]]


def test_appending_keeps_the_selection(table, document, make_spectrum):
    table.show_selection(Selection(current=2))
    more = (*document.entries, Entry(9, make_spectrum("new")))
    table.reset(Document(more, document.model))
    assert table.selected_ids() == [2]
    assert len(shown(table)) == 5


def test_a_thousand_rows_are_counted(qtbot, table, document, make_spectrum):
    spectrum = make_spectrum()
    table.reset(Document(tuple(Entry(i, spectrum) for i in range(1000)), document.model))
    assert table.count_label.text() == "1000 open"


def test_only_rows_that_look_different_are_told_of(table, document, make_spectrum):
    """Of each row told of, the filter is asked again; of thousands, that takes seconds."""
    told = []
    table.model.dataChanged.connect(lambda first, last, _: told.append((first.row(), last.row())))
    grown = [Entry(10 + n, make_spectrum(f"new {n}", n=20)) for n in range(50)]
    table.reset(Document((*document.entries, *grown), document.model))
    table.show_selection(Selection(current=1, overlaid=frozenset({1, 3})))
    assert told == []
    table.show_selection(Selection(current=1, overlaid=frozenset({1, 2, 3})))
    assert told == [(1, 2)]  # the second is new, the third has the next colour; the first stays
    told.clear()
    table.apply_theme(DARK)
    assert told == [(0, 2)]


def test_appended_rows_keep_selection_filter_and_order(table, document, make_spectrum):
    resets = []
    table.model.modelReset.connect(lambda: resets.append(True))
    table.filter_edit.setText("cup")
    table.view.sortByColumn(table.model.column("name"), Qt.SortOrder.DescendingOrder)
    table.view.selectRow(0)
    chosen = table.selected_ids()
    grown = [Entry(10, make_spectrum("cup 9", n=20)), Entry(11, make_spectrum("ant 1", n=20))]
    table.reset(Document((*document.entries, *grown), document.model))
    assert resets == []
    assert sorted(shown(table)) == ["cup 10", "cup 2", "cup 9"]
    assert shown(table) == sorted(shown(table), reverse=True)
    assert table.selected_ids() == chosen


# --- columns ---------------------------------------------------------------------------------


def headings(table):
    horizontal = Qt.Orientation.Horizontal
    model = table.view.model()
    return [model.headerData(c, horizontal, DISPLAY) for c in range(model.columnCount())]


def test_subject_and_structure_are_shown_where_there_are_any(table, document, make_spectrum):
    assert headings(table) == ["Name", "", "Class", "p", "n", "File"]
    table.show_selection(Selection(current=2))
    of_subject = replace(make_spectrum("a"), subject="sub-01", structure="Left-Amygdala")
    grown = Document((*document.entries, Entry(9, of_subject)), document.model)
    table.reset(grown)
    assert headings(table) == ["Name", "Subject", "Structure", "", "Class", "p", "n", "File"]
    assert shown(table, "subject") == ["", "", "", "", "sub-01"]
    assert shown(table, "structure")[-1] == "Left-Amygdala"
    assert shown(table, "class")[:3] == ["human", "teddy", "cup"]
    assert table.selected_ids() == [2]
    table.filter_edit.setText("amygdala sub-01")
    assert shown(table) == ["a"]
    table.filter_edit.clear()
    table.reset(document)
    assert headings(table) == ["Name", "", "Class", "p", "n", "File"]


def test_every_cell_of_every_column_can_be_asked_for(table):
    model = table.model
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            for role in (*Qt.ItemDataRole, SORT_ROLE):
                model.index(row, column).data(role)


@pytest.mark.parametrize("width", [300, 520, 900])
def test_the_names_take_the_room_that_is_left(qtbot, table, width):
    table.resize(width, 300)
    header = table.view.horizontalHeader()
    qtbot.waitUntil(lambda: header.length() >= table.view.viewport().width())
    if width == 900:
        assert header.length() == table.view.viewport().width()
        assert table.view.columnWidth(0) > 300
    assert table.view.columnWidth(0) >= 114


@pytest.fixture
def plain(qtbot, document):
    """A table whose spectra have no oddities."""
    table = SpectraTable(LIGHT)
    qtbot.addWidget(table)
    table.show()
    table.reset(Document(document.entries[:3], document.model))
    return table


def visible(table):
    header = table.view.horizontalHeader()
    columns = table.model.columns
    return [c.name for at, c in enumerate(columns) if not header.isSectionHidden(at)]


@pytest.mark.parametrize("width", [250, 290, 330, 420, 700])
def test_no_column_is_cut_and_nothing_must_be_scrolled(qtbot, plain, width):
    plain.resize(width, 300)
    view = plain.view
    header = view.horizontalHeader()
    qtbot.waitUntil(lambda: header.length() == view.viewport().width())
    assert not view.horizontalScrollBar().isVisible()
    assert visible(plain)[:3] == ["name", "class", "probability"]
    plain.widths.show_all(True)
    assert "file" in visible(plain)
    assert header.length() > view.viewport().width() or width >= 420
    plain.widths.show_all(False)
    assert header.length() == view.viewport().width()


def test_columns_go_in_the_order_in_which_they_are_missed_least(plain):
    for width, last in ((260, "probability"), (320, "count"), (600, "file")):
        plain.resize(width, 300)
        plain.view.resize(width - 16, 200)
        assert visible(plain)[-1] == last, width


def test_badges_take_no_room_where_no_spectrum_is_odd(plain, document):
    assert "badges" not in visible(plain)
    plain.reset(Document((*document.entries, Entry(9, Spectrum("odd", [0.0, 0.0, 1.0, 2.0])))))
    assert "badges" in visible(plain)


def test_a_width_that_a_person_chose_stays(table):
    table.view.horizontalHeader().resizeSection(0, 130)
    table.resize(900, 300)
    assert table.view.columnWidth(0) == 130


@pytest.mark.parametrize(
    "values",
    [
        [0.0, 0.0, 1.0, 2.0, 3.0],  # two zeros
        [0.0, 1.0, 2.0, np.nan],
        [-1.0, -3.0, -2.0, np.nan],
    ],
)
def test_badges_are_drawn_whole(table, document, values):
    table.reset(Document((*document.entries, Entry(9, Spectrum("odd", values)))))
    place = table.model.column("badges")
    text = table.model.index(4, place).data()
    measure = table.view.fontMetrics().horizontalAdvance
    assert text
    assert table.view.columnWidth(place) >= measure(text) + 8


def test_many_badges_do_not_push_all_else_out(table, document):
    values = [-1.0, -3.0, -2.0, np.nan, np.inf]
    odd = Spectrum("odd", values, notes=("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"))
    table.reset(Document((Entry(9, odd, refusal="no"),)))
    assert table.view.columnWidth(table.model.column("badges")) <= 120


def test_nothing_matches_is_said_and_can_be_cleared(qtbot, table):
    table.filter_edit.setText("zebra")
    assert table.nothing.isVisible()
    assert table.nothing.sentence.text() == "None of the 4 open spectra matches \u201czebra\u201d."
    assert table.count_label.text() == "0 of 4 shown"
    table.nothing.clear_button.click()
    assert table.filter_edit.text() == ""
    assert table.view.isVisible()
    assert table.count_label.text() == "4 open"


def test_nothing_matches_ends_when_a_row_comes_that_does(table, document, make_spectrum):
    table.filter_edit.setText("zebra")
    table.reset(Document((*document.entries, Entry(9, make_spectrum("zebra 1")))))
    assert table.view.isVisible()
    assert shown(table) == ["zebra 1"]
    assert table.count_label.text() == "1 of 5 shown"
