"""The network of the start gives way to the one for few eigenvalues; a chosen one never does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shiboken6 import delete

from spectracnn.core.judging import Judged
from spectracnn.engine.messages import OpenModel
from spectracnn.gui.workspace.short_spectra import ShortSpectra
from spectracnn.resources import bundled_model, default_model
from spectracnn.view.prediction import prediction

USUAL, SHORT = str(default_model()), str(bundled_model("short").path)


@pytest.fixture
def raised(workspace, inference):
    watcher = ShortSpectra(workspace, inference)
    raised = []
    watcher.messageRaised.connect(raised.append)
    workspace.passing_model = USUAL
    yield raised
    delete(watcher)


def opened(engine, network, path):
    engine.answer_open(replace(network.description, path=path, name="Bundled"))


def asked(engine):
    found = engine.latest(OpenModel)
    return engine.requests[found].path


def test_short_spectra_open_the_short_network(workspace, engine, network, raised, make_spectrum):
    opened(engine, network, USUAL)
    workspace.add_spectra([make_spectrum(n=50), make_spectrum(n=60)])
    assert asked(engine) == SHORT
    opened(engine, network, SHORT)
    assert workspace.document.model.path == SHORT
    assert workspace.document.others == ()
    assert len(raised) == 1
    assert "too short for the usual network" in raised[0].sentence
    # The first that is chosen takes its place in turn.
    opened(engine, network, "mine.keras")
    assert workspace.document.others == ()
    workspace.add_spectra([make_spectrum(n=50)])
    assert asked(engine) == "mine.keras"
    assert len(raised) == 1


def test_spectra_that_came_before_the_model(workspace, engine, network, raised, make_spectrum):
    workspace.add_spectra([make_spectrum(n=50)])
    opened(engine, network, USUAL)
    assert asked(engine) == SHORT


def test_each_is_read_by_the_one_that_fits_it(workspace, engine, network, raised, make_spectrum):
    opened(engine, network, USUAL)
    workspace.add_spectra([make_spectrum(n=101), make_spectrum(n=50)])
    long, short = (entry.id for entry in workspace.document.entries)
    assert asked(engine) != SHORT
    workspace.set_current(short)
    assert asked(engine) == SHORT
    opened(engine, network, SHORT)
    assert [other.model.path for other in workspace.document.others] == [USUAL]
    assert len(raised) == 1
    assert "by the bundled network that fits it" in raised[0].sentence
    workspace.set_current(long)
    assert asked(engine) == USUAL
    opened(engine, network, USUAL)
    assert [other.model.path for other in workspace.document.others] == [SHORT]
    assert len(raised) == 1
    # A model that is chosen takes the place of both.
    opened(engine, network, "mine.keras")
    assert workspace.document.others == ()
    workspace.set_current(short)
    assert asked(engine) == "mine.keras"


def test_what_was_said_of_each_is_there_when_one_comes_back(
    workspace, engine, network, raised, make_spectrum
):
    opened(engine, network, USUAL)
    workspace.add_spectra([make_spectrum(n=101), make_spectrum(n=50)])
    long, short = workspace.document.entries
    shares = np.float32([0.5, 0.25, 0.25])
    judged = Judged(0.4, 3)
    workspace._on_inference_predicted([replace(long, probabilities=shares, judged=judged)])
    workspace.set_current(short.id)
    opened(engine, network, SHORT)
    assert workspace.document.entry(long.id).judged is None
    workspace.set_current(long.id)
    opened(engine, network, USUAL)
    assert workspace.document.entry(long.id).judged is judged


@pytest.mark.parametrize("lengths", [(101, 50), (49,), ()])
def test_what_keeps_the_usual_network(workspace, engine, network, raised, make_spectrum, lengths):
    opened(engine, network, USUAL)
    workspace.add_spectra([make_spectrum(n=n) for n in lengths])
    assert asked(engine) != SHORT


def test_the_usual_network_stays_where_it_was_chosen(
    workspace, engine, network, raised, make_spectrum
):
    workspace.passing_model = ""
    opened(engine, network, USUAL)
    workspace.add_spectra([make_spectrum(n=50)])
    assert asked(engine) != SHORT


def test_a_model_that_is_being_opened_is_waited_for(
    workspace, inference, engine, network, raised, make_spectrum
):
    opened(engine, network, USUAL)
    inference.open_model("mine.keras")
    workspace.add_spectra([make_spectrum(n=50)])
    assert asked(engine) == "mine.keras"


def test_the_prediction_panel_says_so(workspace, engine, network, make_spectrum):
    opened(engine, network, SHORT)
    workspace.add_spectra([make_spectrum(n=50)])
    engine.answer_trace()
    told = prediction(workspace.document, workspace.selection).detail
    assert "bundled network for 49 eigenvalues" in told
    workspace.add_spectra([make_spectrum(n=120)])
    workspace.set_current(workspace.document.entries[-1].id)
    engine.answer_trace()
    assert "bundled network" not in prediction(workspace.document, workspace.selection).detail
