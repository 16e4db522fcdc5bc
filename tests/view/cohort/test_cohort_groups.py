"""Moments in parts, effects of two groups, and attributions of a group, against NumPy and SciPy."""

import numpy as np
import pytest
from scipy import stats

from spectracnn.core.cohort_requests import Moments
from spectracnn.errors import StudyError
from spectracnn.view.cohort import attributions, groups


def in_parts(values, size=7):
    positions = np.arange(values.shape[1])
    parts = [
        Moments.of([values[at : at + size]], positions, (None,) * len(values[at : at + size]))
        for at in range(0, len(values), size)
    ]
    return Moments.joined(parts)


def test_moments_in_parts_are_those_of_all():
    draw = np.random.default_rng(0)
    values = (1e6 + draw.normal(size=(100, 5, 3))).astype(np.float64)
    found = in_parts(values)
    assert found.count == 100
    assert len(found.errors) == 100
    assert found.means[0] == pytest.approx(values.mean(axis=0), rel=1e-14)
    assert found.squares[0] / 99 == pytest.approx(values.var(axis=0, ddof=1), rel=1e-8)


def test_parts_without_spectra_change_nothing():
    values = np.random.default_rng(0).normal(size=(10, 4))
    empty = Moments.of([np.zeros((0, 4))], np.zeros(0, np.int64), (StudyError("no"),))
    whole = Moments.of([values], np.arange(4), (None,) * 10)
    for found in (Moments.joined([empty, whole]), Moments.joined([whole, empty])):
        assert found.means[0] == pytest.approx(values.mean(axis=0))
        assert found.positions.tolist() == [0, 1, 2, 3]
        assert len(found.errors) == 11


def test_effects_are_those_of_the_statistics_page():
    from spectracnn.stats.effects import hedges_g

    draw = np.random.default_rng(1)
    one, two = draw.normal(0.5, 1, (30, 6)), draw.normal(0, 2, (22, 6))
    found = groups.TwoGroups(("a", "b"), in_parts(one), in_parts(two))
    t = stats.ttest_ind(one, two).statistic
    unit = 1 / 30 + 1 / 22
    g, low, high = hedges_g(t * np.sqrt(unit), unit, 50)
    assert found.effect(0) == pytest.approx(g)
    assert found.interval(found.effect(0)) == (pytest.approx(low), pytest.approx(high))
    assert groups.spread(found.first, 0) == pytest.approx(one.std(axis=0, ddof=1))


def test_a_group_of_one_is_named():
    one = in_parts(np.zeros((1, 3)))
    two = in_parts(np.zeros((5, 3)))
    assert "reads one of the group 'a'" in groups.why_not(one, two, ("a", "b"))
    assert groups.why_not(two, two, ("a", "b")) == ""


def test_the_attribution_of_a_group_is_that_of_scipy():
    draw = np.random.default_rng(2)
    values = draw.normal(size=(25, 8)).astype(np.float32)
    values[:, 2] += 3
    values[:, 5] -= 3
    values[:4, 7] = 0
    values[3] = np.nan  # refused
    positions = np.tile(np.arange(1, 9), (25, 1))
    found = attributions.summarise(values, positions)
    kept = np.delete(values, 3, axis=0).astype(float)
    assert found.n == 24
    ends = stats.ttest_1samp(kept, 0).confidence_interval(0.95)
    assert found.low == pytest.approx(ends.low)
    assert found.high == pytest.approx(ends.high)
    above = int((kept[:, 7] > 0).sum())
    assert found.p[7] == pytest.approx(stats.binomtest(above, 21).pvalue)
    assert found.p_fdr == pytest.approx(stats.false_discovery_control(found.p))
    assert found.consistent.tolist() == [at in (2, 5) for at in range(8)]
    assert found.index.tolist() == list(range(1, 9))


def test_signs_of_noise_agree_no_more_often_than_they_should():
    draw = np.random.default_rng(3)
    positions = np.tile(np.arange(20), (30, 1))
    wrong = sum(
        attributions.summarise(draw.normal(size=(30, 20)), positions).consistent.any()
        for _ in range(200)
    )
    assert wrong / 200 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_nobody_to_explain_is_a_sentence():
    with pytest.raises(StudyError, match="None of the group"):
        attributions.summarise(np.full((3, 4), np.nan), np.zeros((3, 4), np.int64))
