"""Versioned JSON for edits, selections and saved workspaces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from spectracnn.core import edits as edit_classes
from spectracnn.core.attribution import AttributionOptions
from spectracnn.core.edits import Edit
from spectracnn.core.spectrum import Kind, Normalisation
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.errors import SpectraCNNError
from spectracnn.geometry.options import SolveOptions
from spectracnn.state import selection as selection_classes
from spectracnn.state.migrations import VERSION, up_to_date
from spectracnn.state.selection import Selection
from spectracnn.state.tools import ToolChoices

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SavedStateError(SpectraCNNError):
    """A saved state cannot be read."""


@dataclass(frozen=True, eq=False)
class SavedSpectrum:
    """A spectrum that has no file, such as a pasted one: `spectracnn.core.spectrum.Spectrum`."""

    eigenvalues: NDArray[np.float64]
    kind: Kind = Kind.UNKNOWN
    area: float | None = None
    volume: float | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    normalisation: Normalisation = Normalisation.UNKNOWN
    notes: tuple[str, ...] = ()
    subject: str = ""
    structure: str = ""


@dataclass(frozen=True)
class SavedEntry:
    """One spectrum of a saved workspace: where it was read, and what was done to it.

    Parameters
    ----------
    id : int
        As selections name it.
    path : str
        The file; empty where it has none.
    name, key : str
        Which of the file's spectra.
    edits : tuple of Edit
        What was done to it.
    spectrum : SavedSpectrum or None
        The spectrum itself, where it has no file.
    """

    id: int
    path: str
    name: str
    key: str = ""
    edits: tuple[Edit, ...] = ()
    spectrum: SavedSpectrum | None = None


@dataclass(frozen=True)
class SavedTable:
    """The table of participants of a saved workspace.

    Parameters
    ----------
    path : str
        The file.
    id_column : str
        Which column says who a row is; empty for whichever matches.
    """

    path: str
    id_column: str = ""


@dataclass(frozen=True)
class SavedModel:
    """A model of a saved workspace.

    Parameters
    ----------
    path : str
        The file.
    sha256 : str
        What it was.
    """

    path: str
    sha256: str = ""


@dataclass(frozen=True)
class SavedWorkspace:
    """Everything that a workspace needs to be opened again.

    Parameters
    ----------
    entries : tuple of SavedEntry
        In the order of the table.
    model : SavedModel or None
        The current one.
    others : tuple of SavedModel
        Open beside it.
    selection : Selection
        What is chosen, with muted filters.
    choices : ToolChoices
        What each tool shows.
    labels : mapping of int to str
        Typed labels, by entry.
    participants : SavedTable or None
        The table beside the spectra.
    """

    entries: tuple[SavedEntry, ...] = ()
    model: SavedModel | None = None
    others: tuple[SavedModel, ...] = ()
    selection: Selection = field(default_factory=Selection)
    choices: ToolChoices = field(default_factory=ToolChoices)
    labels: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    participants: SavedTable | None = None


_EDITS = {
    cls.__name__: cls
    for cls in vars(edit_classes).values()
    if isinstance(cls, type) and issubclass(cls, Edit) and cls is not Edit
}
_RECORDS: dict[str, type] = {
    **_EDITS,
    **{
        cls.__name__: cls
        for cls in (SavedEntry, SavedModel, SavedSpectrum, SavedTable, SavedWorkspace, WeightEdit)
    },
    **{
        name: getattr(selection_classes, name)
        for name in ("ColourRange", "LayerOptions", "Sample", "Selection")
    },
    **{cls.__name__: cls for cls in (AttributionOptions, SolveOptions, ToolChoices)},
    **{type(record).__name__: type(record) for record in vars(ToolChoices()).values()},
}
_NAMES = {"NDArray": list, "np": np, "WeightEdit": WeightEdit, "Mapping": Mapping}
"""What the records name for type checkers only; an array is recognised by its tag."""


def to_json(record: Any) -> Any:
    """Return a record, or a collection of records, as plain JSON values.

    Raises
    ------
    TypeError
        If it holds what is not meant to be saved.
    """
    if isinstance(record, Enum):
        return record.name  # the value is a caption, which may be worded otherwise one day
    if record is None or isinstance(record, bool | int | str):
        return record
    if isinstance(record, float):
        return record if math.isfinite(record) else {"float": repr(record)}
    if isinstance(record, np.ndarray):
        return {"array": [to_json(float(value)) for value in record]}
    if isinstance(record, np.generic):
        return to_json(record.item())
    if isinstance(record, frozenset | set):
        return [to_json(item) for item in sorted(record)]
    if isinstance(record, Mapping):
        return [[to_json(key), to_json(value)] for key, value in record.items()]
    if isinstance(record, tuple | list):
        return [to_json(item) for item in record]
    name = type(record).__name__
    if isinstance(record, WeightEdit):  # has a form of its own, which model cards use too
        return {"record": name, "version": VERSION, "edit": record.to_json()}
    if name not in _RECORDS:
        raise TypeError(f"A {name} is not saved.")
    values = {item.name: to_json(getattr(record, item.name)) for item in fields(record)}
    return {"record": name, "version": VERSION, **values}


def from_json(value: Any, kind: type | None = None) -> Any:
    """Return the record that `to_json` gave these values for.

    Parameters
    ----------
    value : object
        Plain JSON values.
    kind : type, optional
        Which record is expected; any that is known without it.

    Raises
    ------
    SavedStateError
        If they are none: one sentence that names the place.
    """
    return _record(value, kind, "the saved state")


def _record(value: Any, expected: type | None, place: str) -> Any:
    if not isinstance(value, dict) or value.get("record") not in _RECORDS:
        raise _wrong(place, value, "a known record")
    kind = _RECORDS[value["record"]]
    version = value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= VERSION:
        raise SavedStateError(
            f"{place}: found version {version!r} of {value['record']}, expected at most {VERSION}.",
            "It may have been written by a newer SpectraCNN.",
        )
    if expected is not None and not issubclass(kind, expected):
        raise _wrong(place, value["record"], expected.__name__)
    if kind is WeightEdit:
        try:
            return WeightEdit.from_json(value.get("edit"))
        except SpectraCNNError as error:
            raise SavedStateError(f"{place}: {error}") from error
    value = up_to_date(value)
    hints, given = _hints(kind), {}
    for item in fields(kind):
        if item.name in value:
            where = f"{place}, {item.name}"
            given[item.name] = _value(value[item.name], hints[item.name], where)
        elif item.default is MISSING and item.default_factory is MISSING:
            raise _wrong(place, "no " + item.name, item.name)
    try:
        return kind(**given)
    except (SpectraCNNError, ValueError, TypeError) as error:
        raise SavedStateError(f"{place}: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a record's fields; finding them takes longer than reading a record."""
    return get_type_hints(kind, localns=_NAMES)


