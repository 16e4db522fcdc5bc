"""Writes what a tool shows: its picture as PNG, SVG or PDF, its numbers as CSV or TSV."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.figures.child import ToolRequest
from spectracnn.figures.process import KEPT
from spectracnn.figures.provenance import now, provenance
from spectracnn.io.headers import header_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.view.tool_pictures import ToolView

PICTURES = ("png", "svg", "pdf")
NUMBERS = ("csv", "tsv")
_SCALE = 2  # pixels of a picture file for one on the screen
_DOTS = 96


@runtime_checkable
class ShowsNumbers(Protocol):
    """A tool whose numbers can be copied and exported."""

    def values_tsv(self) -> str:
        """Return the numbers, tab-separated, with a heading; empty where there are none."""
        ...


@runtime_checkable
class DrawsFigure(Protocol):
    """A tool whose picture is drawn as the panels' figures are, and not painted by Qt."""

    def figure_view(self) -> ToolView | None:
        """Return what is shown; None where there is nothing yet."""
        ...


@runtime_checkable
class SaysMethods(Protocol):
    """A tool about all spectra that can say what was done."""

    def methods_text(self) -> str:
        """Return a paragraph; empty where nothing was done yet."""
        ...


@runtime_checkable
class WritesItself(Protocol):
    """A tool that has kinds of files of its own, or writes some kinds in its own way."""

    export_filter: str

    def begin_own_export(self, path: Path) -> Callable[[], None] | None:
        """Return what writes the file, for a thread; None for a kind that is written as usual."""
        ...


def begin_export(
    tool: QWidget, workspace: Workspace, path: Path, width: int | None = None
) -> Callable[[], None]:
    """Paint a tool's picture, or take its numbers; the suffix decides.

    Parameters
    ----------
    tool : QWidget
        On the screen.
    workspace : Workspace
        Says where the numbers come from.
    path : Path
        The file.
    width : int, optional
        Of a figure, in millimetres; else the usual.

    Returns
    -------
    callable
        Writes the file, which may take long: for a thread. It too raises ExportError.

    Raises
    ------
    ExportError
        If the suffix is unknown or there is nothing to write; nothing is left behind.
    """
    own = tool.begin_own_export(path) if isinstance(tool, WritesItself) else None
    if own is not None:
        return own
    kind = path.suffix.lower().removeprefix(".")
    origin = {"created": now(), **_origin(tool, workspace)}
    if kind in NUMBERS:
        data = numbers(tool, origin, "," if kind == "csv" else "\t").encode("utf-8")
        return lambda: _write(path, data)
    if kind in PICTURES and isinstance(tool, DrawsFigure):
        view = tool.figure_view()
        if view is None:
            raise ExportError("There is nothing to draw in this view yet.")
        return partial(_draw, ToolRequest(view, path, origin, width))
    about = json.dumps(origin, ensure_ascii=True, sort_keys=True)
    if kind == "png":
        image = _image(tool, about)
        return lambda: _save(image, path)
    if kind in PICTURES:
        picture = (_svg if kind == "svg" else _pdf)(tool, about)
        return lambda: _write(path, picture)
    raise ExportError(f"{path.name}: a view is written as .{', .'.join((*PICTURES, *NUMBERS))}.")


def _origin(tool: QWidget, workspace: Workspace) -> dict[str, Any]:
    """Return where a view comes from; one about all spectra says so in its own paragraph."""
    origin = provenance(workspace.document, workspace.selection)
    methods = tool.methods_text() if isinstance(tool, SaysMethods) else ""
    if methods:
        for key in ("spectra", "current", "shown_as"):  # of the plot beside it
            origin.pop(key, None)
        origin["methods"] = methods
    return origin


def _draw(request: ToolRequest) -> None:
    """Have the drawing process write a figure."""
    process = KEPT.borrow()
    try:
        process.write_tool(request)
    finally:
        KEPT.give_back(process)


def _write(path: Path, data: bytes) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def _save(image: QImage, path: Path) -> None:
    with atomic_path(path) as temporary:
        if not image.save(str(temporary)):
            raise ExportError(f"{path}: the picture cannot be written.")


def numbers(tool: QWidget, origin: dict[str, Any], delimiter: str) -> str:
    """Return a tool's numbers under lines that tell where they come from.

    Raises
    ------
    ExportError
        If the tool shows none.
    """
    table = tool.values_tsv() if isinstance(tool, ShowsNumbers) else ""
    if not table:
        raise ExportError("There are no numbers to export in this view yet.")
    stream = io.StringIO()
    stream.write(header_lines(origin))
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows(line.split("\t") for line in table.splitlines())
    return stream.getvalue()


def _image(tool: QWidget, about: str) -> QImage:
    image = QImage(tool.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(tool.palette().window().color())
    image.setText("Description", about)
    tool.render(image)
    return image


def _svg(tool: QWidget, about: str) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    buffer, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(tool.size())
    generator.setViewBox(QRect(0, 0, tool.width(), tool.height()))
    generator.setResolution(_DOTS)
    generator.setTitle(tool.windowTitle())
    generator.setDescription(about)
    return _painted(tool, generator, buffer)


def _pdf(tool: QWidget, about: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    points = QSizeF(tool.size()) * (72 / _DOTS)
    page = QPageSize(points, QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(f"{tool.windowTitle()} {about}")
    return _painted(tool, writer, buffer)


def _painted(tool: QWidget, device: Any, buffer: QBuffer) -> bytes:
    painter = QPainter()
    if not painter.begin(device):
        raise ExportError("The picture cannot be painted.")
    tool.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data())
