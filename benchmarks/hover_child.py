"""Hovers over the maps of a network of 20 layers; the model's path is the argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HOVERS = 200


def main() -> None:
    """Measure and print as JSON."""
    from benchmarks.frames import frame_times, summary
    from benchmarks.gui_program import maps_shown, program, spin, spin_until
    from spectracnn.resources import sample_spectra
    from spectracnn.state.selection import Sample

    with program(Path(sys.argv[1])) as running:
        running.show(sample_spectra())
        spin_until(lambda: maps_shown(running), "the first maps")
        spin(1.0)
        workspace = running.workspace
        layers = workspace.document.model.layers
        sequences = [place for place, layer in enumerate(layers) if layer.is_sequence]

        def hover(number: int) -> None:
            layer = sequences[number // 10 % len(sequences)]
            steps, channels = layers[layer].output_shape
            workspace.hover(Sample(layer, number % steps, number % channels))

        times = frame_times(lambda n=n: hover(n) for n in range(HOVERS))
        print(json.dumps({"panels": len(running.window.ui.stack.panels), **summary(times[10:])}))


if __name__ == "__main__":
    main()
