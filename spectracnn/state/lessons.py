"""How far a person is with the lessons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

VERSION = 1


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

    def to_json(self) -> dict[str, Any]:
        """Return the progress as plain JSON values."""
        return {"version": VERSION, "done": sorted(self.done), "current": self.current}

    @classmethod
    def from_json(cls, record: Any) -> LessonProgress:
        """Read what was stored; what makes no sense counts as not begun."""
        if not isinstance(record, dict) or record.get("version") != VERSION:
            return cls()
        done, current = record.get("done"), record.get("current")
        words = done if isinstance(done, list) else []
        return cls(
            frozenset(word for word in words if isinstance(word, str)),
            current if isinstance(current, str) else "",
        )
