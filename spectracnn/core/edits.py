"""What-if edits: small changes of a spectrum, or of the model's input, kept as a list."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

Real = TypeVar("Real", np.float32, np.float64)


class Space(StrEnum):
    """What an edit acts on."""

    EIGENVALUES = "eigenvalues"
    INPUT = "model's input"


@dataclass(frozen=True, eq=False, kw_only=True)
class Edit(ABC):
    """One change of a run of values; pure, so that a list of edits can be replayed and undone.

    Parameters
    ----------
    space : Space
        The file's eigenvalues, or the model's input after preprocessing.
    first, last : int
        The run, both ends included; what lies outside the spectrum is ignored.
    """

    space: Space = Space.EIGENVALUES
    first: int = 0
    last: int = 1 << 30

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the changed values.

        Parameters
        ----------
        values : ndarray, shape (n,) or (n, channels)
            Of this edit's space.

        Returns
        -------
        ndarray, float64
            Same shape, but for `Mix`, which ends where the shorter spectrum does.
        """
        out = np.array(values, dtype=np.float64)
        part = slice(max(self.first, 0), self.last + 1)
        if out[part].size:
            out[part] = self._changed(out, part)
        return out

    @abstractmethod
    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        """Return what stands in the run afterwards."""

    @abstractmethod
    def _verb(self) -> str:
        """Return what was done, without where."""

    @property
    def sentence(self) -> str:
        """What was done and where, for the list of edits and for exports."""
        what = "input sample" if self.space is Space.INPUT else "eigenvalue"
        if self.last >= 1 << 30:
            where = f"all {what}s" if self.first <= 0 else f"{what}s from {self.first}"
        elif self.first == self.last:
            where = f"{what} {self.first}"
        else:
            where = f"{what}s {self.first}\u2013{self.last}"
        return f"{self._verb()}: {where}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Offset(Edit):
    """Add an amount, in the units of the values."""

    amount: float

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        return values[part] + self.amount

    def _verb(self) -> str:
        return f"move by {self.amount:+.4g}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Scale(Edit):
    """Multiply by a factor."""

    factor: float

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        return values[part] * self.factor

    def _verb(self) -> str:
        return f"scale by {self.factor:.4g}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Noise(Edit):
    """Add Gaussian noise: of eigenvalues a share of each, of the input an amount in its units.

    Relative noise is what the discretisation of a surface does to eigenvalues; the input is free
    of units, and standardised inputs have a spread near 1.
    """

    sd: float
    seed: int = 0

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        # Drawn for all values, so that moving the ends of the run changes no other sample.
        noise = self.sd * np.random.default_rng(self.seed).standard_normal(values.shape)[part]
        if self.space is Space.INPUT:
            return values[part] + noise
        return values[part] * (1 + noise)

    def _verb(self) -> str:
        size = f"{self.sd:.3g}" if self.space is Space.INPUT else f"{100 * self.sd:.3g} %"
        return f"noise of {size}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Zero(Edit):
    """Set to 0."""

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        return np.zeros_like(values[part])

    def _verb(self) -> str:
        return "set to 0"


@dataclass(frozen=True, eq=False, kw_only=True)
class Smooth(Edit):
    """Replace by the mean of ``2 * reach + 1`` neighbours; fewer, evenly, near the ends."""

    reach: int

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        n = values.shape[0]
        at = np.arange(n)[part]
        # As far on one side as on the other, so that a straight line stays as it is.
        reach = np.minimum(self.reach, np.minimum(at, n - 1 - at))
        sums = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        width = (2 * reach + 1).reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray((sums[at + reach + 1] - sums[at - reach]) / width)

    def _verb(self) -> str:
        return f"smooth over {2 * self.reach + 1}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Mix(Edit):
    """Go part of the way to another spectrum: ``(1 - share) * this + share * other``.

    Parameters
    ----------
    other : ndarray, shape (m,)
        Already brought to the scale of this one: see `to_the_scale_of`.
    share : float
        0 leaves this one, 1 gives the other.
    name : str
        Of the other one.
    """

    other: NDArray[np.float64] = field(repr=False)
    share: float
    name: str

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return super().apply(values[: self.other.shape[0]])

    def _changed(self, values: NDArray[np.float64], part: slice) -> NDArray[np.float64]:
        other = self.other[: values.shape[0]][part]
        return np.asarray((1 - self.share) * values[part] + self.share * other)

    def _verb(self) -> str:
        return f"mix with {100 * self.share:.0f} % of {self.name}"


def to_the_scale_of(spectrum: Spectrum, other: Spectrum) -> NDArray[np.float64]:
    """Return another spectrum's eigenvalues as if its shape had the size of this one's.

    Eigenvalues of a surface scale with 1/area [1]_. Where an area is unknown, the last eigenvalue
    that both have is made the same, which by Weyl's law is nearly as good.

    Parameters
    ----------
    spectrum : Spectrum
        The one to match.
    other : Spectrum
        The one to scale.

    Returns
    -------
    ndarray, shape (m,), float64
        Scaled eigenvalues of ``other``.

    References
    ----------
    .. [1] Reuter et al. (2006), Computer-Aided Design 38, 342-366.
    """
    if spectrum.area and other.area:
        return np.asarray(other.eigenvalues * (other.area / spectrum.area))
    last = min(len(spectrum), len(other)) - 1
    top = float(other.eigenvalues[last])
    factor = float(spectrum.eigenvalues[last]) / top if top else 1.0
    return np.asarray(other.eigenvalues * (factor if np.isfinite(factor) else 1.0))


def edited(original: Spectrum, edits: Iterable[Edit]) -> Spectrum:
    """Return the spectrum with its edits, marked as edited; the original where there are none.

    Edits of the model's input are named too, but are applied after preprocessing.

    Raises
    ------
    SpectrumError
        If no finite eigenvalue is left.
    """
    edits = tuple(edits)
    if not edits:
        return original
    values = np.asarray(original.eigenvalues)
    for edit in edits:
        if edit.space is Space.EIGENVALUES:
            values = edit.apply(values)
    history = "; ".join(edit.sentence for edit in edits)
    return replace(
        original,
        name=f"{original.name} (edited)",
        eigenvalues=values,
        metadata={**original.metadata, "edited": history},
        notes=(*original.notes, f"Edited here, not as in the file: {history}."),
    )


def edited_input(values: NDArray[Real], edits: Iterable[Edit]) -> NDArray[Real]:
    """Return the model's input with the edits that act on it; shape and type stay."""
    for edit in edits:
        if edit.space is Space.INPUT:
            values = edit.apply(np.asarray(values, np.float64)).astype(values.dtype)
    return values
