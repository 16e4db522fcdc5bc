"""Probes find what is there, and say nothing of what is not."""

import numpy as np
import pytest

from spectracnn.core.participants import Column
from spectracnn.errors import StudyError
from spectracnn.stats.probe import compressed, plan, probe, target_of


def text(cells):
    levels = tuple(sorted(set(cells)))
    return Column("c", None, np.array([levels.index(c) for c in cells], np.int32), levels)


@pytest.mark.parametrize("numeric", [True, False])
def test_a_planted_covariate_is_read_and_noise_is_not(numeric):
    draw = np.random.default_rng(0)
    hidden = draw.normal(size=120)
    values = draw.normal(size=(120, 50)) + hidden[:, None] * draw.normal(size=50)
    column = Column("c", hidden) if numeric else text(["a" if h > 0 else "b" for h in hidden])
    target = target_of(column)
    found = probe(compressed(values), target, np.arange(120), 40)
    assert found.p < 0.05
    assert found.score > target.chance + 0.3
    nothing = probe(draw.normal(size=(120, 10)), target, np.arange(120), 40)
    assert nothing.p > 0.05
    assert nothing.permuted == pytest.approx(target.chance, abs=0.15)


@pytest.mark.parametrize("numeric", [True, False])
@pytest.mark.parametrize("count", [20, 30, 40])
def test_few_participants_whose_shapes_differ_plainly_are_enough(count, numeric):
    # As many components as rows, each scaled alike, leave all rows equally far from each other.
    draw = np.random.default_rng(3)
    group = np.arange(count) % 2
    values = draw.normal(size=(count, 100)) + 4 * group[:, None] * np.sin(np.arange(100) / 15)
    hidden = group + 0.1 * draw.normal(size=count)
    column = Column("c", hidden) if numeric else text(["a" if g else "b" for g in group])
    found = probe(compressed(values), target_of(column), np.arange(count), 40)
    assert found.score > 0.8
    assert found.p < 0.05


def test_folds_keep_participants_whole():
    units = np.repeat(np.arange(30), 4)
    target = target_of(text(["a" if unit % 3 else "b" for unit in units]))
    for train, test in plan(target, units, 0):
        assert not set(units[train]) & set(units[test])


def test_spectra_of_one_participant_are_no_evidence_of_their_own():
    # With spectra as units, each participant's own look would be found again in other folds.
    draw = np.random.default_rng(1)
    units = np.repeat(np.arange(20), 10)
    values = draw.normal(size=(20, 30))[units] + 0.01 * draw.normal(size=(200, 30))
    target = target_of(text([("a", "b")[int(x)] for x in draw.integers(0, 2, 20)[units]]))
    assert probe(values, target, units, 30).p > 0.05


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (Column("c", np.ones(9)), "constant"),
        (text(["a"] * 8 + ["b"]), "group 'b' has one member"),
        (text([str(n) for n in range(60)]), "60 distinct"),
    ],
)
def test_what_cannot_be_looked_for(column, says):
    with pytest.raises(StudyError, match=says):
        target_of(column)
