"""``spectracnn stats`` on cohorts with planted effects; what is wrong is one sentence."""

import json
import shlex

import h5py
import numpy as np
import pandas as pd
import pytest

from spectracnn.cli.main import main

PAIR = "Left-Caudate_Right-Caudate"


def cohort(folder, n=60, plant=(10, 15), seed=0):
    """One HDF5 of all and a table; patients have larger eigenvalues in a range."""
    draw = np.random.default_rng(seed)
    group = np.where(np.arange(n) % 2, "patient", "control")
    age = draw.normal(65, 7, n)
    base = np.concatenate([[0.0], np.cumsum(draw.random(40)) + 1])
    values = base * (1 + 0.02 * draw.normal(size=(n, 41)) + 0.004 * (age - 65)[:, None])
    values[:, plant[0] : plant[1]] *= 1 + 0.05 * (group == "patient")[:, None]
    names = [f"sub-{place:03}" for place in range(n)]
    with h5py.File(folder / "all.h5", "w") as file:
        file["eigenvalues"] = values
        file["name"] = np.array(names, dtype=object)
    frame = pd.DataFrame(
        {
            "participant_id": names,
            "group": group,
            "age": age.round(2),
            "sex": draw.choice(["F", "M"], n),
            "site": draw.choice(["A", "B", "C"], n),
            "score": (values[:, 20] - values[:, 20].mean() + draw.normal(0, 0.3, n)).round(3),
            "one": 1,
        }
    )
    frame.to_csv(folder / "participants.tsv", sep="\t", index=False)
    return folder, frame


@pytest.fixture
def study(tmp_path):
    return cohort(tmp_path)[0]


def stats(capsys, *words):
    code = main(["stats", *map(str, words), "--json"])
    out = capsys.readouterr()
    return code, json.loads(out.out) if out.out else None, out.err


def test_planted_groups_are_found_with_their_indices(study, capsys):
    code, found, _ = stats(
        capsys,
        study / "all.h5",
        "--table",
        study / "participants.tsv",
        "--group",
        "group",
        "--covariates",
        "age,sex",
        "--permutations",
        499,
    )
    assert code == 0
    assert found["n"] == 60
    assert found["reference"] == "control"
    assert set(found["rows"][0]) == {"index", "effect", "ci_low", "ci_high", "p", "p_fwe", "p_fdr"}
    hit = {row["index"] for row in found["rows"] if row["p_fwe"] < 0.05}
    assert hit >= set(range(10, 15))
    assert len(hit) <= 6
    assert all(row["ci_low"] < row["effect"] < row["ci_high"] for row in found["rows"])
    assert next(row for row in found["rows"] if row["index"] == 12)["effect"] > 1
    assert "499 permutations" in found["methods"]
    assert "--covariates age,sex" in found["methods"]


def test_a_planted_association_is_found(study, capsys):
    code, found, _ = stats(
        capsys,
        study,
        "--table",
        study / "participants.tsv",
        "--on",
        "score",
        "--covariates",
        "age",
        "--permutations",
        199,
    )
    assert code == 0
    best = min(found["rows"], key=lambda row: row["p_fwe"])
    assert (best["index"], found["effect"]) == (20, "r")
    assert 0.5 < best["effect"] < 1


def test_bands_octaves_combat_and_centiles(study, capsys):
    table = ("--table", study / "participants.tsv", "--group", "group", "--permutations", 99)
    _, found, _ = stats(capsys, study / "all.h5", *table, "--bands")
    assert [row["band"] for row in found["rows"]] == [
        "1-3",
        "4-8",
        "9-15",
        "16-24",
        "25-35",
        "36-40",
    ]
    _, found, _ = stats(capsys, study / "all.h5", *table, "--octaves")
    assert "-" in found["rows"][0]["band"]
    code, found, _ = stats(
        capsys,
        study / "all.h5",
        *table,
        "--site",
        "site",
        "--combat",
        "--covariates",
        "age",
        "--centiles",
        study / "c.csv",
    )
    assert code == 0
    assert min(found["rows"], key=lambda row: row["p_fwe"])["index"] in range(10, 15)
    centiles = pd.read_csv(study / "c.csv", index_col="id")
    assert centiles.shape == (60, 40)
    assert centiles.loc[:, "12"].iloc[1::2].mean() > 70


