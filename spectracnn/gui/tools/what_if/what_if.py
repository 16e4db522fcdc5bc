"""The what-if tab: change the spectrum or mute filters, and see what the network predicts then."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.edits import Space
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.tools.chosen import Chosen
from spectracnn.gui.tools.what_if.edit_slider import NAME_WIDTH, EditSlider
from spectracnn.gui.tools.what_if.slider_edits import (
    SLIDERS,
    EditTarget,
    edit_for,
    mix_edit,
    zero_edit,
)
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.script import ScriptView
from spectracnn.view.tool_pictures import ToolView, WhatIfPicture

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from spectracnn.core.edits import Edit
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.state.document import Entry

_SPACES = (Space.EIGENVALUES, Space.INPUT)
_MIX = "mix"


class WhatIfTool(QScrollArea):
    """Edits of the current spectrum and muted filters; everything can be undone."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._workspace = context.workspace
        self._editing = context.workspace.editing
        self._themes = context.themes
        self._chosen = Chosen(self._workspace, "what_if", "What if", self)
        self._range_gesture = self._editing.new_gesture()
        self._active = ""
        self._busy = False
        # Which slider made an edit, and where it stood; undo keeps the edits themselves.
        self._made: WeakKeyDictionary[Edit, tuple[str, int]] = WeakKeyDictionary()
        self._make_widgets()
        self._arrange()
        self._connect()
        self._on_chosen_changed()

    # --- making ------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.space = SegmentedControl(("Eigenvalues", "Model input"), "What edits act on")
        self.space.set_index(0)
        self.hint = QLabel(wordWrap=True)
        self.hint.setProperty("muted", True)
        self.first, self.last = QSpinBox(), QSpinBox()
        self.first.setAccessibleName("First index that edits act on")
        self.last.setAccessibleName("Last index that edits act on")
        self.all_button = tool_button("All", "Edit all indices", quiet=True)
        self.drag_box = QCheckBox("Drag points in the plot")
        self.drag_box.setToolTip(
            "Drag a point of the thick curve; inside the range above, all of it"
        )
        self.sliders = {
            name: EditSlider(name, info.title, info.ends, info.caption)
            for name, info in SLIDERS.items()
        }
        self.zero_button = QPushButton("Zero this range in the input")
        self.other = QComboBox()
        self.other.setAccessibleName("Spectrum to mix with")
        self.other.setPlaceholderText("Open a second spectrum")
        self.other.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.mix = EditSlider(_MIX, "Mix", (0, 100), lambda value: f"{value} %")
        self.original_button = QPushButton("Back to the original")
        self.muted_label = QLabel(wordWrap=True)
        self.muted_label.setProperty("muted", True)
        self.unmute_button = QPushButton("Unmute all filters")
        self.history = QUndoView(self._editing.stack)
        self.history.setEmptyLabel("As read from the file")
        self.history.setAccessibleName("Edits, the latest last; choose one to go back to it")
        self.history.setMinimumHeight(96)
        self.problem = QLabel(wordWrap=True)
        self.problem.setProperty("warning", True)
        self.problem.hide()

    def _arrange(self) -> None:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(_heading("Change the spectrum"))
        layout.addWidget(self.hint)
        layout.addWidget(self.space, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        for widget in (QLabel("Index"), self.first, QLabel("to"), self.last, self.all_button):
            row.addWidget(widget)
        row.addStretch(1)
        layout.addLayout(row)
        for slider in self.sliders.values():
            layout.addWidget(slider)
        layout.addWidget(self.mix)
        with_row = QHBoxLayout()
        with_label = QLabel("with")
        with_label.setFixedWidth(NAME_WIDTH)
        with_label.setBuddy(self.other)
        with_row.addWidget(with_label)
        with_row.addWidget(self.other, 1)
        layout.addLayout(with_row)
        layout.addWidget(self.zero_button)
        layout.addWidget(self.drag_box)
        layout.addWidget(self.problem)
        layout.addSpacing(8)
        layout.addWidget(_heading("Mute filters"))
        layout.addWidget(self.muted_label)
        layout.addWidget(self.unmute_button)
        layout.addSpacing(8)
        layout.addWidget(_heading("History"))
        layout.addWidget(self.history, 1)
        layout.addWidget(self.original_button)
        self.setWidget(column)

    def _connect(self) -> None:
        for slider in self.sliders.values():
            slider.moved.connect(self._on_slider_moved)
        self.mix.moved.connect(self._on_slider_moved)
        self._chosen.bind("other", self.other, "spectrum to mix with")
        self._chosen.changed.connect(self._on_chosen_changed)
        self.other.activated.connect(self._on_other_activated)
        self.space.chosen.connect(self._on_space_chosen)
        self.first.valueChanged.connect(self._on_range_valueChanged)
        self.last.valueChanged.connect(self._on_range_valueChanged)
        self.all_button.clicked.connect(self._on_all_button_clicked)
        self.zero_button.clicked.connect(self._on_zero_button_clicked)
        self.original_button.clicked.connect(self._editing.restore_original)
        self.unmute_button.clicked.connect(self._editing.unmute_all)
        self.drag_box.toggled.connect(self._editing.set_dragging)
        self._editing.draggingChanged.connect(self.drag_box.setChecked)
        self._editing.changed.connect(self._on_editing_changed)
        self._workspace.currentChanged.connect(self._on_workspace_changed)
        self._workspace.entriesReset.connect(self._on_workspace_changed)

    # --- what is shown -----------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what the workspace holds: the slider of the last edit stands where it was left."""
        workspace, entry = self._workspace, self._entry()
        for slider in (*self.sliders.values(), self.mix):
            slider.setEnabled(entry is not None)
        size = self._target().size if entry is not None else 0
        for box in (self.first, self.last):
            box.blockSignals(True)
            box.setRange(0, max(size - 1, 0))
            box.setEnabled(entry is not None)
            box.setMinimumWidth(56)
        first, last = self._editing.span or (0, max(size - 1, 0))
        if sorted((self.first.value(), self.last.value())) != [first, last]:
            self.first.setValue(first)
            self.last.setValue(last)
        for box in (self.first, self.last):
            box.blockSignals(False)
        self._show_sliders()
        self.zero_button.setEnabled(entry is not None and workspace.document.model is not None)
        self.original_button.setEnabled(bool(self._editing.edits))
        self.unmute_button.setEnabled(bool(self._editing.muted))
        self.muted_label.setText(self._muted_text())
        self._show_hint()
        self._list_others()

    def _show_hint(self) -> None:
        """Say what to do next, as long as nothing was done."""
        text = "Move a slider: maps and classes follow, and ticks mark the values before."
        if self._workspace.document.model is None:
            text = "Open a network (File) to see what changes of the spectrum do to its classes."
        self.hint.setText(text)
        self.hint.setVisible(not self._editing.edits)

    def _show_sliders(self) -> None:
        """Put the slider of the last edit where it was left, and the others at 0."""
        name, value = self._last_made()
        for key, slider in {**self.sliders, _MIX: self.mix}.items():
            slider.show_value(value if key == name else 0)

    def _last_made(self) -> tuple[str, int]:
        """Return the slider that made the last edit, of what the controls act on, and its value."""
        edits, target = self._editing.edits, self._target()
        name, value = self._made.get(edits[-1], ("", 0)) if edits else ("", 0)
        if not name or edits[-1].space is not target.space:
            return "", 0
        run = (edits[-1].first, min(edits[-1].last, target.size - 1))
        # A mix is of the whole spectrum, whatever the range says.
        same = name == _MIX or run == (target.first, target.last)
        return (name, value) if same else ("", 0)

    def _muted_text(self) -> str:
        model = self._workspace.document.model
        if not self._editing.muted or model is None:
            return (
                "Shift-click a feature map to mute its filter, Ctrl+Shift-click to mute all "
                "others. The bars then show the decision without the muted ones."
            )
        by_layer: dict[int, list[int]] = {}
        for layer, channel in sorted(self._editing.muted):
            by_layer.setdefault(layer, []).append(channel)
        parts = [
            f"{model.layers[layer].name}: {', '.join(map(str, channels[:12]))}"
            + (f" and {len(channels) - 12} more" if len(channels) > 12 else "")
            for layer, channels in by_layer.items()
        ]
        return "Muted: " + "; ".join(parts)

    def _list_others(self) -> None:
        current = self._workspace.selection.current
        entries = self._workspace.document.entries
        self.other.clear()
        for entry in entries[:500]:  # a longer list helps nobody
            if entry.id != current:
                self.other.addItem(entry.spectrum.name, entry.id)
        self._chosen.show()
        self.other.setEnabled(self.other.count() > 0)
        self.mix.setEnabled(self.other.count() > 0)

    def _entry(self) -> Entry | None:
        return self._workspace.current

    def _target(self) -> EditTarget:
        """Return what the controls act on now."""
        space = self._chosen.record.space
        target = EditTarget.of(self._workspace.document, self._workspace.selection, space)
        return target.within(self._editing.span)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def script_view(self) -> ScriptView | None:
        """Return what the edits change, for a script."""
        if self._entry() is None or self._workspace.document.model is None:
            return None
        return ScriptView(("what_if = scene.what_if(current)",))

    def figure_view(self) -> ToolView | None:
        """Return spectrum and classes before and after, and what was changed."""
        entry = self._entry()
        if entry is None:
            return None
        changes = [edit.sentence for edit in self._editing.edits]
        if self._editing.muted:
            changes.append(self._muted_text())
        title = f"What if: {entry.spectrum.name}"
        picture = WhatIfPicture(title, self._workspace.contents, tuple(changes))
        return ToolView(picture, dark=self._themes.theme.dark)

    def values_tsv(self) -> str:
        """Return the edits and the classes before and after, tab-separated."""
        prediction = self._workspace.contents.prediction
        if not prediction.classes:
            return ""
        lines = ["class\tprobability\tprobability before"]
        before = prediction.reference
        for place, name in enumerate(prediction.classes):
            first = "" if before is None else repr(float(before[place]))
            lines.append(f"{name}\t{float(prediction.probabilities[place])!r}\t{first}")
        lines += ["", "edit"]
        lines += [edit.sentence for edit in self._editing.edits]
        return "\n".join(lines) + "\n"

    # --- what the person does ----------------------------------------------------------------

    @Slot(str, int)
    def _on_slider_moved(self, name: str, value: int) -> None:
        if self._active != name:
            self._active = name
            goes_on = self._last_made()[0] == name
            for other_name, other in {**self.sliders, _MIX: self.mix}.items():
                if other_name != name:
                    other.show_value(0)
            self._editing.begin(again=goes_on)
        self._change(value)

    def _change(self, value: int) -> None:
        target = self._target()
        if self._active == _MIX:
            other = self._workspace.document.entry(self.other.currentData())
            edit: Edit | None = mix_edit(target, other, value) if other is not None else None
        else:
            edit = edit_for(self._active, target, value)
        if edit is not None:
            self._made[edit] = (self._active, value)
        self._do(lambda: self._editing.change(edit))

    def _do(self, act: Callable[[], None]) -> None:
        self._busy = True
        try:
            act()
            self.problem.hide()
        except SpectraCNNError as error:
            self.problem.setText(error.message)
            self.problem.show()
        finally:
            self._busy = False
        self._show_hint()
        self.original_button.setEnabled(bool(self._editing.edits))

    @Slot(int)
    def _on_other_activated(self, _index: int) -> None:
        if self._active == _MIX:
            self._change(self.mix.slider.value())

    @Slot()
    def _on_chosen_changed(self) -> None:
        self.space.set_index(_SPACES.index(self._chosen.record.space))
        self._refresh()

    @Slot(int)
    def _on_space_chosen(self, _index: int) -> None:
        self._active = ""
        space = _SPACES[max(self.space.index, 0)]
        self._chosen.choose("what edits act on", space=space, span=None)

    @Slot(int)
    def _on_range_valueChanged(self, _value: int) -> None:
        self._active = ""
        first, last = sorted((self.first.value(), self.last.value()))
        whole = first == 0 and last == self.last.maximum()
        span = None if whole else (first, last)
        self._chosen.choose("range", self._range_gesture, span=span)

    @Slot()
    def _on_all_button_clicked(self) -> None:
        self._active = ""
        self._chosen.choose("all values", span=None)

    @Slot()
    def _on_zero_button_clicked(self) -> None:
        target = EditTarget.of(self._workspace.document, self._workspace.selection, Space.INPUT)
        span = self._editing.span
        if self._chosen.record.space is Space.EIGENVALUES and span is not None:
            target = target.with_eigenvalues(*span)
        self._active = ""
        self._do(lambda: self._editing.make(zero_edit(target)))
        self._refresh()

    @Slot()
    def _on_editing_changed(self) -> None:
        if not self._busy:
            self._active = ""
            self.problem.hide()
            self._refresh()

    @Slot(object)
    def _on_workspace_changed(self, _what: object) -> None:
        self._active = ""
        if self.isVisible():
            self._refresh()


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("title", True)
    return label
