"""What every tool is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.broker import Broker
    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import ThemeManager
    from spectracnn.gui.workspace.workspace import Workspace


@dataclass(frozen=True, eq=False)
class ToolContext:
    """The parts of the program that a tool may use.

    Parameters
    ----------
    workspace : Workspace
        Holds document and selection; changes go through its methods.
    broker : Broker
        Through which the engine is asked.
    themes : ThemeManager
        Colours, and the signal that they changed.
    settings : Settings
        What persists.
    open_model : callable
        Makes a model file the current one.
    open_tool : callable
        Brings another tool to the front and returns it.
    run_command : callable
        Runs a command of the window by its name.
    """

    workspace: Workspace
    broker: Broker
    themes: ThemeManager
    settings: Settings
    open_model: Callable[[str], None] = lambda _path: None
    open_tool: Callable[[str], object] = lambda _name: None
    run_command: Callable[[str], None] = lambda _name: None
