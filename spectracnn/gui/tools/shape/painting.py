"""Which values a shape is coloured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.geometry.morph import REACH
from spectracnn.view.shape_words import LEGENDS, scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.gui.tools.shape.controls import ShapeControls
    from spectracnn.gui.tools.shape.morph_row import MorphRow
    from spectracnn.gui.tools.shape.pane import ShapePane


def values_on(
    pane: ShapePane, controls: ShapeControls, morph_row: MorphRow
) -> NDArray[np.float64] | None:
    """Return the chosen values at the vertices, shape (n,); None where there are none yet."""
    if pane.solution is None or pane.solution.eigenfunctions is None:
        return None
    name = controls.shown
    if name == "mode":
        functions = pane.solution.eigenfunctions
        place = min(controls.mode_box.value(), functions.shape[1] - 1)
        return np.asarray(functions[:, place], np.float64)
    if name == "morph":
        direction = morph_row.direction
        return None if direction is None else morph_row.amount / REACH * direction
    return None if pane.maps is None else pane.maps.to_dict()[name]


def paint(pane: ShapePane, name: str, values: NDArray[np.float64], factor: float) -> None:
    """Colour a shape.

    Parameters
    ----------
    pane : ShapePane
        It.
    name : str
        What is shown.
    values : ndarray, shape (n,)
        From `values_on`.
    factor : float
        Of the swing.
    """
    if name != "morph":  # which is as far as it was moved, not as far as it can be
        values = scaled(values, centred=name != "mode_energy") * factor
    pane.view.set_legend(*LEGENDS[name])
    pane.view.set_values(values)
