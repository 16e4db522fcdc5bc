"""Differences, groups, statistics and embeddings against numbers from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection
from spectracnn.view.colouring import PREDICTED, colouring, fields
from spectracnn.view.compare import (
    channel_differences,
    compare_contents,
    difference,
    logit_differences,
)
from spectracnn.view.embedding import (
    leading_axes,
    nearest,
    principal_components,
    projected,
    shape_dna,
)
from spectracnn.view.groups import class_mean, groups, single
from spectracnn.view.palettes import Palette
from spectracnn.view.statistics import exciting, layer_statistics

CLASSES = ("cup", "ant")
LAYERS = (
    LayerInfo("c", "Conv1D", (3, 2), 8, "relu", 2, 1, 1, "valid"),
    LayerInfo("d", "Dense", (2,), 9, "softmax", sources=(0,)),
)
CARD = ModelCard(Preprocessing.from_json([{"step": "take", "n": 4}]), CLASSES)
MODEL = ModelDescription("m", "m.keras", "0", (4, 1), LAYERS, CLASSES, CARD, 17)


def trace(conv, logits):
    before = np.asarray(conv, np.float32)
    logits = np.asarray(logits, np.float32)
    powers = np.exp(logits)
    return Trace(
        "0",
        np.full((4, 1), before[0, 0], np.float32),
        np.arange(4),
        (LayerTrace(np.maximum(before, 0), before), LayerTrace(powers / powers.sum(), logits)),
        powers / powers.sum(),
    )


FIRST = trace([[1, 5], [-2, 0], [3, 1]], [2.0, -1.0])
SECOND = trace([[1, 2], [4, 0], [-3, 1]], [0.5, 1.5])


def test_the_difference_is_taken_number_by_number():
    found = difference(FIRST, SECOND)
    assert found.layers[0].output.tolist() == [[0, 3], [-4, 0], [3, 0]]
    assert found.layers[0].before.tolist() == [[0, 3], [-6, 0], [6, 0]]
    with pytest.raises(ValueError, match="different networks"):
        difference(FIRST, replace(SECOND, layers=SECOND.layers[:1]))


def test_panels_of_the_difference_are_signed_and_on_a_scale_around_zero():
    contents = compare_contents(MODEL, (("a", FIRST), ("b", SECOND)), Selection())
    picture = contents.layers[0].picture
    assert picture.palette is Palette.SIGNED
    assert picture.levels == (-4.0, 4.0)
    assert [curve.name for curve in contents.spectrum.curves] == ["b", "a"]
    assert contents.spectrum.curves[1].y.tolist() == [1, 1, 1, 1]


def test_filters_that_differ_most_come_first():
    found = channel_differences(MODEL, FIRST, SECOND)
    rms = {item.channel: item.rms for item in found}
    assert rms[0] == pytest.approx(np.sqrt((0 + 16 + 9) / 3))
    assert rms[1] == pytest.approx(np.sqrt(9 / 3))
    assert [item.channel for item in found] == [0, 1]
    a, b = FIRST.layers[0].output, SECOND.layers[0].output
    whole = np.sqrt((np.mean(a**2) + np.mean(b**2)) / 2)
    assert found[0].relative == pytest.approx(rms[0] / whole)
    assert {item.layer for item in found} == {0}


def test_logits_before_softmax_are_compared():
    rows = logit_differences(MODEL, FIRST, SECOND)
    assert [(row.name, row.difference) for row in rows] == [("ant", -2.5), ("cup", 1.5)]


def entries():
    records = [("a", 0, "x"), ("b", 0, "y"), ("c", 1, "x"), ("d", 0, "x")]
    for number, (name, best, label) in enumerate(records):
        probabilities = np.array([0.1, 0.1], np.float32)
        probabilities[best] = 0.9
        metadata = {"label": label, "unique": name}
        spectrum = Spectrum(name, np.arange(6.0), metadata=metadata)
        yield Entry(number, spectrum, probabilities)


def test_groups_by_tick_class_and_label():
    document = Document(tuple(entries()), MODEL)
    found = groups(document, Selection(overlaid=frozenset({0, 2})))
    assert [(side.name, side.ids) for side in found] == [
        ("ticked spectra", (0, 2)),
        ("predicted cup", (0, 1, 3)),
        ("label x", (0, 2, 3)),
    ]
    assert class_mean(document, 1).ids == (0, 1, 3)
    assert class_mean(document, 2) is None
    assert not single(document.entries[0]).is_mean


def test_statistics_by_hand():
    values = np.array([[0, 1.0, 5], [2, 3, 5], [4, 2, 5], [0, 0, 5]], np.float32)
    maxima = np.array([[4, 0, 5], [np.nan] * 3, [9, 0, 5]], np.float32)
    found = layer_statistics(values, maxima, rectified=True)
    assert found.mean.tolist() == [1.5, 1.5, 5]
    np.testing.assert_allclose(found.spread, values.std(axis=0))
    assert found.zeros.tolist() == [0.5, 0.25, 0]
    assert found.largest.tolist() == [9, 0, 5]
    assert found.dead.tolist() == [False, True, False]
    expected = np.corrcoef(values[:, :2].T)
    np.testing.assert_allclose(found.correlation[:2, :2], expected, rtol=1e-12)
    assert np.isnan(found.correlation[2]).all()
    assert not layer_statistics(values, maxima, rectified=False).dead.any()
    assert layer_statistics(values, None, rectified=True).dead is None


def test_what_excites_a_filter_most():
    maxima = np.array([[1.0], [5], [np.nan], [3]], np.float32)
    assert exciting(maxima, 0, most=2) == [(1, 5.0), (3, 3.0)]


@pytest.mark.parametrize("shape", [(40, 12), (600, 500)])
def test_components_are_those_of_another_library(shape):
    features = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    features[:, 0] *= 8
    features[:, 1] *= 4
    features[5] = np.nan
    known = np.delete(np.arange(shape[0]), 5)
    reference = PCA(2, svd_solver="full").fit(features[known].astype(float))
    expected = reference.transform(features[known].astype(float))
    found = principal_components(features)
    np.testing.assert_allclose(np.abs(found.points[known]), np.abs(expected), atol=1e-6)
    np.testing.assert_allclose(found.explained, reference.explained_variance_ratio_, rtol=1e-6)
    assert np.isnan(found.points[5]).all()
    top = found.points[known][np.argmax(np.abs(found.points[known]), axis=0), [0, 1]]
    assert (top > 0).all()


def test_few_points_have_components_too():
    assert principal_components(np.zeros((0, 3), np.float32)).points.shape == (0, 2)
    assert principal_components(np.ones((1, 3), np.float32)).points.tolist() == [[0, 0]]
    pair = principal_components(np.array([[0.0], [2.0]], np.float32))
    np.testing.assert_allclose(np.abs(pair.points), [[1, 0], [1, 0]], atol=1e-12)


def test_neighbours_by_another_library():
    features = np.random.default_rng(2).normal(size=(30, 7))
    features[4] = np.nan
    found = nearest(features, 3, most=5)
    distances = cdist(features[3:4], features)[0]
    distances[[3, 4]] = np.inf
    assert [row for row, _ in found] == np.argsort(distances)[:5].tolist()
    np.testing.assert_allclose([d for _, d in found], np.sort(distances)[:5])
    assert nearest(features, 4) == []


def test_shape_dna_is_free_of_size():
    values = np.array([0.0, 1, 3, 4, 7, 9])
    one = Spectrum("one", values, Kind.SURFACE, area=2.0)
    scaled = Spectrum("scaled", values / 25, Kind.SURFACE, area=50.0)
    found = shape_dna([one, scaled], length=4)
    np.testing.assert_allclose(found.values, [[2, 6, 8, 14]] * 2)
    assert "area" in found.rule
    no_area = shape_dna([Spectrum("a", values), Spectrum("b", 10 * values)], length=3)
    assert no_area.values.tolist() == [[1, 3, 4]] * 2
    assert "first nonzero" in no_area.rule


def test_colours_by_class_label_and_number():
    document = Document(tuple(entries()), MODEL)
    assert fields(document) == [PREDICTED, "label", "unique"]
    by_class = colouring(document, PREDICTED, dark=False)
    assert [word for word, *_ in by_class.legend] == ["ant", "cup"]
    assert by_class.colours[0] == by_class.colours[1] != by_class.colours[2]
    aged = [
        replace(entry, spectrum=replace(entry.spectrum, metadata={"age": str(10 * entry.id)}))
        for entry in document.entries
    ]
    by_age = colouring(Document(tuple(aged), MODEL, MappingProxyType({})), "age", dark=False)
    assert [word for word, *_ in by_age.legend] == ["0", "30"]
    assert len(set(by_age.colours)) == 4


def test_the_axis_shows_both_inputs_and_not_their_difference():
    contents = compare_contents(MODEL, (("a", FIRST), ("b", SECOND)), Selection())
    drawn = np.concatenate([curve.y for curve in contents.spectrum.curves])
    low, high = contents.spectrum.values
    assert (low, high) == (drawn.min(), drawn.max())


def test_axes_of_all_are_the_principal_components():
    features = np.random.default_rng(5).normal(size=(60, 7)).astype(np.float32) * np.arange(1, 8)
    features[3] = np.nan
    axes = leading_axes(features.astype(np.float32), most=3)
    found = projected(axes.project(features), axes)
    whole = principal_components(features)
    np.testing.assert_allclose(found.points, whole.points, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.explained, whole.explained, rtol=1e-6)
    assert axes.found_from == 59
    assert axes.directions.shape == (7, 3)


def test_axes_of_a_sample_find_the_same_plane_as_scikit_learn():
    from sklearn.decomposition import PCA

    draw = np.random.default_rng(6)
    plane = draw.normal(size=(2, 500))
    features = draw.normal(size=(3000, 2)) * (9, 4) @ plane + 0.01 * draw.normal(size=(3000, 500))
    axes = leading_axes(features[::4].astype(np.float32), most=2)
    theirs = PCA(2).fit(features).components_
    both = theirs @ axes.directions
    np.testing.assert_allclose(np.linalg.svd(both, compute_uv=False), 1, atol=1e-3)
    assert projected(np.zeros((0, 2), np.float32), axes).points.shape == (0, 2)
    assert leading_axes(np.full((4, 5), np.nan, np.float32)).found_from == 0
