"""Commands of the View menu about the panels of layers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.gui.window.commands.views import change_view
from spectracnn.state.selection import SPECTRUM, LayerMode

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_LAYERS = "&Layers"


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


COMMANDS = (
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
)
