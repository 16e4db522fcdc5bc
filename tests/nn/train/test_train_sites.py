"""ComBat inside the folds: against neuroCombat and neuroHarmonize called directly, and leakage."""

import json

import numpy as np
import pandas as pd
import pytest
from neuroHarmonize import harmonizationApply, harmonizationLearn
from training_spectra import quick_plan, write_table

from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.outputs import Task
from spectracnn.core.reference import read_reference, reference_path
from spectracnn.core.site_step import HarmoniseSites, with_site
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.training_plan import TrainingPlan
from spectracnn.errors import PreprocessingError, SpectraCNNError, StudyError
from spectracnn.nn.loading import open_model
from spectracnn.nn.train import run as run_module
from spectracnn.nn.train.part import FitData
from spectracnn.nn.train.preparing import fitted_harmony
from spectracnn.nn.train.run import train

# NumPy's words about how these two packages are written.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
SITES = np.array(["A", "B", "C"], dtype=object)


def of_sites(n=60, p=12, seed=1):
    """Values of three sites that differ in level and spread, the sites mixed."""
    draw = np.random.default_rng(seed)
    sites = SITES[np.arange(n) % 3]
    values = draw.normal(size=(n, p)) + np.linspace(0, 3, p)
    values[sites == "B"] += 1.5
    values[sites == "C"] *= 2.0
    return values, sites


