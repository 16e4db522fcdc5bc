"""A filter that is set by hand changes its own map and no other; Keras says so."""

import numpy as np
import pytest

from spectracnn.core.filter_slots import filter_slots
from spectracnn.nn.layer_weights import layer_weights

ONE, TWO = (11, 3), (6, 7, 3)


def layers(keras):
    new = keras.layers
    return [
        (new.Conv1D(4, 3), ONE),
        (new.Conv1D(4, 3, groups=1, use_bias=False), ONE),
        (new.Conv2D(4, (2, 3)), TWO),
        (new.DepthwiseConv1D(3, depth_multiplier=2), ONE),
        (new.DepthwiseConv2D((2, 3), depth_multiplier=2), TWO),
        (new.Conv1DTranspose(4, 3, strides=2), ONE),
        (new.Dense(5), (9,)),
    ]


@pytest.mark.parametrize("place", range(7))
def test_a_filter_changes_its_own_map_alone(keras, place):
    layer, shape = layers(keras)[place]
    inputs = np.random.default_rng(0).normal(size=(1, *shape)).astype(np.float32)
    before = np.asarray(layer(inputs))
    weights = layer_weights(0, layer)
    slots = filter_slots(weights)
    assert len(slots) == before.shape[-1]
    draw = np.random.default_rng(1)
    for channel, slot in enumerate(slots):
        values = draw.normal(size=(slot.taps, slot.channels))
        array = slot.written(weights.arrays, values)
        np.testing.assert_allclose(slot.read({slot.weight: array}), values, rtol=1e-6)
        variable = next(item for item in layer.weights if item.name == slot.weight)
        own = np.array(weights.arrays[slot.weight])
        variable.assign(array)
        after = np.asarray(layer(inputs))
        variable.assign(own)
        changed = np.abs(after - before).reshape(-1, before.shape[-1]).max(axis=0) > 1e-6
        assert np.flatnonzero(changed).tolist() == [channel]
        assert (slot.bias is not None) == ("bias" in weights.arrays)


def test_separable_layers_have_a_filter_for_each_input_channel(keras):
    layer = keras.layers.SeparableConv1D(5, 3, depth_multiplier=2)
    layer.build((None, 11, 3))
    slots = filter_slots(layer_weights(0, layer))
    assert len(slots) == 6
    assert {slot.weight for slot in slots} == {"depthwise_kernel"}


def test_others_have_none(keras):
    layer = keras.layers.BatchNormalization()
    layer.build((None, 11, 3))
    assert filter_slots(layer_weights(0, layer)) == ()
