"""Counts the steps that a backtracking matcher takes, so that no test needs a clock."""

from __future__ import annotations

import re
from re import _constants as c
from re import _parser as parser

_REPEATS = {c.MAX_REPEAT: "most", c.MIN_REPEAT: "least", c.POSSESSIVE_REPEAT: "possessive"}


class TooManyStepsError(Exception):
    """The matcher gave up."""


class Matcher:
    """A plain backtracking matcher of Python's own parse of a pattern.

    It has none of ``re``'s shortcuts, so it never takes fewer steps than ``re`` by an order.
    """

    def __init__(
        self, pattern: re.Pattern, most: int = 2_000_000, starts: int | None = None
    ) -> None:
        flags = pattern.flags
        self._parsed = list(parser.parse(pattern.pattern, flags & ~re.DEBUG))
        self._flags = flags
        self._bytes = isinstance(pattern.pattern, bytes)
        self._most = most
        self._starts = starts
        self.steps = 0

    def search(self, text) -> int | None:
        """Return where the first match ends, None if there is none."""
        self._text = text.decode("latin-1") if isinstance(text, bytes) else text
        for start in range(self._starts or len(self._text) + 1):
            for end in self._run(self._parsed, 0, start):
                return end
        return None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._most:
            raise TooManyStepsError

    def _run(self, items, at, place):
        """Yield each place where the items from ``at`` on can end."""
        self._step()
        if at == len(items):
            yield place
            return
        for end in self._one(*items[at], place):
            yield from self._run(items, at + 1, end)

    def _one(self, kind, value, place):
        if kind in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            if place < len(self._text) and self._fits(kind, value, self._text[place]):
                yield place + 1
        elif kind is c.AT:
            if self._stands(value, place):
                yield place
        elif kind is c.SUBPATTERN:
            yield from self._run(list(value[-1]), 0, place)
        elif kind is c.ATOMIC_GROUP:
            yield from list(self._run(list(value), 0, place))[:1]
        elif kind is c.BRANCH:
            for branch in value[1]:
                yield from self._run(list(branch), 0, place)
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            yield from self._looked(kind is c.ASSERT, *value, place)
        elif kind in _REPEATS:
            yield from self._repeat(_REPEATS[kind], *value, place)
        else:
            raise NotImplementedError(kind)

    def _looked(self, wanted, direction, items, place):
        starts = [place] if direction > 0 else range(place, -1, -1)
        found = any(
            end == place or direction > 0
            for start in starts
            for end in self._run(list(items), 0, start)
        )
        if found == wanted:
            yield place

    def _repeat(self, manner, low, high, items, place):
        items = list(items)
        ends, count = [place], 0
        if manner == "least":
            while True:
                if count >= low:
                    yield ends[-1]
                following = next(self._run(items, 0, ends[-1]), None)
                if following is None or following == ends[-1] or count >= high:
                    return
                ends.append(following)
                count += 1
        while count < high:
            following = next(self._run(items, 0, ends[-1]), None)
            if following is None or following == ends[-1]:
                break
            ends.append(following)
            count += 1
        for kept in range(count, low - 1, -1):
            self._step()
            yield ends[kept]
            if manner == "possessive":
                return

    def _fits(self, kind, value, character) -> bool:
        if kind is c.ANY:
            return bool(self._flags & re.DOTALL) or character != "\n"
        if kind is c.LITERAL:
            return self._same(chr(value), character)
        if kind is c.NOT_LITERAL:
            return not self._same(chr(value), character)
        items = list(value)
        negated = bool(items) and items[0][0] is c.NEGATE
        return negated != any(self._in(*item, character) for item in items[negated:])

    def _same(self, one, other) -> bool:
        return one.lower() == other.lower() if self._flags & re.IGNORECASE else one == other

    def _in(self, kind, value, character) -> bool:
        if kind is c.LITERAL:
            return self._same(chr(value), character)
        if kind is c.RANGE:
            return value[0] <= ord(character) <= value[1]
        return bool(re.match(_CATEGORIES[value], character))

    def _stands(self, where, place) -> bool:
        text = self._text
        before = text[place - 1] if place else ""
        here = text[place] if place < len(text) else ""
        many = bool(self._flags & re.MULTILINE)
        if where is c.AT_BEGINNING_STRING or (where is c.AT_BEGINNING and not many):
            return place == 0
        if where is c.AT_BEGINNING:
            return place == 0 or before == "\n"
        if where is c.AT_END_STRING:
            return place == len(text)
        if where is c.AT_END:
            return here == "" or here == "\n"
        word = bool(re.match(r"\w", before)) != bool(re.match(r"\w", here))
        return word == (where is c.AT_BOUNDARY)


_CATEGORIES = {
    c.CATEGORY_DIGIT: r"\d",
    c.CATEGORY_NOT_DIGIT: r"\D",
    c.CATEGORY_SPACE: r"\s",
    c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w",
    c.CATEGORY_NOT_WORD: r"\W",
}
