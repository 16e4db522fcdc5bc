"""How well a few typed letters match a text."""

from __future__ import annotations

_START, _RUN, _GAP, _WORD, _ELSEWHERE = 8.0, 4.0, 0.1, 30.0, 5.0


def score(typed: str, text: str, words: str = "") -> float | None:
    """Return how well a text matches; None where it does not.

    Each typed word must be found: as a whole word's beginning, else with its letters in order
    within the text, else among the further words. Beginnings of words and letters that stand
    together count for more.

    Parameters
    ----------
    typed : str
        What a person typed; an empty one matches everything with 0.
    text : str
        What is shown.
    words : str
        More to look in, which counts for less.

    Examples
    --------
    >>> score("ofo", "Open folder") > 0
    True
    >>> score("xyz", "Open folder") is None
    True
    >>> score("exp", "Export") > score("exp", "Open layer", "export")
    True
    """
    total = 0.0
    text, words = text.casefold(), words.casefold()
    for word in typed.casefold().split():
        found = _in_text(word, text)
        if found is None:
            found = _ELSEWHERE if any(part.startswith(word) for part in words.split()) else None
        if found is None:
            return None
        total += found
    return total - _GAP * len(text) if total else 0.0


def _in_text(word: str, text: str) -> float | None:
    parts = text.split()
    for place, part in enumerate(parts):
        if part.startswith(word):
            return _WORD + len(word) - place
    best = None
    for start, letter in enumerate(text):
        if letter == word[0] and (start == 0 or not text[start - 1].isalnum()):
            found = _letters(word, text, start)
            if found is not None and (best is None or found > best):
                best = found
    return best


def _letters(word: str, text: str, start: int) -> float | None:
    """Return the worth of the word's letters in order, the first of them at a place."""
    total, before = 0.0, start - 1
    for number, letter in enumerate(word):
        at = start if number == 0 else text.find(letter, before + 1)
        if at < 0:
            return None
        beginning = at == 0 or not text[at - 1].isalnum()
        if number and not beginning and at != before + 1:
            later = _next_beginning(letter, text, before + 1)
            if later >= 0:
                at, beginning = later, True
        total += _START if beginning else _RUN if at == before + 1 else 0.0
        before = at
    return total


def _next_beginning(letter: str, text: str, start: int) -> int:
    for at in range(start, len(text)):
        if text[at] == letter and (at == 0 or not text[at - 1].isalnum()):
            return at
    return -1
