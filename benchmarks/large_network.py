"""A network of 50 layers and 10 million parameters: opening it must not hold up the window.

Run as ``python -m benchmarks.large_network FILE`` in a process of its own, because it needs Keras
and the process with the window must not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STEPS, CLASSES, BLOCKS, CHANNELS, KERNEL = 100, 20, 24, 296, 5


def make(path: Path) -> None:
    """Write the model and its card."""
    from spectracnn.core.card import ModelCard
    from spectracnn.core.card_file import card_path, write_card
    from spectracnn.core.preprocessing import Preprocessing
    from spectracnn.core.steps import DropZeros, Take
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    layers = keras.layers
    keras.utils.set_random_seed(7)
    stack = [keras.Input((STEPS, 1))]
    for block in range(BLOCKS):
        stack.append(layers.Conv1D(CHANNELS, KERNEL, padding="same", activation="relu"))
        stack.append(layers.MaxPooling1D(2) if block in (7, 15) else layers.BatchNormalization())
    stack += [layers.GlobalAveragePooling1D(), layers.Dense(CLASSES, activation="softmax")]
    keras.Sequential(stack).save(path)
    names = tuple(f"class {number}" for number in range(CLASSES))
    write_card(ModelCard(Preprocessing((DropZeros(), Take(STEPS))), names), card_path(path))


def make_apart(folder: Path) -> Path:
    """Write the model into a folder by a process of its own, and return its path."""
    path = folder / "large.keras"
    subprocess.run([sys.executable, "-m", "benchmarks.large_network", str(path)], check=True)
    return path


if __name__ == "__main__":
    make(Path(sys.argv[1]))
