"""What the window's views compute, without the window: checked with NumPy on the traces."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import spectracnn as sc

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model():
    return sc.open_model()


@pytest.fixture(scope="module")
def scene(model):
    edits = {1: [sc.Scale(factor=1.25, first=3, last=9)]}
    return sc.Scene(sc.read(sc.samples()[:4]), model, edits=edits, muted=[("conv1", 2)])


@pytest.fixture(scope="module")
def results(scene):
    return {
        "comparison": scene.compare(0, [1, 2]),
        "what if": scene.what_if(1),
        "features": scene.features("conv1", "maximum over steps"),
        "points": scene.embedding(-1),
        "statistics": scene.statistics(1, "conv1"),
        "filters": scene.filters(0, "conv1", contributions=True, target="ant"),
        "traces": scene.trace(1),
        "attributions": scene.explain(1, "gradient-input"),
        "predictions": scene.model.predict(scene.spectra),
    }


@pytest.mark.parametrize(
    "name",
    "comparison,what if,features,points,statistics,filters,traces,attributions,predictions".split(
        ","
    ),
)
def test_every_result_shows_itself(results, name):
    result = results[name]
    assert repr(result).startswith("<")
    assert "<table" in result._repr_html_()
    frame = result.to_dataframe()
    assert len(frame) > 0
    array = result.to_xarray()
    assert array.sizes
    if hasattr(result, "figure"):
        assert isinstance(result.figure(), Figure)


def test_muted_filters_and_edits_count(scene, model):
    plain = model.trace(sc.read(sc.samples()[1]))
    here = scene.trace(1)
    assert not here.layer("conv1")[0][:, 2].any()
    assert np.abs(here.probabilities - plain.probabilities).max() > 1e-4
    found = scene.what_if(1).to_dataframe()
    np.testing.assert_allclose(found["before"], plain.probabilities[0], atol=1e-6)
    np.testing.assert_allclose(found["after"], here.probabilities[0], atol=1e-6)


def test_a_group_is_compared_by_its_mean(results, scene):
    first = scene.trace(0).layer("conv1")[0]
    mean = np.mean([scene.trace(place).layer("conv1")[0] for place in (1, 2)], axis=0)
    found = results["comparison"]
    np.testing.assert_allclose(found.layers["conv1"], first - mean, atol=1e-5)
    frame = found.to_dataframe()
    np.testing.assert_array_equal(
        frame[frame.layer == "conv1"].difference, found.layers["conv1"].ravel()
    )
    assert found.names == (scene.names[0], "mean of 2 spectra")


def test_features_and_points_are_those_of_numpy(results, scene):
    layers = [scene.trace(place).layer("conv1")[0] for place in range(4)]
    np.testing.assert_allclose(
        results["features"].values, [layer.max(axis=0) for layer in layers], atol=1e-6
    )
    inputs = np.stack([scene.trace(place).inputs[0].ravel() for place in range(4)])
    centred = inputs - inputs.mean(axis=0)
    lengths = np.linalg.svd(centred.astype(float), compute_uv=False)[:2]
    found = results["points"]
    np.testing.assert_allclose(np.linalg.norm(found.points, axis=0), lengths, rtol=1e-5)
    np.testing.assert_allclose(found.explained, lengths**2 / (centred**2).sum(), rtol=1e-5)
    distances = np.linalg.norm(inputs - inputs[0], axis=1)
    nearest, distance = found.neighbours(0)[0]
    assert nearest == scene.names[1 + int(np.argmin(distances[1:]))]
    assert distance == pytest.approx(distances[1:].min(), rel=1e-5)


def test_statistics_and_filters_are_those_of_numpy(results, scene):
    values = scene.trace(1).layer("conv1")[0].astype(float)
    frame = results["statistics"].to_dataframe()
    np.testing.assert_allclose(frame["mean"], values.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(frame["zeros"], (values == 0).mean(axis=0))
    kernel = scene.weights("conv1").arrays["kernel"]
    filters = results["filters"]
    np.testing.assert_allclose(filters.kernels, np.moveaxis(kernel, 2, 0))
    at = int(np.argmin(np.abs(filters.frequencies - 0.25)))
    powers = np.exp(-0.5j * np.pi * np.arange(len(kernel)))
    expected = np.abs((kernel[:, 0, :] * powers[:, None]).sum(axis=0))
    np.testing.assert_allclose(filters.responses[:, at], expected, atol=1e-6)


def test_a_contribution_is_what_the_logit_loses(results, scene, model):
    target = model.classes.index("ant")
    whole = scene.trace(0)
    without = sc.Scene(scene.spectra[:1], model, muted=[("conv1", 2), ("conv1", 5)]).trace(0)
    # The bundled network's logits: what goes into its last activation.
    name = whole.layer_names[-1]
    fall = whole.layer(name, before=True) - without.layer(name, before=True)
    contributions = results["filters"].contributions
    assert contributions[2] == pytest.approx(0, abs=1e-6)  # it is muted already
    assert contributions[5] == pytest.approx(fall[0, target], abs=1e-5)
    assert abs(contributions[5]) > 0.01


def test_weights_set_by_hand_count_everywhere(model):
    spectra = sc.read(sc.samples()[:1])
    kernel = np.zeros((7, 1, 16), np.float32)
    scene = sc.Scene(spectra, model, weights=[sc.WeightEdit(0, "kernel", kernel)])
    assert not scene.trace(0).layer(0).any()  # the layer has no bias
    assert sc.Scene(spectra, model).trace(0).layer(0).any()
    assert not scene.explain(0, "gradient-input").values.any()
    np.testing.assert_array_equal(scene.weights(0).arrays["kernel"], kernel)


def test_what_is_not_there_is_named(scene):
    for call, sentence in (
        (lambda: scene.trace(9), "no spectrum 9; there are 4"),
        (lambda: scene.features("nothing"), "no layer 'nothing'"),
        (lambda: scene.filters(0, "classes"), "no filters that slide along the spectrum"),
        (lambda: scene.compare(0, []), "at least one spectrum"),
        (lambda: sc.pick(sc.samples()[0], [("nobody", "")]), "expected the spectra nobody"),
    ):
        with pytest.raises(sc.SpectraCNNError, match=sentence):
            call()


def test_a_sample_is_explained_by_its_arithmetic(scene):
    step = int(scene.trace(0).layer("conv1")[0][:, 3].argmax())
    found = scene.inspect(0, "conv1", step, 3)
    kernel = scene.weights("conv1").arrays["kernel"]  # the layer has no bias
    window = scene.trace(0).inputs[0][step : step + len(kernel), 0]
    expected = float(window @ kernel[:, 0, 3])
    assert expected > 0.1
    assert found.lines[-1].value == pytest.approx(expected, abs=1e-5)


def test_layers_of_ones_own_are_those_of_keras():
    values = np.random.default_rng(1).normal(size=(20, 1)).astype(np.float32)
    result = sc.run_layers(["keras.layers.Conv1D(3, 5)", "keras.layers.MaxPooling1D(2)"], values)
    kernel, bias = (result.weights[0].arrays[name] for name in ("kernel", "bias"))
    expected = np.stack(
        [np.tensordot(values[at : at + 5], kernel, ((0, 1), (0, 1))) + bias for at in range(16)]
    )
    np.testing.assert_allclose(result.traces[0].output, expected, atol=1e-5)
    np.testing.assert_allclose(
        result.traces[1].output, expected.reshape(8, 2, 3).max(axis=1), atol=1e-5
    )
    with pytest.raises(sc.SpectraCNNError):
        sc.run_layers(["import os"], values)