@pytest.fixture
def study(tmp_path):
    """Files and a table with a column of three sites, and one spectrum without."""
    files, table = write_table(tmp_path, n=36, length=40)
    lines = table.read_text().splitlines()
    rows = [line.split(",") for line in lines]
    rows[0].append("scanner")
    for place, row in enumerate(rows[1:]):
        row.append(SITES[(place // 3) % 3] if place != 4 else "")
    table.write_text("\n".join(",".join(row) for row in rows) + "\n")
    return files, table


def plan_of(study, out, **more):
    files, table = study
    words = {"table": str(table), "id_column": "id", "target": "class", "site": "scanner"}
    return quick_plan(files, out, **{**words, "combat": True, **more})


def test_the_step_does_what_neuroharmonize_does():
    values, sites = of_sites()
    half = np.arange(len(values)) < 36
    step = fitted_harmony(values[half], sites[half], "site")
    frame = pd.DataFrame({"SITE": sites.astype(str)})
    model, learned = harmonizationLearn(values[half], frame[half].reset_index(drop=True), seed=0)
    np.testing.assert_allclose(step.apply_all(values[half], sites[half]), learned, atol=1e-12)
    other = harmonizationApply(values[~half], frame[~half].reset_index(drop=True), model)
    np.testing.assert_allclose(step.apply_all(values[~half], sites[~half]), other, atol=1e-12)


def test_the_step_does_what_neurocombat_does():
    from neuroCombat import neuroCombat

    values, sites = of_sites(seed=3)
    found = neuroCombat(values.T, pd.DataFrame({"site": sites.astype(str)}), "site")["data"].T
    step = fitted_harmony(values, sites, "site")
    np.testing.assert_allclose(step.apply_all(values, sites), found, atol=1e-10)


def test_one_spectrum_gets_what_many_get_and_an_unknown_site_nothing():
    values, sites = of_sites()
    step = fitted_harmony(values, sites, "site")
    again = HarmoniseSites(**{k: v for k, v in step.to_json().items() if k != "step"})
    from spectracnn.core.preprocessing import Preprocessing

    steps = Preprocessing.from_json(json.loads(json.dumps(Preprocessing((again,)).to_json())))
    for row, site in list(zip(values, sites, strict=True))[:5]:
        one = Spectrum("s", row)
        expected = step.apply_all(row[None], np.array([site]))[0]
        np.testing.assert_array_equal(steps.apply(with_site(one, site)).values, expected)
        np.testing.assert_array_equal(steps.apply(one).values, row)
        np.testing.assert_array_equal(steps.apply(with_site(one, "Z")).values, row)
    with pytest.raises(PreprocessingError, match="Site 'Z' was not there"):
        step.apply_all(values[:1], np.array(["Z"]))
    with pytest.raises(PreprocessingError, match="12 values; 5 are left"):
        step.apply(Preprocessing(()).apply(Spectrum("s", values[0, :5])))


def test_no_test_spectrum_touches_the_harmonisation(study, tmp_path, monkeypatch):
    """The test part is spoilt with absurd numbers: what is learned in the fold stays the same.

    Fitted to all spectra, as `fit_to_all` does here, it would not: the test can fail.
    """
    plan = plan_of(study, tmp_path / "m.keras")
    data = run_module.read_labelled(plan)
    run = run_module._Run(plan, tmp_path / "m.keras", data, run_module.Silent())
    numbers, whole = run._fold_numbers(run.folds, 0), run.raw

    def part(spoil, fit_to_all=False):
        raw = whole.copy()
        test = numbers == 0
        if spoil:
            raw[test] = 100 + 50 * np.random.default_rng(9).normal(size=raw[test].shape)
        rows = np.ones(len(raw), bool) if fit_to_all else ~test
        harmony = fitted_harmony(raw[rows], data.sites[rows], "scanner")
        monkeypatch.setattr(run, "raw", raw)
        return run._part(~test), harmony

    (clean, own), (spoilt, _) = part(False), part(True)
    np.testing.assert_array_equal(clean.harmony.factor, own.factor)
    for name in ("factor", "offset"):
        one, other = getattr(clean.harmony, name), getattr(spoilt.harmony, name)
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(clean.raw, spoilt.raw)
    np.testing.assert_array_equal(clean.step.mean, spoilt.step.mean)
    leaking = [part(spoil, fit_to_all=True)[1] for spoil in (False, True)]
    assert np.abs(leaking[0].offset - leaking[1].offset).max() > 1


def test_the_test_part_is_harmonised_by_the_training_parts_numbers(study, tmp_path, monkeypatch):
    """Each fold's test spectra go in as neuroHarmonize, learnt of the rest, applies to them."""
    plan = plan_of(study, tmp_path / "m.keras", epochs=1)
    seen = []
    fit = run_module._Run._fit

    def watched(self, part, stage, title, seed, test=None):
        if test is not None:
            seen.append((self, part, stage, test[0]))
        return fit(self, part, stage, title, seed, test)

    monkeypatch.setattr(run_module._Run, "_fit", watched)
    train(plan)
    assert len(seen) == 2
    for run, part, stage, raw in seen:
        test = run._fold_numbers(run.folds, 0) == stage - 1
        frame = pd.DataFrame({"SITE": run.data.sites.astype(str)})
        model, learned = harmonizationLearn(run.raw[~test], frame[~test].reset_index(drop=True))
        expected = harmonizationApply(run.raw[test], frame[test].reset_index(drop=True), model)
        np.testing.assert_allclose(raw, expected, atol=1e-10)
        np.testing.assert_allclose(part.raw, learned, atol=1e-10)


def test_the_model_keeps_its_harmonisation(study, tmp_path):
    out = tmp_path / "m.keras"
    done = train(plan_of(study, out))
    assert any("1 spectra without a 'scanner' are left out" in note for note in done.notes)
    assert "sites harmonised within them" in done.report["how"]
    card = read_card(card_path(out))
    step = card.preprocessing.harmony
    assert step.sites == ("A", "B", "C")
    assert step.column == "scanner"
    assert card.training["sites"] == {"A": 12, "B": 11, "C": 12}
    assert card.training["harmonised"].startswith("ComBat")
    reference = read_reference(reference_path(out), card.reference.sha256)
    network = open_model(out)
    assert network.description.reference is not None  # it fits the steps
    assert any("harmonised by ComBat" in text for text in network.description.warnings)
    data = run_module.read_labelled(plan_of(study, out))
    located = [with_site(s, site) for s, site in zip(data.spectra, data.sites, strict=True)]
    prepared = network.prepare(located)
    np.testing.assert_allclose(prepared.inputs[..., 0], reference.inputs, atol=1e-5)
    bare = network.prepare(data.spectra)
    assert np.abs(bare.inputs - prepared.inputs).max() > 1e-3


def test_a_regression_is_harmonised_too(study, tmp_path):
    out = tmp_path / "m.keras"
    done = train(plan_of(study, out, target="age", task=Task.REGRESSION))
    assert set(done.report["r2"]) == {"mean", "sd"}
    assert read_card(card_path(out)).preprocessing.harmony is not None


def test_sites_that_cannot_be_harmonised_are_one_sentence(study, tmp_path):
    out = tmp_path / "m.keras"
    with pytest.raises(SpectraCNNError, match="ComBat needs the column of the sites"):
        plan_of(study, out, site="").checked()
    with pytest.raises(SpectraCNNError, match="of use to ComBat alone"):
        plan_of(study, out, combat=False).checked()
    with pytest.raises(StudyError, match="two sites or more; found only '7'"):
        train(plan_of(study, out, site="same"))
    with pytest.raises(StudyError, match=r"Fold \d leaves . of the 2 spectra of site '\d+'"):
        train(plan_of(study, out, site="site"))  # two of each
    with pytest.raises(StudyError, match="no column 'nowhere'"):
        train(plan_of(study, out, site="nowhere"))
    with pytest.raises(SpectraCNNError, match="of a table"):
        train(TrainingPlan((str(study[0]),), str(out), site="scanner", combat=True))
    steps = ({"step": "harmonise_sites", "sites": ["A"], "factor": [[1.0]], "offset": [[0.0]]},)
    with pytest.raises(SpectraCNNError, match="'harmonise_sites' is fitted to the training part"):
        plan_of(study, out, steps=steps).checked()
    assert not out.exists()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"sites": []}, "list of different sites"),
        ({"sites": ["A", "A"]}, "list of different sites"),
        ({"factor": "x"}, "row of numbers for each site as factor"),
        ({"offset": [[1.0]]}, "for each of its 2 sites as offset"),
        ({"factor": [[1.0], [0.0]]}, "positive factors"),
        ({"factor": [[1.0], [np.nan]]}, "finite numbers"),
        ({"column": 3}, "name of a column"),
    ],
)
def test_a_step_that_is_none(how, words):
    good = {"sites": ["A", "B"], "factor": [[1.0], [2.0]], "offset": [[0.0], [1.0]]}
    with pytest.raises(PreprocessingError, match=words):
        HarmoniseSites(**{**good, **how})


def test_nothing_is_harmonised_without_sites():
    values, _ = of_sites()
    part = FitData.of(Task.CLASSIFICATION, values, np.arange(60) % 2, np.arange(60), 2)
    assert part.steps == (part.step,)
    assert part.harmonised(values, None) is values
