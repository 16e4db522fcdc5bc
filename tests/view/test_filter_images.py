"""Filters that have rows and columns: their images and what they pass, against direct sums."""

import numpy as np
import pytest

from spectracnn.core.trace import LayerInfo, LayerTrace, Trace
from spectracnn.core.weights import LayerWeights
from spectracnn.state.tools import Ranking
from spectracnn.view.filters import (
    bank_tsv,
    filter_bank,
    has_filters,
    plane_response,
    ranked,
    strongest_step,
)

DRAW = np.random.default_rng(4)


def info_of(layer_class="Conv2D", shape=(4, 6, 3), **more):
    return LayerInfo("c", layer_class, shape, kernel_size=3, strides=1, kernel_shape=(2, 3), **more)


def bank_of(kernel, layer_class="Conv2D", settings=None, trace=None):
    weights = LayerWeights(0, layer_class, {"kernel": kernel}, settings or {})
    return filter_bank(info_of(layer_class), weights, trace)


@pytest.mark.parametrize("dilation", [(1, 1), (2, 3)])
def test_the_response_is_the_gain_of_a_filter_that_slides_over_waves(dilation):
    kernel = DRAW.normal(size=(2, 3, 1))
    rows, columns, response = plane_response(kernel, dilation)
    assert (rows[0], columns[0], columns[-1]) == (-0.5, 0.0, 0.5)
    assert response.shape == (rows.size, columns.size)
    high, wide = np.arange(12)[:, None], np.arange(12)
    for row, column in ((0, 0), (5, 3), (16, 0), (20, 11), (31, 16)):
        wave = np.exp(2j * np.pi * (rows[row] * high + columns[column] * wide))
        made = sum(
            kernel[i, j, 0] * wave[i * dilation[0] :, j * dilation[1] :][:4, :4]
            for i in range(2)
            for j in range(3)
        )
        assert np.abs(made) == pytest.approx(np.full((4, 4), response[row, column]), abs=1e-9)


def test_channels_add_as_squares_and_large_kernels_are_not_cut():
    one, two = DRAW.normal(size=(2, 48, 3, 1))
    together = plane_response(np.concatenate([one, two], axis=2))[2]
    apart = plane_response(one)[2] ** 2 + plane_response(two)[2] ** 2
    np.testing.assert_allclose(together**2, apart)
    rows, _, response = plane_response(one)
    assert response[rows == 0.0, 0] == pytest.approx(abs(one.sum()))


def test_a_bank_of_images():
    kernel = DRAW.normal(size=(2, 3, 4, 3)).astype(np.float32)
    output = DRAW.normal(size=(4, 6, 3)).astype(np.float32)
    output[2, 5, 1] = -9.0
    layers = (LayerTrace(output),)
    trace = Trace("", np.zeros((4, 6, 1)), np.arange(6), layers, np.zeros(1))
    bank = bank_of(kernel, trace=trace, settings={"dilation_rate": [1, 2]})
    assert bank.images
    assert bank.window == (2, 3)
    for channel, item in enumerate(bank.filters):
        own = kernel[..., channel].astype(float)
        np.testing.assert_array_equal(bank.image(item, 3), own[:, :, 3])
        assert item.norm == pytest.approx(np.sqrt((own**2).sum()))
        assert item.strongest == int((own**2).sum(axis=(0, 1)).argmax())
        assert item.activation == pytest.approx(output[..., channel].mean(dtype=float))
        np.testing.assert_allclose(item.response, plane_response(own, (1, 2))[2])
    assert strongest_step(trace, 0, 1) == 2 * 6 + 5
    lines = [line.split("\t") for line in bank_tsv(bank, ranked(bank, Ranking.NORM)).splitlines()]
    assert len(lines) == 1 + 3 * 4
    assert lines[0][5:11] == [f"weight {r},{c}" for r in range(2) for c in range(3)]
    assert len({len(line) for line in lines}) == 1
    first = ranked(bank, Ranking.NORM)[0]
    assert float(lines[1][5]) == pytest.approx(first.kernel[0, 0])


def test_each_depthwise_filter_reads_one_channel():
    kernel = DRAW.normal(size=(2, 3, 2, 2)).astype(np.float32)
    bank = bank_of(kernel, "DepthwiseConv2D")
    assert len(bank.filters) == 4
    np.testing.assert_array_equal(bank.image(bank.filters[2]), kernel[:, :, 1, 0])


def test_what_has_filters():
    assert has_filters(info_of())
    assert has_filters(info_of("DepthwiseConv2D"))
    assert not has_filters(info_of("MaxPooling2D"))
    assert not has_filters(info_of("Dense", (4,)))
