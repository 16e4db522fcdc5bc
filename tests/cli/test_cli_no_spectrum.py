"""Numbers that are no spectrum are refused, or taken with a remark; short ones fit a network."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spectracnn.cli.main import main


@pytest.fixture
def noise(tmp_path):
    path = tmp_path / "noise.txt"
    np.savetxt(path, np.random.default_rng(0).normal(size=200))
    return str(path)


def test_noise_is_refused_with_its_reason(noise, capsys):
    assert main(["predict", noise, "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "this is not a spectrum" in told.err
    assert "--force" in told.err


def test_short_spectra_get_the_network_for_49(tmp_path, capsys):
    path = tmp_path / "short.ev"
    values = np.concatenate([[0.0], np.cumsum(np.random.default_rng(1).uniform(1, 2, 49))])
    body = " ; ".join(map(repr, values.tolist()))
    path.write_text(f"Creator: ./shapeDNA-tria\nArea: 8.0\nEigenvalues:\n{{{body}}}\n")
    assert main(["predict", str(path), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)[0]["class"]
    assert "49 nonzero eigenvalues" in told.err
