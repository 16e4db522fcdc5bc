"""The linear model against statsmodels, scipy and nilearn; its errors under the null."""

import numpy as np
import pytest
import scipy.stats
import statsmodels.api as sm
from nilearn.mass_univariate import permuted_ols
from statsmodels.stats.meta_analysis import effectsize_smd

from spectracnn.core.participants import Column
from spectracnn.errors import StudyError
from spectracnn.stats.compare import compare
from spectracnn.stats.design import make_design
from spectracnn.stats.effects import partial_eta2


def text(name, cells):
    levels = tuple(dict.fromkeys(cell for cell in cells if cell))
    codes = np.array([levels.index(cell) if cell else -1 for cell in cells], np.int32)
    return Column(name, None, codes, levels)


def numbers(name, values):
    return Column(name, np.array(values, float))


@pytest.fixture
def cohort():
    draw = np.random.default_rng(3)
    n = 60
    age = draw.normal(60, 8, n)
    site = draw.choice(["A", "B", "C"], n)
    group = np.where(draw.random(n) < 0.4 + 0.01 * (age - 60), "patient", "control")
    values = draw.normal(size=(n, 12)) + 0.05 * age[:, None] + (site == "B")[:, None]
    values[:, 3] += 1.2 * (group == "patient")
    return values, age, site, group


def test_without_covariates_g_is_that_of_statsmodels(cohort):
    values, _, _, group = cohort
    design = make_design(text("group", group), group=True)
    assert design.groups == ("control", "patient")
    found = compare(values, design, 99)
    one, two = values[group == "patient"], values[group == "control"]
    g, variance = effectsize_smd(
        one.mean(0), one.std(0, ddof=1), len(one), two.mean(0), two.std(0, ddof=1), len(two)
    )
    np.testing.assert_allclose(found.effect, g, rtol=2e-3)
    np.testing.assert_allclose(found.ci_low, g - 1.96 * np.sqrt(variance), atol=0.02)
    np.testing.assert_allclose(found.statistic, scipy.stats.ttest_ind(one, two).statistic)


def test_with_covariates_t_and_the_difference_are_those_of_ols(cohort):
    values, age, site, group = cohort
    design = make_design(
        text("group", group), [numbers("age", age)], group=True, site=text("site", site)
    )
    found = compare(values, design, 19)
    dummies = [site == "B", site == "C"]
    exog = np.column_stack([np.ones(len(age)), age, *dummies, group == "patient"]).astype(float)
    for place in range(values.shape[1]):
        fit = sm.OLS(values[:, place], exog).fit()
        assert found.statistic[place] == pytest.approx(fit.tvalues[-1])
        d = fit.params[-1] / np.sqrt(fit.scale)
        assert found.effect[place] == pytest.approx(d, rel=0.02)


def test_partial_r_is_the_correlation_of_residuals(cohort):
    values, age, _, _ = cohort
    draw = np.random.default_rng(0)
    score = draw.normal(size=len(age)) + 0.3 * values[:, 5]
    design = make_design(numbers("score", score), [numbers("age", age)], group=False)
    found = compare(values, design, 19)
    exog = sm.add_constant(age)
    rest = sm.OLS(score, exog).fit().resid
    for place in range(values.shape[1]):
        other = sm.OLS(values[:, place], exog).fit().resid
        expected = scipy.stats.pearsonr(rest, other)
        assert found.effect[place] == pytest.approx(expected.statistic)
    without = compare(values, make_design(numbers("score", score), group=False), 19)
    interval = scipy.stats.pearsonr(score, values[:, 5]).confidence_interval()
    assert (without.ci_low[5], without.ci_high[5]) == pytest.approx(tuple(interval))


def test_several_groups_are_an_analysis_of_variance(cohort):
    values, _, site, _ = cohort
    found = compare(values, make_design(text("site", site), group=True), 19)
    oracle = scipy.stats.f_oneway(*(values[site == name] for name in "ABC"))
    np.testing.assert_allclose(found.statistic, oracle.statistic)
    assert ((found.ci_low <= found.effect) & (found.effect <= found.ci_high)).all()


def test_the_interval_of_eta_squared_holds_the_truth_as_often_as_it_says():
    draw = np.random.default_rng(5)
    noncentrality, m, df = 12.0, 2, 57
    truth = noncentrality / (noncentrality + m + df + 1)
    f = scipy.stats.ncf.rvs(m, df, noncentrality, size=400, random_state=draw)
    _, low, high = partial_eta2(f, m, df)
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.03)


def test_p_values_are_those_of_nilearn(cohort):
    values, age, _, group = cohort
    design = make_design(text("group", group), [numbers("age", age)], group=True)
    found = compare(values, design, 4000, seed=1)
    oracle = permuted_ols(
        (group == "patient").astype(float)[:, None],
        values,
        age[:, None],
        n_perm=4000,
        two_sided_test=True,
        random_state=2,
        output_type="dict",
    )
    np.testing.assert_allclose(10.0 ** -oracle["logp_max_t"][0], found.p_fwe, atol=0.03)
    np.testing.assert_allclose(oracle["t"][0], found.statistic, rtol=1e-6)
    parametric = 2 * scipy.stats.t.sf(np.abs(found.statistic), design.df)
    np.testing.assert_allclose(found.p, parametric, atol=0.03)
    assert found.p_fwe[3] < 0.05
    assert np.argmin(found.p) == 3