def test_asymmetry_from_pairs_and_from_brainprints_own_table(tmp_path, capsys):
    draw = np.random.default_rng(1)
    rows = ["participant_id,group"]
    base = np.cumsum(draw.random(20)) + 1
    for who in range(24):
        sick = who % 2
        rows.append(f"sub-{who:02},{'AD' if sick else 'CN'}")
        left = base * (1 + 0.02 * draw.normal(size=20) + 0.06 * sick)
        right = base * (1 + 0.02 * draw.normal(size=20))
        size = draw.random(2) + 1
        table = np.column_stack([np.r_[0, left / size[0]], np.r_[0, right / size[1]]])
        lines = [",Left-Caudate,Right-Caudate", f"area,{size[0]},{size[1]}", "volume,1,1"]
        lines += [f"ev{k},{a},{b}" for k, (a, b) in enumerate(table)]
        name = tmp_path / f"sub-{who:02}.brainprint.csv"
        name.write_text("\n".join(lines) + "\n")
        (tmp_path / "asym").mkdir(exist_ok=True)
        (tmp_path / "asym" / f"sub-{who:02}.brainprint.asymmetry.csv").write_text(
            f"{PAIR},Left-X_Right-X\n{0.3 * sick + 0.1 * draw.random()},{draw.random()}\n"
        )
    (tmp_path / "t.csv").write_text("\n".join(rows) + "\n")
    words = (
        "--table",
        tmp_path / "t.csv",
        "--group",
        "group",
        "--asymmetry",
        "--permutations",
        199,
    )
    code, found, _ = stats(capsys, *sorted(tmp_path.glob("*.brainprint.csv")), *words)
    assert code == 0
    assert {row["structure"] for row in found["rows"]} == {"Caudate"}
    assert sum(row["p_fdr"] < 0.05 for row in found["rows"]) > 15
    assert found["rows"][0]["effect"] > 0
    code, found, _ = stats(capsys, tmp_path / "asym", *words)
    assert code == 0
    by_name = {row["structure"]: row for row in found["rows"]}
    assert (
        by_name["Left-Caudate_Right-Caudate"]["p_fwe"] < 0.05 < by_name["Left-X_Right-X"]["p_fwe"]
    )


@pytest.mark.parametrize(("left", "right"), [("lh", "rh"), ("Left", "Right"), ("L", "R")])
def test_asymmetry_of_structures_that_are_called_by_their_side_alone(tmp_path, capsys, left, right):
    draw = np.random.default_rng(2)
    values = (np.arange(1, 11) + 5) * (1 + 0.02 * draw.normal(size=(12, 2, 10)))
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["eigenvalues"] = values.reshape(24, 10)
        file["subject"] = [f"s{who}" for who in range(12) for _ in range(2)]
        file["structure"] = [left, right] * 12
    rows = [f"s{who},{'ab'[who % 2]}" for who in range(12)]
    (tmp_path / "t.csv").write_text("\n".join(["subject,group", *rows]) + "\n")
    words = ["--table", tmp_path / "t.csv", "--group", "group", "--permutations", 19]
    words += ["--asymmetry", "--normalise", "none"]
    code, found, _ = stats(capsys, tmp_path / "all.h5", *words)
    assert code == 0
    index = 2 * (values[:, 0] - values[:, 1]) / values.sum(axis=1)
    one, two = index[0::2], index[1::2]
    spread = np.sqrt((one.var(axis=0, ddof=1) + two.var(axis=0, ddof=1)) / 2)
    wanted = (two.mean(axis=0) - one.mean(axis=0)) / spread
    effects = np.array([row["effect"] for row in found["rows"]])
    np.testing.assert_allclose(effects / wanted, (1 - 3 / 39), rtol=2e-3)  # J for 10 degrees


