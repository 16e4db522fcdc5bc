"""The picture of an attribution, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.trace import ModelDescription
from spectracnn.view.attribution import attribution_picture

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


def test_completeness_is_told_with_its_error():
    picture = attribution_picture(MODEL, attribution([[1.0], [-0.5], [0.0], [3.45]]))
    assert picture.completeness == (
        "The values add up to +3.95; from the baseline the logit changes by +4 (error 1.2 %)."
    )
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
