"""The picture of an attribution, by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.card import ModelCard
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.trace import LayerInfo, ModelDescription
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection
from spectracnn.view.attribution import attribution_picture, column_texts, headline
from spectracnn.view.contents import PredictionContents
from spectracnn.view.palettes import Palette, colour_table, signed_colours
from spectracnn.view.resolve import resolve

CARD = ModelCard(Preprocessing.from_json([{"step": "take", "n": 4}]), ("cup", "ant"))
MODEL = ModelDescription("m", "m.keras", "0", (4, 1), (), ("cup", "ant"), CARD, 0)


def attribution(values, **changes):
    values = np.asarray(values, np.float32)
    record = {
        "method": Method.INTEGRATED_GRADIENTS,
        "options": AttributionOptions(),
        "target": 1,
        "values": values,
        "input": np.arange(values.size, dtype=np.float32).reshape(values.shape),
        "positions": np.arange(1, 5),
        "logits": np.array([0.5, 3.5], np.float32),
        "completeness_error": 0.0125,
        "baseline_logit": -0.5,
    }
    return Attribution(**{**record, **changes})


def test_ranked_by_magnitude_with_shares():
    picture = attribution_picture(MODEL, attribution([[1.0], [-4.0], [0.0], [3.0]]))
    assert [item.index for item in picture.ranked] == [2, 4, 1, 3]
    assert [item.share for item in picture.ranked] == [0.5, 0.375, 0.125, 0.0]
    assert [item.step for item in picture.ranked] == [1, 3, 0, 2]
    assert (picture.target, picture.logit, picture.top) == ("ant", 3.5, 4.0)
    assert picture.at.tolist() == [1, 2, 3, 4]


def test_a_regression_is_explained_by_its_value():
    card = replace(CARD, classes=("age",), task=Task.REGRESSION, target="age", unit="years")
    model = replace(MODEL, classes=("age",), card=card, task=Task.REGRESSION)
    logits = np.array([28.3149], np.float32)
    found = attribution([[1.0], [-4.0], [0.0], [3.0]], target=0, logits=logits)
    picture = attribution_picture(model, found)
    assert picture.caption.endswith("what raises age (up) and lowers it (down), in years")
    assert picture.directions == ("raises age", "lowers age")
    assert "from the baseline the value changes by" in picture.completeness
    assert column_texts(picture)[0][3] == "value"
    prediction = PredictionContents(("age",), logits, "28.31 years", "")
    shown = SimpleNamespace(prediction=prediction, attribution=picture)
    assert headline(shown, busy=False) == "age: 28.31 years"
    texts = (picture.caption, picture.completeness, *picture.directions)
    assert not any(word in text for text in texts for word in ("logit", "class", "probability"))


def test_completeness_is_told_with_its_error():
    picture = attribution_picture(MODEL, attribution([[1.0], [-0.5], [0.0], [3.45]]))
    assert picture.completeness == (
        "The values add up to +3.95; from the baseline the logit changes by +4 (error 1.2 %). "
        "More steps bring them closer."
    )
    exact = attribution([[1.0], [-0.5], [0.0], [3.5]], completeness_error=0.002)
    assert attribution_picture(MODEL, exact).completeness.endswith("by +4 (error 0.2 %).")
    assert (
        attribution_picture(
            MODEL, attribution([[1.0]] * 4, completeness_error=None, baseline_logit=None)
        ).completeness
        == ""
    )
    still = attribution_picture(MODEL, attribution([[0.0]] * 4, completeness_error=np.inf))
    assert "not defined" in still.completeness
    assert still.top == 1.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[1, 10], [2, 20], [3, 30], [4, 40]], [11, 22, 33, 44]),  # steps, structures
        ([[[1], [2], [3], [4]], [[5], [6], [7], [8]]], [6, 8, 10, 12]),  # structures, steps, 1
    ],
)
def test_structures_are_summed_along_the_index(values, expected):
    assert attribution_picture(MODEL, attribution(values)).values.tolist() == expected


def test_inputs_of_structures_are_averaged():
    picture = attribution_picture(
        MODEL, attribution([[1, 1]] * 4, input=np.array([[1, 3], [2, 4], [0, 0], [5, -5]]))
    )
    assert picture.inputs.tolist() == [2, 3, 0, 0]


def test_grad_cam_says_the_same_of_all_channels_and_is_counted_once():
    layers = (LayerInfo("first", "Conv1D", (4, 2)), LayerInfo("second", "Conv1D", (4, 2)))
    model = replace(MODEL, layers=layers)
    same = [[1, 1], [2, 2], [3, 3], [4, 4]]
    cam = attribution(same, method=Method.GRAD_CAM, layer=1, completeness_error=None)
    picture = attribution_picture(model, cam)
    assert picture.values.tolist() == [1, 2, 3, 4]
    assert picture.title == "Grad-CAM at second"
    assert "against it is left out" in picture.caption
    signed = replace(cam, method=Method.GRAD_CAM_SIGNED)
    assert attribution_picture(model, signed).caption == (
        "Signed Grad-CAM at second: what speaks for ant (up) and against it (down), in logits"
    )


def test_eigenvalues_of_an_unsorted_file_stand_at_their_rank():
    picture = attribution_picture(
        MODEL, attribution([[4.0], [3.0], [2.0], [1.0]], positions=np.array([3, 1, 4, 2]))
    )
    assert [item.index for item in picture.ranked] == [3, 1, 4, 2]
    assert [item.place for item in picture.ranked] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("top", "heading", "cell"),
    [
        (1.736, "logit", "+1.74"),
        (0.1, "logit", "+0.10"),
        (0.0024, "10\u207b\u00b3 logit", "+2.40"),
        (4e-7, "10\u207b\u2079 logit", "+400.00"),
        (52000.0, "10\u00b3 logit", "+52.00"),
    ],
)
def test_the_table_is_read_with_decimal_points_in_line(top, heading, cell):
    picture = attribution_picture(
        MODEL, attribution([[top], [0.0], [0.0], [0.0]], input=np.array([[-1.5], [0], [0], [0]]))
    )
    headings, rows = column_texts(picture)
    assert headings == ("#", "index", "input", heading, "%")
    assert rows[0] == ("1", "1", "\u22121.50", cell, "100.0")


def test_the_headline_tells_logit_and_probability_or_what_is_missing():
    prediction = PredictionContents(("cup", "ant"), np.array([0.75, 0.25]), "cup  75.0 %")
    picture = attribution_picture(MODEL, attribution([[1.0]] * 4, logits=np.array([1.0, -0.125])))
    told = contents(prediction, picture)
    assert headline(told, busy=True) == "ant: logit \u22120.125, probability 25.0 %"
    assert headline(contents(prediction, None), busy=True) == "Computing \u2026"
    assert headline(contents(prediction, None), busy=False) == "Not computed yet."
    refused = PredictionContents((), np.zeros(0), "Not classified", "Too short.")
    assert headline(contents(refused, None), busy=False) == "Too short."


def contents(prediction, picture):
    return SimpleNamespace(prediction=prediction, attribution=picture)


def test_room_is_kept_only_while_somebody_asks_about_something():
    entry = Entry(1, Spectrum("cup 1", np.arange(6.0), Kind.SURFACE, 1.0))
    document = Document((entry,), MODEL)
    asking = Selection(current=1, explaining=True)
    assert resolve(document, asking).explaining
    assert not resolve(document, replace(asking, explaining=False)).explaining
    assert not resolve(replace(document, model=None), asking).explaining
    assert not resolve(document, replace(asking, current=None)).explaining
    refused = replace(document, entries=(replace(entry, refusal="Too short."),))
    assert not resolve(refused, asking).explaining
    there = replace(document, attribution=attribution([[1.0]] * 4))
    assert resolve(there, replace(asking, explaining=False)).explaining


@pytest.mark.parametrize("dark", [False, True])
def test_signs_have_the_colours_of_signed_maps(dark):
    low, zero, high = signed_colours(np.array([-2.0, 0.0, 2.0]), 2.0, dark).astype(int)
    assert low[2] > low[0]
    assert high[0] > high[2]
    assert zero.tolist() == [0 if dark else 255] * 3
    table = colour_table(Palette.SIGNED, dark)
    np.testing.assert_array_equal([low, high], table[[0, 255]])


def test_of_an_image_each_structure_stands_by_itself():
    values = np.arange(24, dtype=np.float32).reshape(3, 4, 2) - 9
    model = replace(MODEL, input_shape=(3, 4, 2), structures=("Left", "Right", "Stem"))
    picture = attribution_picture(model, attribution(values))
    np.testing.assert_array_equal(picture.image, values.sum(axis=2))
    np.testing.assert_array_equal(picture.image.sum(axis=0), picture.values)
    assert picture.row_names == ("Left", "Right", "Stem")
    assert picture.image_top == 27
    same = attribution_picture(model, attribution(values, method=Method.GRAD_CAM))
    np.testing.assert_array_equal(same.image, values.mean(axis=2))
    unnamed = attribution_picture(replace(model, structures=()), attribution(values))
    assert unnamed.row_names == ("row 0", "row 1", "row 2")
    assert attribution_picture(MODEL, attribution([[1.0], [2.0], [0.0], [3.0]])).image is None
