"""The shortest digits of many numbers at once are those of each alone."""

import numpy as np
import pytest

from spectracnn.io.digits import as_printed


def one_by_one(values):
    return np.array([float(str(value)) for value in values])


def check(values):
    np.testing.assert_array_equal(as_printed(values), one_by_one(values))
    assert np.signbit(as_printed(values)).tolist() == np.signbit(values).tolist()


@pytest.mark.parametrize("seed", range(3))
def test_numbers_of_any_bits(seed):
    bits = np.random.default_rng(seed).integers(0, 1 << 32, 20_000, dtype=np.uint32)
    values = bits.view(np.float32)
    check(values[~np.isnan(values)])


def test_probabilities():
    draw = np.random.default_rng(0)
    check(draw.dirichlet(np.ones(20) * 0.1, 2000).astype(np.float32).ravel())
    check(draw.random(20_000).astype(np.float32))


def test_short_decimals_and_their_neighbours():
    near = np.array([float(f"{digits}e{power}") for digits in range(1, 100) for power in
                     range(-16, 9)], np.float32)  # fmt: skip
    check(np.concatenate([near, np.nextafter(near, np.float32(0)), -np.nextafter(near, np.inf)]))


def test_powers_of_two_and_their_neighbours():
    powers = np.float32(2.0) ** np.arange(-60, 40, dtype=np.float32)
    check(np.concatenate([powers, np.nextafter(powers, np.float32(0)), np.nextafter(powers, 9e9)]))


def test_numbers_that_are_none():
    found = as_printed(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0], np.float32))
    assert np.isnan(found[0])
    assert found[1:].tolist() == [np.inf, -np.inf, 0.0, 0.0]
