"""What the shape view writes: pictures, and shapes with their maps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.geometry.write_maps import MAP_SUFFIXES, write_maps
from spectracnn.gui.tools.shape.drawing import as_image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.mesh import Mesh
    from spectracnn.gui.tools.shape.drawing import Drawing
    from spectracnn.gui.tools.shape.pane import ShapePane

_HEIGHT = 1400
"""Pixels of a picture."""


def shape_writer(
    path: Path, shown: Sequence[tuple[ShapePane, NDArray[np.float64] | None]], label: str
) -> Callable[[], None] | None:
    """Return what writes the file, for a thread; None where the kind is none of a shape's.

    Raises
    ------
    ExportError
        If there is nothing to write.
    """
    kind = path.suffix.lower()
    if kind == ".png":
        drawings = [d for pane, _ in shown if (d := pane.view.drawing(_HEIGHT)) is not None]
        if not drawings:
            raise ExportError("There is no shape to draw in this view yet.")
        return partial(_write_picture, path, drawings)
    if kind not in MAP_SUFFIXES:
        return None
    pane, values = shown[0]
    if values is None or pane.solution is None:
        raise ExportError("There is no shape with a map in this view yet.")
    return partial(write_maps, pane.solution.mesh, {label: values}, path)


def _write_picture(path: Path, drawings: Sequence[Drawing]) -> None:
    image = as_image(np.concatenate([each.draw() for each in drawings], axis=1))
    with atomic_path(path) as temporary:
        if not image.save(str(temporary)):
            raise ExportError(f"{path}: the picture cannot be written.")


def values_table(mesh: Mesh, label: str, values: NDArray[np.float64]) -> str:
    """Return vertices and values, tab-separated, with a heading."""
    lines = [f"vertex\tx\ty\tz\t{label}"]
    rows = zip(mesh.vertices.tolist(), values.tolist(), strict=True)
    lines += [f"{at}\t{x!r}\t{y!r}\t{z!r}\t{v!r}" for at, ((x, y, z), v) in enumerate(rows)]
    return "\n".join(lines)
