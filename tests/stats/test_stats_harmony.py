"""ComBat, centiles, bands and asymmetry."""

import numpy as np
import pytest
import scipy.stats

from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import StudyError
from spectracnn.stats import combat
from spectracnn.stats.asymmetry import asymmetry_index, pairs
from spectracnn.stats.bands import averaged, eigengroups, octaves
from spectracnn.stats.centiles import standing
from spectracnn.stats.features import Collector


def sites(draw, n=120):
    site = np.repeat(np.array(["A", "B", "C"], dtype=object), n // 3)
    age = draw.normal(size=n)
    values = draw.normal(size=(n, 10)) + 0.8 * age[:, None]
    values += 2.0 * (site == "B")[:, None]
    values[site == "C"] *= 2.5
    return values, site, age


def test_combat_takes_sites_out_and_leaves_age_in(capsys):
    values, site, age = sites(np.random.default_rng(1))
    _, found = combat.fit(values, site, age[:, None])
    assert not capsys.readouterr().out
    means = np.array([found[site == name].mean(axis=0) for name in "ABC"])
    assert np.abs(means - means.mean(axis=0)).max() < 0.35
    spread = [np.std(found[site == name] - 0.8 * age[site == name, None]) for name in "ABC"]
    assert max(spread) / min(spread) < 1.25
    assert np.corrcoef(age, found[:, 0])[0, 1] > 0.3


def test_combat_learns_of_some_and_applies_to_others():
    draw = np.random.default_rng(2)
    values, site, age = sites(draw)
    half = draw.permutation(len(age)) < 60
    fitted, own = combat.fit(values[half], site[half], age[half, None])
    np.testing.assert_allclose(fitted.apply(values[half], site[half], age[half, None]), own)
    other = fitted.apply(values[~half], site[~half], age[~half, None])
    assert abs(other[site[~half] == "B"].mean() - other[site[~half] == "A"].mean()) < 0.6
    with pytest.raises(StudyError, match="Site Z was not there"):
        fitted.apply(values[:1], np.array(["Z"], dtype=object), age[:1, None])


def test_combat_refuses_one_site_and_sites_of_one():
    values = np.random.default_rng(0).normal(size=(5, 4))
    with pytest.raises(StudyError, match="two sites or more"):
        combat.fit(values, np.array(["A"] * 5, dtype=object))
    with pytest.raises(StudyError, match="found one of B"):
        combat.fit(values, np.array(["A"] * 4 + ["B"], dtype=object))


def test_combat_leaves_a_feature_without_spread_alone():
    values, site, _ = sites(np.random.default_rng(3))
    values[:, 4] = 7.0
    np.testing.assert_array_equal(combat.fit(values, site)[1][:, 4], 7.0)


def test_centiles_are_those_of_the_normal_distribution():
    draw = np.random.default_rng(4)
    age = draw.normal(size=800)
    values = (age + draw.normal(size=800))[:, None]
    reference = np.arange(800) < 700
    found = standing(values, reference, age[:, None])
    expected = 100 * scipy.stats.norm.cdf(values[~reference, 0] - age[~reference])
    np.testing.assert_allclose(found.centile[~reference, 0], expected, atol=6)
    assert np.mean(found.centile[reference]) == pytest.approx(50, abs=0.1)
    with pytest.raises(StudyError, match="has 5 members"):
        standing(values, np.arange(800) < 5)


def test_eigengroups_are_the_spheres_multiplets():
    degrees = np.repeat(np.arange(12), 2 * np.arange(12) + 1)
    sphere = (degrees * (degrees + 1.0))[1:]
    bands = eigengroups(np.arange(1, len(sphere) + 1))
    np.testing.assert_array_equal(averaged(sphere, bands), [k * (k + 1) for k in range(1, 12)])
    assert [band.label for band in bands[:4]] == ["1-3", "4-8", "9-15", "16-24"]


def test_octaves_halve_the_wavelength():
    values = (2 * np.pi / np.array([10.0, 6, 4.9, 2.6, 2.4])) ** 2
    assert [list(band.places) for band in octaves(values)] == [[0, 1], [2, 3], [4]]


def test_asymmetry_of_a_scaled_copy_is_none_after_unit_area():
    own = np.linspace(0, 30, 20) ** 1.1
    collector = Collector("area")
    collector.add("s1", "Left-X", Spectrum("l", own, Kind.SURFACE, area=3.0))
    collector.add("s1", "Right-X", Spectrum("r", own / 4, Kind.SURFACE, area=12.0))
    features = collector.features()
    assert pairs(features.structures()) == (("Left-X", "Right-X"),)
    left, right = (features.values[:, features.of(name)] for name in features.structures())
    np.testing.assert_allclose(asymmetry_index(left, right), 0, atol=1e-12)
    assert asymmetry_index(np.array([3.0]), np.array([1.0])) == pytest.approx(1.0)


def test_features_leave_out_what_cannot_be_compared_and_say_so():
    draw = np.random.default_rng(0)
    collector = Collector()
    for who in range(12):
        values = np.concatenate([[1e-17], np.sort(draw.random(30 if who else 40)) + 1])
        collector.add(f"s{who}", "", Spectrum("x", -values if who == 3 else values))
    collector.add("s12", "", Spectrum("x", np.arange(4.0)))
    collector.add("s13", "", Spectrum("x", np.r_[0, 1, np.nan, 3:30]))
    collector.add("s2", "", Spectrum("x", np.arange(31.0)))
    features = collector.features()
    assert features.values.shape == (12, 30)
    assert features.index[0] == 1
    assert (features.values > 0).all()
    text = " ".join(features.notes)
    for part in (
        "lengths differ from 31 to 41",
        "(s13): a missing value",
        "(s2): a second",
        "fewer than half",
    ):
        assert part in text
