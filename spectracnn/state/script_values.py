"""Values, edits and spectra as Python code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.core.edits import Edit
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection

_MOST_NAMED = 200
"""Spectra of one file that are named one by one; of more the whole file is read."""


def code(value: Any) -> str:
    """Return a value as an expression; records are names of the API, without their defaults."""
    if isinstance(value, Task):
        return repr(value.value)
    if isinstance(value, Enum):
        return f"sc.{type(value).__name__}.{value.name}"
    if isinstance(value, np.ndarray):
        return f"np.array([{', '.join(_number(item) for item in value)}])"
    if isinstance(value, np.generic):
        return code(value.item())
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple):
        inside = ", ".join(map(code, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, frozenset):
        return f"frozenset([{', '.join(map(code, sorted(value)))}])"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{code(k)}: {code(v)}" for k, v in value.items()) + "}"
    if is_dataclass(value):
        return f"sc.{type(value).__name__}({', '.join(_changed(value))})"
    return repr(value)


def edits_code(edits: Sequence[Edit]) -> str:
    """Return a list of edits."""
    return f"[{', '.join(map(code, edits))}]"


def method_code(method: Method, target: int | None, options: AttributionOptions) -> str:
    """Return method, class and options of an attribution as arguments."""
    return ", ".join([f'method="{method.value}"', f"target={target}", *_changed(options)])


def arguments_code(record: Any) -> str:
    """Return the fields of a record that are not as by default, as arguments by name."""
    return ", ".join(_changed(record))


def options_code(plan: TrainingPlan) -> str:
    """Return what a training's plan says beyond data and file, as further arguments."""
    fields = _changed(plan)
    return "".join(f", {word}" for word in fields if not word.startswith(("data=", "out=")))


def view_code(selection: Selection) -> str:
    """Return how panels are shown, without what a scene knows itself."""
    shown = replace(
        selection,
        current=None,
        overlaid=frozenset(),
        hovered=None,
        muted=frozenset(),
        weight_edits=(),
        explaining=False,
        overview=False,
    )
    return code(shown)


def spectra_lines(entries: Sequence[Entry]) -> list[str]:
    """Return lines that make a list of spectra as they were read, in the entries' order."""
    lines = ["spectra = []"]
    spectra = [entry.original or entry.spectrum for entry in entries]
    for source, group in groupby(spectra, lambda spectrum: spectrum.source):
        members = list(group)
        if source is None:
            lines += [
                f"spectra.append(sc.Spectrum({one.name!r}, {code(one.eigenvalues)}, "
                f"area={code(one.area)}, key={one.key!r}))"
                for one in members
            ]
        elif len(members) > _MOST_NAMED:
            lines += [
                f"spectra += sc.read({str(source)!r})  # all {len(members)} of the file",
                f"assert spectra[-1].name == {members[-1].name!r}",
            ]
        else:
            wanted = [(one.name, one.key) for one in members]
            lines.append(f"spectra += sc.pick({str(source)!r}, {wanted!r})")
    return lines


def _number(value: Any) -> str:
    number = float(value)
    if np.isfinite(number):
        return repr(number)
    return f"float({str(number)!r})"


def _changed(record: Any) -> list[str]:
    """Return the fields of a record that are not as by default, as keyword arguments."""
    words = []
    for item in fields(record):
        value = getattr(record, item.name)
        if not _is_default(value, item):
            words.append(f"{item.name}={code(value)}")
    return words


def _is_default(value: Any, item: Field[Any]) -> bool:
    if isinstance(value, np.ndarray):
        return False
    if item.default is not MISSING:
        return bool(value == item.default)
    return item.default_factory is not MISSING and bool(value == item.default_factory())
