"""The slim title line of a layer's panel: name, facts, colour bar, and how it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.channels import format_channels, parse_channels
from spectracnn.gui.widgets.colour_bar import ColourBar
from spectracnn.gui.widgets.elided import ElidedLabel
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.selection import ColourRange, LayerMode, RangeKind, Stage
from spectracnn.view.ranges import oddity_words

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import LayerContents

HEIGHT, SLIM_HEIGHT = 28, 22
_NARROW, _NARROWEST = 420, 160
_MODES = (LayerMode.HEAT_MAP, LayerMode.LINES)
_CHANNELS_TIP = "Channels to draw, such as 0-3, 7"
_CHANNEL_TIP = "The channel that is shown; its rows are drawn as rows. Empty: the strongest"
_EDIT_WIDTHS = (96, 44)  # of a list of channels, and of a single one
_STAGES = (Stage.BEFORE, Stage.AFTER)


class LayerHeader(QWidget):
    """Shows a layer's title and offers its options.

    Signals
    -------
    optionsRequested : LayerOptions
    rangeRequested : ColourRange
        The colour range to use.
    popOutRequested : ()
    """

    optionsRequested = Signal(object)
    rangeRequested = Signal(object)
    popOutRequested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._contents: LayerContents | None = None
        self.alone = False  # in a window of its own
        self.toggle = tool_button("\u25be", f"Collapse or expand {name}", quiet=True)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("title", True)
        # Cut at the right where the window is narrow; the tool tip has all the facts.
        self.subtitle = ElidedLabel()
        self.subtitle.setProperty("muted", True)
        self.oddities = QLabel()
        self.oddities.setProperty("warning", True)
        self.colour_bar = ColourBar()
        self.colour_bar.set_adjustable()
        self.colour_bar.setAccessibleName(f"Colour range of {name}")
        self.channels_edit = QLineEdit(placeholderText="strongest 6")
        self.channels_edit.setFixedWidth(_EDIT_WIDTHS[False])
        self.channel_label = QLabel("channel")
        self.channel_label.setProperty("muted", True)
        self.channels_edit.setAcceptDrops(False)
        self.channels_edit.setToolTip(_CHANNELS_TIP)
        self.channels_edit.setAccessibleName(f"Channels of {name} drawn as lines")
        self.mode_control = SegmentedControl(("Map", "Lines"), f"View of {name}", slim=True)
        self.stage_control = SegmentedControl(
            ("Before", "After"), f"Side of the activation of {name}", slim=True
        )
        self.pop_out_button = tool_button(
            "\u2197", f"Show {name} in a window of its own", quiet=True
        )
        self._arrange()
        self.toggle.clicked.connect(self._on_toggle_clicked)
        self.mode_control.chosen.connect(self._on_mode_chosen)
        self.stage_control.chosen.connect(self._on_stage_chosen)
        self.channels_edit.editingFinished.connect(self._on_channels_editingFinished)
        self.pop_out_button.clicked.connect(self.popOutRequested)
        self.colour_bar.levelsRequested.connect(self._on_colour_bar_levelsRequested)
        self.colour_bar.kindRequested.connect(self._on_colour_bar_kindRequested)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 8, 2)
        layout.setSpacing(8)
        # A title line must not keep the window from becoming narrow.
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumWidth(_NARROWEST)
        layout.addWidget(self.toggle)
        layout.addWidget(self.title)
        layout.addWidget(self.subtitle, 1)
        layout.addWidget(self.oddities)
        for widget in (
            self.colour_bar,
            self.channel_label,
            self.channels_edit,
            self.stage_control,
            self.mode_control,
            self.pop_out_button,
        ):
            layout.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._contents is not None:
            self._choose_widgets(self._contents)

    def _choose_widgets(self, contents: LayerContents) -> None:
        """Leave out in a narrow window what the context menu offers too."""
        wide = self.width() >= _NARROW
        self.mode_control.setVisible(wide)
        self.pop_out_button.setVisible(wide and not self.alone)
        self.stage_control.setVisible(wide and contents.has_before)

    def set_slim(self, slim: bool) -> None:
        """Leave more room for the maps, or stand at ease."""
        self.setFixedHeight(SLIM_HEIGHT if slim else HEIGHT)
        layout = self.layout()
        if layout is not None:
            margin = 0 if slim else 2
            layout.setContentsMargins(4, margin, 8, margin)

    def set_contents(self, contents: LayerContents, theme: Theme) -> None:
        """Show what is given."""
        self._contents = contents
        options, picture = contents.options, contents.picture
        self.title.setText(contents.title)
        self.subtitle.setText(contents.subtitle)
        order = "" if picture is None else picture.order_words
        self.subtitle.setToolTip("\n".join(filter(None, (contents.subtitle, order))))
        self.toggle.setText("\u25b8" if options.collapsed else "\u25be")
        self.mode_control.set_index(_MODES.index(options.mode))
        self.stage_control.set_index(_STAGES.index(options.stage))
        self._choose_widgets(contents)
        lines = options.mode is LayerMode.LINES
        vector = picture is not None and picture.vector
        plane = None if picture is None else picture.plane
        self.channels_edit.setVisible((lines and not vector) or plane is not None)
        self.channels_edit.setToolTip(_CHANNELS_TIP if plane is None else _CHANNEL_TIP)
        self.channels_edit.setFixedWidth(_EDIT_WIDTHS[plane is not None])
        self.channel_label.setVisible(plane is not None)
        if not self.channels_edit.hasFocus():
            shown = options.channels if plane is None else (plane.channel,)
            self.channels_edit.setText(format_channels(shown))
        self.colour_bar.setVisible(picture is not None and not lines)
        bad = picture.n_not_finite if picture is not None else 0
        self.oddities.setText(f"{bad} not finite" if bad else "")
        self.oddities.setToolTip("" if picture is None else oddity_words(picture))
        self.oddities.setVisible(bool(bad))
        if picture is not None:
            self.colour_bar.show_picture(picture, theme)

    def _request(self, **changes: object) -> None:
        if self._contents is not None:
            self.optionsRequested.emit(replace(self._contents.options, **changes))  # type: ignore[arg-type]

    def _on_toggle_clicked(self) -> None:
        if self._contents is not None:
            self._request(collapsed=not self._contents.options.collapsed)

    def _on_mode_chosen(self, index: int) -> None:
        self._request(mode=_MODES[index])

    def _on_stage_chosen(self, index: int) -> None:
        self._request(stage=_STAGES[index])

    def _on_colour_bar_levelsRequested(self, low: float, high: float) -> None:
        if self._contents is not None:
            stage = self._contents.options.stage
            self.rangeRequested.emit(ColourRange(RangeKind.OWN, low, high, stage=stage))

    def _on_colour_bar_kindRequested(self, kind: RangeKind) -> None:
        self.rangeRequested.emit(ColourRange(kind))

    def _plane_channel(self) -> tuple[int, ...] | None:
        """Return the channel of an image that is shown already, as a list of channels."""
        picture = self._contents.picture if self._contents is not None else None
        return None if picture is None or picture.plane is None else (picture.plane.channel,)

    def _on_channels_editingFinished(self) -> None:
        if self._contents is None:
            return
        count = self._contents.info.output_shape[-1]
        channels = parse_channels(self.channels_edit.text(), count)
        if channels is None:
            self.channels_edit.setText(format_channels(self._contents.options.channels))
        elif channels != self._contents.options.channels and channels != self._plane_channel():
            self._request(channels=channels)
