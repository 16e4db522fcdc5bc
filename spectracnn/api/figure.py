"""The window's figures, for notebooks and scripts."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from spectracnn.api.model import Model, as_list
from spectracnn.core.attribution import Method
from spectracnn.errors import ExportError
from spectracnn.figures.export import panel_figure
from spectracnn.figures.style import active, make_style
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.selection import Selection
from spectracnn.view.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.figures.export import Panel
    from spectracnn.figures.style import ThemeName


def figure(
    spectra: Spectrum | Iterable[Spectrum],
    model: Model | None = None,
    panel: str | int = "all",
    *,
    current: int = 0,
    method: str | Method | None = None,
    target: int | str | None = None,
    edits: Sequence[Edit] = (),
    muted: Iterable[tuple[int | str, int]] = (),
    theme: ThemeName = "light",
    size: tuple[int, int] | None = None,
    dpi: float = 100,
    view: Selection | None = None,
    **options: Any,
) -> Figure:
    """Draw what the window shows.

    Parameters
    ----------
    spectra : Spectrum or iterable of Spectrum
        All are drawn in the plot of the spectrum.
    model : Model, optional
        Without it only the panel ``spectrum`` can be drawn.
    panel : {'all', 'layers', 'spectrum', 'prediction', 'attribution'}, or a layer
        What to draw; a layer is its name or its place.
    current : int
        The spectrum whose maps are shown.
    method, target, options
        For the attribution, as of `Model.explain`.
    edits : sequence of Edit
        Done to the current spectrum.
    muted : iterable of (layer, channel)
        Filters whose output is set to 0 on the way.
    theme : {'light', 'dark'}
        Colours.
    size : tuple of int, optional
        Width and height in pixels; else what the contents need.
    dpi : float
        Dots in an inch.
    view : Selection, optional
        How things are shown: scales, colour ranges, modes of the panels.

    Returns
    -------
    matplotlib.figure.Figure
        Not one of pyplot's: nothing has to be closed. A notebook shows it, ``savefig`` writes it.

    Raises
    ------
    ExportError
        If there is no such panel, or it needs a model.
    SpectraCNNError
        If the model cannot take the spectrum.
    """
    several = as_list(spectra)
    if not 0 <= current < len(several):
        raise ExportError(f"There is no spectrum {current}; there are {len(several)}.")
    if model is None and panel != "spectrum":
        raise ExportError(f"The panel {panel!r} needs a model.")
    entries = [Entry(place, spectrum) for place, spectrum in enumerate(several, 1)]
    if edits:
        entries[current] = entries[current].with_edits(tuple(edits))
    document = Document(tuple(entries), None if model is None else model.description, opened=1)
    ids = frozenset(entry.id for entry in entries)
    # Ids of the window's entries mean nothing here.
    chosen = replace(view or Selection(), current=current + 1, overlaid=ids, hovered=None)
    drawn: Panel = cast("Panel", panel)
    if model is not None:
        chosen = replace(chosen, muted=model.selection(muted).muted)
        wanted = panel == "attribution" or method is not None
        how = (method or Method.INTEGRATED_GRADIENTS, target, options) if wanted else None
        document = model.traced(document, chosen, how)
        chosen = replace(chosen, explaining=wanted)
        if panel in (names := [layer.name for layer in model.description.layers]):
            drawn = names.index(str(panel))
    style = make_style(theme, dpi=dpi, size=size)
    with active(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        made = panel_figure(resolve(document, chosen), drawn, style)
    # Notebooks know how to show figures of pyplot only.
    made._repr_png_ = partial(_png, made)  # type: ignore[attr-defined]
    return made


def _png(drawn: Figure) -> bytes:
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=drawn.dpi)
    return buffer.getvalue()
