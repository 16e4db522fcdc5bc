"""Moments, layers and attributions of many spectra against one pass at a time, in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.cohort_requests import (
    CollectAttributions,
    CollectLayers,
    CollectMoments,
    Moments,
)
from spectracnn.core.spectrum import Spectrum
from spectracnn.engine.process import perform
from spectracnn.engine.queue import Ticket
from spectracnn.nn.attribution.attribute import attribute
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path


def many(count: int) -> tuple[Spectrum, ...]:
    rng = np.random.default_rng(8)
    spectra = [Spectrum(f"s{i}", np.cumsum(rng.uniform(0.1, 2.0, 50))) for i in range(count)]
    spectra[1] = Spectrum("short", np.arange(1.0, 9.0))  # refused
    return tuple(spectra)


def answered(model: Any, request: Any) -> Any:
    """Do a batch as the engine does it: chunk by chunk, and joined."""
    ticket = Ticket(1, request)
    while ticket.done < ticket.total:
        part = perform(model, ticket.next_piece())
        ticket.keep(part)
        ticket.done += len(part.errors)
    return ticket.whole()


def test_moments_are_those_of_single_passes(saved: Path) -> None:
    model = open_model(saved)
    spectra = many(70)  # more than a chunk
    found = answered(model, CollectMoments(spectra))
    assert isinstance(found, Moments)
    assert found.count == 69
    assert [error is not None for error in found.errors[:3]] == [False, True, False]
    taken = [spectrum for spectrum in spectra if spectrum.name != "short"]
    traces = [model.trace(spectrum) for spectrum in taken]
    for place in range(len(model.description.layers)):
        values = np.stack([trace.layers[place].output for trace in traces]).astype(float)
        assert found.means[place + 1] == pytest.approx(values.mean(axis=0), abs=1e-6)
        spread = found.squares[place + 1] / 68
        assert spread == pytest.approx(values.var(axis=0, ddof=1), abs=1e-6)
    said = np.stack([trace.probabilities for trace in traces])
    assert found.means[-2] == pytest.approx(said.mean(axis=0), abs=1e-6)


def test_of_moments_only_one_part_is_kept(saved: Path) -> None:
    model = open_model(saved)
    ticket = Ticket(1, CollectMoments(many(200)))
    while ticket.done < ticket.total:
        part = perform(model, ticket.next_piece())
        ticket.keep(part)
        ticket.done += len(part.errors)
        assert len(ticket.parts) == 1


def test_a_group_that_is_refused_wholly_has_no_moments(saved: Path) -> None:
    found = answered(open_model(saved), CollectMoments((Spectrum("short", np.arange(9.0)),)))
    assert found.count == 0
    layers = answered(open_model(saved), CollectLayers((Spectrum("short", np.arange(9.0)),)))
    assert np.isnan(layers.probabilities).all()


def test_layers_and_muted_filters(saved: Path) -> None:
    model = open_model(saved)
    spectra = many(70)
    found = answered(model, CollectLayers(spectra, muted=((0, 1),)))
    for row in (0, 69):
        trace = model.trace(spectra[row], muted=[(0, 1)])
        for place, layer in enumerate(trace.layers):
            assert found.outputs[place][row] == pytest.approx(layer.output.ravel(), abs=1e-6)
    assert np.isnan(found.outputs[0][1]).all()


def test_attributions_are_those_of_single_spectra(saved: Path) -> None:
    model = open_model(saved)
    spectra = many(12)
    request = CollectAttributions(
        spectra, Method.INTEGRATED_GRADIENTS, 2, AttributionOptions(steps=16)
    )
    found = answered(model, request)
    for row in (0, 11):
        values, positions = model.input_of(spectra[row], (), ())
        alone = attribute(
            model.scores, values, positions, Method.INTEGRATED_GRADIENTS, target=2,
            options=AttributionOptions(steps=16),
        )  # fmt: skip
        assert found.values[row] == pytest.approx(alone.values.sum(axis=1), abs=1e-6)
        assert found.positions[row].tolist() == positions.tolist()
    assert np.isnan(found.values[1]).all()
    assert (found.positions[1] == -1).all()
