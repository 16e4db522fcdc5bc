"""The forward direction agrees with what really changes when an eigenvalue does."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model
from spectracnn.resources import bundled_model, sample_spectra
from spectracnn.view.dependents import dependent_ranges, dependents, reach
from spectracnn.view.layers import layer_edges
from spectracnn.view.scales import INDEX_LOG, LINEAR


@pytest.fixture(scope="module")
def bundled():
    model = open_model(bundled_model("ensemble").path)
    return model, model.trace(io.read(sample_spectra()[2])[0])


@pytest.fixture(scope="module")
def changes(bundled):
    """Which outputs of Keras's own model change when some inputs do, over many draws."""
    keras = load_keras()[1]
    network = keras.saving.load_model(bundled_model("ensemble").path)
    outputs = keras.Model(network.inputs[0], [layer.output for layer in network.layers[1:]])
    names = [layer.name for layer in network.layers[1:]]
    draw = np.random.default_rng(0)

    def changed(first, last):
        before = draw.normal(size=(64, 100, 1)).astype(np.float32)
        after = before.copy()
        after[:, first : last + 1] += draw.normal(size=(64, last - first + 1, 1)) * 3
        pairs = zip(outputs(before), outputs(after), strict=True)
        both = [np.asarray(a) != np.asarray(b) for a, b in pairs]
        return dict(zip(names, both, strict=True))

    return changed


@pytest.mark.parametrize("span", [(1, 1), (20, 24), (60, 60), (95, 100)])
def test_what_changes_is_marked_and_nothing_else(bundled, changes, span):
    model, trace = bundled
    # Eigenvalue 0 is dropped: input sample i is eigenvalue i + 1.
    really = changes(span[0] - 1, span[1] - 1)
    for layer, info in enumerate(model.description.layers):
        marked = dependents(model.description, trace, layer, span)
        moved = really[info.name].any(axis=0)
        moved = moved.any(axis=-1) if moved.ndim > 1 else moved
        # Nothing outside the marks changes, and the steps that change are all the marked ones;
        # a single unit of a vector may stay however the input changes: relu, saturated softmax.
        assert not (moved & ~marked).any(), info.name
        if info.is_sequence:
            np.testing.assert_array_equal(moved, marked, err_msg=info.name)


def test_eigenvalues_that_are_not_read_mark_nothing(bundled):
    model, trace = bundled
    for layer in range(len(model.description.layers)):
        assert not dependents(model.description, trace, layer, (0, 0)).any()
        assert dependent_ranges(model.description, trace, layer, (0, 0), LINEAR) == ()


def test_units_of_a_flattened_map_have_the_field_of_their_sample(bundled):
    model, trace = bundled
    names = [info.name for info in model.description.layers]
    pool, flat, both = (names.index(name) for name in ("pool2", "flatten", "both"))
    steps = dependents(model.description, trace, pool, (50, 50))
    units = dependents(model.description, trace, flat, (50, 50))
    np.testing.assert_array_equal(units, np.repeat(steps, 96))
    joined = dependents(model.description, trace, both, (50, 50))
    np.testing.assert_array_equal(joined[:768], units)


def test_ranges_stand_at_the_edges_of_cells(bundled):
    model, trace = bundled
    # conv1 reads 5 inputs; eigenvalue 10 is input 9: steps 5 to 9.
    edges = layer_edges(model.description.layers[0], trace.positions)
    assert dependent_ranges(model.description, trace, 0, (10, 10), LINEAR) == (
        (edges[5], edges[10]),
    )
    (low, high), *_ = dependent_ranges(model.description, trace, 0, (10, 10), INDEX_LOG)
    assert (low, high) == (INDEX_LOG.forward(edges[5]), INDEX_LOG.forward(edges[10]))
    assert reach(model.description, trace, (10, 10))[0] == ("conv1", 5, 96)


def test_structures_in_rows_lie_one_after_the_other():
    inputs = np.arange(6.0).reshape(2, 3, 1)
    layers = (LayerInfo("flat", "Flatten", (6,)),)
    description = ModelDescription("m", "", "", (2, 3, 1), layers, ("a",), None, 0)
    flat = (LayerTrace(inputs.reshape(-1)),)
    trace = Trace("", inputs, np.array([1, 2, 3]), flat, np.zeros(1))
    marked = dependents(description, trace, 0, (2, 2))
    np.testing.assert_array_equal(marked, [False, True, False, False, True, False])
    # In channels, they stand beside each other.
    beside = Trace("", inputs.reshape(3, 2), np.array([1, 2, 3]), flat, np.zeros(1))
    marked = dependents(description, beside, 0, (2, 2))
    np.testing.assert_array_equal(marked, [False, False, True, True, False, False])
