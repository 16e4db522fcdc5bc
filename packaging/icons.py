"""Draws the icons in all sizes from their SVG sources."""

from __future__ import annotations

import os
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIDES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_SMALL = 24
_WINDOWS_SIDES = (16, 24, 32, 48, 64, 128, 256)


def draw(folder: Path) -> None:
    """Write ``spectracnn-SIDE.png``, ``document-SIDE.png``, and a ``.ico`` and ``.icns`` of each.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("spectracnn", "document"):
        paths = {}
        for side in SIDES:
            source = SOURCES / f"{name}.svg"
            small = SOURCES / f"{name}-small.svg"
            if side <= _SMALL and small.exists():
                source = small
            paths[side] = folder / f"{name}-{side}.png"
            _render(source, side, paths[side])
        pictures = [Image.open(paths[side]) for side in _WINDOWS_SIDES]
        sizes = [(side, side) for side in _WINDOWS_SIDES]
        pictures[-1].save(folder / f"{name}.ico", sizes=sizes, append_images=pictures[:-1])
        largest, *smaller = [Image.open(paths[side]) for side in (512, 256, 128, 64, 32)]
        largest.save(folder / f"{name}.icns", append_images=smaller)


def _render(source: Path, side: int, target: Path) -> None:
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    if not image.save(str(target)):
        raise OSError(f"{target} cannot be written")
