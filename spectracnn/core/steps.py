"""The named steps that turn a spectrum into a model's input. Each is explicit and visible."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import Kind, has_negative_sign, zero_tolerance
from spectracnn.core.weyl import weyl_eigenvalues
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

IndexRule = Literal["lapy", "mindboggle"]


@dataclass(frozen=True, eq=False)
class Working:
    """A spectrum on its way through the steps.

    Parameters
    ----------
    name : str
        For error sentences.
    values : ndarray, shape (n,), float64
        The values so far.
    mode : ndarray, shape (n,), int64
        Each value's number in Weyl's law: 0 for the first zero eigenvalue, 1 for the first
        nonzero one of a connected shape, whether or not the file kept the zero.
    positions : ndarray, shape (n,), int64
        Each value's position in the file, so that a sample of the model's input can be traced back.
    area, volume : float or None
        As in the file.
    """

    name: str
    values: NDArray[np.float64]
    mode: NDArray[np.int64]
    positions: NDArray[np.int64]
    area: float | None
    volume: float | None

    @classmethod
    def start(cls, spectrum: Spectrum) -> Working:
        """Begin with the file's own values."""
        values = spectrum.eigenvalues
        ordered = np.sort(np.abs(values[np.isfinite(values)]))
        keeps_zero = bool((ordered[:1] < zero_tolerance(ordered)).any())
        indices = np.arange(values.size, dtype=np.int64)
        return cls(
            name=spectrum.name,
            values=values,
            mode=indices if keeps_zero else indices + 1,
            positions=indices,
            area=spectrum.area,
            volume=spectrum.volume,
        )

    def require_positive(self, step: str) -> None:
        """Refuse values whose logarithm does not exist."""
        bad = np.flatnonzero(~(self.values > 0))
        if bad.size:
            raise PreprocessingError(
                f"{self.name}: step '{step}' needs positive eigenvalues; "
                f"value {int(bad[0])} is {self.values[bad[0]]:.6g}."
            )


@dataclass(frozen=True)
class Step(ABC):
    """One named step. Subclasses are frozen dataclasses whose fields are the step's parameters."""

    name: ClassVar[str]
    label: ClassVar[str]

    @abstractmethod
    def apply(self, working: Working) -> Working:
        """Return the spectrum after this step."""

    def to_json(self) -> dict[str, Any]:
        """Return the step as plain JSON values, its name under ``step``."""
        record: dict[str, Any] = {"step": self.name}
        for item in fields(self):
            value = getattr(self, item.name)
            record[item.name] = value.tolist() if isinstance(value, np.ndarray) else value
        return record


@dataclass(frozen=True)
class DropZeros(Step):
    """Drop the zero eigenvalues: one for each connected component."""

    name: ClassVar[str] = "drop_zeros"
    label: ClassVar[str] = "drop zeros"

    def apply(self, working: Working) -> Working:
        keep = ~(np.abs(working.values) < zero_tolerance(working.values))
        # Zeros have the lowest ranks wherever they stand, so the lowest numbers go with them.
        return replace(
            working,
            values=working.values[keep],
            mode=working.mode[np.count_nonzero(~keep) :],
            positions=working.positions[keep],
        )


@dataclass(frozen=True)
class FixSign(Step):
    """Turn a spectrum of the operator's other sign (all negative) into the usual one."""

    name: ClassVar[str] = "fix_sign"
    label: ClassVar[str] = "fix sign"

    def apply(self, working: Working) -> Working:
        if has_negative_sign(working.values):
            return replace(working, values=-working.values)
        return working


@dataclass(frozen=True)
class Sort(Step):
    """Put the eigenvalues in ascending order; NaN goes last."""

    name: ClassVar[str] = "sort"
    label: ClassVar[str] = "sort ascending"

    def apply(self, working: Working) -> Working:
        # Mode numbers stay in place: they belong to ranks, not to values.
        order = np.argsort(working.values, kind="stable")
        return replace(working, values=working.values[order], positions=working.positions[order])


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
                f"{working.values.size} are left of this spectrum at step 'take'."
            )
        head = slice(0, self.n)
        bad = np.flatnonzero(~np.isfinite(working.values[head]))
        if bad.size:
            raise PreprocessingError(
                f"{working.name}: the model needs {self.n} finite eigenvalues; "
                f"value {int(bad[0])} is {working.values[bad[0]]}."
            )
        return replace(
            working,
            values=working.values[head],
            mode=working.mode[head],
            positions=working.positions[head],
        )


@dataclass(frozen=True)
class UnitArea(Step):
    """Multiply by the surface area: the spectrum of the same surface scaled to area 1."""

    name: ClassVar[str] = "unit_area"
    label: ClassVar[str] = "unit area (A\u00b7\u03bb)"

    def apply(self, working: Working) -> Working:
        area = _positive(working.area, working.name, "surface area", self.name)
        return replace(working, values=working.values * area)


@dataclass(frozen=True)
class UnitVolume(Step):
    """Multiply by ``V**(2/3)``: the spectrum of the same solid scaled to volume 1."""

    name: ClassVar[str] = "unit_volume"
    label: ClassVar[str] = "unit volume (V^\u2154\u00b7\u03bb)"

    def apply(self, working: Working) -> Working:
        volume = _positive(working.volume, working.name, "volume", self.name)
        return replace(working, values=working.values * volume ** (2 / 3))


