"""The network of the start gives way to the one for few eigenvalues; a chosen one never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shiboken6 import delete

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


@pytest.mark.parametrize("lengths", [(50, 101), (49,), ()])
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
