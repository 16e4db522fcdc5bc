"""The whole network on one page: where each layer stands, and the bands that flow between them.

Layers stand in columns by how many layers lie before them, branches one below the other. At the
edges of each stand its main channels as segments, as high as their share of the score; bands lead
from segment to segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.flows import INPUT
from spectracnn.core.weak_cache import weak_cache

if TYPE_CHECKING:
    from spectracnn.core.flows import Flow, Flows, Group
    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace

Place = tuple[str, int, int]
"""A segment's outer or inner edge: ``out`` or ``in``, layer, and which segment."""
Used = dict[Place, float]
_LEAST_COLUMN, _LEAST_LANE, _GAP_SHARE = 66.0, 96.0, 0.42
_SEGMENT_GAP, _LEAST_STACK = 1.0, 14.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom


@dataclass(frozen=True)
class Segment:
    """A group of channels at the edge of a layer.

    Parameters
    ----------
    top, bottom : float
        In pixels.
    group : Group or None
        None for all of the input.
    """

    top: float
    bottom: float
    group: Group | None


@dataclass(frozen=True)
class Node:
    """A layer on the page.

    Parameters
    ----------
    layer : int
        `INPUT` for the spectrum.
    box : Box
        Of its map; the name stands above.
    segments : tuple of Segment
        Along both edges; empty where nothing is known of flows.
    """

    layer: int
    box: Box
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Band:
    """A flow between two segments.

    Parameters
    ----------
    source, target : int
        Layers.
    start, end : (float, float, float)
        x, top and bottom in pixels.
    value : float
        What flows: positive speaks for the class.
    wraps : bool
        Whether it leads to a line of the page further down; drawn as a mere line.
    """

    source: int
    target: int
    start: tuple[float, float, float]
    end: tuple[float, float, float]
    value: float
    wraps: bool = False


@dataclass(frozen=True)
class Page:
    """Everything on it, in pixels."""

    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    height: float

    def at(self, x: float, y: float) -> Node | None:
        """Return the layer at a point; its name above it belongs to it."""
        for node in self.nodes:
            box = node.box
            if Box(box.x, box.y - 18, box.width, box.height + 18).holds(x, y):
                return node
        return None


def depths(layers: tuple[LayerInfo, ...]) -> tuple[int, ...]:
    """Return how many layers lie before each, on the longest way; the input has none."""
    found: list[int] = []
    for info in layers:
        found.append(1 + max((found[s] for s in info.sources if s < len(found)), default=0))
    return tuple(found)


def lanes(layers: tuple[LayerInfo, ...]) -> tuple[int, ...]:
    """Return in which lane each layer stands: 0 for the main way, more for branches beside it.

    A layer goes on in the lane of the first of its sources that has not been gone on from; else it
    opens the lowest lane in which no way runs on.
    """
    last_use = [
        max((j for j, other in enumerate(layers) if i in other.sources), default=i)
        for i in range(len(layers))
    ]
    found: list[int] = []
    taken: dict[int, int] = {}  # lane -> the last layer in it
    for place, info in enumerate(layers):
        own = [s for s in info.sources if taken.get(found[s]) == s]
        if own:
            lane = min(found[s] for s in own)
        else:
            open_lanes = {lane for lane, layer in taken.items() if last_use[layer] > place}
            lane = next(i for i in range(len(layers) + 1) if i not in open_lanes)
        taken[lane] = place
        found.append(lane)
    return tuple(found)


