"""Steps that choose, order and turn eigenvalues without scaling them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from spectracnn.core.rows import chosen_columns, row_tolerances
from spectracnn.core.spectrum import are_zeros, has_negative_sign
from spectracnn.core.step import Step
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from spectracnn.core.rows import Rows
    from spectracnn.core.working import Working


@dataclass(frozen=True)
class DropZeros(Step):
    """Drop the zero eigenvalues: one for each connected component."""

    name: ClassVar[str] = "drop_zeros"
    label: ClassVar[str] = "drop zeros"

    def apply(self, working: Working) -> Working:
        keep = ~are_zeros(working.values)
        # Zeros have the lowest ranks wherever they stand, so the lowest numbers go with them.
        return working.having(
            working.values[keep],
            working.mode[np.count_nonzero(~keep) :],
            positions=working.positions[keep],
        )

    def apply_rows(self, rows: Rows) -> list[Rows]:
        return [
            part.having(
                chosen_columns(part.values, keep),
                part.mode[np.count_nonzero(~keep) :],
                positions=part.positions[keep],
            )
            for part, keep in rows.parted(~rows.zeros())
        ]


@dataclass(frozen=True)
class FixSign(Step):
    """Turn a spectrum of the operator's other sign (all negative) into the usual one."""

    name: ClassVar[str] = "fix_sign"
    label: ClassVar[str] = "fix sign"

    def apply(self, working: Working) -> Working:
        if has_negative_sign(working.values):
            return working.having(-working.values)
        return working

    def apply_rows(self, rows: Rows) -> list[Rows]:
        if rows.ascending:
            return [rows]
        values, limits = rows.values, row_tolerances(rows.values)
        below = np.count_nonzero(values < -limits, axis=1)
        negative = below > np.count_nonzero(values > limits, axis=1)
        if not negative.any():
            return [rows]
        return [rows.having(np.where(negative[:, None], -values, values))]


@dataclass(frozen=True)
class Sort(Step):
    """Put the eigenvalues in ascending order.

    What is not finite keeps its place among values that are in order, so that 'take' can refuse it;
    among others its rank is unknown, and the spectrum is refused.
    """

    name: ClassVar[str] = "sort"
    label: ClassVar[str] = "sort ascending"

    def apply(self, working: Working) -> Working:
        finite = np.isfinite(working.values)
        if not finite.all():
            kept = working.values[finite]
            if not (kept[1:] < kept[:-1]).any():
                return working
            bad = int(working.positions[np.flatnonzero(~finite)[0]])
            raise PreprocessingError(
                f"{working.name}: value {bad} is not finite and the others are not in order, so "
                "its rank is unknown."
            )
        # Mode numbers stay in place: they belong to ranks, not to values.
        order = np.argsort(working.values, kind="stable")
        return working.having(working.values[order], positions=working.positions[order])

    def apply_rows(self, rows: Rows) -> list[Rows]:
        if rows.ascending:
            return [rows]
        return [rows.where((rows.values[:, 1:] >= rows.values[:, :-1]).all(axis=1))]


@dataclass(frozen=True)
class Take(Step):
    """Take the first n values; refuse a spectrum that has fewer."""

    name: ClassVar[str] = "take"
    label: ClassVar[str] = "take first n"
    n: int = 100

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 1:
            raise PreprocessingError(f"Step 'take' needs a whole number n >= 1; found {self.n!r}.")

    def apply(self, working: Working) -> Working:
        if working.values.size < self.n:
            raise PreprocessingError(
                f"{working.name}: the model needs {self.n} eigenvalues; "
                f"{working.values.size} {_are(working.values.size)} left of this spectrum at step "
                "'take'."
            )
        head = slice(0, self.n)
        bad = np.flatnonzero(~np.isfinite(working.values[head]))
        if bad.size:
            raise PreprocessingError(
                f"{working.name}: the model needs {self.n} finite eigenvalues; "
                f"value {int(working.positions[bad[0]])} is {working.values[bad[0]]}."
            )
        return working.having(
            working.values[head],
            working.mode[head],
            positions=working.positions[head],
        )

    def apply_rows(self, rows: Rows) -> list[Rows]:
        if rows.values.shape[1] < self.n:
            return []
        head = slice(0, self.n)
        return [rows.having(rows.values[:, head], rows.mode[head], positions=rows.positions[head])]


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
