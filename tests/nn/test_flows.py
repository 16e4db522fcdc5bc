"""Flows of a class's score: against each layer's Jacobian, and conservation."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.flows import INPUT
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.nn.loading import open_model

RNG = np.random.default_rng(3)


def opened(model, path):
    model.save(path)
    card = ModelCard(Preprocessing.from_json([{"step": "take", "n": 24}]), ("a", "b", "c"))
    return open_model(path, card=card)


@pytest.fixture(scope="module")
def branched(tmp_path_factory):
    """Two ways with a shared beginning, and a sum that its own summand goes around."""
    import keras

    keras.utils.set_random_seed(2)
    bare = {"use_bias": False}
    inputs = keras.Input((24, 1))
    stem = keras.layers.Conv1D(4, 3, padding="same", name="stem", **bare)(inputs)
    act = keras.layers.ReLU(name="act")(stem)
    side = keras.layers.Conv1D(4, 5, padding="same", activation="relu", name="side", **bare)(act)
    both = keras.layers.Add(name="sum")([act, side])
    mean = keras.layers.GlobalAveragePooling1D(name="mean")(both)
    out = keras.layers.Dense(3, activation="softmax", name="out", **bare)(mean)
    folder = tmp_path_factory.mktemp("flows")
    return opened(keras.Model(inputs, out), folder / "branched.keras")


@pytest.fixture
def spectrum():
    return Spectrum("s", np.cumsum(RNG.uniform(0.1, 1.0, 24)) - 6.0)


def test_nothing_is_lost_and_nothing_counted_twice(branched, spectrum):
    trace = branched.trace(spectrum, flows=True)
    flows, insight = trace.insight.flows, trace.insight
    names = [info.name for info in branched.description.layers]
    edges = {(flow.source, names[flow.target]): flow.values for flow in flows.flows}
    act, side = names.index("act"), names.index("side")
    assert (INPUT, "stem") in edges
    assert {source for source, name in edges if name == "sum"} == {act, side}
    for layer, name in enumerate(names[:-1]):
        parts = [group.contribution for group in flows.groups[layer]]
        assert sum(parts) == pytest.approx(insight.contributions[layer].sum(), abs=1e-4), name
        arriving = sum(values.sum(axis=0) for (_, to), values in edges.items() if to == name)
        np.testing.assert_allclose(arriving, parts, atol=1e-4)
    leaving = sum(v.sum() for (source, _), v in edges.items() if source == act)
    assert leaving == pytest.approx(insight.contributions[act].sum(), abs=1e-4)


def test_channel_to_channel_against_the_weights(branched, spectrum):
    trace = branched.trace(spectrum, flows=True)
    flows = trace.insight.flows
    names = [info.name for info in branched.description.layers]
    edge = next(f for f in flows.flows if names[f.target] == "mean")
    weights = branched.network.model.get_layer("out").get_weights()[0][:, flows.target]
    by_hand = trace.layers[names.index("mean")].output * weights
    channels = [group.channels[0] for group in flows.groups[names.index("mean")]]
    sources = [group.channels[0] for group in flows.groups[edge.source]]
    for row, source in enumerate(sources):
        for column, channel in enumerate(channels):
            wanted = by_hand[channel] if source == channel else 0.0
            assert edge.values[row, column] == pytest.approx(wanted, abs=1e-5)


def test_groups_are_the_strongest_and_the_others(spectrum, tmp_path):
    import keras

    inputs = keras.Input((24, 1))
    conv = keras.layers.Conv1D(20, 3, activation="relu")(inputs)
    out = keras.layers.Dense(3)(keras.layers.GlobalMaxPooling1D()(conv))
    network = opened(keras.Model(inputs, out), tmp_path / "wide.keras")
    trace = network.trace(spectrum, flows=True)
    groups = trace.insight.flows.groups[0]
    assert [len(group.channels) for group in groups] == [1] * 6 + [14]
    parts = trace.insight.contributions[0]
    kept = {group.channels[0] for group in groups[:6]}
    assert kept == set(np.argsort(-np.abs(parts))[:6].tolist())
    muted = network.trace(spectrum, muted=[(0, groups[0].channels[0])], flows=True)
    again = muted.insight.flows.groups[0]
    found = {c: g.contribution for g in again for c in g.channels if len(g.channels) == 1}
    assert found.get(groups[0].channels[0], 0.0) == 0.0
