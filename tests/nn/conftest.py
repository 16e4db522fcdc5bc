"""Small networks, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def keras() -> Any:
    return load_keras()[1]


@pytest.fixture
def spectrum() -> Spectrum:
    rng = np.random.default_rng(3)
    return Spectrum("shape", np.concatenate(([0.0], np.cumsum(rng.uniform(0.2, 1.5, 60)))))


@pytest.fixture(scope="session")
def sequential(keras: Any) -> Any:
    """A network like the bundled one, small."""
    keras.utils.set_random_seed(5)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((40, 1)),
            layers.Conv1D(4, 5, activation="relu", padding="same", name="first"),
            layers.MaxPooling1D(2, name="pool"),
            layers.Conv1D(6, 3, strides=2, activation="tanh", name="second"),
            layers.Flatten(name="flat"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(3, activation="softmax", name="classes"),
        ],
        name="small",
    )


@pytest.fixture
def saved(sequential: Any, tmp_path: Path) -> Path:
    path = tmp_path / "small.keras"
    sequential.save(path)
    return path
