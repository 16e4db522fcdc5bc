"""Contributions of channels against products by hand, and their order of likeness."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.logits import logits
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.nn.loading import open_model
from spectracnn.stats.likeness import similarity_order

RNG = np.random.default_rng(11)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    import keras

    keras.utils.set_random_seed(5)
    inputs = keras.Input((24, 1))
    conv = keras.layers.Conv1D(6, 3, activation="relu", use_bias=False, name="conv")(inputs)
    pool = keras.layers.MaxPooling1D(2, name="pool")(conv)
    mean = keras.layers.GlobalAveragePooling1D(name="mean")(pool)
    out = keras.layers.Dense(3, activation="softmax", use_bias=False, name="out")(mean)
    path = tmp_path_factory.mktemp("insight") / "net.keras"
    keras.Model(inputs, out).save(path)
    card = ModelCard(Preprocessing.from_json([{"step": "take", "n": 24}]), ("a", "b", "c"))
    return open_model(path, card=card)


@pytest.fixture
def spectrum():
    return Spectrum("s", np.cumsum(RNG.uniform(0.1, 1.0, 24)))


def test_contributions_are_outputs_times_the_weights_they_meet(network, spectrum):
    trace = network.trace(spectrum, contributions=True)
    plain = network.trace(spectrum)
    for one, other in zip(trace.layers, plain.layers, strict=True):
        np.testing.assert_allclose(one.output, other.output, rtol=1e-5, atol=1e-6)
    assert plain.insight is None
    target = trace.insight.target
    assert target == int(np.argmax(trace.probabilities))
    weights = network.network.model.get_layer("out").get_weights()[0]
    by_hand = trace.layers[2].output * weights[:, target]
    for layer in (0, 1, 2):  # the largest of each pool stands for it all the way back
        np.testing.assert_allclose(
            trace.insight.contributions[layer], by_hand, rtol=1e-4, atol=1e-6
        )
    logit = logits(network.description, trace)[target]
    assert trace.insight.contributions[0].sum() == pytest.approx(logit, rel=1e-4)


def test_muted_channels_contribute_nothing(network, spectrum):
    trace = network.trace(spectrum, muted=[(0, 2)], contributions=True)
    assert trace.insight.contributions[0][2] == 0
    assert not trace.layers[0].output[:, 2].any()


def test_likeness_is_asked_for(network, spectrum):
    assert network.trace(spectrum, contributions=True).insight.similarity == ()
    orders = network.trace(spectrum, similarity=True).insight.similarity
    assert [sorted(order.tolist()) for order in orders[:2]] == [list(range(6))] * 2
    assert orders[2].size == 0


def test_channels_of_one_kind_stand_together():
    steps = np.linspace(0, 6, 50)
    kinds = RNG.permutation(np.repeat([0, 1, 2], 10))
    shapes = np.stack([np.sin(steps), np.cos(2 * steps), np.sin(5 * steps)])
    values = (shapes[kinds] * RNG.uniform(0.5, 3, (30, 1)) + 2).T
    values += RNG.normal(0, 0.02, values.shape)
    found = kinds[similarity_order(values)]
    assert np.count_nonzero(np.diff(found)) == 2


@pytest.mark.parametrize("channels", [1, 2, 3, 200, 1100])
def test_any_layer_has_an_order(channels):
    values = RNG.normal(size=(8, channels))
    values[:, 0] = 4.0
    if channels > 2:
        values[3, 1] = np.nan
    order = similarity_order(values)
    assert sorted(order.tolist()) == list(range(channels))
    if channels > 3:
        assert set(order[-2:].tolist()) == {0, 1}
