"""Steps that scale eigenvalues: by size, by index, by logarithm, by stored numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import Kind
from spectracnn.core.step import Step
from spectracnn.core.weyl import weyl_eigenvalues
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.rows import Rows
    from spectracnn.core.working import Working

IndexRule = Literal["lapy", "mindboggle"]


@dataclass(frozen=True)
class UnitArea(Step):
    """Multiply by the surface area: the spectrum of the same surface scaled to area 1."""

    name: ClassVar[str] = "unit_area"
    label: ClassVar[str] = "unit area (A\u00b7\u03bb)"

    def apply(self, working: Working) -> Working:
        area = _positive(working.area, working.name, "surface area", self.name)
        return working.having(working.values * area)

    def apply_rows(self, rows: Rows) -> list[Rows]:
        rows = _sized(rows, rows.area)
        return [rows.having(rows.values * rows.area[:, None])]


@dataclass(frozen=True)
class EstimateArea(Step):
    """Estimate the surface area by Weyl's law where the file gives none, as LaPy's do.

    The eigenvalues of a surface of area A grow as ``4 pi k / A`` [1]_; the slope is that of the
    upper half of them, by least squares. The estimate is some percent off. Files that give the
    area keep it.

    References
    ----------
    .. [1] H. Weyl (1911), Nachrichten der Gesellschaft der Wissenschaften zu Goettingen, 110-117.
    """

    name: ClassVar[str] = "estimate_area"
    label: ClassVar[str] = "area by Weyl's law, where there is none"

    def apply(self, working: Working) -> Working:
        if working.area is not None:
            return working
        values, mode = working.values, working.mode.astype(np.float64)
        half = slice(values.size // 2, None)
        slope = float(np.polyfit(mode[half], values[half], 1)[0]) if values.size > 3 else 0.0
        if not np.isfinite(slope) or slope <= 0:
            raise PreprocessingError(
                f"{working.name}: the values do not grow, so no area can be estimated from them."
            )
        found = working.having(values)
        found.area = 4 * np.pi / slope
        return found


@dataclass(frozen=True)
class UnitVolume(Step):
    """Multiply by ``V**(2/3)``: the spectrum of the same solid scaled to volume 1."""

    name: ClassVar[str] = "unit_volume"
    label: ClassVar[str] = "unit volume (V^\u2154\u00b7\u03bb)"

    def apply(self, working: Working) -> Working:
        volume = _positive(working.volume, working.name, "volume", self.name)
        return working.having(working.values * volume ** (2 / 3))

    def apply_rows(self, rows: Rows) -> list[Rows]:
        rows = _sized(rows, rows.volume)
        # One by one: the power of an array may differ from a number's in the last bit.
        factors = np.array([volume ** (2 / 3) for volume in rows.volume.tolist()])
        return [rows.having(rows.values * factors[:, None])]


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
        return working.having(working.values / self._divisor(working.mode))

    def apply_rows(self, rows: Rows) -> list[Rows]:
        return [rows.having(rows.values / self._divisor(rows.mode))]

    def _divisor(self, mode: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.arange(1, mode.size + 1) if self.rule == "lapy" else np.maximum(mode, 1)


@dataclass(frozen=True)
class Log(Step):
    """Take the natural logarithm."""

    name: ClassVar[str] = "log"
    label: ClassVar[str] = "log"

    def apply(self, working: Working) -> Working:
        working.require_positive(self.name)
        return working.having(np.log(working.values))

    def apply_rows(self, rows: Rows) -> list[Rows]:
        rows = rows.positive()
        return [rows.having(np.log(rows.values))]


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
        return working.having(np.log(working.values / expected))

    def apply_rows(self, rows: Rows) -> list[Rows]:
        if (rows.mode < 1).any():
            return []
        kind, rows = Kind(self.kind), rows.positive()
        rows = _sized(rows, rows.area if kind is Kind.SURFACE else rows.volume)
        sizes = rows.area if kind is Kind.SURFACE else rows.volume
        expected = [weyl_eigenvalues(rows.mode, size, kind) for size in sizes.tolist()]
        return [rows.having(np.log(rows.values / np.reshape(expected, rows.values.shape)))]


@dataclass(frozen=True)
class SubtractMean(Step):
    """Subtract the spectrum's own mean; of logarithms, this removes the scale of the shape."""

    name: ClassVar[str] = "subtract_mean"
    label: ClassVar[str] = "subtract own mean"

    def apply(self, working: Working) -> Working:
        return working.having(working.values - working.values.mean())

    def apply_rows(self, rows: Rows) -> list[Rows]:
        return [rows.having(rows.values - rows.values.mean(axis=1, keepdims=True))]


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
        return working.having((working.values - self.mean) / self.scale)

    def apply_rows(self, rows: Rows) -> list[Rows]:
        if any(item.ndim and item.size != rows.values.shape[1] for item in (self.mean, self.scale)):
            return []
        return [rows.having((rows.values - self.mean) / self.scale)]


def _sized(rows: Rows, sizes: NDArray[np.float64]) -> Rows:
    """Return the rows whose size can be scaled by."""
    return rows.where(np.isfinite(sizes) & (sizes > 0))


def _positive(value: float | None, name: str, what: str, step: str) -> float:
    if value is None or not np.isfinite(value) or value <= 0:
        found = "the file gives none" if value is None else f"the file gives {value:g}"
        way = (
            f" Step '{EstimateArea.name}' before it estimates the area by Weyl's law."
            if what == "surface area"
            else ""
        )
        raise PreprocessingError(f"{name}: step '{step}' needs the {what}; {found}.{way}")
    return value
