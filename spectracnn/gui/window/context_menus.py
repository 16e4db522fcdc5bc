"""Menus at the pointer: what can be done with the row, curve, map or prediction there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QMenu, QWidget

from spectracnn.gui.window.commands.record import Place
from spectracnn.gui.window.menus import fill
from spectracnn.state.selection import SPECTRUM, Sample

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.command_set import CommandSet


class ContextMenus(QObject):
    """Shows the commands of a place, about the sample that is under the pointer.

    Parameters
    ----------
    commands : CommandSet
        All that can be done.
    """

    def __init__(self, commands: CommandSet) -> None:
        super().__init__(commands)
        self._commands = commands
        self.menu: QMenu | None = None
        ui = commands.scope.ui
        for widget in (ui.table.view, ui.stack, ui.prediction):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        ui.table.view.customContextMenuRequested.connect(self._on_table_menuRequested)
        ui.stack.customContextMenuRequested.connect(self._on_stack_menuRequested)
        ui.prediction.customContextMenuRequested.connect(self._on_prediction_menuRequested)

    @Slot(QPoint)
    def _on_table_menuRequested(self, at: QPoint) -> None:
        table = self._commands.scope.ui.table
        place = Place.MESH if table.meshes.at(at) is not None else Place.TABLE
        self._show(place, table.view.viewport(), at)

    @Slot(QPoint)
    def _on_prediction_menuRequested(self, at: QPoint) -> None:
        self._show(Place.PREDICTION, self._commands.scope.ui.prediction, at)

    @Slot(QPoint)
    def _on_stack_menuRequested(self, at: QPoint) -> None:
        scope = self._commands.scope
        child = scope.ui.stack.childAt(at)
        panels = scope.ui.stack.panels
        layer = next((p.index for p in panels if child is not None and p.isAncestorOf(child)), None)
        if layer is None:
            self._show(Place.SPECTRUM, scope.ui.stack, at, self._sample(SPECTRUM))
        else:
            self._show(Place.LAYER, scope.ui.stack, at, self._sample(layer))

    def _sample(self, layer: int) -> Sample | None:
        """Return what is marked in that panel: under the pointer, or pinned."""
        selection = self._commands.scope.workspace.selection
        for sample in (selection.hovered, selection.pinned):
            if sample is not None and sample.layer == layer:
                return sample
        return Sample(layer, 0) if layer >= 0 else None

    def _show(
        self, place: Place, widget: QWidget, at: QPoint, pointed: Sample | None = None
    ) -> None:
        scope = self._commands.scope
        scope.pointed = pointed
        self._commands.refresh()
        menu = QMenu(scope.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = self._commands.at(place)
        if place is Place.MESH:  # nothing else is offered there
            offered = (replace(command, submenu="") for command in offered)
        fill(menu, offered, self._commands)
        menu.aboutToHide.connect(self._on_menu_aboutToHide)
        self.menu = menu
        menu.popup(widget.mapToGlobal(at))

    @Slot()
    def _on_menu_aboutToHide(self) -> None:
        # What was chosen is done after the menu has gone.
        QTimer.singleShot(0, self._forget)

    @Slot()
    def _forget(self) -> None:
        self.menu = None
        self._commands.scope.pointed = None
        self._commands.refresh()
