"""Remembers what was computed of open data, and forgets it with the data."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
R = TypeVar("R")


def weak_cache(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache a pure function as `functools.lru_cache` does, without keeping its arguments alive.

    What an argument stands for by its identity (a document, a trace, a spectrum, also inside of a
    tuple) owns what was computed of it: a result goes when the first of these arguments does. So
    closing data frees it whoever computed something of it, and nobody has to say what to forget.
    Arguments that compare by value are kept as they are. A result must not refer to an argument
    that it is kept for.

    Parameters
    ----------
    maxsize : int
        How many results are kept at most; the one that was not asked for longest goes first.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cache = _Cache(maxsize)

        @wraps(function)
        def cached(*args: P.args, **kwargs: P.kwargs) -> R:
            arguments = (args, tuple(kwargs.items()))
            found = cache.get(arguments)
            if found is _NOTHING:
                found = function(*args, **kwargs)
                cache.put(arguments, found)
            return found  # type: ignore[no-any-return]

        cached.cache = cache  # type: ignore[attr-defined]
        return cached

    return decorate


_NOTHING: Any = object()
_BY_IDENTITY: Any = object.__hash__


class _Cache:
    """Results by weakly held arguments, the one that was asked for last at the end."""

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._keys: dict[weakref.ref[Any], set[Hashable]] = {}
        # Also entered by the collector, in the midst of anything.
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._results)

    def get(self, arguments: Any) -> Any:
        """Return the result for these arguments, or `_NOTHING`."""
        key = _weakly(arguments, None, [])
        with self._lock:
            found = self._results.get(key, _NOTHING)
            if found is not _NOTHING:
                self._results.move_to_end(key)
        return found

    def put(self, arguments: Any, result: Any) -> None:
        """Keep a result."""
        references: list[weakref.ref[Any]] = []
        key = _weakly(arguments, self._forget, references)
        with self._lock:
            self._results[key] = result
            for reference in references:
                self._keys.setdefault(reference, set()).add(key)
            while len(self._results) > self._maxsize:
                self._drop(next(iter(self._results)))

    def _forget(self, reference: weakref.ref[Any]) -> None:
        with self._lock:
            for key in self._keys.pop(reference, ()):
                self._drop(key)

    def _drop(self, key: Hashable) -> None:
        self._results.pop(key, None)
        for reference in _references(key):
            keys = self._keys.get(reference)
            if keys is not None:
                keys.discard(key)
                if not keys:
                    del self._keys[reference]


def _weakly(
    value: Any, gone: Callable[[weakref.ref[Any]], None] | None, made: list[weakref.ref[Any]]
) -> Any:
    """Return a value with weak references in the place of what counts by its identity."""
    if isinstance(value, tuple):
        return tuple(_weakly(item, gone, made) for item in value)
    own_hash: Any = type(value).__hash__
    if own_hash is _BY_IDENTITY and value is not None:
        reference = weakref.ref(value, gone)
        made.append(reference)
        return reference
    return value


def _references(key: Any) -> list[weakref.ref[Any]]:
    if isinstance(key, tuple):
        return [reference for item in key for reference in _references(item)]
    return [key] if isinstance(key, weakref.ref) else []
