import numpy as np
import pytest
from scipy.stats import combine_pvalues, kstest
from sklearn.neighbors import NearestNeighbors

from spectracnn.core.spacings import COUNT, spacing_statistics, statistics_of
from spectracnn.core.typicality import (
    Geometry,
    Known,
    combined,
    nearest,
    out_of_fold_distances,
    typicality,
)


def clouds(n, seed, dimension=8):
    random = np.random.default_rng(seed)
    return random.normal(size=(n, dimension)), random.normal(size=(n, COUNT))


def known_of(n=200, seed=0):
    inputs, statistics = clouds(n, seed)
    folds = np.arange(n) % 5
    return Known(inputs, statistics, out_of_fold_distances(inputs, statistics, folds))


def test_nearest_is_scikit_learns():
    points, known = clouds(50, 1)[0], clouds(70, 2)[0]
    distance, place = nearest(points, known)
    theirs, where = NearestNeighbors(n_neighbors=1).fit(known).kneighbors(points)
    np.testing.assert_allclose(distance, theirs[:, 0])
    np.testing.assert_array_equal(place, where[:, 0])


def test_a_spectrum_outside_its_fold_is_found():
    inputs, statistics = clouds(40, 3)
    folds = np.arange(40) % 4
    found = out_of_fold_distances(inputs, statistics, folds)
    for row in (0, 7, 39):
        others = inputs[folds != folds[row]]
        assert found[row, 0] == pytest.approx(np.linalg.norm(others - inputs[row], axis=1).min())


def test_p_is_uniform_for_alike_spectra():
    known = known_of(400)
    p, place = typicality(*clouds(2000, 9), known)
    # All 400 are near, a fold's distances were taken to 320: p is a little too large.
    assert kstest(p, "uniform").statistic < 0.12
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=0.025)
    assert place.min() >= 0


def test_far_away_in_either_space_is_unlike():
    known = known_of()
    inputs, statistics = clouds(30, 5)
    assert (typicality(inputs + 5, statistics, known)[0] < 0.01).all()
    assert (typicality(inputs, statistics - 9, known)[0] < 0.01).all()


def test_training_spectra_are_typical():
    known = known_of()
    p, place = typicality(known.inputs, known.statistics, known)
    assert (p == 1).all()
    np.testing.assert_array_equal(place, np.arange(200))


def test_least_p_is_one_in_all():
    known = known_of(99)
    inputs, statistics = clouds(1, 5)
    assert typicality(inputs + 99, statistics, known)[0] == pytest.approx([0.01])


def test_the_sum_is_fishers():
    # Where no distance is in the tail, the order of the sums is that of scipy's.
    random = np.random.default_rng(0)
    known = random.uniform(size=(300, 2))
    new = random.uniform(0, 0.85, (50, 2))
    found = combined(new, known)
    shares = (1 + (known[None] >= new[:, None]).sum(axis=1)) / 301
    theirs = np.array([combine_pvalues(pair, method="fisher").pvalue for pair in shares])
    order = np.argsort(theirs)
    assert (np.diff(found[order]) >= 0).all()
    np.testing.assert_allclose(found, theirs, atol=0.08)  # independent here


def test_what_is_not_finite_has_no_p():
    p, place = typicality(np.full((1, 8), np.nan), np.zeros((1, COUNT)), known_of())
    assert np.isnan(p[0])
    assert place[0] == -1


def test_unknown_statistics_count_as_ordinary():
    known = known_of()
    p, _ = typicality(clouds(20, 8)[0], np.full((20, COUNT), np.nan), known)
    assert np.isfinite(p).all()
    nothing = np.full((10, COUNT), np.nan)
    inputs = clouds(10, 1)[0]
    assert np.isfinite(Geometry.of(inputs, nothing).joined(inputs, nothing)).all()


def test_statistics_do_not_see_the_scale():
    values = np.cumsum(np.random.default_rng(0).uniform(0.5, 1.5, 100))
    np.testing.assert_allclose(statistics_of(values), statistics_of(37 * values))
    np.testing.assert_allclose(statistics_of(np.r_[0.0, values]), statistics_of(values))
    logs = np.log(values / np.arange(1, 101))
    np.testing.assert_allclose(statistics_of(values), spacing_statistics(logs[None])[0])


def test_statistics_tell_even_spacings_from_pairs():
    ramp = np.arange(1.0, 101)
    pairs = np.repeat(np.arange(1.0, 101, 2), 2)
    assert (statistics_of(ramp)[:4] < -4).all()
    assert (statistics_of(pairs)[1:4] > -0.5).all()
    assert np.isnan(statistics_of(np.arange(1.0, 6))).all()


def test_the_nearest_is_the_one_of_double_precision() -> None:
    from spectracnn.core.two_spaces import TwoSpaces

    draw = np.random.default_rng(0)
    known = draw.normal(size=(300, 40)), draw.normal(size=(300, 12))
    known[0][100:200] = known[0][:100] + 1e-7 * draw.normal(size=(100, 40))  # pairs, almost one
    points = draw.normal(size=(2000, 40)), draw.normal(size=(2000, 12))
    points[0][:500] = known[0][draw.integers(0, 300, 500)] + 1e-7 * draw.normal(size=(500, 40))
    near, joined, place = TwoSpaces.of(*known, 3.7).nearest(*points)
    first = ((points[0][:, None] - known[0]) ** 2).sum(axis=2)
    second = first / 3.7 + ((points[1][:, None] - known[1]) ** 2).sum(axis=2)
    np.testing.assert_allclose(near, np.sqrt(first.min(axis=1)), rtol=1e-6)
    np.testing.assert_allclose(joined, np.sqrt(second.min(axis=1)), rtol=1e-9)
    best = first[np.arange(2000), place]
    assert (best - first.min(axis=1) < 1e-11).all()
    apart = np.sort(first, axis=1)
    clear = apart[:, 1] - apart[:, 0] > 1e-9
    assert 1500 < clear.sum() < 2000
    np.testing.assert_array_equal(place[clear], first.argmin(axis=1)[clear])
