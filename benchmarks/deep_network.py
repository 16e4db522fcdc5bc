"""A network of 20 layers with up to 256 channels: the window must be smooth with it.

Run as ``python -m benchmarks.deep_network FILE`` in a process of its own, because it needs Keras
and the process with the window must not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STEPS, CLASSES = 100, 20
CHANNELS = (32, 32, 64, 64, 128, 128, 256, 256)


def make(path: Path) -> None:
    """Write the model."""
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    layers = keras.layers
    keras.utils.set_random_seed(7)
    stack = [keras.Input((STEPS, 1))]
    for number, channels in enumerate(CHANNELS):
        stack.append(layers.Conv1D(channels, 5, padding="same", activation="relu"))
        stack.append(layers.MaxPooling1D(2) if number % 3 == 2 else layers.BatchNormalization())
    stack += [layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dropout(0.5)]
    stack.append(layers.Dense(CLASSES, activation="softmax"))
    keras.Sequential(stack).save(path)


def make_apart(folder: Path) -> Path:
    """Write the model into a folder by a process of its own, and return its path."""
    path = folder / "deep.keras"
    subprocess.run([sys.executable, "-m", "benchmarks.deep_network", str(path)], check=True)
    return path


if __name__ == "__main__":
    make(Path(sys.argv[1]))
