from dataclasses import replace

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.judging import Judged
from spectracnn.core.spectrum import Spectrum
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model, sample_spectra
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.selection import Selection
from spectracnn.view.prediction import prediction
from spectracnn.view.table import badges
from spectracnn.view.trust import (
    interval_words,
    nearest_spectrum,
    set_words,
    shadow_class,
    typicality_words,
)


@pytest.fixture(scope="module")
def model():
    return open_model(default_model())


def entry_of(model, spectrum):
    trace = model.trace(spectrum)
    return Entry(1, spectrum, trace.probabilities, outputs=trace.output, judged=trace.judged)


@pytest.fixture(scope="module")
def vase(model):
    path = next(path for path in sample_spectra() if path.stem == "vase")
    return entry_of(model, io.read(path)[0])


@pytest.fixture(scope="module")
def ramp(model):
    return entry_of(model, Spectrum("ramp", np.arange(120.0)))


def contents(model, entry):
    document = replace(Document((entry,)), model=model.description)
    return prediction(document, Selection(current=1))


def test_a_typical_spectrum(model, vase):
    found = contents(model, vase)
    assert found.trust.splitlines() == [
        "vase (90 %)",
        "Like its training data, p = 1.000; nearest: vase 367",
        "Linear model: vase",
    ]
    assert not found.unlike
    assert not found.grey
    assert found.shadow[0] == max(vase.judged.shadow)
    assert not badges(vase) or "unlike" not in dict(badges(vase))


def test_a_ramp_is_unlike_anything(model, ramp):
    found = contents(model, ramp)
    assert "Unlike its training data, p = 0.003; nearest: " in found.trust
    assert found.unlike
    assert found.grey
    assert "Unlike all" in dict(badges(ramp))["unlike"]


def test_the_nearest_can_be_drawn(model, vase):
    near = nearest_spectrum(model.description, vase.judged)
    assert near.name == "vase 367"
    np.testing.assert_allclose(near.eigenvalues, vase.spectrum.eigenvalues[1:101], rtol=1e-6)
    assert nearest_spectrum(model.description, Judged()) is None


def test_without_a_reference(model, vase):
    bare = replace(model.description, reference=None)
    assert typicality_words(bare, Judged()) == "Typicality unknown"
    assert shadow_class(bare, Judged()) == ""
    card = replace(bare.card, conformal=())
    assert set_words(replace(bare, card=card), vase.probabilities) == ""


def test_a_long_set_is_cut(model):
    shares = np.full(20, 0.05)
    card = replace(model.description.card, conformal=(0.99,) * 50)
    told = set_words(replace(model.description, card=card), shares)
    assert told.endswith("or 15 more (90 %)")
    assert set_words(model.description, np.full(20, np.nan)) == ""


def test_an_interval(model):
    card = replace(model.description.card, conformal=tuple(np.linspace(0, 2, 99)), unit="years")
    told = interval_words(replace(model.description, card=card), 40.0)
    assert told == "38.18 years to 41.82 years (90 %)"


def test_a_shadow_that_disagrees_is_a_badge(vase):
    other = np.roll(vase.judged.shadow, 1)
    found = dict(badges(replace(vase, judged=replace(vase.judged, shadow=other))))
    assert "another class" in found["\u2260"]
