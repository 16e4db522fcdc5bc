"""The open document as a study: who is who, which columns, and the command for it."""

from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.errors import StudyError
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.participants import Participants
from spectracnn.view.cohort.columns import group_names, number_names
from spectracnn.view.cohort.confound_request import sample_of
from spectracnn.view.cohort.from_document import (
    TestRequest,
    command_source,
    structures_of,
    study_of,
    units_of,
)
from spectracnn.view.cohort.settings import ConfoundSettings, TestSettings


def text(name, cells):
    levels = tuple(sorted(set(cells)))
    return Column(name, None, np.array([levels.index(c) for c in cells], np.int32), levels)


def document(n=30, structures=("",), plant=0.0, seed=0, **columns):
    """Return n participants, patients with larger eigenvalues from the eleventh on."""
    draw = np.random.default_rng(seed)
    entries = []
    for place in range(n):
        for structure in structures:
            values = np.arange(21.0) * (1 + 0.02 * draw.normal(size=21))
            values[11:] *= 1 + plant * (place % 2)
            made = Spectrum(
                f"s{place:03} {structure}".strip(),
                np.sort(np.abs(values)),
                Kind.SURFACE,
                2.0 + 0.01 * place,
                subject=f"sub-{place:03}",
                structure=structure,
                source=Path(f"/data/s{place:03}.ev"),
                metadata={"scanner": "old" if place < n / 2 else "new"},
            )
            entries.append(Entry(len(entries) + 1, made))
    table = ParticipantsTable(
        Path("/data/t.csv"),
        (
            text("id", [f"sub-{place:03}" for place in range(n)]),
            text("dx", ["patient" if place % 2 else "control" for place in range(n)]),
            Column("age", draw.normal(60, 5, n)),
            Column("one", np.ones(n)),
            *columns.values(),
        ),
    )
    participants = Participants(table, "id").with_entries(entries)
    return Document(tuple(entries), participants=participants)


def run(found, **settings):
    settings = TestSettings(**({"column": "dx", "permutations": 99} | settings))
    return TestRequest(settings, study_of(found, settings)).run(None)


def test_a_planted_effect_is_found_where_it_is():
    tested = run(document(plant=0.06, seed=1), covariates=("age", "area"))
    index, p = tested.study.features.index, tested.found.p_fwe
    assert (p[index >= 11] <= 0.05).all()
    assert (p[index < 11] > 0.05).all()
    assert tested.design.used == ("age", "area")


def test_several_structures_are_rows_of_their_own_and_one_participant():
    found = document(12, ("Left-Caudate", "Right-Caudate"))
    assert len(np.unique(units_of(found))) == 12
    assert set(structures_of(found, units_of(found))) == {"Left-Caudate", "Right-Caudate"}
    tested = run(found, asymmetry=True)
    assert tested.study.features.structures() == ("Caudate",)
    assert len(tested.design.kept) == 12


def test_columns_of_the_files_can_be_tested_but_no_command_can():
    found = document()
    tested = run(found, column="scanner")
    assert set(tested.design.groups) == {"new", "old"}
    words, why = command_source(found, ("scanner",))
    assert words == []
    assert "'scanner' is in the files and not in the table" in why


def test_the_command_names_files_table_and_id():
    words, why = command_source(document(3), ("dx", "area"))
    assert words[:3] == ["/data/s000.ev", "/data/s001.ev", "/data/s002.ev"]
    assert words[3:] == ["--table", "/data/t.csv", "--id", "id"]
    assert why == ""


def test_columns_that_are_offered():
    found = document()
    assert group_names(found) == ("dx", "scanner")
    assert number_names(found) == ("age", "area")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"column": "dxx"}, "Did you mean 'dx'"),
        ({"covariates": ("agee",)}, "Did you mean 'age'"),
        ({"column": "one", "group": False}, "is constant"),
        ({"column": "age", "group": False, "covariates": ("age",)}, "collinear with 'age'"),
        ({"column": "dx", "groups": ("control", "patiend")}, "Did you mean 'patient'"),
        ({"combat": True}, "--combat needs --site"),
    ],
)
def test_what_cannot_be_tested_is_one_sentence(settings, says):
    with pytest.raises(StudyError, match=says):
        run(document(), **settings)


def test_a_group_of_one_and_a_constant_covariate_are_named():
    lone = text("site", ["A"] * 29 + ["B"])
    with pytest.raises(StudyError, match=r"has only the group|has one member"):
        run(document(site=lone), column="site")
    tested = run(document(), covariates=("one", "age"))
    assert "Covariate 'one' is constant" in " ".join(tested.design.notes)
    assert tested.design.used == ("age",)


def test_whoever_is_probed_has_all_columns():
    ages = np.where(np.arange(30) < 4, np.nan, 60.0 + np.arange(30))
    found = document(years=Column("years", ages))
    sample = sample_of(found, ConfoundSettings("dx", ("years", "area"), most=20))
    assert len(sample.ids) == 20
    assert sample.notes == ("4 left out: no 'years'.", "20 of 26 spectra were drawn.")
    with pytest.raises(StudyError, match="Did you mean 'years'"):
        sample_of(found, ConfoundSettings("dx", ("yearss",)))


def test_the_family_wise_error_of_the_page_is_nominal():
    wrong = 0
    for seed in range(100):
        tested = run(document(20, seed=seed), permutations=39)
        wrong += bool((tested.found.p_fwe <= 0.05).any())
    assert wrong / 100 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_sites_are_harmonised_and_bands_are_averaged():
    site = text("site", ["A" if place % 3 else "B" for place in range(30)])
    tested = run(document(plant=0.06, site=site), site="site", combat=True, bands=True)
    assert tested.study.features.label[:2] == ("1-3", "4-8")
    assert tested.found.p_fwe[-1] <= 0.05
    assert tested.design.n_site == 1


def test_what_is_out_of_reach_of_the_permutations_is_said():
    from spectracnn.view.cohort.effect_panels import sentence

    few = run(document(plant=0.3, seed=1), permutations=19)
    assert "For p FDR so many eigenvalues need about 1,000 permutations." in sentence(few)
    enough = run(document(plant=0.3, seed=1), permutations=999)
    assert "permutations" not in sentence(enough)


def test_bands_are_those_of_the_reference_group():
    from spectracnn.stats.centiles import BANDS
    from spectracnn.view.cohort.effect_panels import centile_panel
    from spectracnn.view.cohort.from_document import StandingRequest

    tested = run(document(plant=0.06, seed=1))
    found = StandingRequest(tested).run(None)
    reference = ~tested.design.tested.any(axis=1)
    expected = np.nanpercentile(found.z[reference][:, tested.places], BANDS, axis=0)
    np.testing.assert_allclose(found.bands[:, tested.places], expected, rtol=1e-5)
    panel = centile_panel(tested, found, 0, "")
    np.testing.assert_allclose(panel.lines[0].low, expected[0], rtol=1e-5)
    np.testing.assert_allclose(panel.lines[2].y, expected[2], rtol=1e-5)
