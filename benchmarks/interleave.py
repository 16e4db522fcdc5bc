"""Measures alternatives in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def seconds(call: Callable[[], object], calls: int = 1) -> float:
    """Return the time of one call, as the mean of so many."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def interleaved(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Take each measure once a round.

    Returns
    -------
    dict of str to list of float
        The values of all rounds, in order.
    """
    values: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            values[name].append(measure())
    return values


def median_ratio(above: list[float], below: list[float]) -> float:
    """Return the median of the rounds' ratios: slow rounds are slow for both."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))
