"""What Ctrl+C puts into the clipboard: the plot as an image and its values as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from spectracnn.figures.values import values_tsv

if TYPE_CHECKING:
    from spectracnn.gui.panels.layer_stack import LayerStack
    from spectracnn.view.contents import Contents


def panel_mime_data(stack: LayerStack, contents: Contents, panel: int) -> QMimeData:
    """Return a panel as it is seen, and its numbers as tab-separated values.

    Parameters
    ----------
    stack : LayerStack
        Has the panels.
    contents : Contents
        Has the numbers.
    panel : int
        Layer index, or -1 for the spectrum plot.

    Returns
    -------
    QMimeData

    Raises
    ------
    ExportError
        If there is nothing to copy.
    """
    text = values_tsv(contents, panel if panel >= 0 else "spectrum")
    widget = stack.spectrum if panel < 0 else stack.panels[panel]
    mime = QMimeData()
    mime.setImageData(widget.grab().toImage())
    mime.setText(text)
    return mime
