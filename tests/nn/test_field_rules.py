"""Where fields begin and end, beside which samples are in them; without Keras."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.fields import ReceptiveField
from spectracnn.core.windows import Window
from spectracnn.nn.field_rules import backwards, forwards, transposed

N = 6


def identity():
    """Of the input itself."""
    places = np.arange(N, dtype=float)
    return ReceptiveField(np.eye(N, dtype=bool), places, places, 1, 1.0)


@pytest.mark.parametrize(("size", "strides"), [(3, 1), (3, 2), (4, 3), (5, 2)])
def test_a_transposed_field_begins_and_ends_with_its_samples(size, strides):
    window = Window(size, strides, 1, "valid")
    field = transposed(identity(), window, (N - 1) * strides + size)
    seen = [np.flatnonzero(row) for row in field.mask]
    assert all(row.size for row in seen)
    inside = (field.start >= 0) & (field.stop <= N - 1)
    assert inside.sum() >= N - size + 1
    for step in np.flatnonzero(inside):
        assert (field.start[step], field.stop[step]) == (seen[step][0], seen[step][-1])
    assert field.jump == pytest.approx(1 / strides)


def test_a_sequence_sees_all_before_or_all_behind():
    ahead, behind = forwards(identity()), backwards(identity())
    assert (ahead.start == 0).all()
    assert ahead.stop.tolist() == [*range(N)]
    np.testing.assert_array_equal(ahead.mask, np.tril(np.ones((N, N), bool)))
    np.testing.assert_array_equal(behind.mask, ahead.mask[:, ::-1])