def test_the_same_seed_gives_the_same_numbers(cohort):
    values, _, _, group = cohort
    design = make_design(text("group", group), group=True)
    first, again = compare(values, design, 50, 7), compare(values, design, 50, 7)
    np.testing.assert_array_equal(first.p_fwe, again.p_fwe)
    assert not np.array_equal(first.p, compare(values, design, 50, 8).p)


@pytest.mark.parametrize("with_site", [False, True])
def test_the_family_wise_error_is_nominal_under_the_null(with_site):
    draw = np.random.default_rng(11)
    rounds, wrong, single = 400, 0, 0
    for _ in range(rounds):
        n, p = 30, 15
        # Correlated, skewed, with a covariate that both the groups and the features depend on.
        shared = draw.exponential(size=(n, 1))
        age = draw.normal(size=n)
        values = shared + draw.exponential(size=(n, p)) + age[:, None]
        group = np.where(age + draw.normal(size=n) > 0, "b", "a")
        site = text("site", draw.choice(["x", "y"], n)) if with_site else None
        design = make_design(text("g", group), [numbers("age", age)], group=True, site=site)
        found = compare(values, design, 99, int(draw.integers(1 << 30)))
        wrong += bool((found.p_fwe <= 0.05).any())
        single += int(np.count_nonzero(found.p <= 0.05)) / p
    # Two and a half standard errors of a share of 0.05 among 400.
    assert wrong / rounds == pytest.approx(0.05, abs=0.0275)
    assert single / rounds == pytest.approx(0.05, abs=0.0275)


def test_a_planted_effect_is_found_and_the_false_discoveries_are_few():
    draw = np.random.default_rng(2)
    shares = []
    for _ in range(60):
        group = np.repeat(["control", "patient"], 40)
        values = draw.normal(size=(80, 40))
        values[:, :8] += 1.3 * (group == "patient")[:, None]
        found = compare(values, make_design(text("g", group), group=True), 499)
        hit = found.p_fdr <= 0.1
        shares.append(hit[8:].sum() / max(hit.sum(), 1))
        assert hit[:8].mean() >= 0.6
    assert np.mean(shares) <= 0.12


def test_a_feature_without_spread_is_nan_and_harms_no_other(cohort):
    values, age, _, group = cohort
    values = np.column_stack([values, np.full(len(age), 3.0), age * 2])
    design = make_design(text("group", group), [numbers("age", age)], group=True)
    found = compare(values, design, 50)
    assert np.isnan(found.p[-2:]).all()
    assert np.isfinite(found.p_fdr[:-2]).all()


@pytest.mark.parametrize(
    ("cells", "covariate", "says"),
    [
        (["a"] * 6, None, "only the group 'a'"),
        (["a"] * 5 + ["b"], None, "group 'b' has one member"),
        (["a", "b"] * 3, [0, 1] * 3, "collinear with 'x'"),
        ([f"s{n}" for n in range(30)], None, "30 distinct values"),
        (["a", "b"] * 3, [np.nan] * 6, "'x' is missing for all 6"),
    ],
)
def test_designs_that_cannot_be_are_one_sentence(cells, covariate, says):
    others = [numbers("x", covariate)] if covariate else []
    with pytest.raises(StudyError, match=says):
        make_design(text("g", cells), others, group=True)


def test_covariates_that_add_nothing_are_left_out_and_named():
    draw = np.random.default_rng(0)
    age = draw.normal(size=20)
    others = [numbers("age", age), numbers("one", np.ones(20)), numbers("months", 12 * age)]
    design = make_design(text("g", ["a", "b"] * 10), others, group=True)
    assert design.nuisance.shape == (20, 2)
    assert "Covariate 'one' is constant" in design.notes[0]
    assert "Covariate 'months' is collinear" in design.notes[1]


def test_a_group_of_one_is_left_out_where_two_others_remain():
    design = make_design(text("g", ["a", "b"] * 5 + ["patiend"]), group=True)
    assert design.groups == ("a", "b")
    assert "'patiend' left out" in design.notes[0]


def test_members_of_a_large_reference_are_compared_with_the_others_at_once():
    """As statsmodels does it by a model for each member, which tens of thousands would not end."""
    import statsmodels.api as sm

    from spectracnn.stats.centiles import standing

    draw = np.random.default_rng(11)
    covariates = draw.normal(size=(60, 2))
    values = draw.normal(size=(60, 3)) + covariates @ draw.normal(size=(2, 3))
    found = standing(values, np.ones(60, bool), covariates)
    for place in range(3):
        fit = sm.OLS(values[:, place], sm.add_constant(covariates)).fit()
        theirs = fit.get_influence().resid_studentized_external
        np.testing.assert_allclose(found.z[:, place], theirs, rtol=1e-9)
    many = 20_000
    wide = standing(draw.normal(size=(many, 2)), np.arange(many) % 2 == 0)
    assert np.abs(np.std(wide.z, axis=0) - 1).max() < 0.05
