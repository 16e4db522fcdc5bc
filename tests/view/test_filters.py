"""Frequency responses, sizes and order of filters against hand numbers and direct sums."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.trace import LayerInfo, LayerTrace, Trace
from spectracnn.core.weights import LayerWeights
from spectracnn.state.tools import Ranking
from spectracnn.view.filters import (
    bank_tsv,
    filter_bank,
    frequency_response,
    ranked,
    strongest_step,
)


def test_a_mean_passes_the_slow_and_a_difference_the_fast():
    frequencies, mean = frequency_response(np.array([[0.5], [0.5]]))
    np.testing.assert_allclose(mean, np.cos(np.pi * frequencies), atol=1e-12)
    _, difference = frequency_response(np.array([[0.5], [-0.5]]))
    np.testing.assert_allclose(difference, np.sin(np.pi * frequencies), atol=1e-12)
    assert (frequencies[0], frequencies[-1]) == (0.0, 0.5)


@pytest.mark.parametrize("dilation", [1, 3])
def test_the_response_is_the_gain_of_a_sliding_filter(dilation):
    kernel = np.random.default_rng(1).normal(size=(5, 1))
    frequencies, response = frequency_response(kernel, dilation)
    for place in (0, 17, 64, 128):
        wave = np.exp(2j * np.pi * frequencies[place] * np.arange(40))
        filtered = sum(kernel[k, 0] * wave[k * dilation :][:20] for k in range(5))
        assert np.abs(filtered) == pytest.approx(np.full(20, response[place]), abs=1e-9)


def test_channels_add_as_squares_and_long_kernels_are_not_cut():
    one, two = np.random.default_rng(2).normal(size=(2, 300, 1))
    together = frequency_response(np.concatenate([one, two], axis=1))[1]
    apart = frequency_response(one)[1] ** 2 + frequency_response(two)[1] ** 2
    np.testing.assert_allclose(together**2, apart)
    assert frequency_response(one)[1][0] == pytest.approx(abs(one.sum()))


@pytest.fixture
def bank():
    kernel = np.zeros((2, 2, 3))
    kernel[:, :, 0] = [[3.0, 0.0], [4.0, 0.0]]
    kernel[:, :, 1] = [[0.0, 6.0], [0.0, 8.0]]
    kernel[:, :, 2] = [[1.0, 0.0], [0.0, 0.0]]
    info = LayerInfo("c", "Conv1D", (4, 3), kernel_size=2, strides=1, dilation=1)
    output = np.array([[1.0, 0.0, 5.0], [1.0, 0.0, 5.0], [3.0, 0.0, -9.0], [1.0, 0.0, 5.0]])
    trace = Trace("", np.zeros((5, 2)), np.arange(5), (LayerTrace(output),), np.zeros(1))
    weights = LayerWeights(0, "Conv1D", {"kernel": kernel})
    return filter_bank(info, weights, trace, {0: -1.0, 2: 0.5})


def test_sizes_means_and_order(bank):
    assert [item.norm for item in bank.filters] == [5.0, 10.0, 1.0]
    assert [item.activation for item in bank.filters] == [1.5, 0.0, 1.5]
    assert [item.strongest for item in bank.filters] == [0, 1, 0]
    assert bank.kernel_top == 8.0
    orders = {ranking: [f.channel for f in ranked(bank, ranking)] for ranking in Ranking}
    assert orders == {
        Ranking.NORM: [1, 0, 2],
        Ranking.ACTIVATION: [0, 2, 1],
        Ranking.CONTRIBUTION: [2, 0, 1],  # the one that is not known yet is last
    }


def test_the_strongest_sample_may_be_negative():
    output = np.array([[1.0], [-3.0], [np.nan]])
    trace = Trace("", np.zeros((5, 2)), np.arange(5), (LayerTrace(output),), np.zeros(1))
    assert strongest_step(trace, 0, 0) == 1


def test_a_table_has_every_weight(bank):
    rows = [line.split("\t") for line in bank_tsv(bank, ranked(bank, Ranking.NORM)).splitlines()]
    assert len(rows) == 1 + 3 * 2
    assert rows[2][:2] + rows[2][5:7] == ["1", "1", "6", "8"]
    assert rows[1][4] == ""  # no contribution yet
    assert float(rows[2][7]) == pytest.approx(14.0)  # |H(0)| is the sum of the weights


def test_layers_without_filters_have_none():
    info = LayerInfo("d", "Dense", (3,))
    assert filter_bank(info, LayerWeights(0, "Dense", {"kernel": np.zeros((2, 3))})) is None


def test_depthwise_filters_are_one_channel_each():
    kernel = np.arange(12.0).reshape(2, 3, 2)
    info = LayerInfo("d", "DepthwiseConv1D", (4, 6), kernel_size=2)
    bank = filter_bank(info, LayerWeights(0, "DepthwiseConv1D", {"kernel": kernel}))
    assert len(bank.filters) == 6
    # Feature map 3 is multiplier 1 of input channel 1.
    np.testing.assert_array_equal(bank.filters[3].kernel[:, 0], kernel[:, 1, 1])
