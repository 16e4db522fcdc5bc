"""The process that draws for the export dialog. No Qt.

Drawing in a thread of the window's process was tried: importing matplotlib and drawing with it hold
the interpreter lock, and the event loop stood still for up to 0.28 s. A process can also be ended
at once when the person cancels.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from spectracnn.errors import SpectraCNNError
from spectracnn.view.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.figures.export import Panel
    from spectracnn.figures.job import ExportChoice, FigureFile, Snapshot
    from spectracnn.jobs.serving import Work
    from spectracnn.view.contents import Contents
    from spectracnn.view.tool_pictures import ToolView

_PREVIEW_SIDE = 1500
_PREVIEW_DPI = 200
_PREVIEW_LINES = 60
_LETTERS = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.,\u00d7\u00b7\u2212%()"
_PREVIEW_CELLS = 9


@dataclass(frozen=True)
class PreviewRequest:
    """Asks for the look of a file."""

    choice: ExportChoice
    panel: Panel


@dataclass(frozen=True)
class WriteRequest:
    """Asks for a file."""

    choice: ExportChoice
    target: FigureFile


@dataclass(frozen=True, eq=False)
class ToolRequest:
    """Asks for a file of what a view of the Explain menu shows."""

    view: ToolView
    path: Path
    origin: dict[str, Any]
    width: int | None = None


@dataclass(frozen=True)
class Picture:
    """A figure as it will look.

    Parameters
    ----------
    pixels : bytes
        Red, green, blue, alpha.
    shape : tuple of int
        Width and height of this picture.
    inches : tuple of float
        Width and height of the file.
    """

    pixels: bytes
    shape: tuple[int, int]
    inches: tuple[float, float]


def drawing() -> Work:
    """Make the child's work; the first request, and each that changes it, is a `Snapshot`."""
    server = _Server()
    server.warm_up()
    return lambda request, _: server.answer(request)


class _Server:
    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None
        self._contents: Contents | None = None

    def warm_up(self) -> None:
        """Draw a figure as small as can be: what is slow at first are fonts, tables, imports."""
        from spectracnn.figures.export import panel_figure
        from spectracnn.figures.style import active, make_style
        from spectracnn.state.document import Document
        from spectracnn.state.selection import Selection
        from spectracnn.view.palettes import Palette, colour_table

        for palette in Palette:
            for dark in (False, True):
                colour_table(palette, dark)
        style = make_style("light", dpi=_PREVIEW_DPI)
        with active(style):
            figure = panel_figure(resolve(Document(), Selection()), "all", style)
            figure.axes[0].set_title(_LETTERS, fontweight="bold")
            figure.axes[0].set_xlabel(_LETTERS)
            figure.axes[0].set_axis_on()
            _drawn(figure, _PREVIEW_DPI)

    def answer(self, request: Any) -> Any:
        match request:
            case PreviewRequest(choice, panel):
                return self._preview(choice, panel)
            case WriteRequest(choice, target):
                return self._write(choice, target)
            case ToolRequest(view, path, origin, width):
                from spectracnn.figures.tools import export_tool

                return export_tool(view, path, origin, width)
        self._snapshot = request
        self._contents = resolve(request.document, request.selection)
        return None

    def _preview(self, choice: ExportChoice, panel: Panel) -> Picture | str:
        if self._contents is None:
            raise SpectraCNNError("There is nothing to export.")
        if choice.values:
            return self._values_text(choice, panel)
        from spectracnn.figures.export import panel_figure
        from spectracnn.figures.style import active, make_style

        style = make_style(choice.theme, dpi=choice.dpi, size=choice.pixels)  # type: ignore[arg-type]
        with active(style), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            figure = panel_figure(self._contents, panel, style, self._network())
            width, height = (float(side) for side in figure.get_size_inches())
            dpi = min(_PREVIEW_DPI, choice.dpi, _PREVIEW_SIDE / max(width, height))
            pixels, shape = _drawn(figure, dpi)
        return Picture(pixels, shape, (width, height))

    def _network(self) -> tuple[ModelDescription | None, Trace | None]:
        if self._snapshot is None:
            return None, None
        document, current = self._snapshot.document, self._snapshot.selection.current
        return document.model, None if current is None else document.traces.get(current)

    def _values_text(self, choice: ExportChoice, panel: Panel) -> str:
        from spectracnn.figures.tables import panel_table
        from spectracnn.figures.values import panel_arrays

        if self._contents is None or self._snapshot is None:
            return ""
        if choice.suffix == "csv":
            table = panel_table(self._contents, panel)
            return _table_text(table.header, table.rows())
        selection, document = self._snapshot.selection, self._snapshot.document
        if panel == "attribution" and choice.suffix == "h5" and document.attribution is not None:
            from spectracnn.io.attribution_hdf5 import attribution_arrays

            arrays = attribution_arrays([document.attribution])
        else:
            current = selection.current
            trace = document.traces.get(current) if current is not None else None
            arrays = panel_arrays(self._contents, panel, trace)
        rows = ((name, str(a.dtype), " × ".join(map(str, a.shape))) for name, a in arrays.items())
        return _table_text(("array", "type", "shape"), rows)

    def _write(self, choice: ExportChoice, target: FigureFile) -> None:
        if self._contents is None or self._snapshot is None:
            raise SpectraCNNError("There is nothing to export.")
        document, selection = self._snapshot.document, self._snapshot.selection
        if choice.values:
            from spectracnn.figures.values import export_values

            export_values(document, selection, target.panel, target.path)
            return
        from spectracnn.figures.export import export_figure
        from spectracnn.figures.provenance import provenance

        export_figure(
            self._contents,
            target.panel,
            target.path,
            dpi=choice.dpi,
            size=choice.pixels,
            theme=choice.theme,  # type: ignore[arg-type]
            provenance=provenance(document, selection),
            network=self._network(),
        )


def _drawn(figure: Figure, dpi: float) -> tuple[bytes, tuple[int, int]]:
    """Draw once; `savefig` draws twice, for the sake of layouts that are finished here."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    width, height = canvas.get_width_height()
    return bytes(canvas.buffer_rgba()), (width, height)  # type: ignore[no-untyped-call]


def _table_text(header: tuple[str, ...], rows: Any) -> str:
    lines = [_cells(header)]
    more = False
    for place, row in enumerate(rows):
        if place == _PREVIEW_LINES:
            more = True
            break
        lines.append(_cells(row))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join([*text, "…"] if more else text)


def _cells(row: tuple[str, ...]) -> list[str]:
    cells = [_short(cell) for cell in row[:_PREVIEW_CELLS]]
    return [*cells, "…"] if len(row) > _PREVIEW_CELLS else cells


@lru_cache(maxsize=4096)
def _short(cell: str) -> str:
    return cell if len(cell) <= 28 else f"{cell[:27]}…"
