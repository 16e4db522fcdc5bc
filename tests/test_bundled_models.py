"""The bundled models are what their cards say, and know what they do not know."""

import json

import numpy as np
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.core.card_file import card_path, file_sha256, read_card
from spectracnn.core.reference import read_reference, reference_path
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import SpectraCNNError
from spectracnn.nn.loading import open_model
from spectracnn.resources import (
    BUNDLED,
    bundled_for,
    bundled_model,
    default_model,
    resource,
    sample_spectra,
)

PLAIN = ("plain", "short")


def sphere(n=120):
    return np.concatenate(
        [np.full(2 * degree + 1, degree * (degree + 1.0)) for degree in range(12)]
    )[:n]


def torus(ratio, n=120):
    waves = np.arange(-25, 26)
    return np.sort((waves[:, None] ** 2 + (waves[None] / ratio) ** 2).ravel())[:n]


def noise(seed, n=120):
    random = np.random.default_rng(seed)
    return np.sort(np.exp(random.normal(size=n)))


STRANGERS = {
    "sphere": sphere(),
    "flat torus": torus(1.0),
    "long flat torus": torus(3.0),
    "ramp": np.arange(120.0),
    "ramp from one": np.arange(1.0, 121.0),
    **{f"log-normal noise {seed}": noise(seed) for seed in range(3)},
}


@pytest.fixture(scope="module")
def opened():
    return {model.key: open_model(model.path) for model in BUNDLED}


def judged(model, spectra):
    prepared = model.prepare(spectra)
    assert not any(prepared.errors)
    return model.judge(prepared.inputs, spectra, prepared.positions)


@pytest.mark.parametrize("model", BUNDLED, ids=lambda model: model.key)
def test_the_files_belong_together(model):
    card = read_card(card_path(model.path))
    assert card.model_sha256 == file_sha256(model.path)
    assert card.preprocessing.length == model.eigenvalues
    assert len(card.classes) == 20
    assert len(card.conformal) == 300
    assert 0.3 < card.temperature < 1.2
    reference = read_reference(reference_path(model.path), card.reference.sha256)
    assert len(reference) == 300
    assert reference.has_shadow
    right = reference.outputs.argmax(axis=1) == reference.truth
    first = card.evaluation[0]
    assert first.subject == "this model"
    assert right.mean() == pytest.approx(first.value, abs=0.03)
    assert first.how.startswith("cross-validated on 300 spectra")


def test_all_are_small_together():
    files = [path for path in resource("models").iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2e6


@pytest.mark.parametrize("key", PLAIN)
def test_the_plain_network_is_one_chain_without_dead_filters(opened, key):
    model = opened[key]
    kinds = [layer.layer_class for layer in model.description.layers]
    assert kinds == ["Conv1D", "MaxPooling1D", "Conv1D", "MaxPooling1D", "Flatten", "Dense"]
    first, second = (model.description.layers[place].output_shape[-1] for place in (0, 2))
    assert (first, second) == (16, 32)
    inputs = model.description.reference.inputs[..., None]
    layers = model.trace_batch(inputs).layers
    for place in (0, 2):
        answering = (layers[place][1] > 0).any(axis=(0, 1))
        assert answering.all()


def test_the_tutorials_network_is_exactly_that(opened):
    kinds = [layer.layer_class for layer in opened["tutorial"].description.layers]
    assert kinds == [
        "Conv1D", "Conv1D", "MaxPooling1D", "Conv1D", "Conv1D", "GlobalAveragePooling1D",
        "Dropout", "Dense",
    ]  # fmt: skip
    shapes = [layer.output_shape for layer in opened["tutorial"].description.layers]
    assert shapes[:5] == [(98, 64), (96, 64), (32, 64), (30, 64), (28, 64)]


@pytest.mark.parametrize("key", [model.key for model in BUNDLED])
def test_what_is_no_such_shape_is_called_unlike(opened, key):
    spectra = [Spectrum(name, values) for name, values in STRANGERS.items()]
    found = judged(opened[key], spectra)
    told = dict(zip(STRANGERS, found.typicality.tolist(), strict=True))
    assert {name: p for name, p in told.items() if p >= 0.05} == {}


@pytest.mark.parametrize("key", [model.key for model in BUNDLED])
def test_the_samples_are_not(opened, key):
    spectra = [io.read(path)[0] for path in sample_spectra()]
    model = opened[key]
    found = judged(model, spectra)
    assert (found.typicality > 0.05).all()
    reference = model.description.reference
    names = [model.description.classes[int(reference.truth[at])] for at in found.nearest]
    assert names == [spectrum.name for spectrum in spectra]


def test_shapes_that_are_a_little_different_are_still_typical(opened):
    random = np.random.default_rng(0)
    spectra = []
    for path in sample_spectra():
        values = io.read(path)[0].eigenvalues.copy()
        bend = 0.02 * random.normal() * np.linspace(0, 1, len(values))
        spectra.append(Spectrum(path.stem, 7.3 * values * np.exp(bend)))
    assert (judged(opened["plain"], spectra).typicality > 0.05).mean() > 0.9


def test_predict_says_so(tmp_path, capsys):
    for name, values in STRANGERS.items():
        np.savetxt(tmp_path / f"{name}.txt", values)
    # A ramp of whole numbers is refused as no spectrum unless one insists.
    assert main(["predict", str(tmp_path), "--force", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == len(STRANGERS)
    assert all(record["typicality"] < 0.05 for record in found)
    assert all(record["raw_probability"] is not None and record["set"] for record in found)


def test_which_model_for_how_many_eigenvalues():
    assert bundled_for(500) is BUNDLED[0]
    assert bundled_for(100).key == "plain"
    assert bundled_for(60).key == "short"
    assert bundled_for(48) is None
    assert BUNDLED[0].path == default_model()
    with pytest.raises(SpectraCNNError, match="no bundled model 'x'"):
        bundled_model("x")
