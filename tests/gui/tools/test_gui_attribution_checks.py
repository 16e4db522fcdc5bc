"""The checks in the Why tab are asked for, shown, and gone when something else is explained."""

import numpy as np
import pytest

from spectracnn.core.attribution import Method
from spectracnn.core.attribution_checks import AttributionChecks


@pytest.fixture
def checks():
    return AttributionChecks(
        Method.INTEGRATED_GRADIENTS,
        0,
        0.001,
        {Method.OCCLUSION: 0.8},
        np.linspace(1, 0, 11) ** 2,
        np.linspace(0, 1, 11) ** 0.5,
        np.full(20, 0.5),
        np.full(20, 0.5),
    )


def test_the_words(checks):
    told = " ".join(checks.words())
    assert "miss the logit's change by 0.1 %" in told
    assert "occlusion 0.80" in told
    assert "falls earlier than in 20 of 20" in told
    assert "rises earlier than in 20 of 20" in told


def test_only_what_was_asked_for_is_shown(checks):
    from spectracnn.gui.tools.attribution.attribution import AttributionTool

    shown = []

    class Tool:
        _checked = "this"

        def _show_checks(self, text, key):
            shown.append((text, key))

    AttributionTool._receive_checks(Tool(), "another", checks)
    assert shown == []
    AttributionTool._receive_checks(Tool(), "this", checks)
    assert shown[0][1] == "this"
    assert "random order" in shown[0][0]
