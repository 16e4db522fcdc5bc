"""Attributions of several structures, of images, and of the bundled network."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.attribution import Method
from spectracnn.core.card_file import card_path
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import AttributionError
from spectracnn.nn.attribution.attribute import background_inputs
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model, sample_spectra


@pytest.fixture(scope="module")
def bundled() -> Any:
    return open_model(default_model())


@pytest.fixture(scope="module")
def samples() -> list[Spectrum]:
    return [spectrum for path in sample_spectra() for spectrum in io.read(path)]


@pytest.mark.parametrize("method", list(Method))
def test_several_structures_have_a_value_a_sample_and_channel(
    method: Method, keras: Any, opened: Any, explain: Any
) -> None:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    made = keras.Sequential(
        [
            keras.Input((10, 3)),
            layers.Conv1D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    rng = np.random.default_rng(0)
    given = rng.normal(size=(10, 3)).astype(np.float32)
    backgrounds = rng.normal(size=(5, 10, 3)).astype(np.float32)
    found = explain(opened(made), given, method, 1, backgrounds=backgrounds, window=2)
    assert found.values.shape == (10, 3)
    assert np.abs(found.values).max() > 0
    if method in (Method.GRAD_CAM, Method.GRAD_CAM_SIGNED):
        assert (found.values == found.values[:, :1]).all()
    if method is Method.OCCLUSION:  # by hand: the second structure's last two samples
        without = given.copy()
        without[8:, 1] = 0
        both = made.layers[1](made.layers[0](np.stack([given, without])))
        logits = np.array(both) @ made.layers[2].get_weights()[0]
        drop = logits[0, 1] - logits[1, 1]
        assert found.values[9, 1] == pytest.approx(drop / 2, abs=1e-4)


@pytest.mark.parametrize("method", list(Method))
def test_structures_as_rows_of_an_image(
    method: Method, keras: Any, opened: Any, explain: Any
) -> None:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    made = keras.Sequential(
        [
            keras.Input((4, 10, 1)),
            layers.Conv2D(3, (2, 3), activation="relu"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    rng = np.random.default_rng(0)
    given = rng.normal(size=(4, 10, 1)).astype(np.float32)
    backgrounds = rng.normal(size=(5, 4, 10, 1)).astype(np.float32)
    model = opened(made)
    found = explain(model, given, method, 1, backgrounds=backgrounds)
    assert found.values.shape == (4, 10, 1)
    assert np.abs(found.values).max() > 0
    if method is Method.INTEGRATED_GRADIENTS:
        change = np.array(made(given[None]) - made(0 * given[None]))[0, 1]
        assert found.values.sum() == pytest.approx(change, rel=0.01)


def test_integrated_gradients_of_the_bundled_model_add_up_for_every_class(
    bundled: Any, samples: list[Spectrum], explain: Any
) -> None:
    for spectrum in samples[::4]:
        values, _ = bundled.input_of(spectrum)
        for target in range(len(bundled.description.classes)):
            found = explain(bundled, values, Method.INTEGRATED_GRADIENTS, target)
            assert found.completeness_error < 0.01


def test_the_logits_are_those_of_the_trace(
    bundled: Any, samples: list[Spectrum], explain: Any
) -> None:
    trace = bundled.trace(samples[0])
    found = explain(bundled, trace.input, Method.OCCLUSION)
    np.testing.assert_allclose(found.logits, trace.layers[-1].before, rtol=1e-4, atol=1e-4)
    assert found.target == int(np.argmax(trace.probabilities))


@pytest.mark.parametrize("method", list(Method))
def test_a_network_of_random_weights_is_explained_differently(
    method: Method,
    bundled: Any,
    samples: list[Spectrum],
    explain: Any,
    keras: Any,
    tmp_path: Any,
) -> None:
    """The sanity check of Adebayo et al. (2018), Sanity Checks for Saliency Maps."""
    keras.utils.set_random_seed(11)
    path = tmp_path / "random.keras"
    keras.models.clone_model(keras.saving.load_model(default_model(), compile=False)).save(path)
    shutil.copy(card_path(default_model()), card_path(path))
    untrained = open_model(path)
    backgrounds = background_inputs(bundled, samples)
    likeness = []
    for spectrum in samples[::3]:
        values, _ = bundled.input_of(spectrum)
        target = explain(bundled, values, Method.GRADIENT_INPUT).target
        pair = [
            explain(model, values, method, target, backgrounds=backgrounds).values.ravel()
            for model in (bundled, untrained)
        ]
        if all(np.ptp(one) > 0 for one in pair):
            likeness.append(np.corrcoef(*pair)[0, 1])
    assert len(likeness) >= 3
    assert max(likeness) < 0.95
    assert np.mean(likeness) < 0.5


def test_backgrounds_are_those_that_the_model_takes(
    bundled: Any, samples: list[Spectrum], keras: Any, opened: Any
) -> None:
    short = Spectrum("short", np.arange(5.0))
    inputs = background_inputs(bundled, [short, *samples])
    np.testing.assert_array_equal(inputs, bundled.prepare(samples).inputs)
    layers = keras.layers
    long = opened(keras.Sequential([keras.Input((5000, 1)), layers.Flatten(), layers.Dense(2)]))
    with pytest.raises(AttributionError, match="the model accepts none of the samples") as caught:
        background_inputs(long, samples)
    assert "5000" in str(caught.value)