def test_a_table_that_is_missing_is_named(study, capsys):
    words = ["--table", study / "gone.csv", "--group", "group"]
    code, _, error = stats(capsys, study / "all.h5", *words)
    assert code == 2
    assert f"{study / 'gone.csv'}: found no such file" in error


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--group", "grupp"], "no column 'grupp'"),
        (["--on", "sex"], "expected numbers"),
        (["--on", "one"], "is constant"),
        (["--group", "one"], "only the group '1'"),
        (["--group", "participant_id"], "60 distinct values"),
        (["--group", "group", "--covariates", "group"], "collinear"),
        (["--group", "group", "--groups", "control,patiend"], "Did you mean 'patient'"),
        (["--group", "group", "--combat"], "--combat needs --site"),
        (["--group", "group", "--covariates", "participant_id"], "60 distinct values"),
        (["--group", "group", "--id", "nobody"], "no column 'nobody'"),
        (["--group", "group", "--asymmetry"], "--normalise none"),
        (["--group", "group", "--structure", "X"], "No structure 'X'"),
        (["--group", "group", "--normalise", "area"], "no area"),
    ],
)
def test_what_cannot_be_is_one_sentence(study, capsys, words, says):
    code, found, error = stats(
        capsys, study / "all.h5", "--table", study / "participants.tsv", *words
    )
    assert (code, found) == (2, None)
    assert says in error.splitlines()[-1]
    assert "Traceback" not in error


def test_what_is_wrong_with_some_is_said_and_the_rest_goes_on(tmp_path, capsys):
    folder, frame = cohort(tmp_path)
    frame.loc[3, "group"] = "patiend"
    frame.loc[5, "age"] = np.nan
    frame = pd.concat([frame.iloc[:-4], frame.iloc[[0]].assign(age=1)])
    frame.to_csv(folder / "t.csv", index=False)
    code, found, error = stats(
        capsys,
        folder / "all.h5",
        folder / "gone.ev",
        "--table",
        folder / "t.csv",
        "--group",
        "group",
        "--covariates",
        "age,one",
        "--permutations",
        99,
    )
    assert code == 1
    assert found["n"] == 53
    for says in (
        "gone.ev: found no such file",
        "'patiend' (1 row) looks like 'patient'",
        "sub-000 is in several rows that differ",
        "1 left out: no 'age'",
        "Covariate 'one' is constant",
        "No row for sub-056",
    ):
        assert says in error


def test_help_has_single_per_cent_signs(capsys):
    assert main(["stats", "--help"]) == 0
    assert "%%" not in capsys.readouterr().out


def test_a_covariate_that_was_left_out_is_not_said_to_be_used(study, capsys):
    words = (study / "all.h5", "--table", study / "participants.tsv", "--group", "group")
    words += ("--covariates", "one,age", "--site", "site", "--permutations", 49)
    code, found, _ = stats(capsys, *words)
    assert code == 0
    assert found["covariates"] == ["age"]
    assert found["left_out"] == ["one"]
    assert "regressed out age, site." in found["methods"]


def test_the_command_in_the_methods_repeats(study, capsys):
    words = (study / "all.h5", "--table", study / "participants.tsv", "--id", "participant_id")
    words += ("--group", "group", "--covariates", "age,sex", "--site", "site", "--bands")
    words += ("--normalise", "none", "--permutations", 49, "--seed", 7, "--most", 30)
    _, first, _ = stats(capsys, *words)
    again = shlex.split(first["methods"].partition("Command: ")[2])
    assert again[:2] == ["spectracnn", "stats"]
    _, second, _ = stats(capsys, *again[2:])
    assert second == first
