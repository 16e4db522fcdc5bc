"""Painting that cannot end the program."""

from __future__ import annotations

import traceback
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound="QWidget")


def ends_painter(paint: Callable[[W, QPaintEvent], None]) -> Callable[[W, QPaintEvent], None]:
    """Let the painter of a ``paintEvent`` end with it, whatever is raised there.

    An error keeps the variables of the functions that it passed, a painter among them; where a
    painter outlives what it paints on, Qt ends the program with signal 11. So these variables are
    let go of here, and the error is reported as any other.
    """

    @wraps(paint)
    def painted(self: W, event: QPaintEvent) -> None:
        try:
            paint(self, event)
        except BaseException as error:
            traceback.clear_frames(error.__traceback__)
            raise

    return painted
