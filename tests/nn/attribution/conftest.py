"""Small networks whose attributions can be computed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.nn.attribution.attribute import attribute
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spectracnn.nn.loaded_model import LoadedModel


@pytest.fixture(scope="session")
def keras() -> Any:
    return load_keras()[1]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[Any], LoadedModel]:
    """Save a Keras model and open the file."""

    def save_and_open(model: Any) -> LoadedModel:
        path = tmp_path / "model.keras"
        model.save(path)
        return open_model(path)

    return save_and_open


@pytest.fixture
def explain() -> Callable[..., Attribution]:
    """Attribute a class to the samples of a model's input."""

    def run(
        model: LoadedModel,
        values: Any,
        method: Method,
        target: int | None = None,
        *,
        muted: Any = (),
        backgrounds: Any = None,
        **options: Any,
    ) -> Attribution:
        values = np.asarray(values, np.float32)
        return attribute(
            model.scores,
            values,
            np.arange(model.network.serving.steps),
            method,
            target=target,
            options=AttributionOptions(**options),
            muted=muted,
            backgrounds=None if backgrounds is None else lambda: backgrounds,
        )

    return run


@pytest.fixture
def values() -> Any:
    return np.random.default_rng(4).normal(size=(12, 1)).astype(np.float32)


@pytest.fixture
def linear(keras: Any, opened: Callable[[Any], LoadedModel]) -> tuple[Any, Any, LoadedModel]:
    """A network without anything curved: ``logits = w x + b``. Returns w, b and it."""
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((12, 1)),
            layers.Flatten(),
            layers.Dense(5),
            layers.Dense(3, activation="softmax", bias_initializer="random_normal"),
        ]
    )
    (first, first_bias), (last, bias) = (layer.get_weights() for layer in model.layers[1:])
    return first @ last, first_bias @ last + bias, opened(model)
