import pytest

from spectracnn.core.lab.shapes import report, reports
from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerStack, Pool, Pooling
from spectracnn.errors import LayerError


def test_formulas_have_their_numbers_filled_in():
    found = report(Convolution(8, (3,), (2,)), (100, 1))
    assert found.output_shape == (49, 8)
    assert found.axes[0].formula == "⌊(100 − 3) / 2⌋ + 1 = 49"
    assert found.axes[0].unread == (99,)
    assert found.params_formula == "3·1·8 + 8 = 32"
    assert found.n_params == 32


def test_dilation_and_padding():
    found = report(Convolution(1, (3,), dilation_rate=(4,), use_bias=False), (20, 2))
    assert found.output_shape == (12, 1)
    assert found.axes[0].formula == "⌊(20 − (4·(3 − 1) + 1)) / 1⌋ + 1 = 12"
    assert found.params_formula == "3·2·1 = 6"
    same = report(Convolution(1, (4,), padding="same"), (10, 1)).axes[0]
    assert (same.steps_out, same.padding) == (10, (1, 2))
    causal = report(Convolution(1, (3,), padding="causal", dilation_rate=(2,)), (10, 1)).axes[0]
    assert (causal.steps_out, causal.padding) == (10, (4, 0))


def test_strides_leave_samples_out():
    axis = report(Convolution(1, (2,), (5,)), (12, 1)).axes[0]
    assert axis.unread == (2, 3, 4, 7, 8, 9)


def test_an_empty_output_is_one_sentence():
    with pytest.raises(LayerError, match="Layer 2, Conv1D: a kernel of 5 is longer than its input"):
        reports(LayerStack((8, 1), (Pool(Pooling.MAX, (2,)), Convolution(1, (5,)))))
    with pytest.raises(LayerError, match="spans 9 samples"):
        report(Convolution(1, (3,), dilation_rate=(4,)), (8, 1))


def test_nothing_follows_global_pooling():
    stack = LayerStack((8, 1), (GlobalPool(Pooling.MAX), Convolution(1, (2,))))
    with pytest.raises(LayerError, match="it must be the last layer"):
        reports(stack)
