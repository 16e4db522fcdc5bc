"""One hover update: from a new sample under the pointer until all panels are painted.

The network has 20 layers with up to 256 channels, the window its first size, the spectrum and all
panels their marks. Painting is by the processor, as on a machine without a graphics card.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.deep_network import make_apart
from benchmarks.gui_child import run_child

ROUNDS = 3


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        model = make_apart(Path(folder))
        runs = [run_child("benchmarks.hover_child", str(model)) for _ in range(ROUNDS)]
    return {"name": "hover", **{key: statistics.median(r[key] for r in runs) for key in runs[0]}}
