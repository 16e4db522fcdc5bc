"""How deep containers of a pickle are nested, found out without loading it.

Native code hashes, compares and frees nested tuples by calling itself, so a megabyte of them ends
the process. Spectra are nested a few levels deep.
"""

from __future__ import annotations

import pickle
import pickletools
from typing import Any, ClassVar

DEEPEST = 200
"""Levels of containers, or of things made of one another."""

_CHANGES = frozenset({"APPEND", "APPENDS", "SETITEM", "SETITEMS", "ADDITEMS", "BUILD"})
_STORES = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_FETCHES = frozenset({"GET", "BINGET", "LONG_BINGET"})
_MARK = -1


def require_shallow(data: bytes) -> None:
    """Refuse a pickle that is nested without end, or whose memo has numbers beyond its length.

    The unpickler would reserve memory for all numbers up to the largest.

    Parameters
    ----------
    data : bytes
        A pickle of protocol 2 or newer.

    Raises
    ------
    ValueError
        If it is, or is no pickle.
    """
    stack: list[int] = []
    memo: dict[int, int] = {}
    for opcode, argument, _ in pickletools.genops(data):
        name = opcode.name
        if name in _STORES or name == "MEMOIZE":
            number = len(memo) if name == "MEMOIZE" else int(argument or 0)
            if number > len(data):
                raise ValueError("a memo number that is out of range")
            memo[number] = stack[-1] if stack else 0
        elif name in _FETCHES:
            stack.append(memo.get(int(argument or 0), 0))
        elif name == "MARK":
            stack.append(_MARK)
        elif name == "DUP":
            stack.append(stack[-1] if stack else 0)
        else:
            _follow(opcode, stack)


def _follow(opcode: Any, stack: list[int]) -> None:
    """Take away what an instruction takes, and put down how deep its result is."""
    taken = _taken(opcode, stack)
    if not opcode.stack_after:
        return
    if opcode.name in _CHANGES:
        container, *items = taken or [0]
        depth = max([container, *(item + 1 for item in items)])
    else:
        depth = max(taken) + 1 if taken else 0
    if depth > DEEPEST:
        raise ValueError(f"things nested more than {DEEPEST} levels deep")
    stack.append(depth)


def _taken(opcode: Any, stack: list[int]) -> list[int]:
    before = opcode.stack_before
    if pickletools.markobject not in before:
        count = min(len(before), len(stack))
        taken = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        return [max(depth, 0) for depth in taken]
    place = len(stack) - 1
    while place >= 0 and stack[place] != _MARK:
        place -= 1
    below = before.index(pickletools.markobject)  # what lies under the mark, such as a list
    first = max(place - below, 0)
    taken = [depth for depth in stack[first:] if depth != _MARK]
    del stack[first:]
    return taken


class ShallowUnpickler(pickle._Unpickler):
    """Python's own unpickler, which refuses tuples nested too deeply as it makes them.

    For the oldest protocols, whose quoted strings `pickletools` cannot always list.
    """

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def _checked(self, load: Any) -> None:
        load(self)
        made = self.stack[-1]  # type: ignore[attr-defined]
        depths = self.__dict__.setdefault("_depths", {})
        kept = self.__dict__.setdefault("_made", [])
        items = (depths.get(id(item), int(isinstance(item, tuple))) for item in made)
        depth = 1 + max(items, default=0)
        if depth > DEEPEST:
            raise ValueError(f"tuples nested more than {DEEPEST} levels deep")
        if depth > 1:
            depths[id(made)] = depth
            kept.append(made)  # a number of an object that is gone may be given to another
        else:
            depths.pop(id(made), None)


def _checking(load: Any) -> Any:
    return lambda self: self._checked(load)


for _code in (pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3):
    ShallowUnpickler.dispatch[_code[0]] = _checking(ShallowUnpickler.dispatch[_code[0]])
