"""One what-if update on the bundled model: from an edit until all panels are painted with it.

What a person sees while a slider moves: the edited spectrum goes to the engine process, through
every layer and back, and into every panel.
"""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.gui_child import run_child

ROUNDS = 3


def run() -> dict[str, Any]:
    """Measure."""
    runs = [run_child("benchmarks.what_if_child") for _ in range(ROUNDS)]
    return {"name": "what_if", **{key: statistics.median(r[key] for r in runs) for key in runs[0]}}