@weak_cache(16)
def page(model: ModelDescription, trace: Trace | None, width: float, height: float) -> Page:
    """Lay the network out.

    Parameters
    ----------
    model : ModelDescription
        The network.
    trace : Trace or None
        Its pass; where it knows flows, bands are drawn by them.
    width, height : float
        Of the page in pixels. A network too long for the width goes on below, and the page
        becomes higher where that does not fit.

    Returns
    -------
    Page
        The identical object for the same arguments.
    """
    columns, rows = depths(model.layers), lanes(model.layers)
    count = max(columns, default=0) + 1
    per_line = max(2, min(count, int(width // _LEAST_COLUMN)))
    n_lines = -(-count // per_line)
    per_line = -(-count // n_lines)
    n_lanes = max(rows, default=0) + 1
    line_height = max(height / n_lines, _LEAST_LANE * n_lanes)
    flows = trace.insight.flows if trace is not None and trace.insight is not None else None
    nodes = {INPUT: _node(INPUT, 0, 0, 1, (per_line, width, line_height), flows)}
    for layer, (column, lane) in enumerate(zip(columns, rows, strict=True)):
        beside = {rows[other] for other, depth in enumerate(columns) if depth == column}
        lane_count = max(beside) + 1 if len(beside) > 1 or lane else 1
        grid = (per_line, width, line_height)
        nodes[layer] = _node(layer, column, lane, lane_count, grid, flows)
    return Page(
        tuple(nodes.values()),
        _bands(model, nodes, flows),
        line_height * n_lines,
    )


def _node(
    layer: int,
    column: int,
    lane: int,
    n_lanes: int,
    grid: tuple[int, float, float],
    flows: Flows | None,
) -> Node:
    per_line, width, line_height = grid
    line, place = divmod(column, per_line)
    cell = width / per_line
    gap = cell * _GAP_SHARE
    head, foot = 22.0, 14.0
    lane_height = line_height / n_lanes
    top = line * line_height + lane * lane_height + head
    box = Box(place * cell + gap / 2, top, cell - gap, lane_height - head - foot)
    groups: tuple[Group, ...] = ()
    if flows is not None and layer != INPUT:
        groups = flows.groups[layer]
    if layer == INPUT:
        high = min(box.height, 2.2 * box.width)
        box = Box(box.x, box.y + (box.height - high) / 2, box.width, high)
        segments = () if flows is None else (Segment(box.y, box.bottom, None),)
        return Node(layer, box, segments)
    return Node(layer, box, _segments(groups, box, 0.0 if flows is None else _largest(flows)))


@weak_cache(8)
def _largest(flows: Flows) -> float:
    """Return the largest sum of magnitudes of any layer."""
    sums = [sum(_size(group.contribution) for group in groups) for groups in flows.groups]
    return max(sums, default=0.0)


def _segments(groups: tuple[Group, ...], box: Box, largest: float) -> tuple[Segment, ...]:
    """Return the groups of a layer, as high together as the layer's part in the score."""
    sizes = np.array([_size(group.contribution) for group in groups])
    if not sizes.size or sizes.sum() == 0:
        return ()
    # Branches share the page's height between them, but not the scale of the bands.
    high = max(min(1.0, float(sizes.sum()) / largest) * box.height, min(_LEAST_STACK, box.height))
    room = max(high - _SEGMENT_GAP * (sizes.size - 1), 1.0)
    ends = np.cumsum(sizes / sizes.sum() * room)
    found, top = [], box.y
    for place, (group, end) in enumerate(zip(groups, ends, strict=True)):
        bottom = box.y + float(end) + place * _SEGMENT_GAP
        found.append(Segment(top, bottom, group))
        top = bottom + _SEGMENT_GAP
    return tuple(found)


def _size(value: float) -> float:
    return abs(value) if np.isfinite(value) else 0.0


def _bands(
    model: ModelDescription, nodes: dict[int, Node], flows: Flows | None
) -> tuple[Band, ...]:
    if flows is None:
        return _plain_bands(model, nodes)
    found: list[Band] = []
    leaving = _totals(flows.flows, axis=1)
    arriving = _totals(flows.flows, axis=0)
    used: Used = {}
    for flow in flows.flows:
        source, target = nodes[flow.source], nodes[flow.target]
        for (row, column), value in np.ndenumerate(np.nan_to_num(flow.values)):
            if not value or row >= len(source.segments) or column >= len(target.segments):
                continue
            out, into = source.segments[row], target.segments[column]
            leaves = float(value / leaving[flow.source][row])
            arrives = float(value / arriving[flow.target][column])
            start = _slice(out, leaves, used, ("out", flow.source, row))
            end = _slice(into, arrives, used, ("in", flow.target, column))
            wraps = target.box.y > source.box.bottom and target.box.x < source.box.right
            found.append(
                Band(
                    flow.source,
                    flow.target,
                    (source.box.right, *start),
                    (target.box.x, *end),
                    float(value),
                    wraps,
                )
            )
    known = {(band.source, band.target) for band in found}
    plain = [b for b in _plain_bands(model, nodes) if (b.source, b.target) not in known]
    return (*plain, *found)


def _totals(flows: tuple[Flow, ...], axis: int) -> dict[int, np.ndarray]:
    """Return the sum of magnitudes of each segment, over all flows from it or to it."""
    found: dict[int, np.ndarray] = {}
    for flow in flows:
        sums = np.abs(np.nan_to_num(flow.values)).sum(axis=axis)
        key = flow.source if axis == 1 else flow.target
        found[key] = found[key] + sums if key in found else sums
    return found


def _slice(
    segment: Segment,
    share: float,
    used: dict[tuple[str, int, int], float],
    key: tuple[str, int, int],
) -> tuple[float, float]:
    """Return the next piece of a segment, as high as a share of it."""
    high = segment.bottom - segment.top
    start = used.get(key, 0.0)
    used[key] = start + abs(share) * high
    return segment.top + start, segment.top + used[key]


def _plain_bands(model: ModelDescription, nodes: dict[int, Node]) -> tuple[Band, ...]:
    """Return thin connections where no flow is known."""
    found = []
    for layer, info in enumerate(model.layers):
        for source in info.sources or (INPUT,):
            one, other = nodes[source].box, nodes[layer].box
            a, b = one.y + one.height / 2, other.y + other.height / 2
            wraps = other.y > one.bottom and other.x < one.right
            start, end = (one.right, a - 1, a + 1), (other.x, b - 1, b + 1)
            found.append(Band(source, layer, start, end, 0.0, wraps))
    return tuple(found)


def node_words(model: ModelDescription, node: Node, flows: Flows | None) -> str:
    """Return a layer in words, its main channels with it, a line each."""
    if node.layer == INPUT:
        return "The model's input"
    info = model.layers[node.layer]
    lines = [f"{info.name}  \u00b7  {info.layer_class}"]
    groups = () if flows is None else flows.groups[node.layer]
    total = sum(_size(group.contribution) for group in groups) or 1.0
    for group in groups:
        name = f"{len(group.channels)} others"
        if len(group.channels) == 1:
            name = f"channel {group.channels[0]}"
        share = 100 * _size(group.contribution) / total
        value = f"{group.contribution:+.3g}".replace("-", "\u2212")
        lines.append(f"{name}: {value} ({share:.0f} %)")
    return "\n".join(lines)
