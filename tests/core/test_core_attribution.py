"""Options of attributions, and their records across a pipe."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.errors import AttributionError


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "'steps' is 0; it must be at least 1"),
        ({"samples": -3}, "'samples' is -3"),
        ({"window": 0}, "'window' is 0"),
        ({"noise": -0.1}, "'noise' is -0.1"),
        ({"noise": float("nan")}, "'noise' is nan"),
        ({"seed": -1}, "'seed' is -1"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, float], words: str) -> None:
    with pytest.raises(AttributionError, match=words):
        AttributionOptions(**options)  # type: ignore[arg-type]


def test_an_attribution_stays_read_only_across_a_pipe() -> None:
    made = Attribution(
        Method.OCCLUSION,
        AttributionOptions(),
        1,
        np.ones((3, 1)),
        np.ones((3, 1)),
        np.arange(3),
        np.zeros(2),
    )
    again = pickle.loads(pickle.dumps(made))
    assert not again.values.flags.writeable
    assert again.values.dtype == np.float32


def test_the_help_page_says_what_the_program_says() -> None:
    page = Path(__file__).parents[2] / "docs" / "attribution.md"
    text = page.read_text(encoding="utf-8")
    for info in METHODS.values():
        row = f"| {info.title} | {info.summary} | `{info.formula}` | {info.source} |"
        assert row in text
        assert f"`{info.method.value}`" in text
