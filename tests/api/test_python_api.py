"""The Python API gives the window's numbers, lazily, in frozen records, and says what is wrong."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from matplotlib.figure import Figure

import spectracnn as sc
from spectracnn.core.spectrum import Spectrum


@pytest.fixture(scope="module")
def spectra():
    return sc.read(sc.samples()[:3])


@pytest.fixture(scope="module")
def model():
    return sc.open_model()


@pytest.fixture(scope="module")
def keras_model():
    from spectracnn.nn.backend import load_keras

    keras = load_keras()[1]
    layers = keras.layers
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((40, 1)),
            layers.Conv1D(4, 5, activation="relu", name="conv"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def test_the_import_is_lazy():
    script = (
        "import sys, spectracnn as sc\n"
        "assert {'read', 'open_model', 'figure', 'view'} <= set(dir(sc))\n"
        "heavy = {'numpy', 'keras', 'tensorflow', 'PySide6', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "sc.read(sc.samples()[0])\n"
        "heavy = {'keras', 'tensorflow', 'PySide6', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        sc.nonsense  # noqa: B018


def test_files_folders_and_lists_are_read(tmp_path, spectra):
    from spectracnn.io import write_ev

    for spectrum in spectra:
        write_ev(spectrum, tmp_path / f"{spectrum.name}.ev")
    assert len(sc.read(tmp_path)) == 3
    assert len(sc.read(str(tmp_path / f"{spectra[0].name}.ev"))) == 1
    assert len(sc.read(sorted(tmp_path.iterdir()))) == 3


def test_predictions_are_those_of_keras(spectra, model):
    found = model.predict(spectra)
    traces = model.trace(spectra)
    assert found.names == tuple(spectrum.name for spectrum in spectra)
    np.testing.assert_allclose(found.probabilities, traces.probabilities, atol=1e-5)
    assert found.probabilities.shape == (3, len(model.classes))
    assert found.labels[0] == model.classes[int(found.probabilities[0].argmax())]
    assert len(model.predict(spectra[0])) == 1
    assert len(model.predict([])) == 0


def test_a_keras_model_need_not_be_saved(keras_model, spectra):
    model = sc.open_model(keras_model)
    traces = model.trace(spectra)
    reference = keras_model(traces.inputs)
    np.testing.assert_allclose(traces.probabilities, reference, atol=1e-6)
    conv = keras_model.get_layer("conv")
    np.testing.assert_allclose(traces.layer("conv"), conv(traces.inputs), atol=1e-5)
    before = traces.layer("conv", before=True)
    np.testing.assert_allclose(np.maximum(before, 0), traces.layer("conv"), atol=1e-6)
    with pytest.raises(sc.SpectraCNNError, match="found int"):
        sc.open_model(7)


def test_refused_spectra_say_why(spectra, model):
    short = Spectrum("short", [0.0, 1.0, 2.0])
    found = model.predict([spectra[0], short])
    assert found.errors[0] is None
    assert "short" in str(found.errors[1])
    assert np.isnan(found.probabilities[1]).all()
    assert found.labels[1] == ""
    with pytest.raises(sc.SpectraCNNError):
        model.trace([short])


def test_edits_and_muted_filters_count(spectra, model):
    plain = model.trace(spectra[0])
    name = plain.layer_names[0]
    muted = model.trace(spectra[0], muted=[(name, 1)])
    assert not muted.layer(name)[..., 1].any()
    np.testing.assert_array_equal(muted.layer(name)[..., 0], plain.layer(name)[..., 0])
    zero = sc.Zero(space=sc.Space.INPUT, first=0, last=4)
    assert not model.trace(spectra[0], edits=[zero]).inputs[0, :5].any()
    scaled = model.trace(spectra[0], edits=[sc.Offset(amount=0.5, first=3, last=3)])
    assert not np.array_equal(scaled.inputs, plain.inputs)
    edited = model.predict(spectra[0], edits=[sc.Offset(amount=0.5, first=3, last=3)])
    np.testing.assert_allclose(edited.probabilities, scaled.probabilities, atol=1e-6)
    with pytest.raises(sc.SpectraCNNError, match="no layer 'nowhere'"):
        model.trace(spectra[0], muted=[("nowhere", 0)])


def test_attributions_add_up(spectra, model):
    found = model.explain(spectra[:2], "integrated-gradients", target=model.classes[2])
    assert found.values.shape[0] == 2
    assert found.targets == (model.classes[2],) * 2
    assert found[0].completeness_error < 0.05
    with pytest.raises(sc.SpectraCNNError, match="no method 'magic'"):
        model.explain(spectra[0], "magic")
    with pytest.raises(sc.SpectraCNNError, match="no class 'unicorn'"):
        model.explain(spectra[0], target="unicorn")
    with pytest.raises(sc.SpectraCNNError, match="magic"):
        model.explain(spectra[0], magic=3)


def test_results_show_themselves(spectra, model):
    predictions, traces = model.predict(spectra), model.trace(spectra)
    why = model.explain(spectra[0], "gradient-input")
    for result in (model, predictions, traces, why):
        assert "<table" in result._repr_html_()
        assert repr(result).startswith("<")
        assert len(repr(result)) < 200
    odd = [Spectrum("<b>&", spectra[0].eigenvalues)]
    assert "<b>&" not in model.predict(odd)._repr_html_()
    with pytest.raises(FrozenInstanceError):
        predictions.names = ()


def test_frames_and_xarrays(spectra, model):
    predictions, traces = model.predict(spectra), model.trace(spectra)
    frame = predictions.to_dataframe()
    assert list(frame["class"]) == list(predictions.labels)
    np.testing.assert_allclose(frame[model.classes[1]], predictions.probabilities[:, 1])
    array = predictions.to_xarray()
    row = array.sel(spectrum=spectra[1].name, **{"class": model.classes[0]})
    assert float(row) == pytest.approx(float(predictions.probabilities[1, 0]))
    name = traces.layer_names[0]
    np.testing.assert_array_equal(traces.to_xarray()[name].values, traces.layer(name))
    long = traces.to_dataframe()
    one = long[(long.name == spectra[1].name) & (long.layer == name)]
    np.testing.assert_array_equal(one.value, traces.layer(name)[1].ravel())
    why = model.explain(spectra[:2], "gradient-input")
    np.testing.assert_array_equal(why.to_dataframe().attribution, why.values.ravel())
    assert why.to_xarray().shape == why.values.shape


def test_figures_are_matplotlibs(tmp_path, spectra, model):
    name = model.description.layers[0].name
    for panel in ("all", "layers", "spectrum", "prediction", "attribution", name):
        drawn = sc.figure(spectra, model, panel, current=1)
        assert isinstance(drawn, Figure)
    drawn.savefig(tmp_path / "figure.png")
    assert isinstance(sc.figure(spectra, panel="spectrum", theme="dark"), Figure)
    with pytest.raises(sc.SpectraCNNError, match="needs a model"):
        sc.figure(spectra, panel="layers")
    with pytest.raises(sc.SpectraCNNError, match="no spectrum 9"):
        sc.figure(spectra, model, current=9)
    with pytest.raises(sc.SpectraCNNError, match="A panel is"):
        sc.figure(spectra, model, "nothing")