@dataclass(frozen=True)
class DivideByIndex(Step):
    """Divide each eigenvalue by its index, which flattens a surface's spectrum.

    ``lapy`` divides value i of what is left by i + 1 [1]_; ``mindboggle`` divides by the index
    counted from the zero eigenvalue, which itself stays [2]_.

    References
    ----------
    .. [1] LaPy, ``lapy.shapedna.reweight_ev``.
    .. [2] Mindboggle, ``mindboggle.shapes.laplace_beltrami.spectrum_per_label``.
    """

    name: ClassVar[str] = "divide_by_index"
    label: ClassVar[str] = "divide by index"
    rule: IndexRule = "lapy"

    def __post_init__(self) -> None:
        if self.rule not in get_args(IndexRule):
            raise PreprocessingError(
                f"Step 'divide_by_index' knows the rules lapy and mindboggle; found {self.rule!r}."
            )

    def apply(self, working: Working) -> Working:
        if self.rule == "lapy":
            divisor = np.arange(1, working.values.size + 1)
        else:
            divisor = np.maximum(working.mode, 1)
        return replace(working, values=working.values / divisor)


@dataclass(frozen=True)
class Log(Step):
    """Take the natural logarithm."""

    name: ClassVar[str] = "log"
    label: ClassVar[str] = "log"

    def apply(self, working: Working) -> Working:
        working.require_positive(self.name)
        return replace(working, values=np.log(working.values))


@dataclass(frozen=True)
class LogWeyl(Step):
    """Take the logarithm of the ratio to Weyl's law, which needs the area or the volume."""

    name: ClassVar[str] = "log_weyl"
    label: ClassVar[str] = "log Weyl ratio"
    kind: str = Kind.SURFACE.value

    def __post_init__(self) -> None:
        if self.kind not in (Kind.SURFACE.value, Kind.SOLID.value):  # a list has no hash
            raise PreprocessingError(
                f"Step 'log_weyl' knows the kinds surface and solid; found {self.kind!r}."
            )

    def apply(self, working: Working) -> Working:
        working.require_positive(self.name)
        if (working.mode < 1).any():
            raise PreprocessingError(
                f"{working.name}: step 'log_weyl' is not defined for the zero eigenvalue; "
                "put 'drop_zeros' before it."
            )
        if self.kind == Kind.SURFACE.value:
            size = _positive(working.area, working.name, "surface area", self.name)
        else:
            size = _positive(working.volume, working.name, "volume", self.name)
        expected = weyl_eigenvalues(working.mode, size, Kind(self.kind))
        return replace(working, values=np.log(working.values / expected))


@dataclass(frozen=True)
class SubtractMean(Step):
    """Subtract the spectrum's own mean; of logarithms, this removes the scale of the shape."""

    name: ClassVar[str] = "subtract_mean"
    label: ClassVar[str] = "subtract own mean"

    def apply(self, working: Working) -> Working:
        return replace(working, values=working.values - working.values.mean())


@dataclass(frozen=True, eq=False)
class Standardise(Step):
    """Subtract a stored mean and divide by a stored scale: one number, or one an eigenvalue."""

    name: ClassVar[str] = "standardise"
    label: ClassVar[str] = "standardise"
    mean: Any = 0.0
    scale: Any = 1.0

    def __post_init__(self) -> None:
        for item in ("mean", "scale"):
            try:
                values = frozen_array(getattr(self, item), np.float64)
            except (TypeError, ValueError, OverflowError) as error:
                raise PreprocessingError(f"Step 'standardise' needs numbers as {item}.") from error
            if values.ndim > 1 or not np.isfinite(values).all():
                raise PreprocessingError(
                    f"Step 'standardise' needs one finite number, or one row of them, as {item}."
                )
            object.__setattr__(self, item, values)
        if not (self.scale > 0).all():
            raise PreprocessingError("Step 'standardise' needs a positive scale.")

    def to_json(self) -> dict[str, Any]:
        return {"step": self.name, "mean": self.mean.tolist(), "scale": self.scale.tolist()}

    def apply(self, working: Working) -> Working:
        for item in (self.mean, self.scale):
            if item.ndim == 1 and item.size != working.values.size:
                raise PreprocessingError(
                    f"{working.name}: step 'standardise' was fitted to {item.size} values; "
                    f"{working.values.size} are left at this step."
                )
        return replace(working, values=(working.values - self.mean) / self.scale)


def _positive(value: float | None, name: str, what: str, step: str) -> float:
    if value is None or not np.isfinite(value) or value <= 0:
        found = "the file gives none" if value is None else f"the file gives {value:g}"
        raise PreprocessingError(f"{name}: step '{step}' needs the {what}; {found}.")
    return value


STEPS: dict[str, type[Step]] = {
    step.name: step
    for step in (
        DropZeros,
        FixSign,
        Sort,
        Take,
        UnitArea,
        UnitVolume,
        DivideByIndex,
        Log,
        LogWeyl,
        SubtractMean,
        Standardise,
    )
}
"""Every step by its name in a card."""
