"""One line of the table: what was measured, what it should be, whether it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Figure:
    """A number with a target.

    Parameters
    ----------
    benchmark : str
        Name of the benchmark that measures it.
    key : str
        Under which key of what ``run()`` returns.
    title : str
        What is measured.
    against : str
        What it is compared with; empty for an absolute limit.
    sense : {'>=', '<='}
        Whether more or less is better.
    target : float
        The limit, in the same unit.
    unit : str
        ``x`` for a ratio, ``ms`` for a time.
    aside : str
        Key of the processor's share of a time, told beside it: on a machine that other programs
        use too, the clock measures them as well.
    """

    benchmark: str
    key: str
    title: str
    against: str
    sense: Literal[">=", "<="]
    target: float
    unit: str = "x"
    aside: str = ""

    def judge(self, results: Mapping[str, Mapping[str, Any]]) -> Verdict | None:
        """Return the verdict, None where the benchmark was not run."""
        measured = results.get(self.benchmark)
        if measured is None or self.key not in measured:
            return None
        value = float(measured[self.key])
        met = value >= self.target if self.sense == ">=" else value <= self.target
        aside = measured.get(self.aside)
        return Verdict(self, value, met, None if aside is None else float(aside))


@dataclass(frozen=True)
class Verdict:
    """A figure and what came out."""

    figure: Figure
    value: float
    met: bool
    aside: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        figure = self.figure
        return {
            "benchmark": figure.benchmark,
            "title": figure.title,
            "against": figure.against,
            "value": self.value,
            "processor": self.aside,
            "unit": figure.unit,
            "sense": figure.sense,
            "target": figure.target,
            "met": self.met,
        }

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the cells of the table's row."""
        figure = self.figure
        sign = {">=": "≥", "<=": "≤"}[figure.sense]
        result = number(self.value, figure.unit)
        if self.aside is not None:
            result += f" ({number(self.aside, figure.unit)} of the processor)"
        return (
            figure.title,
            figure.against or "–",
            result,
            f"{sign} {number(figure.target, figure.unit, target=True)}",
            "met" if self.met else "**falls short**",
        )


def number(value: float, unit: str, *, target: bool = False) -> str:
    """Return a number with its unit, as exact as a benchmark can be."""
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    text = f"{value:g}" if target else f"{value:.{places}f}"
    return f"{text}×" if unit == "x" else f"{text} {unit}"
