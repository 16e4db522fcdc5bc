"""Sentences about an inspection: what the activation does, and whether the numbers add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from spectracnn.view.inspect.records import Check, Inspection


def activation_words(inspection: Inspection) -> str:
    """Return what the activation does with this number."""
    before = inspection.before or 0.0
    if inspection.activation == "relu":
        if before <= 0:
            return "relu cuts negative values to 0."
        return "relu lets positive values pass as they are."
    after = before if inspection.function is None else inspection.function(before)
    return f"{inspection.activation} of {short(before)} is {short(after)}."


def check_words(check: Check) -> str:
    """Return whether the numbers add up to the network's own."""
    difference = short(check.difference)
    if check.agrees:
        return f"\u2713 Adds up to the network's own value (difference {difference})."
    return (
        f"\u2717 The network's own value is {check.network:.6g}: it differs by {difference}, so "
        "this layer does more than is shown here."
    )
