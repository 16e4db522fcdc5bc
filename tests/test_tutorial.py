"""The walk of docs/tutorial.md, with fewer subjects and epochs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from spectracnn.cli.main import main
from spectracnn.errors import PreprocessingError
from spectracnn.io.scalers import read_standardiser

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[1] / "examples" / "tutorial.py"


def test_the_walk(tmp_path, capsys):
    from spectracnn.nn.backend import load_keras

    _, keras = load_keras()
    spec = importlib.util.spec_from_file_location("tutorial", SCRIPT)
    tutorial = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tutorial)
    tutorial.make_data(tmp_path, subjects=24, n=16)
    assert set(tutorial.train(tmp_path, n=12, epochs=1)) == {"cnn1d", "cnn2d", "logistic"}
    values, _ = tutorial.read(tmp_path, 12)
    scaler = read_standardiser(tmp_path / "scaler.npz")
    standard = np.float32((values.reshape(24, -1) - scaler.mean) / scaler.scale)
    capsys.readouterr()
    for name in ("cnn1d", "cnn2d", "logistic"):
        path = tmp_path / f"{name}.keras"
        assert main(["predict", str(tmp_path / "tracts.p"), "--model", str(path), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert [item["name"] for item in said] == [f"subject {k + 1}" for k in range(24)]
        model = keras.saving.load_model(path)
        wanted = np.asarray(model(standard.reshape(-1, *model.input_shape[1:])))[:, 0]
        found = [item["probabilities"]["male"] for item in said]
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_standardisers_of_other_files(tmp_path):
    np.save(tmp_path / "two.npy", np.array([[1.0, 2.0], [3.0, 4.0]]))
    step = read_standardiser(tmp_path / "two.npy")
    assert (step.mean.tolist(), step.scale.tolist()) == ([1.0, 2.0], [3.0, 4.0])
    np.savez(tmp_path / "other.npz", weights=[1.0])
    with pytest.raises(PreprocessingError, match=r"the arrays are weights; save it by"):
        read_standardiser(tmp_path / "other.npz")
