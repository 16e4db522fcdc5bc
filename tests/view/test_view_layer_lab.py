"""What the layer lab says of a sample, against sums worked out here."""

import numpy as np
import pytest

from spectracnn.core.lab.result import LabResult
from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerStack, Pool, Pooling
from spectracnn.core.trace import LayerInfo, LayerTrace
from spectracnn.core.weights import LayerWeights
from spectracnn.view.layer_lab import input_window, sample_sentence, stages, stages_tsv
from spectracnn.view.palettes import Palette

VALUES = np.array([1, 2, 4, 8, 16], np.float32)[:, None]
KERNEL = np.array([1, -1, 2], np.float32).reshape(3, 1, 1)


@pytest.fixture
def result():
    """Conv1D(1, 3, same, relu) - MaxPooling1D(2) - GlobalAveragePooling1D, by hand."""
    padded = np.concatenate([[0], VALUES[:, 0], [0]])
    before = np.array([padded[i : i + 3] @ KERNEL[:, 0, 0] for i in range(5)], np.float32) - 1
    conv = np.maximum(before, 0)[:, None]
    pool = conv[:4].reshape(2, 2, 1).max(axis=1)
    layers = (
        Convolution(1, (3,), padding="same", activation="relu"),
        Pool(Pooling.MAX, (2,)),
        GlobalPool(Pooling.AVERAGE),
    )
    return LabResult(
        LayerStack((5, 1), layers),
        tuple(
            LayerInfo(name, name, shape)
            for name, shape in (("c", (5, 1)), ("p", (2, 1)), ("g", (1,)))
        ),
        (
            LayerTrace(conv, before[:, None]),
            LayerTrace(pool),
            LayerTrace(pool.mean(axis=0)),
        ),
        (
            LayerWeights(0, "Conv1D", {"kernel": KERNEL, "bias": np.array([-1.0])}),
            LayerWeights(1, "MaxPooling1D"),
            LayerWeights(2, "GlobalAveragePooling1D"),
        ),
    )


def test_stages_have_captions_palettes_and_what_the_next_layer_does(result):
    start, conv, pool, end = stages(result, VALUES)
    assert start.padding == (1, 1)
    assert start.unread == ()
    assert "steps ⌈5 / 1⌉ = 5" in conv.captions
    assert "parameters 3·1·1 + 1 = 4" in conv.captions
    assert "padding: 1 zeros before, 1 behind" in conv.captions
    assert conv.unread == (4,)  # a window of two steps over the last of five
    assert "1 of 5 samples are never read" in pool.captions
    assert conv.palette is pool.palette is Palette.POSITIVE
    assert conv.top == float(conv.values.max())
    assert end.values.shape == (1, 1)


def test_the_first_sample_meets_padding(result):
    sentence = sample_sentence(result, VALUES, 0, 0, (0,))
    # 0 is padding: only the last two weights meet samples; 1 * -1 + 2 * 2 - 1 = 2
    assert sentence == (
        "Conv1D, map 0, step 0: 1.00·−1.00 + 2.00·2.00 + bias −1.00 = 2.00, relu makes it 2.00"
    )
    assert [list(axis) for axis in input_window(result, VALUES.shape, 0, (0,))] == [[0, 1]]


def test_pooling_and_global_pooling(result):
    conv = result.traces[0].output[:, 0]
    np.testing.assert_array_equal(conv, [2, 6, 13, 27, 0])
    said = sample_sentence(result, VALUES, 1, 0, (1,))
    assert said == "MaxPooling1D, map 0, step 1: max(13.0, 27.0) = 27.0"
    assert [list(axis) for axis in input_window(result, VALUES.shape, 1, (1,))] == [[2, 3]]
    assert result.traces[1].output[1, 0] == max(conv[2:4])
    said = sample_sentence(result, VALUES, 2, 0, ())
    assert said.startswith("GlobalAveragePooling1D, map 0: the mean of 2 values = ")


def test_numbers_as_text(result):
    lines = stages_tsv(stages(result, VALUES)).splitlines()
    assert lines[0] == "stage\tchannel\tplace\tvalue"
    assert lines[3] == "Input\t0\t2\t4"
    assert lines[-1] == "3  GlobalAveragePooling1D\t0\t0\t16.5"
    assert len(lines) == 1 + 5 + 5 + 2 + 1
