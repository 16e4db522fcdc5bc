from __future__ import annotations

import pytest
from small_network import make_document

from spectracnn.state.selection import Selection


@pytest.fixture
def document():
    return make_document()


@pytest.fixture
def selection():
    return Selection(current=0, overlaid=frozenset({1, 2}))
