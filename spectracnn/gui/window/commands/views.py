"""Commands of the View menu about the plots: axes, colours, order, which spectrum."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at
from spectracnn.state.selection import ChannelOrder, ColourScale, SpectrumMode

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_ZOOM = 1.5
_SHOWN_AS, _COLOURS = "Spectrum shown &as", "Colour &range"
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
        tip="What the colour range of the heat maps is taken from",
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
)
