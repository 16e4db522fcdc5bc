"""Keeps a tool's record of state and the widgets that draw it in step."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtCore import SignalInstance

    from spectracnn.gui.widgets.segmented import SegmentedControl
    from spectracnn.gui.workspace.workspace import Workspace


class _Binding(NamedTuple):
    """One field and how its widget shows it."""

    caption: str
    read: Callable[[], Any]
    write: Callable[[Any], None]
    widget: QWidget
    gesture: int | None
    resets: tuple[str, ...] = ()


class Chosen(QObject):
    """What a person chose in a tool.

    A change of a widget by the person becomes a step of the history; undo, a restored workspace
    and another network change the widgets.

    Parameters
    ----------
    workspace : Workspace
        Holds the record.
    tool : str
        A field of `spectracnn.state.tools.ToolChoices`.
    title : str
        How the history names the tool.
    parent : QObject
        Qt's.

    Signals
    -------
    changed : ()
        Something else is chosen, by whomever; the widgets show it.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, tool: str, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._tool, self._title = workspace, tool, title
        self._bindings: dict[str, _Binding] = {}
        self._record: Any = self.record
        self._quiet = False
        workspace.choicesChanged.connect(self._on_workspace_choicesChanged)

    @property
    def record(self) -> Any:
        """The record as it is now."""
        return getattr(self._workspace.choices, self._tool)

    def choose(self, caption: str, gesture: int | None = None, **values: Any) -> None:
        """Change fields of the record, as one step of the history."""
        after = replace(self.record, **values)
        if after != self.record and not self._quiet:
            text = f"{self._title}: {caption}"
            self._workspace.editing.choose(self._tool, after, text, gesture)

    def follow(self, **values: Any) -> None:
        """Change fields of the record with something else that is no choice: not in the history."""
        after = replace(self.record, **values)
        if after != self.record:
            self._workspace.set_choices(replace(self._workspace.choices, **{self._tool: after}))

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Let the tool itself change widgets meanwhile: that is nobody's choice."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def show(self, *names: str) -> None:
        """Let the widgets of these fields, or all, show the record as far as they offer it."""
        record = self.record
        shown = {name: self._bindings[name] for name in names or self._bindings}
        for name, binding in shown.items():
            with QSignalBlocker(binding.widget):
                binding.write(getattr(record, name))

    # --- binding -----------------------------------------------------------------------------

    def bind(
        self,
        name: str,
        widget: QWidget,
        caption: str,
        default: Callable[[], Any] | None = None,
        *,
        resets: tuple[str, ...] = (),
    ) -> None:
        """Let a widget show a field, and the person change it.

        Parameters
        ----------
        name : str
            Of the field.
        widget : QWidget
            A box, a button that is down or not, tabs, or a number.
        caption : str
            For the history.
        default : callable, optional
            What the widget shows for None; else its first choice.
        resets : tuple of str
            Fields that become None with a choice, because they were about the one before.
        """
        gesture = None
        read: Callable[[], Any]
        write: Callable[[Any], None]
        if isinstance(widget, QComboBox):
            read, write = widget.currentData, _combo_writer(widget, default)
            widget.activated.connect(self._on_widget_changed)
        elif isinstance(widget, QSpinBox):
            # Stepped through, it is one choice.
            gesture = self._workspace.editing.new_gesture()
            read, write = widget.value, _number_writer(widget, default)
            widget.valueChanged.connect(self._on_widget_changed)
        elif isinstance(widget, QAbstractButton):
            read, write = widget.isChecked, widget.setChecked
            widget.toggled.connect(self._on_widget_changed)
        else:
            raise TypeError(f"No field can be shown by a {type(widget).__name__}.")
        self._bindings[name] = _Binding(caption, read, write, widget, gesture, resets)

    def bind_places(
        self,
        name: str,
        widget: QTabWidget | SegmentedControl,
        values: Sequence[Any],
        caption: str,
        *,
        resets: tuple[str, ...] = (),
    ) -> None:
        """Let tabs, or buttons of which one is down, show a field of so many values."""
        if isinstance(widget, QTabWidget):
            widget.currentChanged.connect(self._on_widget_changed)
            read, write = widget.currentIndex, widget.setCurrentIndex
        else:
            widget.chosen.connect(self._on_widget_changed)
            read, write = lambda: widget.index, widget.set_index
        self._bindings[name] = _Binding(
            caption,
            lambda: values[max(read(), 0)],
            lambda value: write(list(values).index(value)) if value in values else None,
            widget,
            None,
            resets,
        )

    def bind_text(
        self,
        name: str,
        box: QComboBox,
        caption: str,
        default: Callable[[], str] | None = None,
        *,
        nothing: str = "",
        resets: tuple[str, ...] = (),
    ) -> None:
        """Let a box of names show a field; a name that is not offered yet waits in the record.

        Parameters
        ----------
        default : callable, optional
            The name that stands for None; else the first one.
        nothing : str
            The words that stand for an empty name.
        """

        def write(value: str | None) -> None:
            if value is None:
                value = box.itemText(0) if default is None else default()
            place = box.findText(value or nothing)
            if place >= 0:
                box.setCurrentIndex(place)

        def read() -> str:
            return "" if box.currentText() == nothing else box.currentText()

        self.bind_by(name, box, box.activated, read, write, caption, resets=resets)

    def bind_by(
        self,
        name: str,
        widget: QWidget,
        signal: SignalInstance,
        read: Callable[[], Any],
        write: Callable[[Any], None],
        caption: str,
        *,
        resets: tuple[str, ...] = (),
    ) -> None:
        """Let a widget of any kind show a field, by functions that read and change it.

        Parameters
        ----------
        signal : SignalInstance
            Of the widget, when the person has changed it.
        """
        signal.connect(self._on_widget_changed)
        self._bindings[name] = _Binding(caption, read, write, widget, None, resets)

    def bind_sorting(self, table: QTableWidget) -> None:
        """Let the fields ``column`` and ``descending`` say how a table is sorted."""
        header = table.horizontalHeader()

        def sort(_value: object) -> None:
            down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
            table.sortByColumn(self.record.column, down if self.record.descending else up)

        def is_descending() -> bool:
            return header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder

        self._bindings["column"] = _Binding(
            "sorting", header.sortIndicatorSection, sort, header, None
        )
        self._bindings["descending"] = _Binding("sorting", is_descending, sort, header, None)
        header.sortIndicatorChanged.connect(self._on_widget_changed)

    # --- within ------------------------------------------------------------------------------

    @Slot()
    def _on_widget_changed(self, *_what: object) -> None:
        if self._quiet:
            return
        record = self.record
        # A header shows two fields, column and order: one choice.
        mine = {n: b for n, b in self._bindings.items() if b.widget is self.sender()}
        values = {n: _as(getattr(record, n), binding.read()) for n, binding in mine.items()}
        if any(getattr(record, name) != value for name, value in values.items()):
            binding = next(iter(mine.values()))
            values.update(dict.fromkeys(binding.resets))
            self.choose(binding.caption, binding.gesture, **values)

    @Slot(object)
    def _on_workspace_choicesChanged(self, _choices: object) -> None:
        if self.record != self._record:
            self._record = self.record
            self.show()
            self.changed.emit()


def _as(known: Any, value: Any) -> Any:
    """Return a widget's value as one of the field's: Qt gives back an enumeration's text."""
    return type(known)(value) if isinstance(known, Enum) else value


def _combo_writer(box: QComboBox, default: Callable[[], Any] | None) -> Callable[[Any], None]:
    def write(value: Any) -> None:
        if value is None and default is not None:
            value = default()
        place = 0 if value is None and box.findData(None) < 0 else box.findData(value)
        if place >= 0 and box.count():
            box.setCurrentIndex(place)

    return write


def _number_writer(box: QSpinBox, default: Callable[[], Any] | None) -> Callable[[Any], None]:
    def write(value: Any) -> None:
        if value is None:
            value = box.minimum() if default is None else default()
        box.setValue(value)

    return write
