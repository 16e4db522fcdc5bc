"""``spectracnn confounds``: planted confounds are named, others are not."""

import json
import shlex

import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.core.spectrum import Spectrum
from spectracnn.io.write import write_hdf5
from spectracnn.resources import resource

pytestmark = pytest.mark.slow


@pytest.fixture
def study(tmp_path):
    """Vases and hands; site goes with the label and tilts the spectra, age is noise."""
    draw = np.random.default_rng(0)
    spectra, rows = [], []
    for number in range(60):
        label = ("vase", "hand")[number % 2]
        site = "A" if draw.random() < (0.85 if label == "vase" else 0.15) else "B"
        (own,) = io.read(resource(f"samples/{label}.ev"))
        values = own.eigenvalues * (1 + 0.03 * draw.normal(size=len(own)))
        values *= np.linspace(1, 1.5 if site == "A" else 1.0, len(own))
        spectra.append(Spectrum(f"s{number}", np.abs(values), own.kind, own.area))
        rows.append({"id": f"s{number}", "shape": label, "site": site, "age": draw.normal(60, 5)})
    write_hdf5(spectra, tmp_path / "all.h5")
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    return tmp_path


def test_confounds_are_found_alone_and_in_the_layers(study, capsys):
    words = ["confounds", str(study / "all.h5"), "--table", str(study / "t.csv")]
    words += ["--target", "shape", "--against", "site,age", "--permutations", "19", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n"] == 60
    alone = {row["covariate"]: row for row in found["alone"]}
    assert alone["site"]["p"] <= 0.05 < alone["age"]["p"]
    assert set(alone) == {"site", "age", "site + age"}
    layers = [row for row in found["layers"] if row["covariate"] == "site"]
    assert layers[0]["layer"] == "input"
    assert sum(row["p"] <= 0.05 for row in layers) > len(layers) / 2
    by_age = [row for row in found["layers"] if row["covariate"] == "age"]
    assert sum(row["p"] <= 0.05 for row in by_age) < len(by_age) / 2
    assert found["shadow"]["accuracy"]["logistic"] > 0.9
    assert found["shadow"]["network_by"] == "its own classes"
    assert len(found["shadow"]["spectra"]) == found["shadow"]["disagree"]
    assert any("site alone predicts shape" in sentence for sentence in found["verdict"])


@pytest.mark.parametrize(
    ("target", "against", "says"),
    [
        ("shap", "age", "Did you mean 'shape'"),
        ("shape", "id", "60 distinct values"),
        ("shape", ",", "found no column"),
    ],
)
def test_what_cannot_be_is_one_sentence(study, capsys, target, against, says):
    words = ["confounds", str(study / "all.h5"), "--table", str(study / "t.csv")]
    assert main([*words, "--target", target, "--against", against]) == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_short_spectra_are_said_once(study, capsys):
    spectra = io.read(study / "all.h5")
    short = [
        Spectrum(one.name, one.eigenvalues[:30], one.kind, one.area) if at % 3 == 0 else one
        for at, one in enumerate(spectra)
    ]
    write_hdf5(short, study / "all.h5")
    words = ["confounds", str(study / "all.h5"), "--table", str(study / "t.csv")]
    words += ["--target", "shape", "--against", "age", "--permutations", "9", "--json"]
    words += ["--model", str(resource("models/shrec07.keras"))]
    assert main(words) == 1
    out = capsys.readouterr()
    assert json.loads(out.out)["n"] == 40
    (line,) = [line for line in out.err.splitlines() if "'take'" in line]
    assert "The same is true of 19 more" in line


def test_the_command_in_the_methods_repeats(study, capsys):
    words = ["confounds", str(study / "all.h5"), "--table", str(study / "t.csv"), "--json"]
    words += ["--target", "shape", "--against", "site,age", "--permutations", "19", "--seed", "3"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    again = shlex.split(first["methods"].partition("Command: ")[2])
    assert main([*again[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
