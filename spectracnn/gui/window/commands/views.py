"""Commands of the View menu: axes, layers, colours, theme."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.gui.theme import ThemeChoice
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.state.selection import SPECTRUM, ChannelOrder, ColourScale, LayerMode, SpectrumMode

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_ZOOM = 1.5
_SHOWN_AS, _COLOURS, _LAYERS, _THEME = "Spectrum shown &as", "Colour &range", "&Layers", "&Theme"
_ORDER = "Channel ord&er"


def fit(scope: Scope) -> None:
    """Show what the model reads."""
    scope.ui.stack.fit()


def zoom(scope: Scope, factor: float) -> None:
    """Show more or fewer eigenvalues about the middle of the view."""
    low, high = scope.ui.stack.axis.getViewBox().viewRange()[0]
    middle, half = (low + high) / 2, (high - low) / 2 / factor
    scope.ui.stack.show_index_range(middle - half, middle + half)


def show_neighbour(scope: Scope, rows: int) -> None:
    """Show another spectrum of the table."""
    document, selection = scope.workspace.document, scope.workspace.selection
    row = document.rows.get(selection.current or 0, 0)
    if document.entries:
        place = min(max(row + rows, 0), len(document.entries) - 1)
        scope.workspace.set_current(document.entries[place].id)


def change_view(scope: Scope, **changes: object) -> None:
    """Change how things are shown."""
    scope.workspace.set_view(**changes)


def change_layers(scope: Scope, **changes: object) -> None:
    """Change how all layers are shown."""
    model, selection = scope.workspace.document.model, scope.workspace.selection
    if model is not None:
        layers = {
            layer: replace(selection.options(layer), **changes)  # type: ignore[arg-type]
            for layer in range(len(model.layers))
        }
        scope.workspace.set_view(layers=MappingProxyType(layers))


def change_layer(scope: Scope, **changes: object) -> None:
    """Change how the layer that is meant is shown."""
    layer = _layer(scope)
    if layer is not None:
        options = scope.workspace.selection.options(layer)
        scope.workspace.set_layer_options(layer, replace(options, **changes))  # type: ignore[arg-type]


def pop_out(scope: Scope) -> None:
    """Show the layer that is meant in a window of its own."""
    layer = _layer(scope)
    if layer is not None:
        scope.wishes.popOutRequested.emit(layer)


def _layer(scope: Scope) -> int | None:
    layer = scope.panel
    if layer == SPECTRUM and scope.filter is not None:
        layer = scope.filter[0]
    model = scope.workspace.document.model
    return layer if model is not None and 0 <= layer < len(model.layers) else None


def choose_theme(scope: Scope, choice: ThemeChoice) -> None:
    """Switch colours, and remember it."""
    scope.settings.theme = choice
    scope.themes.choose(choice)


def toggle_toolbar(scope: Scope) -> None:
    """Show or hide the toolbar."""
    bar = scope.ui.toolbar
    bar.setVisible(bar.isHidden())
    scope.settings.toolbar = not bar.isHidden()


def toggle_all_columns(scope: Scope) -> None:
    """Show every column of the table, or those that there is room for."""
    widths = scope.ui.table.widths
    widths.show_all(not widths.all_shown)


def _has(name: str, value: object, scope: Scope) -> bool:
    """Return whether the selection has this value."""
    return getattr(scope.workspace.selection, name) is value


_MODES = tuple(
    Command(
        f"show_{mode.name.lower()}",
        mode.value,
        Menu.VIEW,
        partial(change_view, spectrum_mode=mode),
        tip="What the spectrum plot shows",
        submenu=_SHOWN_AS,
        group=1,
        places=at(Place.SPECTRUM),
        checked=partial(_has, "spectrum_mode", mode),
        words="spectrum shown as",
    )
    for mode in SpectrumMode
)
_SCALES = tuple(
    Command(
        f"colours_{scale.name.lower()}",
        scale.value,
        Menu.VIEW,
        partial(change_view, colour_scale=scale),
        tip="Over what the colour range of the heat maps is taken",
        submenu=_COLOURS,
        group=1,
        places=at(Place.LAYER),
        checked=partial(
            lambda scale, scope: scope.workspace.selection.colour_scale is scale, scale
        ),
        words="colour range scale",
    )
    for scale in ColourScale
)
_ORDER_TIPS = {
    ChannelOrder.AUTO: "By contribution in layers of 32 or more channels, elsewhere by number",
    ChannelOrder.INDEX: "Channels in the order of their numbers",
    ChannelOrder.ACTIVITY: "The channel with the largest mean magnitude first",
    ChannelOrder.CONTRIBUTION: "From what speaks for the predicted class to what speaks against it",
    ChannelOrder.SIMILARITY: "Clustered: channels with like maps beside each other",
}
_ORDERS = tuple(
    Command(
        f"channels_{order.name.lower()}",
        order.value,
        Menu.VIEW,
        partial(change_view, channel_order=order),
        tip=_ORDER_TIPS[order],
        submenu=_ORDER,
        group=1,
        places=at(Place.LAYER),
        checked=partial(_has, "channel_order", order),
        words="order of channels rows sort filters",
    )
    for order in ChannelOrder
)
_THEMES = tuple(
    Command(
        f"theme_{choice.name.lower()}",
        choice.value,
        Menu.VIEW,
        partial(choose_theme, choice=choice),
        submenu=_THEME,
        group=4,
        checked=partial(lambda choice, scope: scope.themes.choice is choice, choice),
        words="theme colours dark light",
    )
    for choice in ThemeChoice
)
COMMANDS = (
    Command(
        "fit",
        "&Fit to the model's input",
        Menu.VIEW,
        fit,
        "F",
        "fit",
        "Show what the model reads",
        needs=(facts.SPECTRUM,),
        places=at(Place.TOOLBAR, Place.SPECTRUM, Place.LAYER),
        words="reset zoom",
    ),
    Command(
        "zoom_in",
        "Zoom &in",
        Menu.VIEW,
        partial(zoom, factor=_ZOOM),
        "+",
        "zoom-in",
        "Show fewer eigenvalues; also Ctrl and the wheel over a layer",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM, Place.LAYER),
    ),
    Command(
        "zoom_out",
        "Zoom &out",
        Menu.VIEW,
        partial(zoom, factor=1 / _ZOOM),
        "-",
        "zoom-out",
        "Show more eigenvalues; also Ctrl and the wheel over a layer",
        needs=(facts.SPECTRUM,),
        places=at(Place.SPECTRUM, Place.LAYER),
    ),
    *_MODES,
    Command(
        "log_value",
        "Logarithmic &values",
        Menu.VIEW,
        lambda scope: change_view(scope, log_value=not scope.workspace.selection.log_value),
        tip="Draw the spectrum's values on a logarithmic axis; zeros stay visible",
        group=1,
        places=at(Place.SPECTRUM),
        checked=lambda scope: scope.workspace.selection.log_value,
    ),
    Command(
        "log_index",
        "Logarithmic inde&x",
        Menu.VIEW,
        lambda scope: change_view(scope, log_index=not scope.workspace.selection.log_index),
        tip="Draw all panels over a logarithmic index axis",
        group=1,
        places=at(Place.SPECTRUM),
        checked=lambda scope: scope.workspace.selection.log_index,
    ),
    *_SCALES,
    *_ORDERS,
    Command(
        "next_spectrum",
        "&Next spectrum",
        Menu.VIEW,
        partial(show_neighbour, rows=1),
        "Ctrl+Down",
        tip="Show the next spectrum of the table",
        needs=(facts.SEVERAL,),
        group=2,
    ),
    Command(
        "previous_spectrum",
        "&Previous spectrum",
        Menu.VIEW,
        partial(show_neighbour, rows=-1),
        "Ctrl+Up",
        tip="Show the previous spectrum of the table",
        needs=(facts.SEVERAL,),
        group=2,
    ),
    Command(
        "overview",
        "Overview of the net&work",
        Menu.VIEW,
        lambda scope: change_view(scope, overview=not scope.workspace.selection.overview),
        "O",
        tip="The whole network on one page, with the flow of the class's score through it",
        needs=(facts.MODEL,),
        group=3,
        places=at(Place.LAYER),
        checked=lambda scope: scope.workspace.selection.overview,
        words="whole flow contributions sankey graph",
    ),
    Command(
        "fit_layers",
        "All la&yers in view",
        Menu.VIEW,
        lambda scope: change_view(scope, fit_layers=not scope.workspace.selection.fit_layers),
        "Ctrl+0",
        tip="Make the maps as low as is needed to see every layer, or let them scroll",
        needs=(facts.MODEL,),
        group=3,
        places=at(Place.LAYER),
        checked=lambda scope: scope.workspace.selection.fit_layers,
        words="all channels height fit scroll",
    ),
    Command(
        "collapse_all",
        "&Collapse all layers",
        Menu.VIEW,
        partial(change_layers, collapsed=True),
        "Ctrl+-",
        "collapse",
        "Leave only the title lines of the layers",
        needs=(facts.MODEL,),
        submenu=_LAYERS,
        group=3,
        places=at(Place.LAYER),
    ),
    Command(
        "expand_all",
        "&Expand all layers",
        Menu.VIEW,
        partial(change_layers, collapsed=False),
        "Ctrl++",
        "expand",
        "Show the maps of every layer",
        needs=(facts.MODEL,),
        submenu=_LAYERS,
        group=3,
        places=at(Place.LAYER),
    ),
    Command(
        "all_heat_maps",
        "Heat &maps in all layers",
        Menu.VIEW,
        partial(change_layers, mode=LayerMode.HEAT_MAP),
        "Ctrl+1",
        tip="Draw every layer's feature maps as rows of colours",
        needs=(facts.MODEL,),
        submenu=_LAYERS,
        group=3,
    ),
    Command(
        "all_lines",
        "&Lines in all layers",
        Menu.VIEW,
        partial(change_layers, mode=LayerMode.LINES),
        "Ctrl+2",
        tip="Draw every layer's feature maps as lines",
        needs=(facts.MODEL,),
        submenu=_LAYERS,
        group=3,
    ),
    Command(
        "layer_heat_map",
        "&Heat map",
        Menu.VIEW,
        partial(change_layer, mode=LayerMode.HEAT_MAP),
        tip="Draw the feature maps of the marked layer as rows of colours",
        needs=(facts.FILTER,),
        submenu=_LAYERS,
        group=3,
        places=at(Place.LAYER),
        words="this layer",
    ),
    Command(
        "layer_lines",
        "Li&nes",
        Menu.VIEW,
        partial(change_layer, mode=LayerMode.LINES),
        tip="Draw the feature maps of the marked layer as lines",
        needs=(facts.FILTER,),
        submenu=_LAYERS,
        group=3,
        places=at(Place.LAYER),
        words="this layer",
    ),
    Command(
        "pop_out",
        "Open layer in a &window",
        Menu.VIEW,
        pop_out,
        icon="pop-out",
        tip="Show the marked layer in a window of its own",
        needs=(facts.FILTER,),
        submenu=_LAYERS,
        group=3,
        places=at(Place.LAYER),
    ),
    *_THEMES,
    Command(
        "all_columns",
        "All &columns of the table",
        Menu.VIEW,
        toggle_all_columns,
        tip="Show also the columns that there is no room for, and scroll; else they are left out",
        group=4,
        needs=(facts.SPECTRUM,),
        places=at(Place.TABLE),
        checked=lambda scope: scope.ui.built and scope.ui.table.widths.all_shown,
        words="set like n file hidden",
    ),
    Command(
        "toolbar",
        "Tool&bar",
        Menu.VIEW,
        toggle_toolbar,
        tip="Show or hide the row of buttons under the menus",
        group=4,
        checked=lambda scope: not scope.ui.toolbar.isHidden(),
    ),
)
