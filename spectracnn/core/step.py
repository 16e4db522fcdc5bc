"""What every preprocessing step is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from spectracnn.core.rows import Rows
    from spectracnn.core.working import Working


@dataclass(frozen=True, eq=False)
class Step(ABC):
    """One named step. Subclasses are frozen dataclasses whose fields are the step's parameters.

    Steps are equal when their parameters are; those with arrays leave that to this class.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    typed: ClassVar[bool] = True
    """Whether a person may choose the parameters; else they come from a training alone."""

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Step) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.name)

    @abstractmethod
    def apply(self, working: Working) -> Working:
        """Return the spectrum after this step."""

    def apply_rows(self, rows: Rows) -> list[Rows]:
        """Return the spectra after this step, as far as they can be done together.

        A step need not know how: what is left out is done one by one.
        """
        del rows
        return []

    def to_json(self) -> dict[str, Any]:
        """Return the step as plain JSON values, its name under ``step``."""
        record: dict[str, Any] = {"step": self.name}
        for item in fields(self):
            value = getattr(self, item.name)
            record[item.name] = value.tolist() if isinstance(value, np.ndarray) else value
        return record