def _value(value: Any, hint: Any, place: str) -> Any:
    origin, inside = get_origin(hint), get_args(hint)
    if isinstance(value, dict) and "array" in value:
        items = value["array"]
        if not isinstance(items, list):
            raise _wrong(place, items, "a list of numbers")
        array = np.array([_value(item, float, place) for item in items], np.float64)
        array.flags.writeable = False
        return array
    if origin is Literal:
        if value not in inside:
            raise _wrong(place, value, f"one of {', '.join(map(str, inside))}")
        return value
    if origin in (Union, UnionType):
        return _one_of(value, inside, place)
    if origin in (tuple, frozenset):
        return _collection(value, origin, inside, place)
    if origin is not None and issubclass(origin, Mapping):
        pairs = value if isinstance(value, list) else None
        if pairs is None or any(not isinstance(p, list) or len(p) != 2 for p in pairs):
            raise _wrong(place, value, "a list of pairs")
        key, item = inside
        return MappingProxyType({_value(k, key, place): _value(v, item, place) for k, v in pairs})
    if isinstance(hint, type) and issubclass(hint, Enum):
        if not isinstance(value, str) or value not in hint.__members__:
            raise _wrong(place, value, f"one of {', '.join(hint.__members__)}")
        return hint[value]
    return _plain(value, hint, place)


def _one_of(value: Any, kinds: tuple[Any, ...], place: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    left = [kind for kind in kinds if kind is not type(None)]
    for kind in left[:-1]:
        try:
            return _value(value, kind, place)
        except SavedStateError:
            continue
    return _value(value, left[-1], place)


def _collection(value: Any, origin: type, inside: tuple[Any, ...], place: str) -> Any:
    if not isinstance(value, list):
        raise _wrong(place, value, "a list")
    if origin is frozenset or (len(inside) == 2 and inside[1] is Ellipsis):
        return origin(_value(item, inside[0], f"{place} {n}") for n, item in enumerate(value))
    if len(value) != len(inside):
        raise _wrong(place, f"{len(value)} values", f"{len(inside)} values")
    return tuple(_value(item, kind, place) for item, kind in zip(value, inside, strict=True))


def _plain(value: Any, hint: Any, place: str) -> Any:
    if hint is float:
        if isinstance(value, dict) and value.get("float") in ("inf", "-inf", "nan"):
            return float(value["float"])
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise _wrong(place, value, "a number")
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint in (bool, str) and isinstance(value, hint):
        return value
    if isinstance(hint, type) and hint not in (int, bool, str):
        return _record(value, hint, place)
    raise _wrong(place, value, getattr(hint, "__name__", str(hint)))


def _wrong(place: str, found: Any, expected: str) -> SavedStateError:
    return SavedStateError(f"{place}: found {str(found)[:60]!r}, expected {expected}.")
