"""Icons drawn in the theme's colours from one set of line drawings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from spectracnn.resources import resource

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme

_INK = "#000"
_SIZES = (16, 24, 32)
"""In pixels: for screens of usual, half again and twice the density."""


@lru_cache(maxsize=256)
def command_icon(name: str, theme: Theme) -> QIcon:
    """Return a line drawing in a theme's ink, paler where it is disabled.

    Parameters
    ----------
    name : str
        File in ``resources/icons/commands`` without its ending.
    theme : Theme
        Colours.

    Raises
    ------
    SpectraCNNError
        If there is no such drawing.
    """
    drawing = resource(f"icons/commands/{name}.svg").read_text(encoding="utf-8")
    icon = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.line)):
        renderer = QSvgRenderer(QByteArray(drawing.replace(_INK, colour).encode()))
        for size in _SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            icon.addPixmap(pixmap, mode)
    return icon
