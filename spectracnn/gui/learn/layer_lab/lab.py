"""The layer lab's page: an input, the layers, and what each of them makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.lab.specs import Convolution, LayerStack, Pool, Pooling
from spectracnn.engine.messages import RunStack
from spectracnn.gui.learn.layer_lab.stack_editor import StackEditor
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.state.script import ScriptView
from spectracnn.state.script_stack import stack_script
from spectracnn.view.layer_lab import input_window, sample_sentence, stages, stages_tsv

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.lab.result import LabResult
    from spectracnn.view.theme import Theme

    Send = Callable[[RunStack, Callable[[LabResult], None], Callable[[str], None]], None]

CLASSIC_IMAGE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]],
    np.float32,
)[..., None]
"""The 5 x 5 image of zeros and ones with which convolution is usually taught."""
_HINT = "Move the pointer over a map to see what a number was computed from."


class LayerLab(QWidget):
    """Layers at the left, what they compute at the right.

    Parameters
    ----------
    ask : callable
        ``ask(request, on_result, on_failure)``: sends a request of which the latest wins.
    theme : Theme
        Colours.
    parent : QWidget, optional

    Signals
    -------
    networkRequested : LayerStack
        The person wants the stack as a network in the window.
    trainingRequested : LayerStack
        The person wants to train a network of these layers.
    """

    networkRequested = Signal(object)
    trainingRequested = Signal(object)

    def __init__(self, send: Send, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self.theme = theme
        self._inputs: list[tuple[str, NDArray[np.float32]]] = []
        self._values = CLASSIC_IMAGE
        self._stacks: dict[int, LayerStack] = {}
        self.result: LabResult | None = None
        self.input_box = QComboBox()
        self.input_box.setAccessibleName("What the first layer is given")
        self.seed_box = QSpinBox(minimum=0, maximum=999)
        self.seed_box.setAccessibleName("Seed of the random weights")
        self.seed_box.setToolTip("Weights are random until a network is trained: try others")
        self.open_button = tool_button("Open as a network", "Turn the stack into a model")
        self.train_button = tool_button("Train\u2026", "Train a network of these layers")
        self.note = QLabel(_HINT, wordWrap=True)
        self.note.setMinimumHeight(2 * self.note.fontMetrics().lineSpacing())
        self.editor = StackEditor(LayerStack((5, 5, 1)))
        self.views: list[StageView] = []
        self._column = QVBoxLayout()
        self._arrange()
        self.editor.stackChanged.connect(self._on_editor_stackChanged)
        self.input_box.activated.connect(self._on_input_activated)
        self.seed_box.valueChanged.connect(self._on_seed_changed)
        self.open_button.clicked.connect(lambda: self.networkRequested.emit(self.editor.stack))
        self.train_button.clicked.connect(lambda: self.trainingRequested.emit(self.editor.stack))
        self.set_inputs([])
        self.resize(1080, 720)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 8)
        top.setSpacing(8)
        for text, widget in (("Input", self.input_box), ("Random weights", self.seed_box)):
            top.addWidget(QLabel(text))
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.open_button)
        top.addWidget(self.train_button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 8)
        column.addLayout(self._column)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inner)
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(area, 1)
        self.note.setContentsMargins(12, 4, 12, 8)
        side.addWidget(self.note)
        splitter = QSplitter()
        splitter.addWidget(self.editor)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([430, 650])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)

    # --- input -------------------------------------------------------------------------------

    def set_inputs(self, inputs: list[tuple[str, NDArray[np.float32]]]) -> None:
        """Offer these beside the classic image.

        Parameters
        ----------
        inputs : list of (str, ndarray)
            Name and values, shape ``(steps, channels)`` or ``(rows, columns, channels)``; the
            first is shown where nothing was chosen yet.
        """
        chosen = self.input_box.currentText()
        self._inputs = [*inputs, ("The classic 5 \u00d7 5 image", CLASSIC_IMAGE)]
        names = [name for name, _ in self._inputs]
        self.input_box.clear()
        self.input_box.addItems(names)
        self.input_box.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self._on_input_activated(self.input_box.currentIndex())

    @Slot(int)
    def _on_input_activated(self, index: int) -> None:
        self._stacks[len(self.editor.stack.input_shape)] = self.editor.stack
        self._values = self._inputs[index][1]
        rank = self._values.ndim
        known = self._stacks.get(rank)
        shape = self._values.shape
        layers = known.layers if known is not None and known.layers else _first_layers(rank - 1)
        self.editor.show_stack(LayerStack(shape, (), self.seed_box.value()))
        for layer in layers:  # those that still have an output on an input of this size
            self.editor.add(layer)
        self.run()

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        stack = self.editor.stack
        self.editor.show_stack(LayerStack(stack.input_shape, stack.layers, seed))
        self.run()

    @Slot(object)
    def _on_editor_stackChanged(self, _stack: object) -> None:
        self.run()

    # --- results -----------------------------------------------------------------------------

    def run(self) -> None:
        """Compute the stack on the input."""
        self._send(RunStack(self.editor.stack, self._values), self._show, self.note.setText)

    def _show(self, result: LabResult) -> None:
        if result.stack != self.editor.stack:
            return
        self.result = result
        pictures = stages(result, self._values)
        while len(self.views) > len(pictures):
            view = self.views.pop()
            view.hide()
            view.deleteLater()
        while len(self.views) < len(pictures):
            self._add_view()
        ends = [p.positions for p in pictures if p.positions.size and not p.is_image]
        before, after = pictures[0].padding
        steps = self._values.shape[0]
        low = min([-0.5 - before, *(float(at[0]) - 0.5 for at in ends)])
        high = max([steps - 0.5 + after, *(float(at[-1]) + 0.5 for at in ends)])
        for view, picture in zip(self.views, pictures, strict=True):
            view.show_picture(picture, (low, high))
        self.note.setText(_HINT)

    def _add_view(self) -> None:
        view = StageView(self.theme)
        self.views.append(view)
        self._column.addWidget(view)
        view.sampleHovered.connect(lambda c, at, v=view: self._on_view_sampleHovered(v, c, at))
        view.sampleLeft.connect(self._on_view_sampleLeft)

    def script_view(self) -> ScriptView | None:
        """Return the stack and its input, for a script."""
        return ScriptView(stack_script(self.editor.stack, self._values), alone=True)

    def values_tsv(self) -> str:
        """Return every number that is shown, tab-separated."""
        return "" if self.result is None else stages_tsv(stages(self.result, self._values))

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme = theme
        for view in self.views:
            view.apply_theme(theme)

    def _on_view_sampleHovered(self, view: StageView, channel: int, at: tuple[int, ...]) -> None:
        layer = self.views.index(view) - 1
        result = self.result
        if result is None:
            return
        if layer < 0:
            self._on_view_sampleLeft()
            return
        if result.traces[layer].output.ndim == 1:
            at = ()
        marked = input_window(result, self._values.shape, layer, at)
        for place, other in enumerate(self.views):
            other.mark(marked if place == layer else None)
        self.note.setText(sample_sentence(result, self._values, layer, channel, at))

    @Slot()
    def _on_view_sampleLeft(self) -> None:
        for view in self.views:
            view.mark(None)
        self.note.setText(_HINT)


def _first_layers(rank: int) -> tuple[Convolution | Pool, ...]:
    """Return what the lab begins with: something to see at once."""
    if rank == 2:
        return (Convolution(2, (3, 3)),)
    return (
        Convolution(4, (5,), padding="same", activation="relu"),
        Pool(Pooling.MAX, (2,)),
        Convolution(6, (3,), padding="same", activation="relu"),
    )
