"""Every table and list model with NaN, empty and extreme data: nothing may raise into Qt."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.gui.panels.spectra_filter import SpectraFilterModel as SpectraFilter
from spectracnn.gui.panels.spectra_model import SpectraModel
from spectracnn.gui.tools.attribution.table import RankedTable
from spectracnn.gui.tools.filters.grid import FilterModel
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.tools import Ranking
from spectracnn.view.attribution import attribution_picture
from spectracnn.view.filters import Filter

ROLES = [Qt.ItemDataRole(role) for role in range(14)] + [
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.UserRole,
]
EXTREMES = {
    "nan": np.full(12, np.nan),
    "infinite": np.full(12, np.inf),
    "zero": np.zeros(12),
    "denormal": np.full(12, 5e-324),
    "huge": np.full(12, 1e308),
    "mixed": np.array([np.nan, np.inf, -np.inf, 0, 1e-300, -1e300, 1, 2, 3, 4, 5, 6]),
}


def drive(model):
    """Read every cell in every role, and let Qt look for what letter keys look for."""
    columns = 1 if isinstance(model, FilterModel) else model.columnCount(QModelIndex())
    for row in range(-1, model.rowCount() + 1):
        for column in range(-1, columns + 1):
            index = model.index(row, column)
            for role in ROLES:
                model.data(index, role)
            model.flags(index)
    for section in range(columns):
        for role in ROLES:
            model.headerData(section, Qt.Orientation.Horizontal, role)
    if model.rowCount():
        start = model.index(0, 0)
        model.match(start, Qt.ItemDataRole.DisplayRole, "a", -1, Qt.MatchFlag.MatchStartsWith)


def picture_of(network, values):
    column = values[:, None].astype(np.float32)
    logits = np.full(3, values[0], np.float32)
    attribution = Attribution(
        Method.GRADIENT_INPUT, AttributionOptions(), 0, column, column, np.arange(12), logits
    )
    return attribution_picture(network.description, attribution)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", EXTREMES)
def test_ranked_table(qtbot, network, name):
    table = RankedTable()
    qtbot.addWidget(table)
    table.show_picture(picture_of(network, EXTREMES[name]))
    table.show()
    tester = QAbstractItemModelTester(
        table.ranked_model, QAbstractItemModelTester.FailureReportingMode.Warning
    )
    drive(table.ranked_model)
    qtbot.keyClick(table, Qt.Key.Key_A)
    table.show_picture(None)
    drive(table.ranked_model)
    del tester


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", EXTREMES)
def test_spectra_table(qtbot, network, make_spectrum, name):
    values = EXTREMES[name][:3].astype(np.float32)
    entries = tuple(
        replace(Entry(place, make_spectrum(f"shape {place}")), probabilities=values, outputs=values)
        for place in range(3)
    )
    model = SpectraModel()
    shown = SpectraFilter(model, model)
    for document in (
        Document(),
        Document(entries),
        Document(entries, network.description),
        Document((), network.description),
    ):
        model.reset(document)
        drive(model)
        for column in range(shown.columnCount(QModelIndex())):
            shown.sort(column)
        drive(shown)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", EXTREMES)
def test_filters(qtbot, name):
    kernel = EXTREMES[name].reshape(4, 3)
    parent = QWidget()
    qtbot.addWidget(parent)
    model = FilterModel(parent)
    drive(model)
    number = float(kernel[0, 0])
    item = Filter(0, kernel, 0, np.full(8, number), number, number, number)
    model.show(None, (item,), Ranking.NORM, frozenset())
    drive(model)
