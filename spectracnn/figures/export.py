"""Figures to files: PNG, SVG and PDF, atomically and with their origin inside."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, Literal

from spectracnn import __version__
from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.figures.draw import (
    attribution_figure,
    layer_figure,
    layers_figure,
    prediction_figure,
    spectrum_figure,
)
from spectracnn.figures.overview import overview_figure
from spectracnn.figures.style import active, make_style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.figure import Figure

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.figures.style import Style, ThemeName
    from spectracnn.view.contents import Contents

Panel = Literal["spectrum", "attribution", "layers", "prediction", "all", "overview"] | int
"""Which figure: a layer's index in the model means this layer alone."""

FORMATS = ("png", "svg", "pdf")
_PANELS = "spectrum, attribution, layers, prediction, all, overview or a layer's index"
Network = tuple["ModelDescription | None", "Trace | None"]
"""A network and a pass of it, which the overview needs beside the contents of the panels."""


def panel_figure(
    contents: Contents, panel: Panel, style: Style, network: Network = (None, None)
) -> Figure:
    """Return the figure of a panel.

    Parameters
    ----------
    contents : Contents
        What is shown.
    panel : {'spectrum', 'attribution', 'layers', 'prediction', 'all', 'overview'} or int
        ``layers`` has the spectrum on top, ``all`` the class bars below as well.
    style : Style
        How.
    network : (ModelDescription or None, Trace or None)
        For the overview.

    Raises
    ------
    ExportError
        If there is no such panel.
    """
    if isinstance(panel, int):
        return layer_figure(contents, panel, style)
    match panel:
        case "spectrum":
            return spectrum_figure(contents, style)
        case "attribution":
            return attribution_figure(contents, style)
        case "layers":
            return layers_figure(contents, style)
        case "all":
            return layers_figure(contents, style, with_prediction=True)
        case "prediction":
            return prediction_figure(contents, style)
        case "overview":
            return overview_figure(contents, *network, style)
    raise ExportError(f"A panel is {_PANELS}; found {panel!r}.")


def export_figure(
    contents: Contents,
    panel: Panel,
    path: Path,
    *,
    dpi: float = 200,
    size: tuple[int, int | None] | None = None,
    theme: ThemeName = "light",
    font_size: float | None = None,
    provenance: Mapping[str, Any] | None = None,
    network: Network = (None, None),
) -> None:
    """Write a panel as a picture; the suffix chooses PNG, SVG or PDF.

    The same contents give the same bytes: no time is written. Text stays text in SVG and PDF.

    Parameters
    ----------
    contents : Contents
        What is shown.
    panel : {'spectrum', 'layers', 'prediction', 'all'} or int
        Which figure.
    path : Path
        The file.
    dpi : float
        Dots in an inch; of SVG and PDF, those of embedded heat maps.
    size : tuple of int, optional
        Width and height in pixels at this resolution; else what the contents need. A stack of
        layers that does not fit grows in height; a height of None is as high as is needed, up to
        a page. Strips of units that have no room left are dropped, which a line below says.
    theme : {'light', 'dark'}
        Colours.
    font_size : float, optional
        In points; else one that can be read at this size.
    provenance : mapping, optional
        From :func:`spectracnn.figures.provenance.provenance`; goes into the file's metadata.
    network : (ModelDescription or None, Trace or None)
        For the overview.

    Raises
    ------
    ExportError
        If the format or a number is not possible, or the file cannot be written; nothing is left
        behind.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ExportError(f"{path.name}: a figure is a .png, .svg or .pdf file.")
    style = make_style(theme, dpi=dpi, size=size, font_size=font_size)
    with active(style), warnings.catch_warnings():
        # A name in a script that no font here has is drawn as boxes; that is no reason to stop.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure = panel_figure(contents, panel, style, network)
        with atomic_path(path) as temporary:
            figure.savefig(
                temporary, format=kind, dpi=style.dpi, metadata=metadata(kind, panel, provenance)
            )


def metadata(kind: str, panel: Panel | str, origin: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what goes into a picture file beside the picture, in that format's terms."""
    title = f"layer {panel}" if isinstance(panel, int) else str(panel)
    program = f"SpectraCNN {__version__}"
    origin = dict(origin or {})
    about = json.dumps(origin, ensure_ascii=True, sort_keys=True) if origin else ""
    if kind == "svg":
        return {"Title": title, "Creator": program, "Date": None, "Description": about or None}
    if kind == "pdf":
        return {
            "Title": title,
            "Creator": program,
            "CreationDate": None,
            "Subject": about or None,
            "Keywords": _model_hash(origin) or None,
        }
    chunks = {"Title": title, "Software": program, "Description": about}
    chunks["Model SHA-256"] = _model_hash(origin)
    return {key: value for key, value in chunks.items() if value}


def _model_hash(origin: Mapping[str, Any]) -> str:
    model = origin.get("model")
    return str(model["sha256"]) if isinstance(model, dict) else ""
