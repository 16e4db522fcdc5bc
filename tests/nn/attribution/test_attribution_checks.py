import csv

import numpy as np
import pytest
from scipy.stats import spearmanr

from spectracnn.cli.main import main
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.attribution_checks import area, rank_correlation
from spectracnn.nn.attribution.attribute import attribute
from spectracnn.nn.attribution.checks import check_attribution
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model, sample_spectra


@pytest.mark.parametrize("seed", range(4))
def test_the_rank_correlation_is_scipys(seed):
    random = np.random.default_rng(seed)
    one, other = random.normal(size=40), random.integers(0, 5, 40).astype(float)
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    assert rank_correlation(one, np.exp(one)) == pytest.approx(1)
    assert np.isnan(rank_correlation(one, np.zeros(40)))


def test_the_area_is_numpys():
    curve = np.random.default_rng(0).uniform(size=30)
    assert area(curve) == pytest.approx(np.trapezoid(curve, dx=1 / 29))


@pytest.fixture
def linear(keras, opened):
    """A softmax of weights that are known: the best order is theirs."""
    network = keras.Sequential(
        [keras.Input((12, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    )
    weights = np.zeros((12, 2), np.float32)
    weights[:, 0] = np.linspace(-1, 1, 12)
    network.set_weights([weights, np.zeros(2, np.float32)])
    return opened(network)


def test_the_curves_in_closed_form(linear):
    values = np.ones((12, 1), np.float32)
    found = attribute(linear.scores, values, np.arange(12), Method.GRADIENT_INPUT, target=0)
    checks = check_attribution(linear.scores, found)
    weights = np.sort(np.linspace(-1, 1, 12))[::-1]
    left = np.concatenate([[weights.sum()], weights.sum() - np.cumsum(weights)])
    np.testing.assert_allclose(checks.deletion, 1 / (1 + np.exp(-left)), atol=1e-5)
    back = np.concatenate([[0.0], np.cumsum(weights)])
    np.testing.assert_allclose(checks.insertion, 1 / (1 + np.exp(-back)), atol=1e-5)
    # No order can be better than the true one.
    assert checks.deletion_area <= checks.random_deletion.min()
    assert checks.insertion_area >= checks.random_insertion.max()
    assert checks.agreement[Method.OCCLUSION] > 0.9
    assert "earlier than in 20 of 20" in " ".join(checks.words())


@pytest.mark.parametrize(("units", "activation"), [(1, "linear"), (3, "sigmoid")])
def test_the_curves_of_values_and_of_classes_apart(keras, opened, units, activation):
    network = keras.Sequential(
        [keras.Input((12, 1)), keras.layers.Flatten(), keras.layers.Dense(units, activation)]
    )
    weights = np.random.default_rng(1).normal(size=(12, units)).astype(np.float32)
    bias = np.full(units, 30.0 if units == 1 else 0.2, np.float32)
    network.set_weights([weights, bias])
    model = opened(network)
    values, target = np.ones((12, 1), np.float32), units - 1
    found = attribute(model.scores, values, np.arange(12), Method.GRADIENT_INPUT, target=target)
    checks = check_attribution(model.scores, found)
    order = np.argsort(-weights[:, target], kind="stable")
    for curve, insert in ((checks.deletion, False), (checks.insertion, True)):
        inputs = np.full((13, 12, 1), 0.0 if insert else 1.0, np.float32)
        for count in range(13):
            inputs[count, order[:count]] = 1.0 if insert else 0.0
        expected = network.predict(inputs, verbose=0)[:, target]
        np.testing.assert_allclose(curve, expected, rtol=1e-5)
    assert checks.height == ("value" if units == 1 else "probability")
    assert f"the {checks.height} falls earlier" in " ".join(checks.words())


def test_the_worst_order_is_worse_than_random(linear):
    from dataclasses import replace

    values = np.ones((12, 1), np.float32)
    found = attribute(linear.scores, values, np.arange(12), Method.GRADIENT_INPUT, target=0)
    checks = check_attribution(linear.scores, replace(found, values=-found.values))
    assert checks.deletion_area >= checks.random_deletion.max()
    assert checks.insertion_area <= checks.random_insertion.min()
    assert checks.agreement[Method.OCCLUSION] < -0.9


@pytest.mark.parametrize("method", list(Method))
def test_every_method_of_the_bundled_model_can_be_checked(method):
    from spectracnn import io

    model = open_model(default_model())
    values, positions = model.input_of(io.read(sample_spectra()[0])[0])
    background = np.stack([0 * values, 0.1 + 0 * values])
    found = attribute(
        model.scores, values, positions, method,
        options=AttributionOptions(steps=32, samples=8), backgrounds=lambda: background,
    )  # fmt: skip
    checks = check_attribution(model.scores, found, orders=3)
    assert checks.deletion.shape == checks.insertion.shape == (101,)
    np.testing.assert_allclose(checks.deletion[0], checks.insertion[-1], rtol=1e-4)
    np.testing.assert_allclose(checks.deletion[-1], checks.insertion[0], rtol=1e-4)
    assert method not in checks.agreement


def test_explain_writes_the_checks(tmp_path, capsys):
    out = tmp_path / "why.csv"
    assert main(["explain", str(sample_spectra()[0]), "--out", str(out), "--check"]) == 0
    assert "deletion area" in capsys.readouterr().out
    (row,) = csv.DictReader((tmp_path / "why.checks.csv").read_text().splitlines())
    assert float(row["deletion_area"]) < float(row["random_deletion_area"])
    assert float(row["insertion_area"]) > float(row["random_insertion_area"])
    assert -1 <= float(row["agreement occlusion"]) <= 1
    assert float(row["completeness_error"]) < 0.05
