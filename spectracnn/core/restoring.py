"""Small records to plain JSON values and back; what makes no sense has its default.

For settings, which must never keep the program from starting. Saved work is read by
``state/saving.py`` instead, which refuses what is damaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_MISSING = object()


def plain(value: Any) -> Any:
    """Return a record as plain JSON values.

    Examples
    --------
    >>> plain((1, frozenset({"b", "a"})))
    [1, ['a', 'b']]
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def restored(kind: type[T], record: Any) -> T:
    """Return the record that `plain` gave these values for.

    Parameters
    ----------
    kind : type
        A dataclass whose fields have defaults. A field's metadata may name the ``allowed`` values:
        anything that answers ``in``.
    record : object
        Plain JSON values. A field that is missing, or has another type or a value that is not
        allowed, has its default; single items of a collection that make no sense are left out.
    """
    hints = get_type_hints(kind)
    known: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]
        given = record.get(item.name, _MISSING) if isinstance(record, Mapping) else _MISSING
        value = _value(hints[item.name], given)
        allowed = item.metadata.get("allowed")
        if value is not _MISSING and (value is None or allowed is None or value in allowed):
            known[item.name] = value
    return kind(**known)


def _value(hint: Any, given: Any) -> Any:
    """Return a value of this type, else `_MISSING`."""
    origin, inside = get_origin(hint), get_args(hint)
    if given is _MISSING:
        return given
    if origin in (Union, UnionType):
        if given is None and NoneType in inside:
            return None
        found = (_value(one, given) for one in inside if one is not NoneType)
        return next((value for value in found if value is not _MISSING), _MISSING)
    if origin in (tuple, frozenset):
        items = [_value(inside[0], item) for item in given] if isinstance(given, list) else None
        if items is None:
            return _MISSING
        return origin(item for item in items if item is not _MISSING)
    if isinstance(hint, type) and is_dataclass(hint):
        return restored(hint, given) if isinstance(given, Mapping) else _MISSING
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next((one for one in hint if one.value == given), _MISSING)
    # By type(): True is an int to isinstance.
    return given if type(given) is hint else _MISSING
