"""The graph of a network beside the list of its layers: rails that branch and meet again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spectracnn.view.overview import lanes

if TYPE_CHECKING:
    from spectracnn.core.trace import LayerInfo


@dataclass
class RailRow:
    """What is drawn beside one layer.

    Parameters
    ----------
    lane : int
        Where the layer's dot stands.
    above, below : list of (int, int)
        Lines of the upper half, from a lane at the top to one in the middle, and of the lower
        half, from the middle to the bottom.
    """

    lane: int
    above: list[tuple[int, int]] = field(default_factory=list)
    below: list[tuple[int, int]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many lanes there are."""
        return 1 + max([self.lane, *(max(pair) for pair in (*self.above, *self.below))])


def rails(layers: tuple[LayerInfo, ...]) -> list[RailRow]:
    """Return the rails beside the layers, one row a layer; none where nothing branches.

    Parameters
    ----------
    layers : tuple of LayerInfo
        In forward order, with their sources.
    """
    edges = [
        (source, target)
        for target, info in enumerate(layers)
        for source in sorted(set(info.sources))
        if 0 <= source < target
    ]
    if all(target == source + 1 for source, target in edges):
        return []
    rows = [RailRow(lane) for lane in lanes(layers)]
    taken = {(place, row.lane) for place, row in enumerate(rows)}
    for source, target in sorted(edges, key=lambda edge: edge[1] - edge[0]):
        between = range(source + 1, target)
        wanted = (rows[target].lane, rows[source].lane, *range(len(layers)))
        lane = next(i for i in wanted if not any((place, i) in taken for place in between))
        taken |= {(place, lane) for place in between}
        rows[source].below.append((rows[source].lane, lane))
        for place in between:
            rows[place].above.append((lane, lane))
            rows[place].below.append((lane, lane))
        rows[target].above.append((lane, rows[target].lane))
    return rows
