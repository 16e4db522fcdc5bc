"""What each lesson's picture has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from spectracnn.errors import ExportError
from spectracnn.state.script_stack import stack_script

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.engine.messages import RunStack
    from spectracnn.view.theme import Theme

    Send = Callable[[Any, Callable[[Any], None], Callable[[str], None]], None]

MOST_VALUES = 48
"""A lesson shows the beginning of a spectrum, so that single samples can be seen."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What came of an answer."""

    right: bool
    sentence: str


@dataclass(frozen=True, eq=False)
class Material:
    """What the lessons are about.

    Parameters
    ----------
    name : str
        Of the spectrum that is open, or of a sample.
    values : ndarray, shape (n,), float32
        What the model is given of it, at most `MOST_VALUES`.
    """

    name: str
    values: NDArray[np.float32]

    @classmethod
    def of(cls, name: str, values: NDArray[np.float32]) -> Material:
        """Take the beginning of the first channel."""
        return cls(name, np.ascontiguousarray(values[:MOST_VALUES, 0], np.float32))

    @property
    def column(self) -> NDArray[np.float32]:
        """The values as the input of a layer, shape (n, 1)."""
        return self.values[:, None]


class Picture(QWidget):
    """Moves under the hand, and knows whether the question is answered.

    Parameters
    ----------
    send : callable
        ``send(request, on_result, on_failure)``: sends a request to the engine.
    theme : Theme
        Colours.
    material : Material
        The spectrum that the lesson speaks of.
    """

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__()
        self.send, self.theme, self.material = send, theme, material
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("muted", True)
        self._request: RunStack | None = None

    def run_stack(self, request: RunStack, on_result: Callable[[Any], None]) -> None:
        """Send layers to the engine; what goes wrong stands in the note."""
        self._request = request
        self.send(request, on_result, self.note.setText)

    def script(self) -> tuple[str, ...]:
        """Return what is shown as lines of Python.

        Raises
        ------
        ExportError
            If nothing was computed yet.
        """
        request = self._request
        if request is None:
            raise ExportError("Nothing is computed in this lesson yet.")
        return stack_script(request.stack, request.values, request.weights)

    def check(self) -> Verdict:
        """Judge what the person did."""
        return Verdict(False, "There is no question here.")

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme = theme
        self.update()

    def row(self, *widgets: QWidget | str) -> QHBoxLayout:
        """Add a row of controls; words become labels."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(QLabel(widget) if isinstance(widget, str) else widget)
        row.addStretch(1)
        self.column.addLayout(row)
        return row
