"""The window's figures, for notebooks and scripts."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from spectracnn.api.model import Model, as_list
from spectracnn.api.result import shown_in_notebooks
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
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.figures.export import Panel
    from spectracnn.figures.style import Style, ThemeName


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
    weights: Iterable[WeightEdit] = (),
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
    weights : iterable of WeightEdit
        Weights in the place of the model's own.
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
    if model is not None:
        changed = model.selection(muted, weights=weights)
        chosen = replace(chosen, muted=changed.muted, weight_edits=changed.weight_edits)
    how = (method, target, options) if panel == "attribution" or method is not None else None
    return draw(document, chosen, model, panel, how, make_style(theme, dpi=dpi, size=size))


def draw(
    document: Document,
    selection: Selection,
    model: Model | None,
    panel: str | int,
    how: tuple[str | Method | None, int | str | None, dict[str, Any]] | None,
    style: Style,
) -> Figure:
    """Draw a panel of a document.

    Parameters
    ----------
    document, selection : Document, Selection
        What is open and chosen.
    model : Model or None
        The network.
    panel : str or int
        As of `figure`.
    how : (method, target, options) or None
        The attribution, where one is drawn.
    style : Style
        Colours and sizes.
    """
    drawn: Panel = cast("Panel", panel)
    if model is not None:
        wanted = None if how is None else (how[0] or Method.INTEGRATED_GRADIENTS, *how[1:])
        document = model.traced(document, selection, wanted)
        selection = replace(selection, explaining=how is not None)
        if panel in (names := [layer.name for layer in model.description.layers]):
            drawn = names.index(str(panel))
    with active(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        made = panel_figure(resolve(document, selection), drawn, style)
    return shown_in_notebooks(made)
