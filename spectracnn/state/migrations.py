"""How saved records of older versions become those of the present one.

A version changes when a field gets another form or meaning; a field that is new and has a default
needs none. A change of `VERSION` adds one function to `_MIGRATIONS`, and a file as the version
before wrote it to ``tests/state/data``. What stands here never changes afterwards: it describes
files that are on somebody's disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 2
"""Of every record that is written."""

_CHOICES_1 = {
    "space": {"eigenvalues": "EIGENVALUES", "model's input": "INPUT"},
    "spectrum_mode": {
        "Raw": "RAW",
        "Unit area": "UNIT_AREA",
        "Weyl ratio": "WEYL",
        "Model input": "MODEL_INPUT",
    },
    "mode": {"Heat map": "HEAT_MAP", "Lines": "LINES"},
    "stage": {"Before activation": "BEFORE", "After activation": "AFTER"},
    "colour_scale": {"Each map": "MAP", "Each layer": "LAYER", "Whole network": "NETWORK"},
    "scale": {"Each map": "MAP", "Each layer": "LAYER", "Whole network": "NETWORK"},
    "channel_order": {
        "Automatic": "AUTO",
        "By number": "INDEX",
        "By activity": "ACTIVITY",
        "By contribution": "CONTRIBUTION",
        "By similarity": "SIMILARITY",
    },
    "kind": {"Robust": "ROBUST", "Full": "FULL", "Own": "OWN"},
}


def up_to_date(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of an older version as the present one would have written it.

    Parameters
    ----------
    record : dict
        Plain JSON values, with a ``version`` from 1 to `VERSION`. Records in it have versions of
        their own, and are left as they are.
    """
    for version in range(record["version"], VERSION):
        record = _MIGRATIONS[version](record)
    return record


def _names_of_choices(record: dict[str, Any]) -> dict[str, Any]:
    """Version 1 wrote a choice as its caption in the window, which a later wording may change."""
    named = {
        field: _CHOICES_1[field].get(value, value)
        for field, value in record.items()
        if field in _CHOICES_1 and isinstance(value, str)
    }
    return {**record, **named, "version": 2}


_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _names_of_choices}
"""By the version that each brings one further."""
