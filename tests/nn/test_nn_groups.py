"""Features and means of many spectra against Keras called directly, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.features import INPUT, Reduction
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import ModelError, PreprocessingError
from spectracnn.nn.groups import features, mean_trace
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path


def many(count: int) -> list[Spectrum]:
    rng = np.random.default_rng(8)
    return [Spectrum(f"s{i}", np.cumsum(rng.uniform(0.1, 2.0, 50))) for i in range(count)]


def keras_outputs(sequential: Any, spectra: list[Spectrum]) -> list[Any]:
    """Return every layer's output of each spectrum, each spectrum alone."""
    found = []
    for spectrum in spectra:
        values = spectrum.eigenvalues[:40].astype(np.float32)[None, :, None]
        outputs = []
        for layer in sequential.layers:
            values = layer(values)
            outputs.append(np.array(values)[0])
        found.append(outputs)
    return found


def test_features_are_a_layers_output_of_each_spectrum(saved: Path, sequential: Any) -> None:
    model = open_model(saved)
    spectra = many(70)  # more than a chunk
    inputs = model.prepare(spectra).inputs
    outputs = keras_outputs(sequential, spectra)
    for layer in (0, 2, 5):
        direct = np.stack([one[layer] for one in outputs])
        flat = features(model, inputs, layer, Reduction.FLAT)
        np.testing.assert_allclose(flat, direct.reshape(70, -1), rtol=1e-4, atol=1e-4)
        if direct.ndim == 3:
            mean = features(model, inputs, layer, Reduction.MEAN)
            np.testing.assert_allclose(mean, direct.mean(axis=1), rtol=1e-4, atol=1e-4)
            most = features(model, inputs, layer, Reduction.MAX)
            np.testing.assert_allclose(most, direct.max(axis=1), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(
        features(model, inputs, INPUT, Reduction.FLAT), inputs.reshape(70, -1)
    )
    assert features(model, inputs[:0], 2, Reduction.FLAT).shape == (0, 54)
    assert features(model, inputs[:0], 2, Reduction.MEAN).shape == (0, 6)
    with pytest.raises(ModelError, match="no layer 6"):
        features(model, inputs, 6, Reduction.FLAT)


def test_mean_trace_is_the_mean_of_what_the_layers_computed(saved: Path, sequential: Any) -> None:
    model = open_model(saved)
    spectra = many(70)
    short = Spectrum("short", np.arange(5.0))
    mean = mean_trace(model, [short, *spectra])
    outputs = keras_outputs(sequential, spectra)
    for layer, traced in enumerate(mean.layers):
        direct = np.mean([one[layer] for one in outputs], axis=0)
        np.testing.assert_allclose(traced.output, direct, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(mean.probabilities, np.mean([o[-1] for o in outputs], 0), rtol=1e-4)
    direct = np.mean([spectrum.eigenvalues[:40] for spectrum in spectra], axis=0)
    np.testing.assert_allclose(mean.input[:, 0], direct, rtol=1e-6)
    befores = [model.trace(spectrum).layers[2].before for spectrum in spectra]
    np.testing.assert_allclose(mean.layers[2].before, np.mean(befores, 0), rtol=1e-4, atol=1e-4)
    assert mean.layers[1].before is None
    assert mean.positions.tolist() == list(range(40))


def test_a_mean_of_nothing_is_refused(saved: Path) -> None:
    model = open_model(saved)
    with pytest.raises(PreprocessingError, match="no spectra"):
        mean_trace(model, [])
    with pytest.raises(PreprocessingError, match="none of the 2 spectra"):
        mean_trace(model, [Spectrum("short", np.arange(5.0))] * 2)
