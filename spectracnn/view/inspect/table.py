"""The inspector's numbers as tab-separated text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.inspect.records import Convolution, Pooling, WeightedSum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.view.inspect.records import Inspection


def inspection_tsv(inspection: Inspection) -> str:
    """Return every number behind a sample, at full precision, with a heading over each table.

    Parameters
    ----------
    inspection : Inspection
        Of the sample; for a convolution all input channels are written.
    """
    rows: list[tuple[object, ...]] = [(inspection.title, inspection.subtitle)]
    body = inspection.body
    if isinstance(body, Convolution):
        rows += _convolution_rows(body)
    elif isinstance(body, Pooling):
        kept = range(body.window.size) if body.winner is None else (body.winner,)
        rows += [("input step", "value", "kept")]
        rows += [
            (int(tap), float(value), "yes" if place in kept else "no")
            for place, (tap, value) in enumerate(zip(body.taps, body.window, strict=True))
            if body.inside[place]
        ]
    elif isinstance(body, WeightedSum):
        named = [*body.names, *[""] * (body.units.size - len(body.names))]
        rows += [("input unit", "from", "value", "weight", "contribution")]
        terms = zip(body.units, named, body.inputs, body.weights, body.products, strict=True)
        rows += list(terms)
    if inspection.softmax is not None:
        table = inspection.softmax
        rows += [("class", "score", "exp(score - largest)", "probability")]
        shares = (table.logits, table.exponentials, table.probabilities)
        rows += list(zip(table.names, *shares, strict=True))
    rows += [("", "line", "value")]
    rows += [(line.symbol, line.label, line.value) for line in inspection.lines]
    if inspection.check is not None:
        rows += [("", "the network's own value", inspection.check.network)]
    return "\n".join(_text(row) for row in rows) + "\n"


def _convolution_rows(body: Convolution) -> Iterable[tuple[object, ...]]:
    yield ("input channel", "input step", "value", "weight", "product")
    for place, channel in enumerate(body.channels.tolist()):
        columns = (body.taps, body.window[:, place], body.kernel[:, place], body.products[:, place])
        for tap, value, weight, term in zip(*columns, strict=True):
            yield channel, int(tap), float(value), float(weight), float(term)


def _text(row: tuple[object, ...]) -> str:
    return "\t".join(
        f"{cell:.9g}" if isinstance(cell, (float, np.floating)) else str(cell) for cell in row
    )
