"""How far a person is with the lessons."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class LessonProgress:
    """Which lessons were answered, and which one is open.

    Parameters
    ----------
    done : frozenset of str
        Keys of the lessons whose question was answered.
    current : str
        Key of the lesson that was open last; empty for the first.
    """

    done: frozenset[str] = frozenset()
    current: str = ""

    def with_done(self, key: str) -> LessonProgress:
        """Return the progress with one more lesson answered."""
        return replace(self, done=self.done | {key})
