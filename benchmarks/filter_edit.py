"""One change of a weight in the filter lab: from the edit until all panels are painted with it.

The changed weights go to the engine process, which runs the network with them, and the answer goes
into every panel of the window and into the lab's own picture of before and after.
"""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.gui_child import run_child

ROUNDS = 3


def run() -> dict[str, Any]:
    """Measure."""
    runs = [run_child("benchmarks.filter_edit_child") for _ in range(ROUNDS)]
    medians = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    return {"name": "filter_edit", **medians}
